"""What `call` returns -> its source: several outputs in a tuple, a count in a list."""

from collections.abc import Sequence

from layergen.emit.doc import Doc, call, list_of, ternary, tuple_of
from layergen.emit.printer import print_expr
from layergen.emit.stage import Stage
from layergen.emit.statement import side_by_side
from layergen.expr import ir
from layergen.expr.promote import element
from layergen.layer import Layer, Output


def print_returned(value: ir.Expr, layer: Layer, stage: Stage) -> Doc:
    """The value of a `return`."""
    if layer.is_plain:
        return print_expr(value, stage)
    items = _written(value)
    if len(layer.outputs) > 1 and items:
        outputs = layer.outputs
        if len(items) < len(outputs):
            outputs = layer.required_outputs
        return side_by_side(_print_items(items, outputs, layer, stage))
    return _print_whole(value, layer, stage)


def _written(value: ir.Expr) -> tuple[ir.Expr, ...]:
    """The values that are written side by side."""
    items = value.items if isinstance(value, ir.Display) else ()
    return () if any(isinstance(item, ir.Spread) for item in items) else items


def _print_whole(value: ir.Expr, layer: Layer, stage: Stage) -> Doc:
    """All outputs in one expression."""
    match value:
        case ir.Conditional(test=test, then=then, otherwise=otherwise):
            sides = [_print_whole(side, layer, stage) for side in (then, otherwise)]
            return ternary(sides[0], print_expr(test, stage), sides[1])
    first = layer.required_outputs[0]
    if len(layer.outputs) == 1 or not isinstance(value.type, ir.TupleType):
        return _print_item(value, first, layer, stage)
    if len(layer.required_outputs) == 1 and first.count is not None:
        return _print_item(value, first, layer, stage)
    items = _written(value)
    if items:
        few = len(items) < len(layer.outputs)
        outputs = layer.required_outputs if few else layer.outputs
        return tuple_of(_print_items(items, outputs, layer, stage))
    source = print_expr(value, stage)
    return source if _is_tuple(value) else call("tuple", [source])


def _is_tuple(value: ir.Expr) -> bool:
    """Whether several values are a tuple anyway; a function may return a list."""
    match value:
        case ir.Call():
            return True
        case ir.Apply(callee=callee):
            return not isinstance(callee.type, ir.FunctionType)
    return False


def _print_items(
    items: Sequence[ir.Expr], outputs: Sequence[Output], layer: Layer, stage: Stage
) -> list[Doc]:
    pairs = zip(items, outputs, strict=True)
    return [_print_item(item, output, layer, stage) for item, output in pairs]


def _print_item(value: ir.Expr, output: Output, layer: Layer, stage: Stage) -> Doc:
    """One output; Keras tells lists from tuples, so that a list must be one."""
    if output.count is None:
        return print_expr(value, stage)
    if isinstance(value, ir.Display):
        return list_of([print_expr(item, stage) for item in value.items])
    source = print_expr(value, stage)
    return source if _is_list(value, _lists(layer.body)) else call("list", [source])


def _lists(body: ir.Body) -> frozenset[str]:
    """The variables that hold a list, whatever was assigned to them."""
    assigned = [s for s in ir.statements(body) if isinstance(s, ir.Assign | ir.For)]
    names = {s.name for statement in assigned for s in statement.targets}
    while True:
        known = frozenset(names)
        for statement in assigned:
            is_list = (
                isinstance(statement, ir.Assign)
                and len(statement.targets) == 1
                and _is_list(statement.value, known)
            )
            if not is_list:
                names -= {symbol.name for symbol in statement.targets}
        if names == known:
            return known


def _is_list(value: ir.Expr, lists: frozenset[str]) -> bool:
    """Whether the source of an expression is a list in Python."""
    match value:
        case ir.Display(items=items, is_list=is_list):
            return is_list and bool(items) and not _is_plain(value)
        case ir.Comprehension():
            return not _is_plain(value)
        case ir.Name(symbol=symbol):
            return symbol.name in lists
        case ir.Subscript(value=inner, index=ir.Slice()):
            return _is_list(inner, lists)
        case ir.Conditional(then=then, otherwise=otherwise):
            return _is_list(then, lists) and _is_list(otherwise, lists)
    return False


def _is_plain(value: ir.Expr) -> bool:
    """Whether it holds Python numbers, which are printed in a tuple."""
    return isinstance(element(value.type), ir.ScalarType)

"""A call of `scan` + the function that it repeats -> what does not go together.

All backends must do the same: JAX needs a state that keeps its kind, and TensorFlow
gives the outputs of the steps the kind and the shape of the state. Shapes are checked
by evaluating.
"""

import ast
from collections.abc import Iterator, Mapping

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.calls import Report
from layergen.expr.language import usage
from layergen.expr.op import Op

_ALL_STATES = "what else is needed is computed of all states, behind `scan`"


def check_length(
    op: Op, node: ast.Call, bound: Mapping[str, ir.Expr], report: Report
) -> bool:
    """Whether it is said how many steps there are: once, and before the call."""
    given = {name: value for name, value in bound.items() if value.type != ir.NONE}
    length, sequence = given.get("length"), given.get("xs")
    if length is None and sequence is None:
        message = f"`{op.name}` needs `xs` or `length`"
        report(codes.BAD_CALL, message, node, usage(op))
        return False
    if length is None:
        return True
    written = next((k for k in node.keywords if k.arg == "length"), node)
    if sequence is not None:
        message = "there are as many steps as `xs` has"
        report(codes.BAD_CALL, message, written, "leave out `length`")
        return False
    if length.known is ir.Known.CALL:
        message = "how many steps there are must be known before the call"
        note = "`length` takes arguments, and sizes by name but for `batch`"
        report(codes.KNOWN_TOO_LATE, message, written, note)
        return False
    return True


def check_count(
    op: Op, function: ir.Name, node: ast.Call, count: int, report: Report
) -> bool:
    """Whether a function takes as many values as each step gives."""
    assert isinstance(function.type, ir.FunctionType)
    name, takes = function.symbol.name, len(function.type.parameters)
    if takes == count:
        return True
    written = node.args[0] if node.args else node
    message = f"`{op.name}` gives `{name}` {count} values, it takes {takes}"
    report(codes.BAD_CALL, message, written, f"`def {name}(state, x):`")
    return False


def find_misfits(
    name: str, value: ir.Expr, state: ir.Type
) -> Iterator[tuple[str, ir.Expr, str]]:
    """What is wrong with a value that a step returns: message, place, note.

    Args:
        name: the function.
        value: what it returns.
        state: the type of the state that it is given.
    """
    form = "state"
    if isinstance(state, ir.TupleType):
        form = f"({', '.join('abcdefgh'[: len(state.items or ())])})"
    example = f"write `return {form}, {form}`"
    items = value.items if isinstance(value, ir.Display) else ()
    if len(items) != 2 or any(isinstance(item, ir.Spread) for item in items):
        if value.type != ir.ANY:
            message = f"`{name}` must return the new state and an output"
            yield message, value, example
        return
    for what, item, note in zip(
        ("state", "output"), items, ("", _ALL_STATES), strict=True
    ):
        if not isinstance(state, ir.TupleType):
            yield from _compare(name, what, item, state, note)
        elif item.type != ir.ANY:
            yield from _compare_all(name, what, item, state, note or example)


def _compare_all(
    name: str, what: str, item: ir.Expr, state: ir.TupleType, note: str
) -> Iterator[tuple[str, ir.Expr, str]]:
    """Compare a tuple of tensors with that of the first state."""
    types = state.items or ()
    parts = item.items if isinstance(item, ir.Display) else ()
    if len(parts) != len(types):
        tensors = f"{len(types)} tensors, written out"
        yield f"the {what} of `{name}` must be {tensors}", item, note
        return
    for part, of_type in zip(parts, types, strict=True):
        yield from _compare(name, what, part, of_type, note)


def _compare(
    name: str, what: str, item: ir.Expr, state: ir.Type, note: str
) -> Iterator[tuple[str, ir.Expr, str]]:
    if item.type in (state, ir.ANY) or state == ir.ANY:
        return
    message = f"the {what} of `{name}` is {item.type}, the first state {state}"
    if what == "state" and isinstance(item.type, ir.ArrayType):
        note = "all states are of one kind: `cast` the first, or this one"
    yield message, item, note

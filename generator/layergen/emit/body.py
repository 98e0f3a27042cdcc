"""Layer -> the statements of `call`."""

from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from layergen.emit.doc import Doc, call, list_of
from layergen.emit.emission import Lines
from layergen.emit.guards import guard_parts
from layergen.emit.layout import layout
from layergen.emit.lists import growing_lists, growth
from layergen.emit.precise import drop_casts
from layergen.emit.printer import print_expr, print_iterable, print_update
from layergen.emit.products import call_products
from layergen.emit.returns import print_returned
from layergen.emit.sizes import name_sizes_of_call, reads_size
from layergen.emit.stage import Stage
from layergen.emit.statement import (
    assignment,
    condition_header,
    for_header,
    function_header,
    return_statement,
    side_by_side,
    unpacked,
)
from layergen.expr import ir
from layergen.expr.unknown import fixed_dtypes, size_variables
from layergen.layer import Layer

_WIDE = 10**6
_LONGEST_LOSS = 32
"""Characters of a loss that fit in the line that adds it."""

LOSS_DTYPE = "keras.config.floatx()"
"""What a model computes its loss in; TensorFlow adds it to nothing of another dtype."""

_BLANK = (0, "")
"""What stands before and behind a function."""


def print_body(layer: Layer, stage: Stage, precise: Set[str]) -> Lines:
    """The forward pass, with the author's names and branches.

    Args:
        layer: the layer.
        stage: the stage of the call.
        precise: names of tensors whose casts are done already.
    """
    reread = frozenset(ir.read_after_update(layer.body))
    body = call_products(drop_casts(guard_parts(layer), precise))
    sizes = name_sizes_of_call(layer, body, stage.names)
    named = replace(
        stage,
        names={**stage.names, **{n: n for n in sizes.names}},
        sizes=size_variables(body),
        fixed=fixed_dtypes(layer.body),
    )
    printer = _Body(layer, named, reread, growing_lists(body))
    lines: Lines = []
    pending = sizes.lines
    for statement in body:
        if pending and reads_size(statement, sizes.names):
            lines += pending
            pending = []
        lines += printer.lines((statement,), 0)
    return lines


@dataclass(frozen=True)
class _Body:
    """How statements are printed.

    Attributes:
        layer: the layer.
        stage: the stage of the call.
        reread: states that are read after their update.
        growing: lists that grow in place.
        returns: prints what is returned.
    """

    layer: Layer
    stage: Stage
    reread: frozenset[str]
    growing: frozenset[str]
    returns: Callable[[ir.Expr, Layer, Stage], Doc] = print_returned

    def lines(self, body: ir.Body, level: int) -> Lines:
        """Statements, at a level of indentation."""
        stage = self.stage
        lines: Lines = []
        for statement in body:
            match statement:
                case ir.Assign() if self._grown(statement):
                    lines.append((level, self._append(statement)))
                case ir.Assign(
                    targets=targets, value=ir.Display(items=items)
                ) if _is_independent(statement):
                    for symbol, item in zip(targets, items, strict=True):
                        source = print_expr(item, stage)
                        lines.append((level, assignment(symbol.name, source)))
                case ir.Assign():
                    lines.append((level, _assign(statement, stage)))
                case ir.Return(value=value):
                    source = self.returns(value, self.layer, stage)
                    lines.append((level, return_statement(source)))
                case ir.Update(target=symbol, value=value):
                    source = print_update(value, symbol, stage)
                    if (
                        symbol.name in self.reread
                    ):  # JAX alone would derive through the state
                        source = call("ops.stop_gradient", [source])
                    lines.append((level, call(f"self.{symbol.name}.assign", [source])))
                case ir.Loss(value=value):
                    lines += self._loss(value, level)
                case ir.For(targets=targets, iterable=iterable, body=inner):
                    names = ", ".join(symbol.name for symbol in targets)
                    header = for_header(names, print_iterable(iterable, stage))
                    lines.append((level, header))
                    lines += self.lines(inner, level + 1)
                case ir.If():
                    lines += self._branch(statement, level)
                case ir.Function():
                    lines += [] if lines and lines[-1] == _BLANK else [_BLANK]
                    lines += self._function(statement, level)
                    lines.append(_BLANK)
        return lines

    def _grown(self, statement: ir.Assign) -> bool:
        """Whether a statement starts or changes a list that grows in place."""
        return len(statement.targets) == 1 and (
            statement.targets[0].name in self.growing
            and isinstance(statement.value, ir.Display)
        )

    def _append(self, statement: ir.Assign) -> Doc:
        name = statement.targets[0].name
        grown = growth(statement)
        if grown:
            return call(f"{name}.append", [print_expr(grown[1], self.stage)])
        assert isinstance(statement.value, ir.Display)
        items = [print_expr(item, self.stage) for item in statement.value.items]
        return assignment(name, list_of(items))

    def _loss(self, value: ir.Expr, level: int) -> Lines:
        """What adds a loss; it has a name of its own if it is long."""
        lines: Lines = []
        source = print_expr(value, self.stage)
        if len(layout(source, width=_WIDE)) > _LONGEST_LOSS and not self._is_used(
            "loss"
        ):
            lines.append((level, assignment("loss", source)))
            source = "loss"
        lines.append((level, "# In the dtype in which Keras adds up losses."))
        cast = call("ops.cast", [source, LOSS_DTYPE])
        return [*lines, (level, call("self.add_loss", [cast]))]

    def _is_used(self, name: str) -> bool:
        names = {symbol.name for symbol in ir.body_symbols(self.layer.body)}
        return name in names

    def _function(self, function: ir.Function, level: int) -> Lines:
        """A function of the forward pass's own; what it returns is no output."""
        names = [symbol.name for symbol in function.parameters]
        header = function_header(function.symbol.name, names)
        inner = replace(self, returns=_print_result)
        return [(level, header), *inner.lines(function.body, level + 1)]

    def _branch(self, branch: ir.If, level: int, word: str = "if") -> Lines:
        test = print_expr(branch.test, self.stage)
        lines: Lines = [(level, condition_header(word, test))]
        lines += self.lines(branch.then, level + 1)
        match branch.otherwise:
            case ():
                return lines
            case (ir.If() as inner,):
                return lines + self._branch(inner, level, "elif")
        lines.append((level, "else:"))
        return lines + self.lines(branch.otherwise, level + 1)


def _print_result(value: ir.Expr, layer: Layer, stage: Stage) -> Doc:
    """What a function returns: several values side by side."""
    if isinstance(value, ir.Display) and len(value.items) > 1:
        return side_by_side([print_expr(item, stage) for item in value.items])
    return print_expr(value, stage)


def _is_independent(statement: ir.Assign) -> bool:
    """Whether values written side by side can as well be assigned one by one.

    Plain names stay side by side.
    """
    value = statement.value
    if len(statement.targets) < 2 or not isinstance(value, ir.Display):
        return False
    if any(isinstance(item, ir.Spread) for item in value.items):
        return False
    targets = {symbol.name for symbol in statement.targets}
    reads = {symbol.name for symbol in ir.symbols(value)}
    local = all(
        isinstance(item, ir.Name) and item.symbol.origin is ir.Origin.LOCAL
        for item in value.items
    )
    return not local and not targets & reads


def _assign(statement: ir.Assign, stage: Stage) -> Doc:
    names: list[Doc] = [symbol.name for symbol in statement.targets]
    value = statement.value
    if len(names) == 1:
        return assignment(names[0], print_expr(value, stage))
    if isinstance(value, ir.Display) and len(value.items) > 1:
        items = [print_expr(item, stage) for item in value.items]
        return assignment(unpacked(*names), unpacked(*items))
    return assignment(unpacked(*names), print_expr(value, stage))

"""Forward pass -> where `training` is taken for a value.

Keras calls a layer with `True`, `False` or `None`, which counts as false. So it may
decide, and nothing else: `training == False` would not hold for `None`.
"""

from collections.abc import Iterator

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir

_NOTE = "write `if training:`, or `1.0 if training else 0.0`"


def check_training(body: ir.Body, found: Diagnostics) -> None:
    """Record each place where `training`, or a variable that is it, is no condition."""
    undecided = _variables(body)
    for expr in _expressions(body):
        for node in ir.walk(expr):
            if isinstance(node, ir.Logical | ir.Unary):
                continue
            for part in _values(node):
                if _may_be_none(part, undecided):
                    message = f"`{part}` decides branches, and is no value"
                    found.add(codes.WRONG_TYPE, message, part.span, _NOTE)


def _values(node: ir.Expr) -> tuple[ir.Expr, ...]:
    """The parts of an expression that are not what decides it."""
    match node:
        case ir.Conditional():
            return ()  # a value of either branch is one of the whole
        case ir.Comprehension(element=element, iterable=iterable):
            return (element, iterable)
    return ir.children(node)


def _variables(body: ir.Body) -> set[str]:
    """The names that are `training`, or may be as little a value."""
    names = {"training"}
    count = 0
    while count != len(names):
        count = len(names)
        for statement in ir.statements(body):
            match statement:
                case ir.Assign(targets=[target], value=value):
                    names |= {target.name} if _may_be_none(value, names) else set()
    return names


def _may_be_none(expr: ir.Expr, names: set[str]) -> bool:
    match expr:
        case ir.Name(symbol=symbol):
            return symbol.name in names
        case ir.Logical(values=values):
            return any(_may_be_none(value, names) for value in values)
        case ir.Conditional(then=then, otherwise=otherwise):
            return any(_may_be_none(part, names) for part in (then, otherwise))
    return False


def _expressions(body: ir.Body) -> Iterator[ir.Expr]:
    return (ir.expression(statement) for statement in ir.statements(body))

"""What a spec asks of its values -> the questions that have one answer only.

A choice is compared with a text that it never is, `None` is looked for where it never
stands, a condition reads nothing: what depends on it is done always, or never.
"""

from collections.abc import Iterable, Iterator, Sequence

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Argument, Input, Output, Parameter, Sublayer, Weight
from layergen.lower.argument_types import type_of
from layergen.nearest import nearest


def check_questions(
    body: ir.Body,
    tests: Sequence[ir.Expr],
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    found: Diagnostics,
) -> None:
    """Record the questions of a forward pass, and of other conditions.

    Args:
        body: the forward pass.
        tests: the conditions that stand elsewhere.
        arguments: the arguments.
        inputs: the inputs.
        found: takes the mistakes.
    """
    choices = {a.name: a.choices for a in arguments if a.choices}
    present = {a.name for a in arguments if not (a.optional or type_of(a).finds)}
    present |= {member.name for member in inputs if not member.optional}
    exprs = [ir.expression(statement) for statement in ir.statements(body)]
    for node in (node for expr in (*exprs, *tests) for node in ir.walk(expr)):
        if isinstance(node, ir.Compare) and isinstance(node.left, ir.Name):
            _check_text(node, choices, found)
            _check_none(node, node.left.symbol, present, found)
    branches = (s.test for s in ir.statements(body) if isinstance(s, ir.If))
    inner = (test for expr in exprs for test in _tests(expr))
    for test in (*branches, *inner, *tests):
        for part in _parts(test):
            _check_reads(part, found)


def conditions(
    parameters: Iterable[Parameter],
    sublayers: Iterable[Sublayer],
    outputs: Iterable[Output],
) -> tuple[ir.Expr, ...]:
    """The conditions under which parts of a layer exist."""
    found = [p.when for p in parameters if isinstance(p, Weight)]
    found += [part.when for part in sublayers] + [part.when for part in outputs]
    return tuple(when for when in found if when is not None)


def _check_text(
    node: ir.Compare, choices: dict[str, tuple[str, ...]], found: Diagnostics
) -> None:
    assert isinstance(node.left, ir.Name)
    name, right = node.left.symbol.name, node.right
    for item in right.items if isinstance(right, ir.Display) else (right,):
        text = item.value if isinstance(item, ir.Literal) else None
        if name in choices and isinstance(text, str) and text not in choices[name]:
            known = nearest(text, choices[name])
            note = f"did you mean `{known}`?" if known else ""
            message = f"`{name}` is never `{text}`"
            found.add(codes.WRONG_TYPE, message, item.span, note)


def _check_none(
    node: ir.Compare, symbol: ir.Symbol, present: set[str], found: Diagnostics
) -> None:
    is_kept = symbol.origin in (ir.Origin.INPUT, ir.Origin.ARGUMENT)
    asks = node.operator in ("is", "is not") and node.right.type == ir.NONE
    if asks and is_kept and symbol.name in present:
        message = f"`{symbol.name}` is never `None`"
        note = f"{symbol.origin} that may be left out has `optional: true`"
        found.add(codes.WRONG_TYPE, message, node.span, note)


def _tests(expr: ir.Expr) -> Iterator[ir.Expr]:
    """The conditions inside an expression."""
    for node in ir.walk(expr):
        match node:
            case ir.Conditional(test=test):
                yield test
            case ir.Comprehension(test=test) if test is not None:
                yield test


def _parts(test: ir.Expr) -> Iterator[ir.Expr]:
    """The conditions of which a condition is made by `and`, `or` and `not`."""
    match test:
        case ir.Logical(values=values):
            for value in values:
                yield from _parts(value)
        case ir.Unary(operator="not", operand=operand):
            yield from _parts(operand)
        case _:
            yield test


def _check_reads(test: ir.Expr, found: Diagnostics) -> None:
    nodes = list(ir.walk(test))
    is_wrong = any(node.type == ir.ANY for node in nodes)
    names = (node.symbol for node in nodes if isinstance(node, ir.Name))
    if not is_wrong and all(name.origin is ir.Origin.NUMBER for name in names):
        message = f"`{test}` is the same for every layer and every call"
        note = "a condition reads an argument, a size, a flag or `training`"
        found.add(codes.UNREACHABLE, message, test.span, note)

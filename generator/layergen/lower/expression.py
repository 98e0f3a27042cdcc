"""Scalar of a spec + the names in scope -> its typed tree."""

from collections.abc import Callable
from typing import TypeAlias

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics, SpecError
from layergen.expr import ir
from layergen.expr.bind import bind_expression, bind_sizes
from layergen.expr.parse import Parsed, parse_expression
from layergen.expr.promote import element
from layergen.expr.scope import Scope
from layergen.loading.tree import Scalar

Bind: TypeAlias = Callable[[Parsed, Scope, Diagnostics], ir.Expr]


def read_expression(
    scalar: Scalar, scope: Scope, found: Diagnostics, bind: Bind = bind_expression
) -> ir.Expr | None:
    """Parse and bind one expression; None if it has mistakes, which go to `found`."""
    mistakes = Diagnostics()
    try:
        bound = bind(parse_expression(scalar), scope, mistakes)
    except SpecError as error:
        found.extend(error.diagnostics)
        return None
    found.extend(mistakes)
    return None if mistakes.has_errors else bound


def read_sizes(
    scalar: Scalar,
    scope: Scope,
    found: Diagnostics,
    latest: ir.Known = ir.Known.CONFIG,
) -> ir.Expr | None:
    """One size of a shape, or several, `*xs`; None if it has mistakes.

    Args:
        scalar: the text.
        scope: the names that it may use.
        found: takes the mistakes.
        latest: when a tuple that is spread must be known: sizes of an input may be
            None in generated code, which none but a description of Keras's can ignore.
    """
    size = read_expression(scalar, scope, found, bind_sizes)
    if not isinstance(size, ir.Spread):
        return size if size is not None and require_size(size, found) else None
    inner = element(size.type)
    if inner not in (ir.INT, ir.ANY):
        message = f"sizes must be integers, these are {inner}"
        found.add(codes.WRONG_TYPE, message, size.span)
    elif size.known > latest:
        message = f"`{size}` is not known from the arguments"
        note = "write the sizes of an input one by one, or `...` for all between"
        found.add(codes.KNOWN_TOO_LATE, message, size.span, note)
    else:
        return size
    return None


def require_condition(test: ir.Expr, found: Diagnostics) -> bool:
    """Whether an expression is true or false; if not, that goes to `found`."""
    if test.type in (ir.BOOL, ir.ANY):
        return True
    message = f"a condition must be true or false, this is {test.type}"
    note = "compare it: `units > 0`, `units is not None`"
    found.add(codes.WRONG_TYPE, message, test.span, note)
    return False


def require_size(size: ir.Expr, found: Diagnostics) -> bool:
    """Whether an expression is an integer; if not, that goes to `found`."""
    if size.type in (ir.INT, ir.ANY):
        return True
    message = f"a size must be an integer, this is {size.type}"
    note = "to divide whole numbers, write `//`"
    if isinstance(size.type, ir.TupleType):
        note = "one size of an input is `inputs.shape[axis]`"
    found.add(codes.WRONG_TYPE, message, size.span, note)
    return False

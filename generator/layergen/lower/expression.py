"""Scalar of a spec + the names in scope -> its typed tree."""

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics, SpecError
from layergen.expr import ir
from layergen.expr.bind import bind_expression
from layergen.expr.parse import parse_expression
from layergen.expr.scope import Scope
from layergen.loading.tree import Scalar


def read_expression(scalar: Scalar, scope: Scope, found: Diagnostics) -> ir.Expr | None:
    """Parse and bind one expression; None if it has mistakes, which go to `found`."""
    mistakes = Diagnostics()
    try:
        bound = bind_expression(parse_expression(scalar), scope, mistakes)
    except SpecError as error:
        found.extend(error.diagnostics)
        return None
    found.extend(mistakes)
    return None if mistakes.has_errors else bound


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

"""The new value of a state -> which of its parts are computed in the state's own dtype.

A state that is rounded to half precision on its way into its new value loses what small
steps add up to.
"""

from layergen.expr import ir
from layergen.expr.ops import OPS


def is_carried(expr: ir.Expr, state: ir.Symbol) -> bool:
    """Whether a part of a new value is computed in the dtype of the state.

    Operators are; and functions, parts and choices that the state itself goes into.
    """
    if isinstance(expr, ir.Unary | ir.Binary):
        return True
    if expr.type != state.type or state not in set(ir.symbols(expr)):
        return False
    if isinstance(expr, ir.Call):  # the function that an op repeats has its own dtypes
        return expr.op != "cast" and OPS[expr.op].steps is None
    return isinstance(expr, ir.Index | ir.Conditional)


def keeps_precision(expr: ir.Expr, state: ir.Symbol) -> bool:
    """Whether no part of a new value reads the state in another dtype than its own."""
    if state not in set(ir.symbols(expr)) or isinstance(expr, ir.Name):
        return True
    if isinstance(expr.type, ir.ArrayType) and expr.type != state.type:
        return True  # it decides or counts, and does not go on
    inside = isinstance(expr, ir.Display | ir.Spread) or is_carried(expr, state)
    return inside and all(keeps_precision(part, state) for part in ir.children(expr))

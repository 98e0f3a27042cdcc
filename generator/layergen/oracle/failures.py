"""An expression that has no value -> what is wrong, with the shapes that met there."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.exceptions import AxisError

from layergen.codes import numbers
from layergen.diagnostics import Code
from layergen.expr import ir
from layergen.oracle.kernels import MisfitError
from layergen.oracle.shown import describe_operand
from layergen.source import Span

_LONGEST_REASON = 100
"""Characters of NumPy's own words that a note shows."""


class EvaluationError(Exception):
    """An expression has no value."""

    def __init__(self, code: Code, message: str, span: Span, *notes: str) -> None:
        super().__init__(message)
        self.code, self.message, self.span, self.notes = code, message, span, notes


def missing(expr: ir.Expr) -> EvaluationError:
    """The use of what is not there in this call."""
    message = f"`{expr}` does not exist here"
    return EvaluationError(numbers.MISSING, message, expr.span)


def misfit(
    expr: ir.Expr, operands: list[Any], error: Exception, sizes: Mapping[str, int]
) -> EvaluationError:
    """Operands that do not go together, with their shapes."""
    what = f"`{expr.op}`" if isinstance(expr, ir.Call) else f"`{expr}`"
    sign = getattr(expr, "operator", None)
    what = f"`{sign}`" if sign else what
    shapes = [
        describe_operand(child, np.shape(value), sizes)
        for child, value in zip(ir.children(expr), operands, strict=True)
        if isinstance(value, np.ndarray)
    ]
    if isinstance(error, IndexError):
        message = f"{what} reaches past the end: {_index_reason(error, operands)}"
        if isinstance(expr, ir.Index) and "too many" in str(error):
            axes = "1 axis" if np.ndim(operands[0]) == 1 else "fewer axes"
            message = f"{what} has too many indices: `{expr.value}` has {axes}"
        return EvaluationError(numbers.FAILED, message, expr.span, *shapes)
    message = f"the operands of {what} do not fit together"
    if len(shapes) < 2:
        message = f"{what} cannot take this"
    if len(shapes) < 2 or isinstance(error, MisfitError):
        shapes.append(_first_line(error))
    return EvaluationError(numbers.SHAPES, message, expr.span, *shapes)


def _index_reason(error: IndexError, operands: list[Any]) -> str:
    if isinstance(error, AxisError) and error.ndim is not None:
        return f"axis {error.axis} of {error.ndim} axes"
    if isinstance(operands[0], tuple):
        return f"element {operands[1]} of {len(operands[0])}"
    return str(error)


def _first_line(error: Exception) -> str:
    """NumPy's own words; the first of several clauses if they are long."""
    text = str(error).split("\n")[0]
    return text if len(text) <= _LONGEST_REASON else text.split(", but")[0]

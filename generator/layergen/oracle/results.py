"""What an expression was evaluated to -> the value as the language has it."""

import math
from typing import Any

import numpy as np

from layergen.codes import language, numbers
from layergen.expr import ir
from layergen.oracle.failures import EvaluationError


def check_result(expr: ir.Expr, result: Any) -> Any:
    """The result, as a Python number where the type says so, if not too large.

    Raises:
        EvaluationError: it is too large, not real, or not finite.
    """
    if isinstance(expr.type, ir.ScalarType) and isinstance(result, np.generic):
        result = result.item()
    if isinstance(result, complex):
        message = f"`{expr}` has no real value"
        raise EvaluationError(numbers.FAILED, message, expr.span)
    if isinstance(result, int) and abs(result) >= 2**63:
        message = f"`{expr}` has more than 64 bits"
        raise EvaluationError(language.TOO_LARGE, message, expr.span)
    number = isinstance(expr.type, ir.ScalarType) and isinstance(expr, ir.Call)
    if number and isinstance(result, float) and not math.isfinite(result):
        message = f"`{expr}` is not finite"
        raise EvaluationError(numbers.FAILED, message, expr.span)
    if isinstance(expr.type, ir.ArrayType) and np.isscalar(result):
        return np.asarray(result)
    return result


def is_huge_power(left: Any, right: Any) -> bool:
    """Whether Python would take long, and much memory, for a power of integers."""
    whole = isinstance(left, int) and isinstance(right, int)
    return whole and right > 0 and left.bit_length() * right > 256

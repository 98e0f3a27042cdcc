"""Expected numbers as a test file has them: with few digits, of a plain dtype."""

from typing import Any

import numpy as np

from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import (
    Array,
)

_MOST_CONSTANTS = 2_000
"""Numbers that a constant may have to be compared one by one."""

_DIGITS = 13
"""Significant digits that expected numbers are written with."""


def typed(value: Array, dtype: str) -> Array:
    """An array of what a dtype of the spec means: float64, int32 or bool."""
    kind = dtype_kind(dtype)
    if kind is ir.Kind.FLOAT:
        return short(value)
    return np.asarray(value).astype("int32" if kind is ir.Kind.INT else "bool")


def short(value: Any) -> Array:
    """An array of double precision, each number with few digits."""
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return array.astype("int32") if array.dtype.kind == "i" else array
    digits = [float(f"{number:.{_DIGITS}g}") for number in array.ravel().tolist()]
    return np.array(digits, dtype="float64").reshape(array.shape)


def is_shown(value: Any) -> bool:
    """Whether it is an array that a file can show; outputs tell of larger ones."""
    return isinstance(value, np.ndarray | tuple) and np.size(value) <= _MOST_CONSTANTS

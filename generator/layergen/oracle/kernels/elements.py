"""Functions of every element, and conditions, in NumPy."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind
from layergen.oracle.kernels.limits import (
    MOST_ELEMENTS,
    MisfitError,
    TooLargeError,
    guard_broadcast,
)
from layergen.oracle.kernels.wrap import Kernel, broadcast, of_floats


def erf(x: Any) -> Any:
    """The error function; one by one, and slow."""
    x = np.asarray(x, float)
    if x.size > MOST_ELEMENTS // 10:
        raise TooLargeError(f"{x.size} elements")
    return np.vectorize(math.erf, otypes=[float])(x)


def _cast(x: Any, dtype: str) -> Any:
    types = {Kind.BOOL: np.bool_, Kind.INT: np.int64, Kind.FLOAT: np.float64}
    cast: Any = np.asarray(x).astype(types[dtype_kind(dtype)])
    return cast.astype(np.float32).astype(np.float64) if dtype == "float32" else cast


def _clip(x: Any, x_min: Any, x_max: Any) -> Any:
    guard_broadcast(x, x_min, x_max)
    if np.any(np.asarray(x_min) > np.asarray(x_max)):
        raise MisfitError(
            "the bounds cross, where the backends differ:"
            " write `minimum(maximum(x, x_min), x_max)`"
        )
    return np.clip(x, x_min, x_max)


def _nan_to_num(x: Any, *, nan: Any = 0.0, posinf: Any, neginf: Any) -> Any:
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


def _round(x: Any, decimals: int = 0) -> Any:
    return np.round(np.asarray(x, float), decimals)


def _where(condition: Any, x1: Any, x2: Any) -> Any:
    guard_broadcast(condition, x1, x2)
    return np.where(condition, x1, x2)


ELEMENTS: Mapping[str, Kernel] = {
    "abs": np.abs,
    "arccos": of_floats(np.arccos),
    "arccosh": of_floats(np.arccosh),
    "arcsin": of_floats(np.arcsin),
    "arcsinh": of_floats(np.arcsinh),
    "arctan": of_floats(np.arctan),
    "arctan2": broadcast(np.arctan2),
    "arctanh": of_floats(np.arctanh),
    "cast": _cast,
    "ceil": of_floats(np.ceil),
    "clip": _clip,
    "cos": of_floats(np.cos),
    "cosh": of_floats(np.cosh),
    "erf": erf,
    "exp": of_floats(np.exp),
    "exp2": of_floats(np.exp2),
    "expm1": of_floats(np.expm1),
    "floor": of_floats(np.floor),
    "isfinite": np.isfinite,
    "isinf": np.isinf,
    "isnan": np.isnan,
    "log": of_floats(np.log),
    "log10": of_floats(np.log10),
    "log1p": of_floats(np.log1p),
    "log2": of_floats(np.log2),
    "logaddexp": broadcast(np.logaddexp),
    "logical_and": broadcast(np.logical_and),
    "logical_not": np.logical_not,
    "logical_or": broadcast(np.logical_or),
    "logical_xor": broadcast(np.logical_xor),
    "maximum": broadcast(np.maximum),
    "minimum": broadcast(np.minimum),
    "nan_to_num": _nan_to_num,
    "round": _round,
    "rsqrt": of_floats(lambda x: 1.0 / np.sqrt(x)),
    "sign": np.sign,
    "sin": of_floats(np.sin),
    "sinh": of_floats(np.sinh),
    "sqrt": of_floats(np.sqrt),
    "square": np.square,
    "stop_gradient": lambda x: x,
    "tan": of_floats(np.tan),
    "tanh": of_floats(np.tanh),
    "where": _where,
}

"""Functions that take axes away, and that run along one, in NumPy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_products
from layergen.oracle.kernels.wrap import Kernel, as_axes, over_axes, reduce


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    x, axis = np.asarray(x, float), as_axes(axis)
    highest = np.max(x, axis=axis, keepdims=True)
    total = np.log(np.sum(np.exp(x - highest), axis=axis, keepdims=True)) + highest
    return total if keepdims else np.squeeze(total, axis)


def _moments(x: Any, axes: Any, keepdims: bool = False) -> Any:
    axes = as_axes(axes)
    return np.mean(x, axes, keepdims=keepdims), np.var(x, axes, keepdims=keepdims)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    axis = as_axes(axis)
    if axis is None and np.ndim(x) > 2:
        raise MisfitError(f"the norm of {np.ndim(x)} axes: give an `axis`")
    over = range(np.ndim(x)) if axis is None else axis
    if not isinstance(over, int) and len(over) == 2 and ord in (2, -2):
        guard_products(np.size(x), *(np.shape(x)[a] for a in over))  # singular values
    return np.linalg.norm(np.asarray(x, float), ord, axis, keepdims)


def _trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return np.trace(np.asarray(x), offset, axis1, axis2)


def _diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    guard_products(np.size(a), max(n, 1))
    a = np.asarray(a)
    return np.diff(a.astype(int) if a.dtype == bool else a, n, axis)


REDUCTIONS: Mapping[str, Kernel] = {
    "all": reduce(np.all),
    "any": reduce(np.any),
    "argmax": reduce(np.argmax),
    "argmin": reduce(np.argmin),
    "cumprod": over_axes(np.cumprod),
    "cumsum": over_axes(np.cumsum),
    "diff": _diff,
    "logsumexp": _logsumexp,
    "max": reduce(np.max),
    "mean": reduce(np.mean),
    "min": reduce(np.min),
    "moments": _moments,
    "norm": _norm,
    "prod": reduce(np.prod),
    "std": reduce(np.std),
    "sum": reduce(np.sum),
    "trace": _trace,
    "var": reduce(np.var),
}

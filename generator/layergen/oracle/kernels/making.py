"""Arrays made of numbers, or like another, in NumPy."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_size
from layergen.oracle.kernels.wrap import Kernel


def _full(shape: Any, fill_value: Any) -> Any:
    guard_size(shape)
    wide = {"b": np.bool_, "i": np.int64}.get(np.asarray(fill_value).dtype.kind, float)
    return np.full(shape, fill_value, dtype=wide)


def _zeros(shape: Any) -> Any:
    return _full(shape, 0.0)


def _ones(shape: Any) -> Any:
    return _full(shape, 1.0)


def _arange(start: Any, stop: Any = None, step: Any = None) -> Any:
    start, stop = (0, start) if stop is None else (start, stop)
    step = 1 if step is None else step
    guard_size(max(math.ceil((stop - start) / step), 0))
    return np.arange(start, stop, step)


def _linspace(start: Any, stop: Any, num: int = 50) -> Any:
    guard_size((*np.broadcast_shapes(np.shape(start), np.shape(stop)), num))
    return np.linspace(start, stop, num)


def _eye(N: int, M: int | None = None) -> Any:  # noqa: N803 - Keras's own names
    guard_size((N, N if M is None else M))
    return np.eye(N, M)


def _meshgrid(*x: Any, indexing: Any = "xy") -> Any:
    if len({np.asarray(each).dtype.kind for each in x}) > 1:
        raise MisfitError("some vectors are whole numbers, others are not")
    guard_size(map(np.size, x))
    return tuple(np.meshgrid(*x, indexing=indexing))


MAKING: Mapping[str, Kernel] = {
    "arange": _arange,
    "eye": _eye,
    "full": _full,
    "full_like": np.full_like,
    "linspace": _linspace,
    "meshgrid": _meshgrid,
    "ones": _ones,
    "ones_like": np.ones_like,
    "zeros": _zeros,
    "zeros_like": np.zeros_like,
}

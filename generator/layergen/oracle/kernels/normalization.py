"""Normalization in NumPy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_products
from layergen.oracle.kernels.wrap import Kernel, as_axes

_EPSILON = 1e-7
"""What Keras takes if it is given none."""


def _normalize(
    x: Any, axis: Any = -1, order: int = 2, epsilon: float | None = None
) -> Any:
    if order < 1:
        raise MisfitError(f"no norm is of order {order}")
    least = _EPSILON if epsilon is None else epsilon
    axis = as_axes(axis)
    if isinstance(axis, tuple) and len(axis) == 1:
        axis = axis[0]
    if isinstance(axis, tuple) and order != 2:
        guard_products(np.size(x), *(np.shape(x)[a] for a in axis))
    x = np.asarray(x, float)
    if order == 2:
        norm = np.sqrt(np.sum(x * x, axis=axis, keepdims=True))
    else:
        norm = np.linalg.norm(x, order, axis, True)
    return x / np.maximum(norm, least)


def _along(x: Any, vector: Any, axis: Any) -> Any:
    """What scales or shifts the given axes, with an axis for each of x's."""
    if vector is None:
        return None
    axes = [axis] if isinstance(axis, int) else sorted(axis)
    if np.ndim(vector) == np.ndim(x):
        return vector
    shape = [1] * np.ndim(x)
    for a in axes:
        shape[a] = np.shape(x)[a]
    if np.size(vector) != np.prod(shape):
        raise MisfitError(f"{np.size(vector)} numbers for the shape {tuple(shape)}")
    return np.reshape(vector, shape)


def _batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 0.001,
) -> Any:
    mean, variance = _along(x, mean, axis), _along(x, variance, axis)
    result = (x - mean) / np.sqrt(variance + epsilon)
    return _affine(result, _along(x, scale, axis), _along(x, offset, axis))


def _affine(x: Any, scale: Any, offset: Any) -> Any:
    x = x if scale is None else x * scale
    return x if offset is None else x + offset


def _last_axes(x: Any, axis: Any) -> tuple[int, ...]:
    """The axes to normalize over; other backends could take others."""
    rank = np.ndim(x)
    axes = tuple(sorted(int(a) % rank for a in np.atleast_1d(axis)))
    if axes != tuple(range(rank - len(axes), rank)):
        raise MisfitError("PyTorch normalizes over the last axes only")
    return axes


def _layer_normalization(
    x: Any,
    gamma: Any = None,
    beta: Any = None,
    axis: Any = -1,
    epsilon: float | None = None,
) -> Any:
    x, axis = np.asarray(x, float), _last_axes(x, axis)
    mean, variance = np.mean(x, axis, keepdims=True), np.var(x, axis, keepdims=True)
    result = (x - mean) / np.sqrt(variance + (_EPSILON if epsilon is None else epsilon))
    return _affine(result, _along(x, gamma, axis), _along(x, beta, axis))


def _rms_normalization(
    x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None
) -> Any:
    x, axis = np.asarray(x, float), _last_axes(x, axis)
    square = np.mean(x * x, axis, keepdims=True)
    result = x / np.sqrt(square + (_EPSILON if epsilon is None else epsilon))
    return _affine(result, _along(x, scale, axis), None)


NORMALIZATION: Mapping[str, Kernel] = {
    "batch_normalization": _batch_normalization,
    "layer_normalization": _layer_normalization,
    "normalize": _normalize,
    "rms_normalization": _rms_normalization,
}

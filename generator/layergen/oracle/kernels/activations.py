"""Activation functions in NumPy."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.elements import erf
from layergen.oracle.kernels.limits import MisfitError
from layergen.oracle.kernels.wrap import Kernel, as_axes, of_floats

_SELU = 1.0507009873554805, 1.6732632423543772
"""Scale and alpha: Günter Klambauer and others, Self-Normalizing Neural Networks."""


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(x, float)))


def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x), scaled to sum to 1 over an axis."""
    x, axis = np.asarray(x, float), as_axes(axis)
    shifted = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return shifted / np.sum(shifted, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: int = -1) -> Any:
    x = np.asarray(x, float)
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def _gelu(x: Any, approximate: bool = True) -> Any:
    x = np.asarray(x, float)
    if approximate:
        inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)
        return 0.5 * x * (1.0 + np.tanh(inner))
    return 0.5 * x * (1.0 + erf(x / math.sqrt(2.0)))


def _glu(x: Any, axis: int = -1) -> Any:
    size = np.shape(x)[axis]
    if size % 2:
        raise MisfitError(f"an axis of {size} has no halves")
    first, second = np.split(np.asarray(x, float), 2, axis)
    return first * sigmoid(second)


def _celu(x: Any, alpha: float = 1.0) -> Any:
    x = np.asarray(x, float)
    return np.maximum(x, 0.0) + alpha * np.expm1(np.minimum(x, 0.0) / alpha)


def _elu(x: Any, alpha: float = 1.0) -> Any:
    x = np.asarray(x, float)
    return np.where(x > 0.0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def _leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    x = np.asarray(x, float)
    return np.where(x > 0.0, x, negative_slope * x)


def _hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    x = np.asarray(x, float)
    return np.where(np.abs(x) > threshold, x, 0.0)


def _soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    x = np.asarray(x, float)
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0.0)


def _squareplus(x: Any, b: float = 4) -> Any:
    x = np.asarray(x, float)
    return (x + np.sqrt(x * x + b)) / 2.0


def _threshold(x: Any, threshold: float, default_value: float) -> Any:
    x = np.asarray(x, float)
    return np.where(x > threshold, x, float(default_value))


def _between(low: float, high: float) -> Callable[[Any], Any]:
    return of_floats(lambda x: np.clip(x, low, high))


def _sparse_plus(x: Any) -> Any:
    inner = np.clip(x, -1.0, 1.0) + 1.0
    return np.where(x > 1.0, x, inner * inner / 4.0)


_relu6 = _between(0.0, 6.0)

ACTIVATIONS: Mapping[str, Kernel] = {
    "celu": _celu,
    "elu": _elu,
    "gelu": _gelu,
    "glu": _glu,
    "hard_shrink": _hard_shrink,
    "hard_sigmoid": of_floats(lambda x: _relu6(x + 3.0) / 6.0),
    "hard_silu": of_floats(lambda x: x * _relu6(x + 3.0) / 6.0),
    "hard_tanh": _between(-1.0, 1.0),
    "leaky_relu": _leaky_relu,
    "log_sigmoid": of_floats(lambda x: -np.logaddexp(0.0, -x)),
    "log_softmax": _log_softmax,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": _relu6,
    "selu": of_floats(lambda x: _SELU[0] * _elu(x, _SELU[1])),
    "sigmoid": sigmoid,
    "silu": lambda x: x * sigmoid(x),
    "soft_shrink": _soft_shrink,
    "softmax": softmax,
    "softplus": of_floats(lambda x: np.logaddexp(x, 0.0)),
    "softsign": of_floats(lambda x: x / (1.0 + np.abs(x))),
    "sparse_plus": of_floats(_sparse_plus),
    "sparse_sigmoid": of_floats(lambda x: np.clip((x + 1.0) / 2.0, 0.0, 1.0)),
    "squareplus": _squareplus,
    "tanh_shrink": of_floats(lambda x: x - np.tanh(x)),
    "threshold": _threshold,
}

"""The meaning of every op in NumPy. Same keys as `expr.ops.OPS`, same parameters.

Floats are double precision, integers int64. A kernel may raise ValueError or
IndexError when its operands do not fit; the evaluator says where.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind

MOST_ELEMENTS = 10_000_000
"""Elements that one array of a probe may have."""

_MOST_PRODUCTS = 100_000_000
"""Products of numbers that one matrix product may take."""


class TooLargeError(Exception):
    """An array would have more than `MOST_ELEMENTS` elements."""


def guard_size(shape: Any) -> int:
    """Refuse an array before it is made; the number of its elements.

    Raises:
        TooLargeError: it would have too many elements.
    """
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    count = 1
    for size in sizes:
        if size < 0:
            raise ValueError(f"a size of {size}")
        count *= int(size)
    if count > MOST_ELEMENTS:
        shown = f"{count} elements" if count < 2**63 else "more than 2**63 elements"
        raise TooLargeError(shown)
    return count


def guard_broadcast(*operands: Any) -> None:
    """Refuse operands that broadcast to too large an array, or not at all.

    Raises:
        TooLargeError: the result would have too many elements.
        ValueError: the shapes do not go together.
    """
    guard_size(np.broadcast_shapes(*(np.shape(operand) for operand in operands)))


def _sigmoid(x: Any) -> Any:
    return np.exp(-np.logaddexp(0.0, -np.asarray(x, float)))


def _gelu(x: Any, approximate: bool = True) -> Any:
    x = np.asarray(x, float)
    if approximate:
        inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)
        return 0.5 * x * (1.0 + np.tanh(inner))
    if x.size > MOST_ELEMENTS // 10:  # one by one, and slow
        raise TooLargeError(f"{x.size} elements")
    return 0.5 * x * (1.0 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2.0)))


def _softmax(x: Any, axis: Any = -1) -> Any:
    x = np.asarray(x, float)
    shifted = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return shifted / np.sum(shifted, axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    x = np.asarray(x, float)
    highest = np.max(x, axis=axis, keepdims=True)
    total = np.log(np.sum(np.exp(x - highest), axis=axis, keepdims=True)) + highest
    return total if keepdims else np.squeeze(total, axis)


def _moments(x: Any, axes: Any, keepdims: bool = False) -> Any:
    axes = tuple(axes) if isinstance(axes, list | tuple) else axes
    return np.mean(x, axes, keepdims=keepdims), np.var(x, axes, keepdims=keepdims)


def _cast(x: Any, dtype: str) -> Any:
    types = {Kind.BOOL: np.bool_, Kind.INT: np.int64, Kind.FLOAT: np.float64}
    cast: Any = np.asarray(x).astype(types[dtype_kind(dtype)])
    return cast.astype(np.float32).astype(np.float64) if dtype == "float32" else cast


def _take(x: Any, indices: Any, axis: int | None = None) -> Any:
    size = np.size(x) if axis is None else np.shape(x)[axis]
    highest = int(np.max(indices, initial=0))
    if highest >= size or int(np.min(indices, initial=0)) < -size:
        raise IndexError(f"index {highest} of {size} entries")
    rest = () if axis is None else np.delete(np.shape(x), axis).tolist()
    guard_size((np.size(indices), *rest))
    return np.take(x, indices, axis)


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


def _outer(x1: Any, x2: Any) -> Any:
    guard_size((np.size(x1), np.size(x2)))
    return np.outer(x1, x2)


def _matmul(x1: Any, x2: Any) -> Any:
    if min(np.ndim(x1), np.ndim(x2)) == 0:
        raise ValueError("a scalar has no matrix product")
    rows, columns = np.shape(x1)[:-1], np.shape(x2)[-1:] if np.ndim(x2) > 1 else ()
    outer = np.broadcast_shapes(rows[:-1], np.shape(x2)[:-2])
    size = guard_size((*outer, *rows[-1:], *columns))
    if size * np.shape(x1)[-1] > _MOST_PRODUCTS:
        raise TooLargeError(f"{size * np.shape(x1)[-1]} products")
    return np.matmul(x1, x2)


def _clip(x: Any, x_min: Any, x_max: Any) -> Any:
    guard_broadcast(x, x_min, x_max)
    return np.clip(x, x_min, x_max)


def _where(condition: Any, x1: Any, x2: Any) -> Any:
    guard_broadcast(condition, x1, x2)
    return np.where(condition, x1, x2)


def _axes(function: Callable[..., Any]) -> Callable[..., Any]:
    """A NumPy function whose `axis` may also be a list."""

    def call(x: Any, axis: Any = None, **options: Any) -> Any:
        axis = tuple(axis) if isinstance(axis, list) else axis
        return function(x, axis=axis, **options)

    return call


def _reduce(function: Callable[..., Any]) -> Callable[..., Any]:
    """A NumPy reduction, with the parameters of the language's."""

    def call(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        axis = tuple(axis) if isinstance(axis, list) else axis
        return function(x, axis=axis, keepdims=keepdims)

    return call


def _of_floats(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of one array in double precision; of booleans NumPy takes half."""
    return lambda x: function(np.asarray(x, float))


def _broadcast(function: Callable[..., Any]) -> Callable[..., Any]:
    """A NumPy function of two operands that broadcast."""

    def call(x1: Any, x2: Any) -> Any:
        guard_broadcast(x1, x2)
        return function(x1, x2)

    return call


def _triangle(function: Callable[..., Any]) -> Callable[..., Any]:
    """`tril` or `triu`; of a vector NumPy would make a square matrix."""

    def call(x: Any, k: int = 0) -> Any:
        if np.ndim(x) < 2:
            raise ValueError("a triangle needs two axes")
        return function(x, k)

    return call


def _concatenate(xs: Sequence[Any], axis: int = 0) -> Any:
    guard_size(sum(map(np.size, xs)))
    return np.concatenate(xs, axis)


def _stack(x: Sequence[Any], axis: int = 0) -> Any:
    guard_size(sum(map(np.size, x)))
    return np.stack(x, axis)


KERNELS: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "arange": _arange,
    "cast": _cast,
    "clip": _clip,
    "concatenate": _concatenate,
    "cos": _of_floats(np.cos),
    "cumsum": np.cumsum,
    "exp": _of_floats(np.exp),
    "expand_dims": _axes(np.expand_dims),
    "eye": _eye,
    "flip": _axes(np.flip),
    "floor": _of_floats(np.floor),
    "full": _full,
    "gelu": _gelu,
    "linspace": _linspace,
    "log": _of_floats(np.log),
    "log1p": _of_floats(np.log1p),
    "logical_and": _broadcast(np.logical_and),
    "logical_not": np.logical_not,
    "logical_or": _broadcast(np.logical_or),
    "logsumexp": _logsumexp,
    "matmul": _matmul,
    "max": _reduce(np.max),
    "maximum": _broadcast(np.maximum),
    "mean": _reduce(np.mean),
    "min": _reduce(np.min),
    "minimum": _broadcast(np.minimum),
    "moments": _moments,
    "ones": _ones,
    "ones_like": np.ones_like,
    "outer": _outer,
    "relu": lambda x: np.maximum(x, 0),
    "reshape": np.reshape,
    "rsqrt": _of_floats(lambda x: 1.0 / np.sqrt(x)),
    "sigmoid": _sigmoid,
    "sign": np.sign,
    "silu": lambda x: x * _sigmoid(x),
    "sin": _of_floats(np.sin),
    "softmax": _softmax,
    "softplus": _of_floats(lambda x: np.logaddexp(x, 0.0)),
    "sqrt": _of_floats(np.sqrt),
    "square": np.square,
    "squeeze": _axes(np.squeeze),
    "stack": _stack,
    "stop_gradient": lambda x: x,
    "sum": _reduce(np.sum),
    "take": _take,
    "tanh": _of_floats(np.tanh),
    "transpose": np.transpose,
    "tril": _triangle(np.tril),
    "triu": _triangle(np.triu),
    "var": _reduce(np.var),
    "where": _where,
    "zeros": _zeros,
    "zeros_like": np.zeros_like,
}

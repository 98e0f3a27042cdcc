"""How long an op takes, in elements that could have been made in the time."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from layergen.oracle.kernels.products import axis_sizes

_HEAVY: Final[Mapping[str, int]] = {
    "**": 2,
    "erf": 30,
    "gelu": 8,
    "image.resize": 4,
    "one_hot": 2,
    "multi_hot": 2,
    "stft": 10,
}
"""What takes as long as making so many of its results."""

_SEARCHING: Final[Mapping[str, int]] = {
    "argsort": 16,
    "diff": 2,
    "norm": 2,
    "scatter_update": 16,
    "searchsorted": 16,
    "segment_sum": 16,
    "sort": 16,
    "top_k": 32,
}
"""What takes as long as making so many of its first operand."""

_PRODUCTS: Final[Mapping[str, int]] = {"f": 32, "i": 4}
"""Products of a matrix product, by kind, that take as long as making one element."""


def _of_matmul(operands: Sequence[Any], result: Any) -> int:
    count = result.size * np.shape(operands[0])[-1]
    return int(count // _PRODUCTS.get(result.dtype.kind, 1))


def _of_einsum(operands: Sequence[Any], result: Any) -> int:
    tensors = [x for x in operands[1:] if not isinstance(x, str)]
    return int(math.prod(axis_sizes(operands[0], *tensors).values()))


def _of_tensordot(operands: Sequence[Any], result: Any) -> int:
    both = int(np.size(operands[0])) * int(np.size(operands[1]))
    return math.isqrt(both * max(int(result.size), 1)) // 4


def _of_attention(operands: Sequence[Any], result: Any) -> int:
    return 8 * int(result.size) * int(np.shape(operands[1])[1])


def _of_convolution(operands: Sequence[Any], result: Any) -> int:
    *size, depth, _ = np.shape(operands[1])
    return int(result.size * math.prod(size) * depth) // 2


def _of_depthwise(operands: Sequence[Any], result: Any) -> int:
    return int(result.size * math.prod(np.shape(operands[1])[:-2])) // 2


def _of_transposed(operands: Sequence[Any], result: Any) -> int:
    return int(np.size(operands[0]) * math.prod(np.shape(operands[1])[:-1]))


def _of_separable(operands: Sequence[Any], result: Any) -> int:
    *size, channels, multiplier = np.shape(operands[1])
    whole = result.size // max(np.shape(operands[2])[-1], 1) * channels * multiplier
    return int(whole * math.prod(size) + result.size * channels * multiplier)


def _of_pool(operands: Sequence[Any], result: Any) -> int:
    axes = max(np.ndim(operands[0]) - 2, 1)
    size = operands[1]
    count = size ** axes if isinstance(size, int) else math.prod(size)
    return int(2 * result.size * count)


_WORK: Final[Mapping[str, Callable[[Sequence[Any], Any], int]]] = {
    "average_pool": _of_pool,
    "conv": _of_convolution,
    "conv_transpose": _of_transposed,
    "depthwise_conv": _of_depthwise,
    "dot_product_attention": _of_attention,
    "einsum": _of_einsum,
    "@": _of_matmul,
    "matmul": _of_matmul,
    "max_pool": _of_pool,
    "separable_conv": _of_separable,
    "tensordot": _of_tensordot,
}


def measure(name: str, operands: Sequence[Any], results: Sequence[Any]) -> int:
    """The work of an op or operator.

    Args:
        name: the op, or the sign of the operator.
        operands: what it took, in order.
        results: the arrays that it made.
    """
    made = sum(array.size for array in results) * _HEAVY.get(name, 1)
    if name in _SEARCHING:
        made += np.size(operands[0]) * _SEARCHING[name]
    if name in _WORK:
        made += _WORK[name](operands, results[0])
    return int(made)

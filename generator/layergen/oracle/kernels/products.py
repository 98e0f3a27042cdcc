"""Products over axes in NumPy."""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.activations import softmax
from layergen.oracle.kernels.limits import (
    MisfitError,
    guard_products,
    guard_size,
)
from layergen.oracle.kernels.wrap import Kernel

_EQUATION = re.compile(
    r"[A-Za-z,]*(?:\.\.\.[A-Za-z,]*)*(?:->[A-Za-z]*(?:\.\.\.)?[A-Za-z]*)?"
)


def _matmul(x1: Any, x2: Any) -> Any:
    if min(np.ndim(x1), np.ndim(x2)) == 0:
        raise ValueError("a scalar has no matrix product")
    rows, columns = np.shape(x1)[:-1], np.shape(x2)[-1:] if np.ndim(x2) > 1 else ()
    outer = np.broadcast_shapes(rows[:-1], np.shape(x2)[:-2])
    size = guard_size((*outer, *rows[-1:], *columns))
    guard_products(size, np.shape(x1)[-1])
    return np.matmul(x1, x2)


def axis_sizes(subscripts: str, *operands: Any) -> dict[str, int]:
    """The size of every axis that an equation names, and of those it leaves open.

    Raises:
        MisfitError: the equation does not go with the operands.
    """
    text = subscripts.replace(" ", "")
    if not _EQUATION.fullmatch(text):
        raise MisfitError(f"`{subscripts}` is no equation such as `ij,jk->ik`")
    terms = text.partition("->")[0].split(",")
    if len(terms) != len(operands):
        raise MisfitError(f"`{subscripts}` is for {len(terms)} tensors")
    sizes: dict[str, int] = {}
    for term, operand in zip(terms, operands, strict=True):
        shape = np.shape(operand)
        before, dots, after = term.partition("...")
        rank = len(before) + len(after)
        if rank > len(shape) or (rank < len(shape) and not dots):
            raise MisfitError(
                f"`{term}` is for {rank} axes, the tensor has {len(shape)}"
            )
        left = shape[len(before) : len(shape) - len(after)]
        letters = [*before, *(f"...{-i}" for i in range(len(left), 0, -1)), *after]
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size and 1 not in (
                size,
                sizes[letter],
            ):
                raise MisfitError(f"the axis `{letter}` has {sizes[letter]} and {size}")
            sizes[letter] = max(size, sizes[letter])
    return sizes


def _einsum(subscripts: str, *operands: Any) -> Any:
    sizes = axis_sizes(subscripts, *operands)
    _, arrow, result = subscripts.replace(" ", "").partition("->")
    open_axes = [size for name, size in sizes.items() if name.startswith(".")]
    if arrow:
        kept = [sizes.get(letter, 1) for letter in result.replace("...", "")]
        guard_size((*kept, *(open_axes if "..." in result else ())))
    guard_products(*sizes.values())
    return np.einsum(subscripts, *operands)


def _tensordot(x1: Any, x2: Any, axes: Any = 2) -> Any:
    summed = axes if isinstance(axes, int) else axes[0]
    first = (
        range(np.ndim(x1) - summed, np.ndim(x1))
        if isinstance(summed, int) and isinstance(axes, int)
        else np.atleast_1d(summed)
    )
    count = math.prod(np.shape(x1)[axis] for axis in first)
    free = np.size(x1) // max(count, 1), np.size(x2) // max(count, 1)
    guard_size(free)
    guard_products(*free, count)
    return np.tensordot(x1, x2, axes)


def _outer(x1: Any, x2: Any) -> Any:
    guard_size((np.size(x1), np.size(x2)))
    return np.outer(x1, x2)


def _dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
) -> Any:
    """Ashish Vaswani and others, Attention Is All You Need, 2017, equation 1."""
    if {np.ndim(query), np.ndim(key), np.ndim(value)} != {4}:
        raise MisfitError("attention takes (batch, length, heads, depth)")
    if bias is not None and (mask is not None or is_causal):
        raise MisfitError("PyTorch takes a `bias` or a mask, not both")
    groups = np.shape(query)[2] // max(np.shape(key)[2], 1)
    key, value = (np.repeat(x, max(groups, 1), axis=2) for x in (key, value))
    scale = 1.0 / math.sqrt(np.shape(key)[-1]) if scale is None else scale
    scores = _einsum("bqhd,bkhd->bhqk", query, key) * scale
    scores = scores if bias is None else scores + bias
    seen = np.ones(scores.shape[-2:], bool)
    seen = np.tril(seen) if is_causal else seen
    seen = seen if mask is None else np.logical_and(seen, mask)
    scores = np.where(seen, scores, -1e38)  # who sees nothing takes the mean of all
    return _einsum("bhqk,bkhd->bqhd", softmax(scores), value)


PRODUCTS: Mapping[str, Kernel] = {
    "dot_product_attention": _dot_product_attention,
    "einsum": _einsum,
    "matmul": _matmul,
    "outer": _outer,
    "tensordot": _tensordot,
}

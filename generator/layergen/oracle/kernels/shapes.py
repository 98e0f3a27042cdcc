"""The same elements in other places, in NumPy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_size
from layergen.oracle.kernels.wrap import Kernel, over_axes


def _concatenate(xs: Sequence[Any], axis: int = 0) -> Any:
    guard_size(sum(map(np.size, xs)))
    return np.concatenate(xs, axis)


def _stack(x: Sequence[Any], axis: int = 0) -> Any:
    guard_size(sum(map(np.size, x)))
    return np.stack(x, axis)


def _split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    size = np.shape(x)[axis]
    if isinstance(indices_or_sections, int) and (
        indices_or_sections < 1 or size % indices_or_sections
    ):
        raise MisfitError(f"an axis of {size} has no {indices_or_sections} equal parts")
    if not isinstance(indices_or_sections, int) and any(
        abs(index) > size for index in indices_or_sections
    ):
        raise MisfitError(f"an axis of {size} cannot be split at {indices_or_sections}")
    return tuple(np.split(x, indices_or_sections, axis))


def _broadcast_to(x: Any, shape: Any) -> Any:
    guard_size(shape)
    return np.broadcast_to(x, tuple(shape)).copy()


def _repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    size = np.size(x) if axis is None else np.shape(x)[axis]
    guard_size((np.size(x) // max(size, 1), size, repeats))
    return np.repeat(x, repeats, axis)


def _tile(x: Any, repeats: Any) -> Any:
    counts = [repeats] if isinstance(repeats, int) else repeats
    guard_size((np.size(x), *counts))
    return np.tile(x, repeats)


def _pad(
    x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None
) -> Any:
    widths = np.reshape(pad_width, (-1, 2))
    if len(widths) != np.ndim(x):
        raise MisfitError(f"{len(widths)} pairs for {np.ndim(x)} axes")
    if widths.size and widths.min() < 0:
        raise MisfitError(f"a width of {widths.min()}")
    for size, (before, after) in zip(np.shape(x), widths.tolist(), strict=True):
        if mode == "reflect" and max(before, after) >= size:
            raise MisfitError(
                f"an axis of {size} cannot be padded by {max(before, after)}"
            )
    guard_size(
        s + b + a for s, (b, a) in zip(np.shape(x), widths.tolist(), strict=True)
    )
    if mode != "constant":
        return np.pad(x, widths, mode=mode)  # type: ignore[call-overload]
    return np.pad(x, widths, constant_values=constant_values or 0)


def _diag(x: Any, k: int = 0) -> Any:
    if np.ndim(x) == 1:
        guard_size((np.size(x) + abs(k),) * 2)
    return np.diag(x, k)


def _diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return np.diagonal(x, offset, axis1, axis2).copy()


def _triangle(function: Kernel) -> Kernel:
    """`tril` or `triu`; of a vector NumPy would make a square matrix."""

    def call(x: Any, k: int = 0) -> Any:
        if np.ndim(x) < 2:
            raise ValueError("a triangle needs two axes")
        return function(x, k)

    return call


SHAPES: Mapping[str, Kernel] = {
    "broadcast_to": _broadcast_to,
    "concatenate": _concatenate,
    "diag": _diag,
    "diagonal": _diagonal,
    "expand_dims": over_axes(np.expand_dims),
    "flip": over_axes(np.flip),
    "moveaxis": np.moveaxis,
    "pad": _pad,
    "repeat": _repeat,
    "reshape": np.reshape,
    "roll": np.roll,
    "split": _split,
    "squeeze": over_axes(np.squeeze),
    "stack": _stack,
    "swapaxes": np.swapaxes,
    "tile": _tile,
    "transpose": np.transpose,
    "tril": _triangle(np.tril),
    "triu": _triangle(np.triu),
}

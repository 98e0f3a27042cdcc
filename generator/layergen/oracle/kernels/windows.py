"""Convolution and pooling in NumPy: sums, means and maxima of windows.

Inside, channels are the last axis: `(batch, *sizes, channels)`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_products, guard_size
from layergen.oracle.kernels.wrap import Kernel

_MOST_PLACES = 10_000
"""Places that the kernel of a transposed convolution may have."""


def per_axis(value: Any, count: int, what: str) -> tuple[int, ...]:
    """One integer for each of several axes.

    Raises:
        MisfitError: there are too few or too many, or one is not positive.
    """
    values = (value,) * count if isinstance(value, int) else tuple(value)
    if len(values) != count:
        raise MisfitError(f"`{what}` has {len(values)} numbers for {count} axes")
    if min(values) < 1:
        raise MisfitError(f"`{what}` of {min(values)}")
    return values


def to_last(x: Any, data_format: str) -> Any:
    """A tensor whose channels are the last axis."""
    x = np.asarray(x, float)
    return x if data_format == "channels_last" else np.moveaxis(x, 1, -1)


def from_last(x: Any, data_format: str) -> Any:
    """The reverse of `to_last`."""
    return x if data_format == "channels_last" else np.moveaxis(x, -1, 1)


def pad_same(
    x: Any,
    size: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    fill: float = 0.0,
) -> Any:
    """Room at both ends for a window at every stride, more of it at the far end."""
    widths = [(0, 0)]
    for n, k, s, d in zip(x.shape[1:-1], size, strides, dilation, strict=True):
        room = max((math.ceil(n / s) - 1) * s + (k - 1) * d + 1 - n, 0)
        widths.append((room // 2, room - room // 2))
    widths.append((0, 0))
    guard_size(n + sum(w) for n, w in zip(x.shape, widths, strict=True))
    return np.pad(x, widths, constant_values=fill)


def view_windows(
    x: Any, size: Sequence[int], strides: Sequence[int], dilation: Sequence[int]
) -> Any:
    """Every window: `(batch, *places, channels, *size)`."""
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation, strict=True)]
    for n, r in zip(x.shape[1:-1], reach, strict=True):
        if r > n:
            raise MisfitError(f"a window of {r} does not fit into an axis of {n}")
    axes = tuple(range(1, x.ndim - 1))
    found = np.lib.stride_tricks.sliding_window_view(x, reach, axes)
    places = [slice(None, None, s) for s in strides]
    inside = [slice(None, None, d) for d in dilation]
    found = found[(slice(None), *places, slice(None), *inside)]
    guard_size(found.shape)
    return found


def _spatial(x: Any, kernel: Any, strides: Any, dilation_rate: Any) -> list[Any]:
    """Size of the kernel, strides and dilation, each by axis."""
    count = np.ndim(x) - 2
    if count < 1 or np.ndim(kernel) != count + 2:
        message = f"a tensor of {np.ndim(x)} axes and a kernel of {np.ndim(kernel)}"
        raise MisfitError(message)
    steps = per_axis(strides, count, "strides")
    dilation = per_axis(dilation_rate, count, "dilation_rate")
    if max(steps) > 1 and max(dilation) > 1:
        raise MisfitError("Keras takes no strides together with a dilation")
    return [np.shape(kernel)[:-2], steps, dilation]


def _conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
) -> Any:
    x = to_last(inputs, data_format)
    size, strides, dilation = _spatial(x, kernel, strides, dilation_rate)
    *_, depth, filters = np.shape(kernel)
    groups, rest = divmod(x.shape[-1], depth)
    if rest or not groups or filters % groups:
        raise MisfitError(f"{x.shape[-1]} channels, and a kernel for {depth}")
    if padding == "same":
        x = pad_same(x, size, strides, dilation)
    found = view_windows(x, size, strides, dilation)
    guard_products(found.size, filters // groups)
    places = found.shape[: -1 - len(size)]
    found = found.reshape(*places, groups, depth, math.prod(size))
    kernel = np.reshape(kernel, (math.prod(size), depth, groups, filters // groups))
    result = np.einsum("...gdp,pdgf->...gf", found, kernel)
    return from_last(result.reshape(*places, filters), data_format)


def _depthwise_conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
) -> Any:
    """A convolution with as many groups as channels."""
    *size, channels, multiplier = np.shape(kernel)
    found = np.shape(inputs)[-1 if data_format == "channels_last" else 1]
    if found != channels:
        raise MisfitError(f"{found} channels, and a kernel for {channels}")
    kernel = np.reshape(kernel, (*size, 1, channels * multiplier))
    return _conv(inputs, kernel, strides, padding, data_format, dilation_rate)


def _separable_conv(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
) -> Any:
    options = (strides, padding, data_format, dilation_rate)
    x = _depthwise_conv(inputs, depthwise_kernel, *options)
    return _conv(x, pointwise_kernel, data_format=data_format)


def _conv_transpose(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    output_padding: Any = None,
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
) -> Any:
    """Every input adds the kernel, times itself, to the outputs that it reaches."""
    x = to_last(inputs, data_format)
    size, strides, dilation = _spatial(x, kernel, strides, dilation_rate)
    *_, filters, depth = np.shape(kernel)
    if x.shape[-1] != depth:
        raise MisfitError(f"{x.shape[-1]} channels, and a kernel for {depth}")
    guard_products(x.size, math.prod(size), filters)
    guard_products(math.prod(size), _MOST_PLACES)
    sizes = x.shape[1:-1]
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation, strict=True)]
    whole = [(n - 1) * s + r for n, s, r in zip(sizes, strides, reach, strict=True)]
    guard_size((x.shape[0], *whole, filters))
    total = np.zeros((x.shape[0], *whole, filters))
    for place in np.ndindex(*size):
        steps = zip(place, dilation, sizes, strides, strict=True)
        into = [slice(p * d, p * d + (n - 1) * s + 1, s) for p, d, n, s in steps]
        total[(slice(None), *into)] += x @ np.asarray(kernel)[place].T
    more: Sequence[int | None] = (None,) * len(sizes)
    if output_padding is not None:
        more = tuple(np.broadcast_to(output_padding, len(sizes)).tolist())
    cut = zip(sizes, strides, reach, more, strict=True)
    for axis, (n, s, r, extra) in enumerate(cut, 1):
        begin, length = _kept(n, s, r, extra, padding)
        total = _part(total, axis, begin, length)
    return from_last(total, data_format)


def _kept(
    size: int, stride: int, reach: int, extra: int | None, padding: str
) -> tuple[int, int]:
    """Where the result begins in all that is reached, and how long it is."""
    before = (size - 1) * stride
    if padding == "valid":
        return 0, before + (max(reach, stride) if extra is None else reach + extra)
    length = before + (stride if extra is None else reach % 2 + extra)
    return max(before + reach - length, 0) // 2, length


def _part(x: Any, axis: int, begin: int, length: int) -> Any:
    """Part of an axis; zeros where there is nothing."""
    missing = max(begin + length - x.shape[axis], 0)
    guard_size([*np.delete(x.shape, axis).tolist(), x.shape[axis] + missing])
    widths = [(0, missing if a == axis else 0) for a in range(x.ndim)]
    return np.take(np.pad(x, widths), range(begin, begin + length), axis)


def _pool(reduce: Callable[..., Any], fill: float) -> Kernel:
    def call(
        inputs: Any,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
    ) -> Any:
        x = to_last(inputs, data_format)
        count = x.ndim - 2
        size = per_axis(pool_size, count, "pool_size")
        steps = per_axis(strides, count, "strides")
        if padding == "same":
            x = pad_same(x, size, steps, (1,) * count, fill)
        found = view_windows(x, size, steps, (1,) * count)
        result = reduce(found, axis=tuple(range(-count, 0)))
        return from_last(result, data_format)

    return call


def _adaptive_pool(reduce: Callable[..., Any]) -> Kernel:
    def call(inputs: Any, output_size: Any, data_format: str = "channels_last") -> Any:
        x = to_last(inputs, data_format)
        counts = per_axis(output_size, x.ndim - 2, "output_size")
        if min(counts) < 2:
            raise MisfitError(
                "TensorFlow makes at least 2 parts: `mean` or `max` makes 1"
            )
        for axis, count in enumerate(counts, 1):
            size = x.shape[axis]
            guard_size((x.size // max(size, 1), count))
            parts = [
                np.arange(i * size // count, -(-(i + 1) * size // count))
                for i in range(count)
            ]
            means = [reduce(np.take(x, part, axis), axis=axis) for part in parts]
            x = np.stack(means, axis)
        return from_last(x, data_format)

    return call


WINDOWS: Mapping[str, Kernel] = {
    "adaptive_average_pool": _adaptive_pool(np.mean),
    "adaptive_max_pool": _adaptive_pool(np.max),
    "average_pool": _pool(np.nanmean, np.nan),  # the room at the ends does not count
    "conv": _conv,
    "conv_transpose": _conv_transpose,
    "depthwise_conv": _depthwise_conv,
    "max_pool": _pool(np.max, -np.inf),
    "separable_conv": _separable_conv,
}

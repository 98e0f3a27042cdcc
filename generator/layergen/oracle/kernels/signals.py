"""Images and signals in NumPy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_products, guard_size
from layergen.oracle.kernels.windows import pad_same, per_axis, view_windows
from layergen.oracle.kernels.wrap import Kernel


def _as_batch(images: Any, data_format: str) -> tuple[Any, bool]:
    """Images with a batch, channels last; and whether there was a batch."""
    if np.ndim(images) not in (3, 4):
        raise MisfitError(f"an image has 3 axes, a batch 4; this has {np.ndim(images)}")
    x, has_batch = np.asarray(images), np.ndim(images) == 4
    x = x if has_batch else x[None]
    return x if data_format == "channels_last" else np.moveaxis(x, 1, -1), has_batch


def _from_batch(x: Any, has_batch: bool, data_format: str) -> Any:
    x = x if data_format == "channels_last" else np.moveaxis(x, -1, 1)
    return x if has_batch else x[0]


def _resize(
    images: Any,
    size: Any,
    interpolation: str = "bilinear",
    data_format: str = "channels_last",
) -> Any:
    """The centers of pixels keep their places; beyond the edges, the edges."""
    x, has_batch = _as_batch(images, data_format)
    x = x.astype(float)
    for axis, count in enumerate(per_axis(size, 2, "size"), 1):
        n = x.shape[axis]
        guard_size((x.size // max(n, 1), count))
        at = (np.arange(count) + 0.5) * n / count
        if interpolation == "nearest":
            x = np.take(x, at.astype(int), axis)
            continue
        at = np.clip(at - 0.5, 0, n - 1)
        low = at.astype(int)
        high = np.minimum(low + 1, n - 1)
        share = np.reshape(at - low, (count, *(1,) * (x.ndim - axis - 1)))
        x = np.take(x, low, axis) * (1.0 - share) + np.take(x, high, axis) * share
    return _from_batch(x, has_batch, data_format)


def _extract_patches(
    images: Any,
    size: Any,
    strides: Any = None,
    dilation_rate: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Any:
    x, has_batch = _as_batch(images, data_format)
    size = per_axis(size, 2, "size")
    steps = size if strides is None else per_axis(strides, 2, "strides")
    dilation = per_axis(dilation_rate, 2, "dilation_rate")
    if max(steps) > 1 and max(dilation) > 1:
        raise MisfitError("Keras takes no strides together with a dilation")
    x = x.astype(float)
    if padding == "same":
        x = pad_same(x, size, steps, dilation)
    found = np.moveaxis(view_windows(x, size, steps, dilation), 3, -1)
    return _from_batch(found.reshape(*found.shape[:3], -1), has_batch, data_format)


def _guard_blocks(x: Any, block_size: int) -> None:
    if np.ndim(x) != 4 or block_size < 2:
        raise MisfitError("blocks are of 2 pixels and more, of a batch of images")


def _depth_to_space(x: Any, block_size: int) -> Any:
    _guard_blocks(x, block_size)
    b, (batch, height, width, depth) = block_size, np.shape(x)
    if depth % (b * b):
        raise MisfitError(f"{depth} channels are no blocks of {b} times {b}")
    x = np.reshape(x, (batch, height, width, b, b, depth // (b * b)))
    return x.transpose(0, 1, 3, 2, 4, 5).reshape(batch, height * b, width * b, -1)


def _space_to_depth(x: Any, block_size: int) -> Any:
    _guard_blocks(x, block_size)
    b, (batch, height, width, depth) = block_size, np.shape(x)
    if height % b or width % b:
        raise MisfitError(f"{height} times {width} pixels are no blocks of {b}")
    x = np.reshape(x, (batch, height // b, b, width // b, b, depth))
    return x.transpose(0, 1, 3, 2, 4, 5).reshape(batch, height // b, width // b, -1)


def _extract_sequences(x: Any, sequence_length: int, sequence_stride: int) -> Any:
    length = np.shape(x)[-1]
    if not 0 < sequence_length <= length or sequence_stride < 1:
        raise MisfitError(f"windows of {sequence_length} in an axis of {length}")
    x = np.asarray(x, float)
    found = np.lib.stride_tricks.sliding_window_view(x, sequence_length, -1)
    found = found[..., ::sequence_stride, :]
    guard_size(found.shape)
    return found.copy()


def _stft(
    x: Any,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: str = "hann",
    center: bool = True,
) -> Any:
    if sequence_length % 2:
        raise MisfitError("the backends differ in windows of odd length")
    if fft_length < sequence_length:
        raise MisfitError(f"`fft_length` is less than {sequence_length}")
    x = np.asarray(x, float)
    if center:
        half = fft_length // 2
        if half >= x.shape[-1]:
            raise MisfitError(f"an axis of {x.shape[-1]} cannot be padded by {half}")
        x = np.pad(x, [*[(0, 0)] * (x.ndim - 1), (half, half)], mode="reflect")
    low = {"hann": 0.5, "hamming": 0.54}[window]
    turn = 2.0 * np.pi * np.arange(sequence_length) / max(sequence_length, 1)
    before = (fft_length - sequence_length) // 2
    weights = np.zeros(fft_length)
    weights[before : before + sequence_length] = low - (1.0 - low) * np.cos(turn)
    frames = _extract_sequences(x, fft_length, sequence_stride)
    guard_products(frames.size, 10)
    found = np.fft.rfft(frames * weights)
    return found.real, found.imag


SIGNALS: Mapping[str, Kernel] = {
    "depth_to_space": _depth_to_space,
    "extract_sequences": _extract_sequences,
    "image.extract_patches": _extract_patches,
    "image.resize": _resize,
    "space_to_depth": _space_to_depth,
    "stft": _stft,
}

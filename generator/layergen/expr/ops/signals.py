"""Images and signals."""

from layergen.expr import results, sizes
from layergen.expr.ops.row import row

SIGNALS = (
    row(
        "image.resize",
        "images: tensor, size: shape, interpolation: bilinear|nearest = bilinear, "
        "*, data_format: channels_last|channels_first = None",
        results.floats,
        "images of another height and width",
        converts=True,
        single="partly",
    ),
    row(
        "image.extract_patches",
        "images: tensor, size: ints, *, strides: ints = None, dilation_rate: ints = 1, "
        "padding: valid|same = valid, data_format: channels_last|channels_first = None",
        results.floats,
        "the elements of each window in a row",
        sizes=sizes.CHANNELS,
    ),
    row(
        "depth_to_space",
        "x: tensor, block_size: int",
        results.same,
        "channels as blocks of pixels",
    ),
    row(
        "space_to_depth",
        "x: tensor, block_size: int",
        results.same,
        "blocks of pixels as channels",
    ),
    row(
        "extract_sequences",
        "x: tensor, sequence_length: int, sequence_stride: int",
        results.floats,
        "windows of the last axis",
    ),
    row(
        "stft",
        "x: tensor, sequence_length: int, sequence_stride: int, fft_length: int, "
        "window: hann|hamming = hann, center: bool = True",
        results.two_floats,
        "real and imaginary part of the Fourier transform of windows",
        single="only",
    ),
)

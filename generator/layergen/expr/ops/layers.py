"""What layers are made of: normalization, convolution, pooling."""

from layergen.expr import results, sizes
from layergen.expr.op import Op, Sizes
from layergen.expr.ops.row import row

_FORMAT = "data_format: channels_last|channels_first = None"
_PADDING = "padding: valid|same = valid"
_DILATION = "dilation_rate: ints = 1"

NORMALIZATION = (
    row(
        "normalize",
        "x: tensor, axis: axes = -1, order: int = 2, epsilon: number = None",
        results.floats,
        "x, scaled to a norm of 1 over an axis",
    ),
    row(
        "batch_normalization",
        "x: tensor, mean: tensor, variance: tensor, axis: axis, "
        "offset: tensor = None, scale: tensor = None, epsilon: number = 0.001",
        results.floats,
        "x, centered and scaled by statistics of an axis",
        sizes=sizes.STATISTICS,
    ),
    row(
        "layer_normalization",
        "x: tensor, gamma: tensor = None, beta: tensor = None, axis: axes = -1, "
        "epsilon: number = None",
        results.floats,
        "x, centered and scaled to variance 1 over axes",
        sizes=sizes.SCALED,
    ),
    row(
        "rms_normalization",
        "x: tensor, scale: tensor = None, axis: axes = -1, epsilon: number = None",
        results.floats,
        "x, scaled to a mean square of 1 over axes",
    ),
)


def _convolution(
    name: str,
    doc: str,
    kernels: str,
    *,
    output: str = "",
    known: Sizes | None = None,
) -> Op:
    options = ("*", "strides: ints = 1", _PADDING, output, _FORMAT, _DILATION)
    signature = ", ".join(filter(None, ("inputs: tensor", kernels, *options)))
    return row(name, signature, results.floats, doc, sizes=known)


CONVOLUTION = (
    _convolution(
        "conv",
        "convolution over 1 to 3 axes",
        "kernel: tensor",
        known=sizes.DILATED_KERNEL,
    ),
    _convolution(
        "conv_transpose",
        "the transpose of a convolution, which enlarges",
        "kernel: tensor",
        output="output_padding: ints = None",
        known=sizes.KERNEL,
    ),
    _convolution(
        "depthwise_conv",
        "convolution of each channel by itself",
        "kernel: tensor",
        known=sizes.DILATED_KERNEL,
    ),
    _convolution(
        "separable_conv",
        "depthwise convolution, then one over channels",
        "depthwise_kernel: tensor, pointwise_kernel: tensor",
        known=sizes.DILATED_DEPTHWISE,
    ),
)


def _pool(name: str, doc: str) -> Op:
    signature = (
        f"inputs: tensor, pool_size: ints, *, strides: ints, {_PADDING}, {_FORMAT}"
    )
    return row(name, signature, results.floats, doc, converts=True)


def _adaptive_pool(name: str, doc: str) -> Op:
    signature = f"inputs: tensor, output_size: ints, *, {_FORMAT}"
    return row(name, signature, results.floats, doc, converts=True, sizes=sizes.POOLED)


POOLING = (
    _pool("average_pool", "means of windows"),
    _pool("max_pool", "greatest of windows"),
    _adaptive_pool("adaptive_average_pool", "means of so many even parts"),
    _adaptive_pool("adaptive_max_pool", "greatest of so many even parts"),
)

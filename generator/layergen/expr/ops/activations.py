"""Activation functions."""

from typing import Literal

from layergen.expr import results, sizes
from layergen.expr.op import Op, Sizes
from layergen.expr.ops.row import row


def _activation(
    name: str,
    doc: str,
    *options: str,
    single: Literal["", "partly"] = "",
    known: Sizes | None = None,
) -> Op:
    signature = ", ".join(("x: tensor", *options))
    return row(name, signature, results.floats, doc, single=single, sizes=known)


ACTIVATIONS = (
    _activation("celu", "x, below 0 alpha * expm1(x / alpha)", "alpha: number = 1.0"),
    _activation("elu", "x, below 0 alpha * expm1(x)", "alpha: number = 1.0"),
    _activation(
        "gelu",
        "Gaussian error linear unit",
        "approximate: bool = True",
        single="partly",
    ),
    _activation(
        "glu",
        "first half * sigmoid(second half)",
        "axis: axis = -1",
        known=sizes.HALVED,
    ),
    _activation("hard_shrink", "x, but 0 up to a threshold", "threshold: number = 0.5"),
    _activation("hard_sigmoid", "relu6(x + 3) / 6"),
    _activation("hard_silu", "x * hard_sigmoid(x)"),
    _activation("hard_tanh", "x kept between -1 and 1"),
    _activation(
        "leaky_relu",
        "x, below 0 negative_slope * x",
        "negative_slope: number = 0.2",
        single="partly",
    ),
    _activation("log_sigmoid", "log(sigmoid(x))"),
    _activation("log_softmax", "log(softmax(x))", "axis: axis = -1"),
    row("relu", "x: tensor", results.same, "the positive part"),
    _activation("relu6", "x kept between 0 and 6"),
    _activation("selu", "scaled elu, which keeps mean and variance"),
    _activation("sigmoid", "1 / (1 + exp(-x))"),
    _activation("silu", "x * sigmoid(x)"),
    _activation(
        "soft_shrink", "x moved towards 0 by a threshold", "threshold: number = 0.5"
    ),
    _activation(
        "softmax",
        "exp(x), scaled to sum to 1 over an axis",
        "axis: axes = -1",
        known=sizes.ALL_IF_SEVERAL,
    ),
    _activation("softplus", "log(1 + exp(x))"),
    _activation("softsign", "x / (1 + abs(x))"),
    _activation("sparse_plus", "0 below -1, x above 1, (x + 1) ** 2 / 4 between"),
    _activation("sparse_sigmoid", "(x + 1) / 2, kept between 0 and 1"),
    _activation("squareplus", "(x + sqrt(x * x + b)) / 2", "b: number = 4"),
    _activation("tanh_shrink", "x - tanh(x)"),
    _activation(
        "threshold",
        "x above a threshold, else a default",
        "threshold: number",
        "default_value: number",
    ),
)

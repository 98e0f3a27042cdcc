"""What NumPy, TensorFlow and PyTorch have by other names -> how a spec says it."""

from collections.abc import Mapping
from typing import Final

from layergen.expr.language import DTYPES

INSTEAD_OF: Final[Mapping[str, str]] = {
    "add": "x + y",
    "subtract": "x - y",
    "sub": "x - y",
    "multiply": "x * y",
    "mul": "x * y",
    "divide": "x / y",
    "true_divide": "x / y",
    "div": "x / y",
    "floor_divide": "x // y",
    "mod": "x % y",
    "power": "x ** y",
    "pow": "x ** y",
    "negative": "-x",
    "greater": "x > y",
    "greater_equal": "x >= y",
    "less": "x < y",
    "less_equal": "x <= y",
    "equal": "x == y",
    "not_equal": "x != y",
    "dot": "matmul(x, y)",
    "mm": "matmul(x, y)",
    "bmm": "matmul(x, y)",
    "batch_matmul": "matmul(x, y)",
    "reduce_sum": "sum(x, axis=...)",
    "reduce_mean": "mean(x, axis=...)",
    "reduce_max": "max(x, axis=...)",
    "reduce_min": "min(x, axis=...)",
    "reduce_logsumexp": "logsumexp(x, axis=...)",
    "reduce_variance": "var(x, axis=...)",
    "concat": "concatenate(xs, axis=...)",
    "cat": "concatenate(xs, axis=...)",
    "gather": "take(x, indices, axis=...)",
    "range": "arange(stop)",
    "clamp": "clip(x, x_min, x_max)",
    "clip_by_value": "clip(x, x_min, x_max)",
    "shape": "x.shape",
    "rank": "x.ndim",
    "ndim": "x.ndim",
    "len": "x.shape[0]",
    "unsqueeze": "expand_dims(x, axis)",
    "swish": "silu(x)",
    "variance": "var(x, axis=...)",
    "absolute": "abs(x)",
    "identity": "eye(n)",
}
"""What a spec writes in place of a call of another name."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "random.shuffle": "whole slices move on some backends, single elements on others",
    "print": "a forward pass computes, and shows nothing",
}
"""Functions that a spec cannot call, and why."""

NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("inf", "nan"), "write a large number, such as `1e9`"),
    **{name: f'write `"{name}"`: a dtype is a text' for name in DTYPES},
    "mask": "an input brings one if it says `mask: true`",
    "true": "write `True`",
    "false": "write `False`",
    **dict.fromkeys(("none", "null"), "write `None`"),
    "_": "it stands for what is not used",
}
"""For a name that means something elsewhere, what a spec writes."""

ATTRIBUTES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("T", "mT"), "write `transpose(x)`"),
    "value": "the name alone is the value",
}
"""For an attribute that tensors have elsewhere, what a spec writes."""

KEYWORDS: Final[Mapping[str, str]] = {
    "dtype": "write `cast(..., dtype)` around the call",
    "training": "put the call under `if training:`",
    "seed": "an argument of the type `seed` seeds all that the layer draws",
}
"""For a keyword that functions take elsewhere, what a spec writes."""

"""Calls of every op, as a spec writes them, and the arrays that they take."""

import numpy as np

_RANDOM = np.random.default_rng(11)


def _draw(*shape: int) -> np.ndarray:
    """Numbers of two decimals, no two of them equal where order matters."""
    return _RANDOM.permutation(np.prod(shape)).reshape(shape) / 16 - np.prod(shape) / 37


ARRAYS = {
    "x": _draw(2, 3, 4),
    "x2": _draw(2, 3, 4),
    "y": _draw(3, 1),
    "v": _draw(4),
    "w": _draw(5),
    "m": _draw(4, 5),
    "grid": _draw(3, 3),
    "threes": _draw(4, 3),
    "positive": np.abs(_draw(2, 3, 4)) + 0.5,
    "small": _draw(2, 3, 4) / 3,
    "above_one": np.abs(_draw(2, 3)) + 1.25,
    "odd": np.array([0.5, np.nan, np.inf, -np.inf, -2.0]),
    "rising": np.array([-1.5, 0.0, 0.25, 2.0]),
    "n": _RANDOM.integers(1, 9, (2, 3)),
    "n2": _RANDOM.integers(-4, 5, (2, 3)),
    "counts": np.arange(1, 25).reshape(2, 3, 4),
    "flags": np.array([[True, False, True], [False, False, True]]),
    "flags2": np.array([[True, True, False], [False, True, True]]),
    "places": np.array([[2, 0]]),
    "along": _RANDOM.integers(0, 4, (2, 3, 2)),
    "ids": np.array([0, 2]),
    "words": np.array([[1, 3, 1], [0, 2, -1]]),
    "at": np.array([[0, 1], [1, 2]]),
    "updates": _draw(2, 4),
    "queries": _draw(2, 5, 4, 3),
    "keys": _draw(2, 6, 4, 3) / 4,
    "values": _draw(2, 6, 4, 3),
    "few_keys": _draw(2, 6, 2, 3) / 4,
    "few_values": _draw(2, 6, 2, 3),
    "bias": _draw(1, 4, 5, 6),
    "kept": _RANDOM.random((2, 1, 5, 6)) < 0.8,
    "series": _draw(2, 9, 4),
    "images": _draw(2, 7, 8, 4),
    "volumes": _draw(1, 5, 6, 4, 2),
    "images_first": _draw(2, 4, 7, 8),
    "kernel1": _draw(3, 4, 6),
    "kernel2": _draw(3, 2, 4, 6),
    "kernel3": _draw(2, 3, 2, 2, 3),
    "grouped": _draw(3, 2, 2, 6),
    "depthwise1": _draw(3, 4, 2),
    "depthwise2": _draw(3, 2, 4, 2),
    "pointwise1": _draw(1, 8, 5),
    "pointwise2": _draw(1, 1, 8, 5),
    "turned1": _draw(3, 6, 4),
    "turned2": _draw(3, 2, 6, 4),
    "turned3": _draw(2, 3, 2, 3, 2),
    "wide": _draw(2, 4, 6, 8),
    "sound": _draw(2, 40),
}

_EACH = [
    "abs",
    "arcsinh",
    "arctan",
    "ceil",
    "cos",
    "cosh",
    "erf",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "sign",
    "sin",
    "sinh",
    "square",
    "stop_gradient",
    "tan",
    "tanh",
    "celu",
    "elu",
    "gelu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "squareplus",
    "tanh_shrink",
    "zeros_like",
    "ones_like",
    "isfinite",
    "isinf",
    "isnan",
    "round",
    "glu",
    "normalize",
]
_OF_POSITIVE = ["log", "log10", "log1p", "log2", "rsqrt", "sqrt"]
_OF_SMALL = ["arcsin", "arccos", "arctanh"]
_PAIRS = ["maximum", "minimum", "arctan2", "logaddexp"]
_LOGIC = ["logical_and", "logical_or", "logical_xor"]
_OVER = ["sum", "mean", "max", "min", "prod", "std", "var", "logsumexp", "all", "any"]
_OVER_ONE = ["argmax", "argmin"]
_ALONG = ["cumsum", "cumprod"]

CASES: dict[str, list[str]] = {
    **{name: [f"{name}(small)"] for name in _EACH},
    **{name: [f"{name}(positive)"] for name in _OF_POSITIVE},
    **{name: [f"{name}(small / 4.0)"] for name in _OF_SMALL},
    **{name: [f"{name}(x, y)", f"{name}(n, v[:1])"] for name in _PAIRS},
    **{name: [f"{name}(flags, flags2)", f"{name}(n2, flags)"] for name in _LOGIC},
    **{
        name: [
            f"{name}(small)",
            f"{name}(small, axis=-2, keepdims=True)",
            f"{name}(small, (0, -1))",
            f"{name}(small, 1, True)",
        ]
        for name in _OVER
    },
    **{
        name: [f"{name}(x)", f"{name}(x, -1)", f"{name}(x, axis=0, keepdims=True)"]
        for name in _OVER_ONE
    },
    **{
        name: [f"{name}(small)", f"{name}(small, axis=-1)", f"{name}(n, 0)"]
        for name in _ALONG
    },
    "arccosh": ["arccosh(above_one)"],
    "logical_not": ["logical_not(flags)", "logical_not(n2)"],
    "clip": ["clip(x, -0.5, 0.25)", "clip(n2, -1, 2)", "clip(x, y, 0.5)"],
    "where": ["where(flags, 1.5, x[0, :2, :3])", "where(flags, n, n2)"],
    "cast": ['cast(x, "int32")', 'cast(n, "float32")', 'cast(n2, "bool")'],
    "norm": [
        "norm(v)",
        "norm(grid)",
        "norm(x, ord=1, axis=-1)",
        "norm(x, None, (0, 2), True)",
        "norm(x, axis=(0, 2), keepdims=True)",
        "norm(grid, 1)",
    ],
    "nan_to_num": [
        "nan_to_num(odd, nan=1.5, posinf=9.0, neginf=-9.0)",
        "nan_to_num(n2, posinf=1, neginf=-1)",
    ],
    "moments": ["moments(x, (0, -1), keepdims=True)", "moments(x, 1)"],
    "trace": ["trace(x)", "trace(n, offset=1)", "trace(x, axis1=-1, axis2=1)"],
    "diff": ["diff(x)", "diff(n, 2, axis=-1)", "diff(x, axis=0)"],
    "matmul": ["matmul(x, m)", "matmul(v, v)", "matmul(n, transpose(n2))"],
    "einsum": [
        'einsum("ijk,kl->ijl", x, m)',
        'einsum("...k,k->...", x, v)',
        'einsum("ij,ij->j", n, n2)',
        'einsum("ijk->ki", x)',
        'einsum("ijk,ijl,l->ij", x, x2, v)',
        'einsum("i,ij", v, m)',
    ],
    "tensordot": [
        "tensordot(x, m, axes=1)",
        "tensordot(grid, threes[:3])",
        "tensordot(x, x2, axes=((0, 2), (0, 2)))",
        "tensordot(x, v, axes=(2, 0))",
    ],
    "outer": ["outer(v, w)", "outer(n, n2)"],
    "dot_product_attention": [
        "dot_product_attention(queries, keys, values)",
        "dot_product_attention(queries, keys, values, bias, scale=0.5)",
        "dot_product_attention(queries, keys, values, mask=kept)",
        "dot_product_attention(queries, keys, values, mask=kept, is_causal=True)",
        "dot_product_attention(queries, keys, values, is_causal=True)",
        "dot_product_attention(queries, few_keys, few_values)",
    ],
    "reshape": ["reshape(x, (4, -1))", "reshape(n, (6,))"],
    "transpose": ["transpose(x)", "transpose(x, axes=(1, 0, 2))"],
    "swapaxes": ["swapaxes(x, 0, -1)"],
    "moveaxis": ["moveaxis(x, 0, -1)", "moveaxis(x, (0, 1), (-1, 0))"],
    "expand_dims": ["expand_dims(x, -1)", "expand_dims(x, axis=(0, -1))"],
    "squeeze": ["squeeze(y, axis=-1)", "squeeze(y)", "squeeze(x[:, :1], axis=1)"],
    "broadcast_to": ["broadcast_to(y, (2, 3, 4))"],
    "repeat": ["repeat(x, 2, axis=1)", "repeat(x, 3)"],
    "tile": ["tile(x, 2)", "tile(y, (2, 1, 3))"],
    "pad": [
        "pad(v, ((1, 2),))",
        "pad(x, ((0, 0), (1, 2), (2, 0)), constant_values=0.5)",
        'pad(x, ((0, 0), (2, 1), (3, 0)), mode="reflect")',
        'pad(n, ((1, 0), (0, 2)), "reflect")',
    ],
    "concatenate": [
        "concatenate((x, x2[:1]))",
        "concatenate([x, x[..., :1]], axis=-1)",
    ],
    "stack": ["stack((y, y), axis=-1)", "stack([n, n2])"],
    "split": [
        "split(x, 2)",
        "split(x, 2, axis=-1)",
        "split(x, (1, 3), axis=2)",
        "split(n, [1], 1)[1]",
        "split(n, [1])[0]",
    ],
    "flip": ["flip(x, axis=-1)", "flip(x)", "flip(x, (0, 2))"],
    "roll": ["roll(x, 2)", "roll(x, -1, axis=1)", "roll(x, (1, 2), axis=(0, 2))"],
    "diag": ["diag(v)", "diag(v, k=-1)", "diag(m)", "diag(m, 1)"],
    "diagonal": ["diagonal(x)", "diagonal(x, offset=1, axis1=1, axis2=2)"],
    "tril": ["tril(x, k=1)", "tril(grid)"],
    "triu": ["triu(x, k=-1)", "triu(n)"],
    "take": [
        "take(x, places, axis=1)",
        "take(x, [0, 2, -1], axis=1)",
        "take(x, ids)",
        "take(x, -1, axis=-1)",
    ],
    "take_along_axis": ["take_along_axis(x, along, axis=-1)"],
    "sort": ["sort(x)", "sort(x, axis=0)"],
    "argsort": ["argsort(x)", "argsort(x, axis=1)"],
    "top_k": ["top_k(x, 2)", "top_k(x, k=3)[1]"],
    "searchsorted": [
        "searchsorted(rising, w)",
        'searchsorted(rising, rising, side="right")',
    ],
    "one_hot": ["one_hot(words, 4)", "one_hot(words, 5, axis=1)", "one_hot(ids, 3, 0)"],
    "multi_hot": ["multi_hot(words, 4)", "multi_hot(ids, num_classes=3)"],
    "segment_sum": [
        "segment_sum(x, ids, 4)",
        "segment_sum(n, ids, num_segments=3)",
    ],
    "scatter_update": ["scatter_update(x, at, updates)"],
    "full": ["full((2, 1), 3.5)", "full((2,), 3)"],
    "zeros": ["zeros((2, 3))"],
    "ones": ["ones((2, 3))"],
    "full_like": ["full_like(x, 0.25)", "full_like(n, 7)"],
    "arange": ["arange(1, 7, step=2)", "arange(3)", "arange(0.0, 1.0, 0.25)"],
    "linspace": ["linspace(0.0, 1.0, num=5)", "linspace(0, 3, 4)"],
    "eye": ["eye(2, M=3)", "eye(3)"],
    "meshgrid": [
        "meshgrid(v, w)",
        'meshgrid(v, w, x[0, 0], indexing="ij")',
        "meshgrid(v, w)[1]",
    ],
    "batch_normalization": [
        "batch_normalization(x, v, square(v), -1)",
        "batch_normalization(x, v, square(v), 2)",
        "batch_normalization(x, y[:, 0], square(y[:, 0]), axis=1, offset=y[:, 0], "
        "scale=y[:, 0], epsilon=0.25)",
    ],
    "layer_normalization": [
        "layer_normalization(x)",
        "layer_normalization(x, v, v + 1.0, epsilon=0.001)",
        "layer_normalization(x, axis=(1, 2))",
        "layer_normalization(x, x[0], x2[0], axis=(1, 2))",
    ],
    "rms_normalization": [
        "rms_normalization(x)",
        "rms_normalization(x, v, epsilon=0.001)",
        "rms_normalization(x, axis=(1, 2))",
        "rms_normalization(x, x[0], axis=(-2, -1))",
    ],
    "conv": [
        "conv(series, kernel1)",
        'conv(series, kernel1, strides=2, padding="same")',
        "conv(series, kernel1, dilation_rate=2)",
        'conv(series, kernel1, padding="same", dilation_rate=2)',
        "conv(images, kernel2)",
        "conv(images, kernel2, dilation_rate=2)",
        'conv(images, kernel2, strides=(2, 3), padding="same")',
        'conv(images, kernel2, padding="same", dilation_rate=(2, 1))',
        "conv(images, grouped, 2)",
        'conv(volumes, kernel3, strides=2, padding="same")',
        'conv(images_first, kernel2, data_format="channels_first")',
    ],
    "conv_transpose": [
        *(
            f'conv_transpose({name}, {kernel}, strides={strides}, padding="{padding}")'
            for name, kernel in (("series", "turned1"), ("images", "turned2"))
            for strides in (1, 2, 3)
            for padding in ("valid", "same")
        ),
        "conv_transpose(series, turned1, 2, output_padding=1)",
        'conv_transpose(series, turned1, 3, "same", output_padding=2)',
        "conv_transpose(series, turned1, dilation_rate=2)",
        'conv_transpose(volumes, turned3, 2, padding="same")',
        'conv_transpose(images_first, turned2, 2, data_format="channels_first")',
    ],
    "depthwise_conv": [
        'depthwise_conv(series, depthwise1, padding="same")',
        "depthwise_conv(images, depthwise2)",
        'depthwise_conv(images, depthwise2, strides=2, padding="same")',
        "depthwise_conv(images, depthwise2, dilation_rate=2)",
        'depthwise_conv(images, depthwise2, padding="same", dilation_rate=2)',
        'depthwise_conv(images_first, depthwise2, data_format="channels_first")',
    ],
    "separable_conv": [
        'separable_conv(series, depthwise1, pointwise1, padding="same")',
        "separable_conv(images, depthwise2, pointwise2, strides=2)",
        'separable_conv(images, depthwise2, pointwise2, 1, "same", dilation_rate=2)',
        'separable_conv(images_first, depthwise2, pointwise2, 1, "same", '
        '"channels_first")',
    ],
    **{
        name: [
            f"{name}(series, 2, strides=1)",
            f'{name}(series, 3, strides=2, padding="same")',
            f"{name}(images, (2, 3), 1)",
            f'{name}(images, 3, (2, 1), "same")',
            f'{name}(volumes, 2, 2, padding="same")',
            f'{name}(images_first, 2, strides=2, data_format="channels_first")',
        ]
        for name in ("max_pool", "average_pool")
    },
    **{
        name: [
            f"{name}(series, 4)",
            f"{name}(images, (3, 5))",
            f"{name}(volumes, 2)",
            f'{name}(images_first, 3, data_format="channels_first")',
        ]
        for name in ("adaptive_max_pool", "adaptive_average_pool")
    },
    "image.resize": [
        "image.resize(images, (5, 12))",
        "image.resize(images[0], (14, 16))",
        'image.resize(images, (5, 12), interpolation="nearest")',
        'image.resize(images_first, (9, 3), "nearest", data_format="channels_first")',
        'image.resize(images_first, (9, 3), data_format="channels_first")',
    ],
    "image.extract_patches": [
        "image.extract_patches(images, 3)",
        'image.extract_patches(images, (2, 3), strides=(1, 2), padding="same")',
        "image.extract_patches(images[0], 3, 1, dilation_rate=2)",
        'image.extract_patches(images_first, 3, data_format="channels_first")',
    ],
    "depth_to_space": ["depth_to_space(wide, 2)"],
    "space_to_depth": ["space_to_depth(wide, 2)"],
    "extract_sequences": ["extract_sequences(sound, 8, 3)"],
    "stft": [
        "stft(sound, 8, 4, 8)",
        'stft(sound, 6, 4, 12, window="hamming")',
        "stft(sound, 8, 3, 16, center=False)[0]",
    ],
    "threshold": ["threshold(x, 0.25, -1.0)"],
}

_MORE = {
    "abs": ["abs(n2)"],
    "all": ["all(flags, axis=-1)", "all(n2)"],
    "any": ["any(flags, axis=-1)", "any(n2, 0)"],
    "arcsin": ["arcsin(flags)"],
    "argmax": ["argmax(n, axis=0)", "argmax(flags, axis=-1)"],
    "ceil": ["ceil(n2)"],
    "celu": ["celu(x, alpha=0.5)"],
    "elu": ["elu(x, 0.5)"],
    "exp": ["exp(n2)", "exp(flags)"],
    "floor": ["floor(n2)"],
    "gelu": ["gelu(x, approximate=False)", "gelu(n2)"],
    "glu": ["glu(images, axis=2)"],
    "hard_shrink": ["hard_shrink(x, threshold=0.25)"],
    "isnan": ["isnan(odd)", "isnan(n2)"],
    "isinf": ["isinf(odd)", "isinf(n2)"],
    "isfinite": ["isfinite(odd)", "isfinite(n2)"],
    "leaky_relu": ["leaky_relu(x, negative_slope=0.01)", "leaky_relu(n2)"],
    "log_softmax": ["log_softmax(x, axis=0)"],
    "max": ["max(n, axis=0)"],
    "mean": ["mean(n, axis=0)", "mean(flags)"],
    "min": ["min(n, axis=(0, 1))"],
    "normalize": [
        "normalize(x, axis=1, order=1)",
        "normalize(x, axis=(0, 2))",
        "normalize(zeros_like(x), epsilon=0.1)",
    ],
    "prod": ["prod(n, axis=0)", "prod(flags, axis=0)"],
    "relu": ["relu(n2)"],
    "round": ["round(x, 1)", "round(x * 4.0)", "round(n2)"],
    "sign": ["sign(n2)"],
    "soft_shrink": ["soft_shrink(x, 0.25)"],
    "softmax": ["softmax(x, axis=(0, 1))", "softmax(x, axis=0)"],
    "sqrt": ["sqrt(n)"],
    "square": ["square(n2)"],
    "squareplus": ["squareplus(x, b=1)"],
    "std": ["std(n, axis=0)"],
    "sum": ["sum(n, axis=0)", "sum(flags, axis=-1)"],
    "var": ["var(n, axis=0)"],
}
for _name, _calls in _MORE.items():
    CASES[_name] = [*CASES[_name], *_calls]

_FIRST = 'data_format="channels_first"'
_OVER_THREE_AXES = {
    name: {call for call in CASES[name] if "volumes" in call}
    for name in CASES
    if name.endswith("_pool")
}
NOT_ON_A_CPU = {
    "tensorflow": {
        *(call for calls in _OVER_THREE_AXES.values() for call in calls),
        f"conv(images_first, kernel2, {_FIRST})",
        f"conv_transpose(images_first, turned2, 2, {_FIRST})",
        f"image.extract_patches(images_first, 3, {_FIRST})",
        "conv_transpose(series, turned1, dilation_rate=2)",
    },
    "torch": _OVER_THREE_AXES["average_pool"],
}
"""Calls that a backend runs in half precision on other devices only."""

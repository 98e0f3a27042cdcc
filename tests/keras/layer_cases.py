"""Configurations in which each known layer of Keras is compared with its description.

By class: arguments, and the shape of the input.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

Case: TypeAlias = tuple[dict[str, Any], tuple[int, ...]]

LINE, IMAGE, SPACE = (2, 7, 4), (2, 7, 6, 4), (2, 5, 6, 4, 2)
INPUTS = {1: LINE, 2: IMAGE, 3: SPACE}
FIRST, LAST = ({"data_format": f"channels_{place}"} for place in ("first", "last"))


def _convolutions(rank: int) -> list[Case]:
    shape = INPUTS[rank]
    sizes = [3, 2, 3][:rank]
    return [
        ({"filters": 3, "kernel_size": 2}, shape),
        ({"filters": 3, "kernel_size": 2, "activation": "tanh"}, shape),
        ({"filters": 3, "kernel_size": sizes, "padding": "same"}, shape),
        ({"filters": 3, "kernel_size": sizes, "strides": 2}, shape),
        ({"filters": 2, "kernel_size": 2, "strides": 2, "padding": "same"}, shape),
        ({"filters": 2, "kernel_size": 2, "dilation_rate": 2}, shape),
        ({"filters": 4, "kernel_size": 1, "groups": 2}, shape),
        ({"filters": 1, "kernel_size": 2, "use_bias": False}, shape),
        ({"filters": 8, "kernel_size": [2, 3, 2][:rank], **FIRST}, shape),
        ({"filters": 8, "kernel_size": 2, "padding": "same", **FIRST}, shape),
        ({"filters": 2, "kernel_size": 2, "use_bias": False, **LAST}, shape),
    ]


def _transposed(rank: int) -> list[Case]:
    cases = [(a, s) for a, s in _convolutions(rank) if "groups" not in a]
    return [*cases, ({"filters": 2, "kernel_size": 2, "strides": 3}, INPUTS[rank])]


def _depthwise(rank: int) -> list[Case]:
    shape = INPUTS[rank]
    return [
        ({"kernel_size": 2}, shape),
        ({"kernel_size": 2, "activation": "gelu"}, shape),
        ({"kernel_size": [3, 2][:rank], "padding": "same"}, shape),
        ({"kernel_size": 3, "strides": 2, "depth_multiplier": 2}, shape),
        ({"kernel_size": 2, "dilation_rate": 2, "use_bias": False}, shape),
        ({"kernel_size": 2, "depth_multiplier": 2, **FIRST}, shape),
        ({"kernel_size": 2, **LAST}, shape),
    ]


def _separable(rank: int) -> list[Case]:
    return [({"filters": 8, **given}, shape) for given, shape in _depthwise(rank)]


def _pools(rank: int) -> list[Case]:
    shape = INPUTS[rank]
    return [
        ({"pool_size": 2}, shape),
        ({"pool_size": [3, 2, 2][:rank], "padding": "same"}, shape),
        ({"pool_size": 3, "strides": 1}, shape),
        ({"pool_size": 2, "strides": [1, 2, 1][:rank], "padding": "same"}, shape),
        ({"pool_size": 2, **FIRST}, shape),
        ({"pool_size": 2, "strides": 1, **LAST}, shape),
    ]


def _global_pools(rank: int) -> list[Case]:
    formats: list[dict[str, Any]] = [{}, FIRST, LAST]
    return [
        ({**given, **flag}, INPUTS[rank])
        for given in formats
        for flag in ({}, {"keepdims": True})
    ]


def _dropouts(shape: tuple[int, ...]) -> list[Case]:
    return [({"rate": 0.5}, shape), ({"rate": 0.25, "seed": 3}, shape)]


CASES: Mapping[str, list[Case]] = {
    "AveragePooling1D": _pools(1),
    "AveragePooling2D": _pools(2),
    "AveragePooling3D": _pools(3),
    "BatchNormalization": [
        ({}, (5, 3)),
        ({"axis": 1}, IMAGE),
        ({"momentum": 0.9, "epsilon": 0.1}, IMAGE),
        ({"center": False}, LINE),
        ({"scale": False, "axis": -2}, LINE),
    ],
    "Conv1D": [
        *_convolutions(1),
        ({"filters": 2, "kernel_size": 3, "padding": "causal"}, LINE),
        (
            {
                "filters": 2,
                "kernel_size": 2,
                "padding": "causal",
                "dilation_rate": 2,
            },
            LINE,
        ),
    ],
    "Conv2D": _convolutions(2),
    "Conv3D": _convolutions(3),
    "Conv1DTranspose": _transposed(1),
    "Conv2DTranspose": _transposed(2),
    "Conv3DTranspose": _transposed(3),
    "Cropping1D": [({}, LINE), ({"cropping": [2, 0]}, LINE)],
    "Cropping2D": [
        ({}, IMAGE),
        ({"cropping": [2, 1]}, IMAGE),
        ({"cropping": [1, 2], **FIRST}, (2, 4, 7, 6)),
        ({"cropping": 1, **LAST}, IMAGE),
    ],
    "Dense": [
        ({"units": 3}, (2, 5)),
        ({"units": 3, "activation": "silu"}, (2, 5)),
        ({"units": 3}, LINE),
        ({"units": 1, "use_bias": False}, (2, 5)),
    ],
    "DepthwiseConv1D": _depthwise(1),
    "DepthwiseConv2D": _depthwise(2),
    "Dropout": [*_dropouts((4, 5)), ({"rate": 0.0}, LINE), ({"rate": 1.0}, LINE)],
    "ELU": [({}, LINE), ({"alpha": 0.5}, (2, 5))],
    "Embedding": [
        ({"input_dim": 2, "output_dim": 3}, (2, 5)),
        ({"input_dim": 2, "output_dim": 3}, (4,)),
    ],
    "GaussianDropout": [*_dropouts(LINE), ({"rate": 0.0}, LINE)],
    "GaussianNoise": [
        ({"stddev": 0.5}, LINE),
        ({"stddev": 1.0, "seed": 3}, IMAGE),
        ({"stddev": 0.0}, LINE),
    ],
    "GlobalAveragePooling1D": _global_pools(1),
    "GlobalAveragePooling2D": _global_pools(2),
    "GlobalAveragePooling3D": _global_pools(3),
    "GlobalMaxPooling1D": _global_pools(1),
    "GlobalMaxPooling2D": _global_pools(2),
    "GlobalMaxPooling3D": _global_pools(3),
    "GroupNormalization": [
        ({"groups": 2}, (2, 6)),
        ({"groups": 2}, IMAGE),
        ({"groups": -1, "epsilon": 0.1}, IMAGE),
        ({"groups": 1, "axis": 1, "center": False}, LINE),
        ({"groups": 3, "axis": 2, "scale": False}, IMAGE),
    ],
    "Identity": [({}, LINE)],
    "LayerNormalization": [
        ({}, (2, 5)),
        ({"axis": [1, 3], "epsilon": 0.1}, IMAGE),
        ({"axis": [-1, 1]}, LINE),
        ({"axis": 1, "center": False}, LINE),
        ({"scale": False}, IMAGE),
        ({"center": False, "scale": False}, LINE),
    ],
    "LeakyReLU": [({}, LINE), ({"negative_slope": 0.1}, (2, 5))],
    "MaxPooling1D": [({}, LINE), *_pools(1)],
    "MaxPooling2D": [({}, IMAGE), *_pools(2)],
    "MaxPooling3D": [({}, SPACE), *_pools(3)],
    "PReLU": [({}, LINE), ({"shared_axes": [1, 2]}, IMAGE), ({}, (2, 5))],
    "Permute": [({"dims": [2, 1]}, LINE), ({"dims": [3, 1, 2]}, IMAGE)],
    "RMSNormalization": [
        ({}, (2, 5)),
        ({"axis": [2, 3], "epsilon": 0.1}, IMAGE),
        ({"axis": [-2, -1]}, LINE),
    ],
    "ReLU": [
        ({}, LINE),
        ({"max_value": 1.0}, LINE),
        ({"negative_slope": 0.25, "threshold": 0.5}, LINE),
        ({"negative_slope": 0.25, "threshold": 0.5, "max_value": 1.0}, LINE),
    ],
    "RepeatVector": [({"n": 3}, (2, 5))],
    "Rescaling": [({"scale": 0.5}, LINE), ({"scale": 2.0, "offset": -1.0}, IMAGE)],
    "SeparableConv1D": _separable(1),
    "SeparableConv2D": _separable(2),
    "Softmax": [({}, LINE), ({"axis": 1}, IMAGE), ({"axis": [1, 2]}, IMAGE)],
    "SpatialDropout1D": _dropouts(LINE),
    "SpatialDropout2D": [
        *_dropouts(IMAGE),
        ({"rate": 0.5, **FIRST}, IMAGE),
        ({"rate": 0.5, **LAST}, IMAGE),
    ],
    "UnitNormalization": [({}, LINE), ({"axis": [1, 2]}, IMAGE), ({"axis": 1}, LINE)],
    "UpSampling1D": [({}, LINE), ({"size": 3}, LINE)],
    "UpSampling2D": [
        ({}, IMAGE),
        ({"size": [1, 3]}, IMAGE),
        ({"size": 2, "interpolation": "bilinear"}, IMAGE),
        ({"size": 2, "interpolation": "bilinear", **FIRST}, IMAGE),
        ({"size": [1, 3], **FIRST}, IMAGE),
        ({"size": 2, **LAST}, IMAGE),
    ],
    "ZeroPadding1D": [
        ({}, LINE),
        ({"padding": [0, 2]}, LINE),
        ({"padding": [3, 1], **FIRST}, LINE),
        ({**LAST}, LINE),
    ],
    "ZeroPadding2D": [
        ({}, IMAGE),
        ({"padding": [0, 2]}, IMAGE),
        ({"padding": [2, 1], **FIRST}, IMAGE),
        ({**LAST}, IMAGE),
    ],
}

AMISS = {
    "torch": {("AveragePooling3D", 1), ("LayerNormalization", 3)},
}
"""Cases that Keras itself gets wrong on a backend: `docs/spec.md` tells of them."""

"""Configurations in which each known layer of Keras is compared with its description.

By class: arguments, and the shape of the input.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

Case: TypeAlias = tuple[dict[str, Any], tuple[int, ...]]

LINE, IMAGE, SPACE = (2, 7, 4), (2, 7, 6, 4), (2, 5, 6, 4, 2)
INPUTS = {1: LINE, 2: IMAGE, 3: SPACE}


def _convolutions(rank: int) -> list[Case]:
    shape = INPUTS[rank]
    sizes = [3, 2, 3][:rank]
    return [
        ({"filters": 3, "kernel_size": 2}, shape),
        ({"filters": 3, "kernel_size": sizes, "padding": "same"}, shape),
        ({"filters": 3, "kernel_size": sizes, "strides": 2}, shape),
        ({"filters": 2, "kernel_size": 2, "strides": 2, "padding": "same"}, shape),
        ({"filters": 2, "kernel_size": 2, "dilation_rate": 2}, shape),
        ({"filters": 4, "kernel_size": 1, "groups": 2}, shape),
        ({"filters": 1, "kernel_size": 2, "use_bias": False}, shape),
    ]


def _transposed(rank: int) -> list[Case]:
    cases = [(a, s) for a, s in _convolutions(rank) if "groups" not in a]
    return [*cases, ({"filters": 2, "kernel_size": 2, "strides": 3}, INPUTS[rank])]


def _pools(rank: int) -> list[Case]:
    return [
        ({"pool_size": 2}, INPUTS[rank]),
        ({"pool_size": [3, 2, 2][:rank], "padding": "same"}, INPUTS[rank]),
    ]


def _global_pools(rank: int) -> list[Case]:
    return [({}, INPUTS[rank]), ({"keepdims": True}, INPUTS[rank])]


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
    "Cropping2D": [({}, IMAGE), ({"cropping": [2, 1]}, IMAGE)],
    "Dense": [
        ({"units": 3}, (2, 5)),
        ({"units": 3}, LINE),
        ({"units": 1, "use_bias": False}, (2, 5)),
    ],
    "ELU": [({}, LINE), ({"alpha": 0.5}, (2, 5))],
    "Embedding": [
        ({"input_dim": 2, "output_dim": 3}, (2, 5)),
        ({"input_dim": 2, "output_dim": 3}, (4,)),
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
    "Softmax": [({}, LINE), ({"axis": 1}, IMAGE), ({"axis": [1, 2]}, IMAGE)],
    "UnitNormalization": [({}, LINE), ({"axis": [1, 2]}, IMAGE), ({"axis": 1}, LINE)],
    "UpSampling1D": [({}, LINE), ({"size": 3}, LINE)],
    "UpSampling2D": [
        ({}, IMAGE),
        ({"size": [1, 3]}, IMAGE),
        ({"size": 2, "interpolation": "bilinear"}, IMAGE),
    ],
    "ZeroPadding1D": [({}, LINE), ({"padding": [0, 2]}, LINE)],
    "ZeroPadding2D": [({}, IMAGE), ({"padding": [0, 2]}, IMAGE)],
}

"""Layers that take images."""

from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any
Shape = tuple[int, ...]


class PatchEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, patch_size: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.convolution = keras.layers.Conv2D(units, patch_size, strides=patch_size)

    def build(self, input_shape: Shape) -> None:
        self.convolution.build(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.reshape(
            self.convolution(inputs), (ops.shape(inputs)[0], -1, self.units)
        )


class SobelEdges(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        down = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "float32")
        self.filters = np.stack([down, down.T], axis=-1)[:, :, None, :]

    def call(self, inputs: Tensor) -> Tensor:
        padded = ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
        kernel = np.tile(self.filters, (1, 1, inputs.shape[-1], 1))
        edges = ops.depthwise_conv(padded, kernel)
        return ops.reshape(edges, (*ops.shape(inputs), 2))


class SpaceToDepth(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def call(self, images: Tensor) -> Tensor:
        size = self.size
        _, height, width, channels = images.shape
        rows, columns = height // size, width // size
        x = ops.reshape(images, (-1, rows, size, columns, size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, rows, columns, size**2 * channels))


class SpatialPyramidPooling(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, grids: tuple[int, ...]) -> None:
        super().__init__()
        self.grids = grids

    def call(self, inputs: Tensor) -> Tensor:
        parts = [ops.max(inputs, axis=(1, 2))]
        for size in self.grids:
            cells = ops.adaptive_max_pool(inputs, size)
            parts.append(ops.reshape(cells, (-1, size * size * inputs.shape[-1])))
        return ops.concatenate(parts, axis=-1)


class SpatialTransformer(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.size = (height, width)
        x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
        grid = np.stack([x, y, np.ones_like(x)]).reshape(3, -1)
        self.grid = grid.astype("float32")

    def call(self, images: Tensor, maps: Tensor) -> Tensor:
        _, height, width, channels = images.shape
        places = ops.clip((ops.matmul(maps, self.grid) + 1.0) / 2.0, 0.0, 1.0)
        x, y = places[:, 0] * (width - 1), places[:, 1] * (height - 1)
        left, top = ops.floor(x), ops.floor(y)
        right, down = (x - left)[..., None], (y - top)[..., None]
        left, top = ops.cast(left, "int32"), ops.cast(top, "int32")
        pixels = ops.reshape(images, (-1, height * width, channels))

        def pixel(row: Tensor, column: Tensor) -> Tensor:
            row, column = ops.minimum(row, height - 1), ops.minimum(column, width - 1)
            index = (row * width + column)[..., None]
            return ops.take_along_axis(pixels, index, axis=1)

        above = pixel(top, left) * (1.0 - right) + pixel(top, left + 1) * right
        below = pixel(top + 1, left) * (1.0 - right) + pixel(top + 1, left + 1) * right
        outputs = above * (1.0 - down) + below * down
        return ops.reshape(outputs, (-1, *self.size, channels))

"""Layers that change values in place, or look them up."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any
Array = Any
Shape = tuple[int, ...]


class BigTable(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, rows: Array) -> None:
        super().__init__(trainable=False)
        self.table = self.add_weight(
            name="table", shape=rows.shape, initializer=rows, trainable=False
        )

    def call(self, indices: Tensor) -> Tensor:
        return ops.sum(ops.take(self.table, indices, axis=0), axis=-1)


class ChannelShuffle(keras.layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Tensor) -> Tensor:
        gain = np.array([0.5, 1.0, 2.0, 4.0], "float32")
        shuffled = ops.take(inputs, [2, 0, 3, 1], axis=-1) * gain
        return ops.where([True, False, True, True], shuffled, 0.25)


class Clipping(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: Shape) -> None:
        self.bound = self.add_weight(
            name="bound",
            shape=(input_shape[-1],),
            initializer="ones",
            constraint="non_neg",
        )

    def call(self, inputs: Tensor) -> Any:
        outputs = ops.maximum(ops.minimum(inputs, self.bound), -self.bound)
        return outputs, ops.abs(inputs) > self.bound


class FeaturePhase(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: Shape) -> None:
        self.phase = np.linspace(0, np.pi, input_shape[-1], False, dtype="float32")

    def call(self, inputs: Tensor) -> Tensor:
        return ops.sin(inputs + self.phase)


class FilterBank(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.filters = np.load(path).astype("float32")

    def call(self, spectrum: Tensor) -> Tensor:
        return ops.log(ops.matmul(ops.square(spectrum), self.filters) + 0.001)


class GroupedSoftmax(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, groups: int, classes: int) -> None:
        super().__init__()
        self.target_shape = (groups, classes)

    def call(self, inputs: Tensor) -> Tensor:
        shape = (*ops.shape(inputs)[:-1], *self.target_shape)
        return ops.softmax(ops.reshape(inputs, shape))


class KlBottleneck(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, beta: float, seed: int) -> None:
        super().__init__()
        self.beta = beta
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, mean: Tensor, log_variance: Tensor, training: Any = None) -> Tensor:
        excess = ops.exp(log_variance) + ops.square(mean) - 1.0 - log_variance
        self.add_loss(0.5 * self.beta * ops.mean(ops.sum(excess, axis=-1)))
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_variance) * noise

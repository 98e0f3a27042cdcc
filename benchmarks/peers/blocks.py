"""Layers that are made of others."""

from typing import Any

import keras
from benchmarks.peers.dense import GatedLinearUnit
from keras import layers, ops

Tensor = Any
Shape = tuple[int, ...]


class ConvBlock(layers.Layer):  # type: ignore[misc]
    def __init__(self, filters: int) -> None:
        super().__init__()
        self.convolution = layers.Conv2D(filters, 3, padding="same", use_bias=False)
        self.normalization = layers.BatchNormalization()

    def build(self, input_shape: Shape) -> None:
        self.convolution.build(input_shape)
        self.normalization.build(self.convolution.compute_output_shape(input_shape))

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        return ops.relu(self.normalization(self.convolution(inputs), training=training))


class MaskedClassifier(layers.Layer):  # type: ignore[misc]
    def __init__(self, classes: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.project = layers.Dense(hidden, activation="relu")
        self.pool = layers.GlobalAveragePooling1D()
        self.score = layers.Dense(classes, activation="softmax")

    def build(self, input_shape: Shape) -> None:
        self.project.build(input_shape)
        self.score.build((None, self.hidden))

    def call(self, inputs: Tensor, mask: Tensor = None) -> Tensor:
        return self.score(self.pool(self.project(inputs), mask=mask))


class PreNormFeedForward(layers.Layer):  # type: ignore[misc]
    def __init__(self, expansion: int, rate: float) -> None:
        super().__init__()
        self.expansion = expansion
        self.normalization = layers.LayerNormalization(epsilon=1e-6)
        self.dropout = layers.Dropout(rate)

    def build(self, input_shape: Shape) -> None:
        features = input_shape[-1]
        self.expand = layers.Dense(self.expansion * features, activation="gelu")
        self.project = layers.Dense(features)
        self.normalization.build(input_shape)
        self.expand.build(input_shape)
        self.project.build((*input_shape[:-1], self.expansion * features))

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        x = self.project(self.expand(self.normalization(inputs)))
        return inputs + self.dropout(x, training=training)


class ResidualMLP(layers.Layer):  # type: ignore[misc]
    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = depth

    def build(self, input_shape: Shape) -> None:
        self.blocks = [
            GatedLinearUnit(input_shape[-1], "silu") for _ in range(self.depth)
        ]
        for block in self.blocks:
            block.build(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        for block in self.blocks:
            inputs = inputs + block(inputs)
        return inputs


class SqueezeExcite(layers.Layer):  # type: ignore[misc]
    def __init__(self, ratio: int) -> None:
        super().__init__()
        self.ratio = ratio

    def build(self, input_shape: Shape) -> None:
        channels = input_shape[-1]
        self.reduce = layers.Dense(channels // self.ratio, activation="relu")
        self.expand = layers.Dense(channels, activation="sigmoid")
        self.reduce.build((None, channels))
        self.expand.build((None, channels // self.ratio))

    def call(self, inputs: Tensor) -> Tensor:
        weights = self.expand(self.reduce(ops.mean(inputs, axis=(1, 2))))
        return inputs * weights[:, None, None, :]


class StochasticDepth(layers.Layer):  # type: ignore[misc]
    def __init__(self, rate: float, seed: int) -> None:
        super().__init__()
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: Tensor, branch: Tensor, training: Any = None) -> Tensor:
        if training:
            shape = (None, *[1] * (branch.ndim - 1))
            branch = keras.random.dropout(branch, self.rate, shape, self.seed_generator)
        return inputs + branch

"""Layers written by hand, as short as one would, that do what those of the zoo do.

They check no argument, have no types, and save what Keras saves by itself.
"""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any


class DotProductAttention(keras.layers.Layer):  # type: ignore[misc]
    def call(self, query: Tensor, value: Tensor) -> Tensor:
        scores = ops.einsum("bqd,bkd->bqk", query, value) / query.shape[-1] ** 0.5
        return ops.matmul(ops.softmax(scores, axis=-1), value)


class GatedLinearUnit(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], 2 * self.units)
        )
        self.bias = self.add_weight(
            name="bias", shape=(2 * self.units,), initializer="zeros"
        )

    def call(self, inputs: Tensor) -> Tensor:
        values, gates = ops.split(ops.matmul(inputs, self.kernel) + self.bias, 2, -1)
        return values * ops.sigmoid(gates)


class Highway(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        self.kernel = self.add_weight(name="kernel", shape=(features, features))
        self.gate = self.add_weight(name="gate", shape=(features, features))
        self.bias = self.add_weight(name="bias", shape=(features,), initializer="zeros")
        self.offset = self.add_weight(
            name="offset",
            shape=(features,),
            initializer=keras.initializers.Constant(-1.0),
        )

    def call(self, inputs: Tensor) -> Tensor:
        gate = ops.sigmoid(ops.matmul(inputs, self.gate) + self.offset)
        change = ops.tanh(ops.matmul(inputs, self.kernel) + self.bias)
        return gate * change + (1.0 - gate) * inputs


class PatchEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, patch_size: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.convolution = keras.layers.Conv2D(units, patch_size, strides=patch_size)

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.convolution.build(input_shape)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.reshape(
            self.convolution(inputs), (ops.shape(inputs)[0], -1, self.units)
        )


class PositionalEncoding(keras.layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Tensor) -> Tensor:
        length, features = inputs.shape[1:]
        rates = ops.exp(
            ops.arange(0, features, 2, dtype="float32") * -(math.log(1e4) / features)
        )
        angles = ops.arange(length, dtype="float32")[:, None] * rates
        pairs = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
        return inputs + ops.cast(ops.reshape(pairs, (length, features)), inputs.dtype)


class RotaryEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Tensor) -> Tensor:
        length, features = inputs.shape[1], inputs.shape[-1]
        rates = 1e4 ** (-ops.arange(0, features, 2, dtype="float32") / features)
        angles = ops.arange(length, dtype="float32")[:, None] * rates
        angles = angles[:, None, :]
        cosines, sines = ops.cos(angles), ops.sin(angles)
        first, second = ops.split(inputs, 2, axis=-1)
        return ops.concatenate(
            [first * cosines - second * sines, second * cosines + first * sines],
            axis=-1,
        )


class SqueezeExcite(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, ratio: int) -> None:
        super().__init__()
        self.ratio = ratio

    def build(self, input_shape: tuple[int, ...]) -> None:
        channels = input_shape[-1]
        self.reduce = keras.layers.Dense(channels // self.ratio, activation="relu")
        self.expand = keras.layers.Dense(channels, activation="sigmoid")
        self.reduce.build((None, channels))
        self.expand.build((None, channels // self.ratio))

    def call(self, inputs: Tensor) -> Tensor:
        weights = self.expand(self.reduce(ops.mean(inputs, axis=(1, 2))))
        return inputs * weights[:, None, None, :]


class TimestepEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, half_depth: int) -> None:
        super().__init__()
        self.half_depth = half_depth

    def call(self, times: Tensor) -> Tensor:
        rates = ops.exp(
            ops.arange(self.half_depth, dtype="float32")
            * -(math.log(1e4) / self.half_depth)
        )
        angles = times[:, None] * rates
        return ops.concatenate([ops.cos(angles), ops.sin(angles)], axis=-1)


class TokenAndPositionEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, vocabulary_size: int, sequence_length: int, units: int) -> None:
        super().__init__()
        self.token_embedding = keras.layers.Embedding(vocabulary_size, units)
        self.position_embedding = keras.layers.Embedding(sequence_length, units)

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.token_embedding.build(input_shape)
        self.position_embedding.build(input_shape)

    def call(self, tokens: Tensor) -> Tensor:
        positions = ops.arange(0, ops.shape(tokens)[-1])
        return self.token_embedding(tokens) + self.position_embedding(positions)


class VectorQuantizer(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, codes: int) -> None:
        super().__init__()
        self.codes = codes

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.codebook = self.add_weight(
            name="codebook",
            shape=(self.codes, input_shape[-1]),
            initializer="random_uniform",
        )
        self.counts = self.add_weight(
            name="counts", shape=(self.codes,), initializer="ones", trainable=False
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        vectors = ops.reshape(inputs, (-1, inputs.shape[-1]))
        distances = (
            ops.sum(vectors**2, axis=1, keepdims=True)
            + ops.sum(self.codebook**2, axis=1)
            - 2.0 * ops.matmul(vectors, ops.transpose(self.codebook))
        )
        chosen = ops.argmin(distances, axis=1)
        quantized = ops.reshape(
            ops.take(self.codebook, chosen, axis=0), ops.shape(inputs)
        )
        if training:
            uses = ops.sum(ops.one_hot(chosen, self.codes), axis=0)
            self.counts.assign(0.99 * self.counts + 0.01 * uses)
            self.add_loss(ops.mean((quantized - ops.stop_gradient(inputs)) ** 2))
            self.add_loss(0.25 * ops.mean((ops.stop_gradient(quantized) - inputs) ** 2))
        return inputs + ops.stop_gradient(quantized - inputs)


class RandomProjection(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.projection = self.add_weight(
            name="projection",
            shape=(input_shape[-1], self.units),
            initializer=keras.initializers.RandomNormal(stddev=1.0, seed=1),
            trainable=False,
        )

    def call(self, inputs: Tensor) -> Tensor:
        return ops.matmul(inputs, self.projection) / math.sqrt(self.units)


class SobelEdges(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        down = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "float32")
        self.filters = np.stack([down, down.T], axis=-1)[:, :, None, :]

    def call(self, inputs: Tensor) -> Tensor:
        padded = ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
        kernel = ops.tile(
            ops.convert_to_tensor(self.filters), (1, 1, inputs.shape[-1], 1)
        )
        edges = ops.depthwise_conv(padded, kernel)
        return ops.reshape(edges, (*ops.shape(inputs), 2))

"""Layers that take sequences, of vectors or of tokens."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any
Shape = tuple[int, ...]


class DiffusionMixture(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, depth: int, before: int = 1, after: int = 1) -> None:
        super().__init__()
        self.depth = depth
        self.rates = (2.0, before, after)

    def build(self, input_shape: Shape) -> None:
        self.logits = self.add_weight(
            name="logits", shape=(self.depth + 1,), initializer="zeros"
        )

    def call(self, inputs: Tensor) -> Tensor:
        shares = ops.softmax(self.logits)
        levels = [inputs * shares[0]]
        for i in range(self.depth):
            before = ops.concatenate([inputs[:, :1], inputs[:, :-1]], axis=1)
            after = ops.concatenate([inputs[:, 1:], inputs[:, -1:]], axis=1)
            near, past, next_ = self.rates
            total = near * inputs + past * before + next_ * after
            inputs = total / sum(self.rates)
            levels.append(inputs * shares[i + 1])
        return ops.concatenate(levels, axis=-1)


class HaarWavelet(keras.layers.Layer):  # type: ignore[misc]
    def call(self, inputs: Tensor) -> Any:
        pairs = inputs[:, : inputs.shape[1] // 2 * 2]
        even, odd = pairs[:, ::2], pairs[:, 1::2]
        return (even + odd) * 0.5**0.5, (even - odd) * 0.5**0.5


class PositionalEncoding(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: Shape) -> None:
        _, length, features = input_shape
        rates = np.exp(np.arange(0, features, 2) * -(math.log(1e4) / features))
        angles = np.arange(length)[:, None] * rates
        pairs = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
        self.encoding = pairs.reshape(length, features).astype("float32")

    def call(self, inputs: Tensor) -> Tensor:
        return inputs + self.encoding


class Pyramid(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, levels: int) -> None:
        super().__init__()
        self.levels = levels

    def call(self, inputs: Tensor) -> Any:
        outputs = [inputs]
        for _ in range(self.levels - 1):
            inputs = inputs[:, : inputs.shape[1] // 2 * 2]
            inputs = (inputs[:, ::2] + inputs[:, 1::2]) / 2.0
            outputs.append(inputs)
        return outputs


class TimestepEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, half_depth: int) -> None:
        super().__init__()
        rates = np.exp(np.arange(half_depth) * -(math.log(1e4) / half_depth))
        self.rates = rates.astype("float32")

    def call(self, times: Tensor) -> Tensor:
        angles = times[:, None] * self.rates
        return ops.concatenate([ops.cos(angles), ops.sin(angles)], axis=-1)


class TokenAndPositionEmbedding(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, vocabulary_size: int, sequence_length: int, units: int) -> None:
        super().__init__()
        self.token_embedding = keras.layers.Embedding(vocabulary_size, units)
        self.position_embedding = keras.layers.Embedding(sequence_length, units)

    def build(self, input_shape: Shape) -> None:
        self.token_embedding.build(input_shape)
        self.position_embedding.build(input_shape)

    def call(self, tokens: Tensor) -> Tensor:
        positions = ops.arange(0, ops.shape(tokens)[-1])
        return self.token_embedding(tokens) + self.position_embedding(positions)

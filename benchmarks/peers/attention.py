"""Attention, and what belongs to it."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any
Shape = tuple[int, ...]


class AttentionPool(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, heads: int) -> None:
        super().__init__()
        self.heads = heads

    def build(self, input_shape: Shape) -> None:
        self.query = self.add_weight(name="query", shape=(self.heads, input_shape[-1]))

    def call(self, inputs: Tensor, mask: Tensor = None) -> Tensor:
        scores = ops.einsum("blf,hf->bhl", inputs, self.query)
        scores /= math.sqrt(inputs.shape[-1])
        if mask is not None:
            scores = ops.where(mask[:, None], scores, -1e9)
        return ops.matmul(ops.softmax(scores), inputs)


class DotProductAttention(keras.layers.Layer):  # type: ignore[misc]
    def call(self, query: Tensor, value: Tensor) -> Tensor:
        scores = ops.einsum("bqd,bkd->bqk", query, value) / query.shape[-1] ** 0.5
        return ops.matmul(ops.softmax(scores, axis=-1), value)


class GroupedQueryAttention(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, heads: int, groups: int, depth: int) -> None:
        super().__init__()
        self.heads, self.groups, self.depth = heads, groups, depth
        self.query = keras.layers.Dense(heads * depth, use_bias=False)
        self.key = keras.layers.Dense(groups * depth, use_bias=False)
        self.value = keras.layers.Dense(groups * depth, use_bias=False)

    def build(self, input_shape: Shape) -> None:
        self.projection = keras.layers.Dense(input_shape[-1], use_bias=False)
        for layer in (self.query, self.key, self.value):
            layer.build(input_shape)
        self.projection.build((*input_shape[:-1], self.heads * self.depth))

    def call(self, inputs: Tensor) -> Tensor:
        batch, length, _ = ops.shape(inputs)
        queries = ops.reshape(
            self.query(inputs), (batch, length, self.heads, self.depth)
        )
        keys, values = (
            ops.repeat(
                ops.reshape(projected, (batch, length, self.groups, self.depth)),
                self.heads // self.groups,
                axis=2,
            )
            for projected in (self.key(inputs), self.value(inputs))
        )
        attended = ops.dot_product_attention(queries, keys, values, is_causal=True)
        return self.projection(ops.reshape(attended, (batch, length, -1)))


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


class TransformerEncoderBlock(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, heads: int, depth: int, rate: float) -> None:
        super().__init__()
        self.attention_norm = keras.layers.LayerNormalization(epsilon=1e-6)
        self.attention = keras.layers.MultiHeadAttention(heads, depth)
        self.attention_dropout = keras.layers.Dropout(rate)
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6)
        self.dropout = keras.layers.Dropout(rate)

    def build(self, input_shape: Shape) -> None:
        features = input_shape[-1]
        self.expand = keras.layers.Dense(4 * features, activation="gelu")
        self.project = keras.layers.Dense(features)
        self.attention_norm.build(input_shape)
        self.attention.build(input_shape, input_shape)
        self.norm.build(input_shape)
        self.expand.build(input_shape)
        self.project.build((*input_shape[:-1], 4 * features))

    def call(self, inputs: Tensor, mask: Tensor = None, training: Any = None) -> Tensor:
        x = self.attention_norm(inputs)
        x = self.attention(x, x, query_mask=mask, value_mask=mask, training=training)
        inputs = inputs + self.attention_dropout(x, training=training)
        x = self.project(self.expand(self.norm(inputs)))
        return inputs + self.dropout(x, training=training)


class WindowAttention(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, window_size: int, heads: int) -> None:
        super().__init__()
        self.size = window_size
        self.heads = heads
        places = np.indices((window_size, window_size)).reshape(2, -1)
        rows, columns = places[:, :, None] - places[:, None] + window_size - 1
        self.relative = rows * (2 * window_size - 1) + columns

    def build(self, input_shape: Shape) -> None:
        features = input_shape[-1]
        self.biases = self.add_weight(
            name="biases",
            shape=((2 * self.size - 1) ** 2, self.heads),
            initializer="zeros",
        )
        self.project = keras.layers.Dense(3 * features)
        self.project.build((None, features))
        self.merge = keras.layers.Dense(features)
        self.merge.build((None, features))

    def call(self, inputs: Tensor) -> Tensor:
        size, heads = self.size, self.heads
        _, height, width, features = inputs.shape
        rows, columns = height // size, width // size
        x = ops.reshape(inputs, (-1, rows, size, columns, size, features))
        x = ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, size**2, features))
        x = ops.reshape(self.project(x), (-1, size**2, 3, heads, features // heads))
        query, key, value = ops.unstack(x, axis=2)
        scores = ops.einsum("bqhd,bkhd->bhqk", query, key)
        bias = ops.transpose(ops.take(self.biases, self.relative, axis=0), (2, 0, 1))
        weights = ops.softmax(scores * (features // heads) ** -0.5 + bias)
        x = ops.einsum("bhqk,bkhd->bqhd", weights, value)
        x = self.merge(ops.reshape(x, (-1, size**2, features)))
        x = ops.reshape(x, (-1, rows, columns, size, size, features))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, height, width, features))

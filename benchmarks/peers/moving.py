"""Layers that keep a state, which training moves."""

from typing import Any

import keras
from keras import ops

Tensor = Any
Shape = tuple[int, ...]


class Centering(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, momentum: float = 0.99) -> None:
        super().__init__()
        self.momentum = momentum

    def build(self, input_shape: Shape) -> None:
        shape = (input_shape[-1],)
        self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")
        self.moving_mean = self.add_weight(
            name="moving_mean", shape=shape, initializer="zeros", trainable=False
        )

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        mean = self.moving_mean
        if training:
            mean = ops.mean(inputs, axis=0)
            self.moving_mean.assign(
                self.moving_mean * self.momentum + mean * (1.0 - self.momentum)
            )
        return inputs - mean + self.beta


class EmaCentering(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, momentum: float = 0.9) -> None:
        super().__init__()
        self.momentum = momentum

    def build(self, input_shape: Shape) -> None:
        self.mean = self.add_weight(
            name="mean", shape=(input_shape[-1],), initializer="zeros", trainable=False
        )
        self.weight = self.add_weight(
            name="weight", shape=(), initializer="zeros", trainable=False
        )

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        center = self.mean / ops.maximum(self.weight, 1e-3)
        if training:
            mean = ops.mean(inputs, axis=tuple(range(inputs.ndim - 1)))
            self.mean.assign(self.mean * self.momentum + mean * (1.0 - self.momentum))
            self.weight.assign(self.weight * self.momentum + (1.0 - self.momentum))
        return inputs - center


class VectorQuantizer(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, codes: int) -> None:
        super().__init__()
        self.codes = codes

    def build(self, input_shape: Shape) -> None:
        self.codebook = self.add_weight(
            name="codebook",
            shape=(self.codes, input_shape[-1]),
            initializer="random_uniform",
        )
        self.counts = self.add_weight(
            name="counts", shape=(self.codes,), initializer="ones", trainable=False
        )

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        vectors = ops.reshape(inputs, (-1, inputs.shape[-1]))
        products = ops.matmul(vectors, ops.transpose(self.codebook))
        distances = ops.sum(ops.square(self.codebook), axis=1) - 2.0 * products
        chosen = ops.argmin(distances, axis=1)
        quantized = ops.reshape(
            ops.take(self.codebook, chosen, axis=0), ops.shape(inputs)
        )
        if training:
            uses = ops.sum(ops.one_hot(chosen, self.codes), axis=0)
            self.counts.assign(0.99 * self.counts + 0.01 * uses)
            self.add_loss(ops.mean(ops.square(quantized - ops.stop_gradient(inputs))))
            error = ops.square(ops.stop_gradient(quantized) - inputs)
            self.add_loss(0.25 * ops.mean(error))
        return inputs + ops.stop_gradient(quantized - inputs)


class KeyQueue(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, capacity: int, temperature: float) -> None:
        super().__init__()
        self.capacity, self.temperature = capacity, temperature

    def build(self, queries_shape: Shape) -> None:
        self.queue = self.add_weight(
            shape=(self.capacity, queries_shape[-1]),
            initializer="random_normal",
            trainable=False,
        )
        self.oldest = self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False
        )

    def call(self, queries: Tensor, keys: Tensor, training: bool = False) -> Tensor:
        keys = ops.stop_gradient(keys)
        own = ops.sum(queries * keys, axis=-1, keepdims=True)
        others = ops.matmul(queries, ops.transpose(self.queue))
        if training:
            batch = ops.shape(keys)[0]
            places = (self.oldest + ops.arange(batch)) % self.capacity
            self.queue.assign(ops.scatter_update(self.queue, places[:, None], keys))
            self.oldest.assign((self.oldest + batch) % self.capacity)
        return ops.concatenate([own, others], axis=-1) / self.temperature

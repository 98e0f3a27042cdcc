"""Layers whose weights multiply features."""

import math
from typing import Any

import keras
from keras import ops

Tensor = Any
Shape = tuple[int, ...]


class Film(keras.layers.Layer):  # type: ignore[misc]
    def build(self, inputs_shape: Shape, condition_shape: Shape) -> None:
        features = inputs_shape[-1]
        self.kernel = self.add_weight(
            name="kernel", shape=(condition_shape[-1], 2 * features)
        )
        self.bias = self.add_weight(
            name="bias", shape=(2 * features,), initializer="zeros"
        )

    def call(self, inputs: Tensor, condition: Tensor) -> Tensor:
        scale, shift = ops.split(ops.matmul(condition, self.kernel) + self.bias, 2, -1)
        middle = [1] * (inputs.ndim - 2)
        scale = ops.reshape(scale, (-1, *middle, inputs.shape[-1]))
        shift = ops.reshape(shift, (-1, *middle, inputs.shape[-1]))
        return inputs * (1.0 + scale) + shift


class GatedLinearUnit(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, units: int, gate: str = "sigmoid") -> None:
        super().__init__()
        self.units = units
        self.gate = keras.activations.get(gate)

    def build(self, input_shape: Shape) -> None:
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], 2 * self.units)
        )
        self.bias = self.add_weight(
            name="bias", shape=(2 * self.units,), initializer="zeros"
        )

    def call(self, inputs: Tensor) -> Tensor:
        values, gates = ops.split(ops.matmul(inputs, self.kernel) + self.bias, 2, -1)
        return values * self.gate(gates)


class Highway(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: Shape) -> None:
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


class LayerScale(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: Shape) -> None:
        self.scale = self.add_weight(
            name="scale",
            shape=(input_shape[-1],),
            initializer=keras.initializers.Constant(1e-4),
        )

    def call(self, inputs: Tensor) -> Tensor:
        return inputs * self.scale


class RandomProjection(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units

    def build(self, input_shape: Shape) -> None:
        self.projection = self.add_weight(
            name="projection",
            shape=(input_shape[-1], self.units),
            initializer=keras.initializers.RandomNormal(stddev=1.0, seed=1),
            trainable=False,
        )

    def call(self, inputs: Tensor) -> Tensor:
        return ops.matmul(inputs, self.projection) / math.sqrt(self.units)


class SpectralDense(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units

    def build(self, input_shape: Shape) -> None:
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer="zeros"
        )
        self.direction = self.add_weight(
            name="direction",
            shape=(self.units, 1),
            initializer="random_normal",
            trainable=False,
        )

    def call(self, inputs: Tensor, training: Any = None) -> Tensor:
        kernel = ops.stop_gradient(self.kernel)
        right = self.direction
        left = ops.normalize(ops.matmul(kernel, right), axis=0)
        if training:
            right = ops.normalize(ops.matmul(ops.transpose(kernel), left), axis=0)
            left = ops.normalize(ops.matmul(kernel, right), axis=0)
            self.direction.assign(right)
        largest = ops.sum(left * ops.matmul(self.kernel, right))
        return ops.matmul(inputs, self.kernel / largest) + self.bias


class TopScore(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, best: int) -> None:
        super().__init__()
        self.best = best

    def build(self, input_shape: Shape) -> None:
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1],))

    def call(self, inputs: Tensor) -> Any:
        return ops.top_k(ops.matmul(inputs, self.kernel), self.best)


class WeightedMerge(keras.layers.Layer):  # type: ignore[misc]
    def build(self, input_shape: list[Shape]) -> None:
        self.gains = self.add_weight(
            name="gains", shape=(len(input_shape),), initializer="ones"
        )

    def call(self, tensors: list[Tensor]) -> Tensor:
        gains = ops.relu(self.gains)
        gains = gains / (ops.sum(gains) + 1e-4)
        return sum(tensor * gains[i] for i, tensor in enumerate(tensors))

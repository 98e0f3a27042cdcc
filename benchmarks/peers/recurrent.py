"""Recurrences over time."""

from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any
Shape = tuple[int, ...]


class DiagonalStateSpace(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, states: int) -> None:
        super().__init__()
        self.states = states

    def build(self, input_shape: Shape) -> None:
        shape = (input_shape[-1], self.states)
        rates = np.broadcast_to(np.log(np.arange(self.states) + 0.5), shape)
        self.log_rate = self.add_weight(name="log_rate", shape=shape, initializer=rates)
        self.entrance = self.add_weight(
            name="entrance", shape=shape, initializer="ones"
        )
        self.exit = self.add_weight(name="exit", shape=shape)
        self.skip = self.add_weight(
            name="skip", shape=(input_shape[-1],), initializer="ones"
        )

    def call(self, inputs: Tensor) -> Tensor:
        decay = ops.exp(-ops.exp(self.log_rate))

        def step(state: Tensor, x: Tensor) -> Any:
            state = decay * state + self.entrance * x[..., None]
            return state, state

        start = ops.zeros((ops.shape(inputs)[0], inputs.shape[-1], self.states))
        _, states = ops.scan(step, start, ops.transpose(inputs, (1, 0, 2)))
        outputs = ops.transpose(ops.sum(self.exit * states, axis=-1), (1, 0, 2))
        return outputs + self.skip * inputs


class ExponentialAverage(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, decay: float = 0.9) -> None:
        super().__init__()
        self.decay = decay

    def call(self, inputs: Tensor) -> Tensor:
        def step(average: Tensor, x: Tensor) -> Any:
            average = self.decay * average + (1.0 - self.decay) * x
            return average, average

        steps = ops.transpose(inputs, (1, 0, 2))
        _, averages = ops.scan(step, ops.zeros_like(steps[0]), steps)
        return ops.transpose(averages, (1, 0, 2))


class LeakyCell(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, units: int, leak: float = 0.5) -> None:
        super().__init__()
        self.units = self.state_size = units
        self.leak = leak

    def build(self, input_shape: Shape) -> None:
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )
        self.recurrent = self.add_weight(
            name="recurrent", shape=(self.units, self.units), initializer="orthogonal"
        )

    def call(self, inputs: Tensor, states: list[Tensor]) -> Any:
        (state,) = states
        change = ops.matmul(inputs, self.kernel) + ops.matmul(state, self.recurrent)
        state = self.leak * state + (1.0 - self.leak) * ops.tanh(change)
        return state, [state]

"""The meaning of the functions that draw, with fixed numbers in place of random ones.

The numbers depend on the shape only, so that what a layer yields can be foretold; the
generated tests replace the functions of `keras.random` by the same. They run through
the multiples of 1/16 from 0 to 15/16, which every dtype of floats holds exactly.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from layergen.oracle.kernels import guard_size

LEVELS = 16
"""How many numbers there are."""

_FIRST, _STEP = 1, 7
"""Where the numbers begin, and how they go on: neighbours differ by much."""


def make_draws(first: int = _FIRST) -> Mapping[str, Callable[..., Any]]:
    """The kernels, by op; other numbers with another `first`."""

    def noise(shape: Any) -> Any:
        """Whole numbers from 0 to 15."""
        numbers = _STEP * np.arange(guard_size(shape)) + first
        return np.reshape(numbers % LEVELS, shape)

    def normal(shape: Any, mean: float = 0.0, stddev: float = 1.0) -> Any:
        _require(stddev >= 0.0, f"a standard deviation of {stddev}")
        return mean + stddev * (noise(shape) - 7.5) / 4.0

    def truncated_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0) -> Any:
        _require(stddev >= 0.0, f"a standard deviation of {stddev}")
        return mean + stddev * (7.5 - noise(shape)) / 4.0

    def uniform(shape: Any, minval: float = 0.0, maxval: float = 1.0) -> Any:
        _require(minval < maxval, f"no number from {minval} to below {maxval}")
        return minval + (maxval - minval) * noise(shape) / LEVELS

    def randint(shape: Any, minval: int, maxval: int) -> Any:
        _require(minval < maxval, f"no integer from {minval} to below {maxval}")
        return minval + noise(shape) % (maxval - minval)

    def categorical(logits: Any, num_samples: int) -> Any:
        if np.ndim(logits) != 2:
            raise ValueError("logits have two axes, the batch and the classes")
        rows, classes = np.shape(logits)
        chances = noise((rows, num_samples, classes)) / 4.0
        return np.argmax(np.expand_dims(logits, 1) + chances, axis=-1)

    def dropout(
        inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None
    ) -> Any:
        _require(0.0 <= rate <= 1.0, f"a rate of {rate}")
        shape = _noise_shape(np.shape(inputs), noise_shape)
        kept = noise(shape) + 0.5 > LEVELS * rate
        return np.where(kept, np.divide(inputs, 1.0 - rate if rate < 1.0 else 1.0), 0.0)

    return {
        "random.categorical": categorical,
        "random.dropout": dropout,
        "random.normal": normal,
        "random.randint": randint,
        "random.truncated_normal": truncated_normal,
        "random.uniform": uniform,
    }


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _noise_shape(
    shape: tuple[int, ...], given: Sequence[int | None] | None
) -> tuple[int, ...]:
    """The shape of the noise, which must broadcast to that of the inputs."""
    if given is None:
        return shape
    if len(given) != len(shape):
        raise ValueError(f"`noise_shape` has the length {len(given)}")
    filled = tuple(
        own if size is None else size for own, size in zip(shape, given, strict=True)
    )
    if any(size not in (1, own) for own, size in zip(shape, filled, strict=True)):
        raise ValueError(f"noise of shape {list(filled)} for {list(shape)}")
    return filled


DRAWS = make_draws()
"""The numbers that expected outputs are made with."""

OTHER_DRAWS = tuple(make_draws(first) for first in (2, 8, 13))
"""Numbers that show whether a result depends on what is drawn."""

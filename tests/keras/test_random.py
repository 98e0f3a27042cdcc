"""The functions that draw: Keras's own against the fixed numbers of the oracle."""

import inspect

import numpy as np
import pytest

from layergen.expr.ops import OPS
from layergen.oracle.draws import DRAWS, LEVELS

pytestmark = pytest.mark.keras

SHAPE = (40, 25)
X = np.random.default_rng(5).normal(size=SHAPE)

CASES = [
    ("random.normal", (SHAPE,), {"mean": 3.0, "stddev": 0.5}),
    ("random.truncated_normal", (SHAPE,), {"mean": -3.0, "stddev": 2.0}),
    ("random.uniform", (SHAPE,), {"minval": -1.0, "maxval": 3.0}),
    ("random.uniform", (SHAPE,), {}),
    ("random.randint", (SHAPE, 2, 5), {}),
    ("random.categorical", (np.zeros((40, 3)), 25), {}),
    ("random.dropout", (X, 0.25), {}),
    ("random.dropout", (X, 0.25), {"noise_shape": (None, 1)}),
    ("random.dropout", (X, 0.0), {}),
    ("random.dropout", (X, 1.0), {}),
]


def test_every_function_is_compared() -> None:
    assert {name for name, _, _ in CASES} == DRAWS.keys()


@pytest.mark.parametrize("name", DRAWS)
def test_parameters_have_keras_names(name: str) -> None:
    from keras import random

    own = [p.name for p in OPS[name].parameters]
    function = getattr(random, name.partition(".")[2])
    assert f"keras.{name}" == OPS[name].keras
    theirs = list(inspect.signature(function).parameters)
    assert [p for p in theirs if p not in ("dtype", "seed")] == own
    assert "seed" in theirs


@pytest.mark.parametrize(("name", "args", "options"), CASES)
def test_fixed_numbers_are_like_drawn_ones(name, args, options) -> None:
    """The same shape, kind and range, and about the same mean."""
    import keras

    function = getattr(keras.random, name.partition(".")[2])
    generator = keras.random.SeedGenerator(3)
    tensors = [_as_tensor(arg) for arg in args]
    drawn = keras.ops.convert_to_numpy(function(*tensors, **options, seed=generator))
    fixed = np.asarray(DRAWS[name](*args, **options))
    assert fixed.shape == drawn.shape
    assert fixed.dtype.kind == drawn.dtype.kind
    spread = drawn.std() + 1e-9
    assert abs(fixed.mean() - drawn.mean()) < 0.5 * spread
    assert fixed.min() >= drawn.min() - 0.5 * spread
    assert fixed.max() <= drawn.max() + 0.5 * spread


def _as_tensor(value):
    """An array as generated code gives it to Keras: PyTorch takes no other."""
    from keras import ops

    return ops.convert_to_tensor(value) if isinstance(value, np.ndarray) else value


def test_dropout_scales_what_it_keeps() -> None:
    kept = DRAWS["random.dropout"](X, 0.75)
    assert set(np.unique((kept / X).round(9))) == {0.0, 4.0}
    rows = DRAWS["random.dropout"](X, 0.75, (None, 1)) / X
    assert np.array_equal(rows.min(1), rows.max(1))


def test_shuffling_differs_between_backends() -> None:
    """Why `random.shuffle` is not in the language: JAX moves elements, not rows."""
    import keras

    x = np.arange(400.0).reshape(100, 4)
    rows = keras.ops.convert_to_numpy(keras.random.shuffle(x, seed=3))
    whole = np.array_equal(np.ptp(rows, axis=1), np.full(100, 3.0))
    assert whole == (keras.backend.backend() != "jax")


def test_levels_are_exact_in_half_precision() -> None:
    numbers = np.arange(LEVELS) / LEVELS
    assert np.array_equal(numbers.astype("float16").astype("float64"), numbers)

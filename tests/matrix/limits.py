"""What Keras itself cannot do, each with a bare use of Keras that fails, too."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import pytest
from tests.matrix.litert import require_converter, run_as_litert
from tests.matrix.processes import run_alone


@dataclass(frozen=True)
class Limit:
    """Cells that cannot be right.

    Attributes:
        situation: the name of the situation.
        kinds: the names of the kinds.
        backend: the backend on which it fails.
        reason: what Keras, or what it stands on, cannot do.
        bare: does it without any generated code, and raises.
        match: what the message says.
    """

    situation: str
    kinds: tuple[str, ...]
    backend: str
    reason: str
    bare: Callable[[], None]
    match: str


class Reordered(keras.layers.Layer):
    """Takes entries of the last axis."""

    def call(self, inputs: Any) -> Any:
        return keras.ops.take(inputs, np.array([2, 0, 1]), axis=-1)


KEPT = np.array([True, False, True])


class Selected(keras.layers.Layer):
    """Takes entries by a condition."""

    def call(self, inputs: Any) -> Any:
        return keras.ops.where(keras.ops.convert_to_tensor(KEPT), inputs, 0.5 * inputs)


class Swapped(keras.layers.Layer):
    """Takes the last axis apart, and puts it together in another order."""

    def call(self, inputs: Any) -> Any:
        halves = [inputs[..., 1], inputs[..., 0]]
        return keras.ops.stack(halves, axis=-1)


def compare_with_litert(layer: str, *shape: int) -> None:
    """Compare what a layer of this module yields with what LiteRT makes of it."""
    given = np.arange(4 * np.prod(shape), dtype="float32").reshape(4, *shape)
    inputs = keras.Input(shape, batch_size=4)
    model = keras.Model(inputs, globals()[layer]()(inputs))
    with TemporaryDirectory() as folder:
        outputs = run_as_litert(model, given, Path(folder) / "m.tflite")
    np.testing.assert_allclose(outputs, keras.ops.convert_to_numpy(model(given)))


def export_alone(layer: str, *shape: int) -> None:
    """The same in a process that does nothing else, since the converter needs that."""
    require_converter()
    given = (layer, *shape)
    run_alone(f"from tests.matrix import limits; limits.compare_with_litert{given}")


def export_take() -> None:
    """Export a model that only takes entries."""
    pytest.importorskip("onnxscript", reason="Keras exports to ONNX by it")
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Reordered()(inputs))
    model(np.ones((2, 3), "float32"))
    with TemporaryDirectory() as folder:
        model.export(str(Path(folder) / "m.onnx"), format="onnx", verbose=False)


def in_double(function: str) -> None:
    """Let a function compute in double precision, in a process that JAX lets do so."""
    run = f"""
import keras, numpy
given = keras.ops.convert_to_tensor(numpy.ones((2, 2)) / 3)
dtype = keras.backend.standardize_dtype({function}.dtype)
assert dtype == "float64", dtype
"""
    run_alone(run, {"JAX_ENABLE_X64": "1"})


def fit_as_worker() -> None:
    """Let Keras fit a model under the strategy of several processes."""
    import tensorflow as tf

    with tf.distribute.MultiWorkerMirroredStrategy().scope():
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    model.fit(np.ones((4, 3), "float32"), np.ones((4, 1), "float32"), verbose=0)


LIMITS = (
    Limit(
        situation="float64",
        kinds=(
            "large_array",
            "drawn_once",
            "trained_weight",
            "penalized_weight",
            "sublayer",
        ),
        backend="torch",
        reason="`keras.ops.matmul` yields float32 on PyTorch, whatever it is given",
        bare=partial(in_double, "keras.ops.matmul(given, given)"),
        match="float32|Not equal",
    ),
    Limit(
        situation="float64",
        kinds=("sublayer",),
        backend="jax",
        reason="`keras.ops.tanh` yields float32 on JAX, whatever it is given",
        bare=partial(in_double, "keras.ops.tanh(given)"),
        match="float32",
    ),
    Limit(
        situation="onnx",
        kinds=("int_table",),
        backend="torch",
        reason=(
            "`keras.ops.take` calls `ravel` on PyTorch, which PyTorch's exporter cannot"
            " say in ONNX"
        ),
        bare=export_take,
        match="ravel",
    ),
    Limit(
        situation="litert",
        kinds=("int_table",),
        backend="torch",
        reason="litert-torch converts `keras.ops.take` to what LiteRT does not run",
        bare=partial(export_alone, "Reordered", 3),
        match="failed to prepare",
    ),
    Limit(
        situation="litert",
        kinds=("bool_table",),
        backend="torch",
        reason="litert-torch converts `keras.ops.where` to what LiteRT does not run",
        bare=partial(export_alone, "Selected", 3),
        match="failed to prepare",
    ),
    Limit(
        situation="litert",
        kinds=("complex_pair",),
        backend="torch",
        reason="litert-torch takes a last axis apart wrongly",
        bare=partial(export_alone, "Swapped", 3, 2),
        match="Not equal",
    ),
)


def limit_of(situation: str, kind: str, backend: str) -> Limit | None:
    """The limit that a cell falls under."""
    cell = (situation, backend)
    return next(
        (m for m in LIMITS if (m.situation, m.backend) == cell and kind in m.kinds),
        None,
    )

"""What Keras itself cannot do, each with a bare use of Keras that fails, too."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np


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


def export_take() -> None:
    """Export a model that only takes entries."""
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Reordered()(inputs))
    model(np.ones((2, 3), "float32"))
    with TemporaryDirectory() as folder:
        model.export(str(Path(folder) / "m.onnx"), format="onnx", verbose=False)


def fit_as_worker() -> None:
    """Let Keras fit a model under the strategy of several processes."""
    import tensorflow as tf

    with tf.distribute.MultiWorkerMirroredStrategy().scope():
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    model.fit(np.ones((4, 3), "float32"), np.ones((4, 1), "float32"), verbose=0)


LIMITS = (
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
)


def limit_of(situation: str, kind: str, backend: str) -> Limit | None:
    """The limit that a cell falls under."""
    for limit in LIMITS:
        if (limit.situation, limit.backend) == (situation, backend):
            return limit if kind in limit.kinds else None
    return None

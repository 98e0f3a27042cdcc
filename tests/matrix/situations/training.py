"""Training: what moves, and what must not."""

from typing import Any

import keras
import numpy as np
from tests.matrix.checks import (
    BACKEND,
    built,
    check,
    check_constants,
    make,
    model_of,
    numpy,
    predict,
    weights_of,
)
from tests.matrix.kinds import Kind
from tests.matrix.situation import situation


class Wrapper(keras.Model):
    """A subclassed model that is not called before `fit`."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        more = {"training": training} if self.layer._call_has_training_arg else {}
        return self.layer(inputs, **more)


def snapshot(layer: Any) -> dict[str, Any]:
    """The values of all weights."""
    return {path: numpy(w).copy() for path, w in weights_of(layer).items()}


def fit(kind: Kind, model: Any, *, batch_size: int = 3, **how: Any) -> None:
    """Train once on all inputs: two steps, the second with a smaller batch."""
    how.setdefault("optimizer", keras.optimizers.SGD(0.1))
    model.compile(loss="mse", **how)
    targets = np.full_like(kind.expect(kind.values), 3.0, dtype="float32")
    model.fit(kind.inputs, targets, batch_size=batch_size, verbose=0, shuffle=False)


def check_moved(layer: Any, before: dict[str, Any], moved: set[str]) -> None:
    """These weights changed, and no others."""
    after = snapshot(layer)
    changed = {p for p in after if not np.array_equal(after[p], before[p])}
    assert changed == moved, f"{changed} changed in place of {moved}"


def to_move(kind: Kind, layer: Any) -> set[str]:
    """What training changes: trained weights and states."""
    weights = weights_of(layer)
    trained = {path for path, weight in weights.items() if weight.trainable}
    return trained | set(kind.expect_states({}) if kind.layer.uses_training else ())


def check_fit(kind: Kind, model: Any, layer: Any, **how: Any) -> None:
    """`fit` moves what it must, and the layer is right afterwards."""
    before = snapshot(layer)
    fit(kind, model, **how)
    check_moved(layer, before, to_move(kind, layer))
    check(kind, layer, predict(kind, model))
    check(kind, layer)


@situation("subclassed model, first used by `fit`")
def first_fit(kind: Kind) -> None:
    layer = make(kind)
    model = Wrapper(layer)
    fit(kind, model, jit_compile=False)
    assert len(model.weights) == len(layer.weights)
    check(kind, layer, predict(kind, model))
    check(kind, layer)


@situation("`fit` without XLA")
def fit_plain(kind: Kind) -> None:
    model = model_of(kind)
    check_fit(kind, model, model.layers[-1], jit_compile=False)


@situation("`fit` with XLA", "tensorflow", "jax")
def fit_compiled(kind: Kind) -> None:
    model = model_of(kind)
    check_fit(kind, model, model.layers[-1], jit_compile=True)


@situation("weight decay and EMA of the optimizer")
def decay(kind: Kind) -> None:
    """Constants and states are none of the optimizer's business."""
    optimizer = keras.optimizers.AdamW(
        0.1, weight_decay=0.5, use_ema=True, ema_overwrite_frequency=1
    )
    layer = model_of(kind).layers[-1]
    inputs = keras.Input(kind.shape[1:])
    # Keras keeps no average where there is nothing to train.
    model = keras.Model(inputs, keras.layers.Dense(kind.shape[-1])(layer(inputs)))
    before = snapshot(layer)
    targets = np.full_like(kind.inputs, 3.0)
    model.compile(optimizer, "mse", jit_compile=False)
    model.fit(kind.inputs, targets, batch_size=3, verbose=0, shuffle=False)
    check_moved(layer, before, to_move(kind, layer))
    check(kind, layer)


@situation("gradient through it, and none into it")
def gradient(kind: Kind) -> None:
    layer = built(kind)
    slopes, into = gradients(layer, kind.inputs)
    moved = {path for path, weight in weights_of(layer).items() if weight.trainable}
    assert into == moved
    direction = np.cos(np.arange(kind.inputs.size)).reshape(kind.shape)
    step = 1e-2
    moved_inputs = (kind.inputs + sign * step * direction for sign in (1, -1))
    ahead, behind = (np.sum(numpy(layer(x)), dtype="float64") for x in moved_inputs)
    slope, quotient = np.sum(slopes * direction), (ahead - behind) / (2 * step)
    np.testing.assert_allclose(slope, quotient, rtol=1e-2, atol=1e-2)
    check_constants(kind, layer)


def gradients(layer: Any, inputs: Any) -> tuple[Any, set[str]]:
    """Of the sum of the outputs: by the inputs; and the weights that have any."""
    paths = {weight.path: path for path, weight in weights_of(layer).items()}
    trained = layer.trainable_variables
    if BACKEND == "tensorflow":
        import tensorflow as tf

        tensor = tf.constant(inputs)
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            total = tf.reduce_sum(layer(tensor))
        by = [tensor, *(v.value for v in trained)]
        slopes, *into = tape.gradient(total, by)
    elif BACKEND == "jax":
        import jax

        others = [v.value for v in layer.non_trainable_variables]

        def call(values: Any, inputs: Any) -> Any:
            return layer.stateless_call(values, others, inputs)[0].sum()

        values = [v.value for v in trained]
        into, slopes = jax.grad(call, argnums=(0, 1))(values, inputs)
    else:
        tensor = keras.ops.convert_to_tensor(inputs).requires_grad_()
        layer(tensor).sum().backward()
        slopes, into = tensor.grad, [v.value.grad for v in trained]
    reached = zip(trained, into, strict=True)
    return numpy(slopes), {paths[v.path] for v, slope in reached if slope is not None}

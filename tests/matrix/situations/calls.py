"""Ways to call a layer, and to put it into a model."""

from typing import Any

import keras
import numpy as np
import pytest
from tests.matrix.checks import (
    BACKEND,
    around,
    built,
    check,
    check_outputs,
    close,
    fill,
    make,
    model_of,
    numpy,
    predict,
    weights_of,
)
from tests.matrix.kinds import Kind
from tests.matrix.situation import situation


@situation("eager")
def eager(kind: Kind) -> None:
    layer = built(kind)
    check(kind, layer)
    if kind.layer.uses_training:
        states = kind.expect_states({p: numpy(w) for p, w in weights_of(layer).items()})
        layer(kind.inputs, training=True)
        for path, value in states.items():
            np.testing.assert_allclose(numpy(weights_of(layer)[path]), value, rtol=1e-5)


@situation("`tf.function`, first use", "tensorflow")
def traced_first(kind: Kind) -> None:
    import tensorflow as tf

    layer = make(kind)
    traced = tf.function(lambda inputs: layer(inputs))
    traced(kind.inputs)
    fill(kind, layer)
    check(kind, layer, traced(kind.inputs))
    check(kind, layer)  # and outside of the graph that it was built in
    again = tf.function(lambda inputs: layer(inputs))
    check(kind, layer, again(kind.inputs))


@situation("XLA", "tensorflow", "jax")
def xla(kind: Kind) -> None:
    layer = make(kind)
    layer.build(kind.shape)
    fill(kind, layer)
    check(kind, layer, compiled(layer)(kind.inputs))
    check(kind, layer)


def compiled(layer: Any) -> Any:
    """A call of the layer, compiled by XLA."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(lambda inputs: layer(inputs), jit_compile=True)
    import jax

    def call(variables: Any, inputs: Any) -> Any:
        return layer.stateless_call(*variables, inputs)[0]

    jitted = jax.jit(call)

    def run(inputs: Any) -> Any:
        trained = [v.value for v in layer.trainable_variables]
        others = [v.value for v in layer.non_trainable_variables]
        return jitted((trained, others), inputs)

    return run


@situation("functional model")
def functional(kind: Kind) -> None:
    model = model_of(kind)
    layer = model.layers[-1]
    check(kind, layer, model(kind.inputs))
    check(kind, layer, predict(kind, model))
    shape = model.output_shape
    assert shape == (None, *numpy(model(kind.inputs)).shape[1:])


class Unbuilt(keras.layers.Layer):
    """A parent without a `build`."""

    def __init__(self, child: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.child = child

    def call(self, inputs: Any) -> Any:
        return self.child(inputs)


class Building(Unbuilt):
    """A parent that builds its child."""

    def build(self, input_shape: Any) -> None:
        self.child.build(input_shape)


def check_nested(kind: Kind, parent: type[Unbuilt]) -> None:
    """A child is built within the graph of its parent, and used outside of it."""
    nested = parent(make(kind))
    model = around(kind, nested)
    fill(kind, nested.child)
    assert len(model.weights) == len(nested.child.weights)
    outputs = predict(kind, model)
    check_outputs(kind, nested.child, outputs)
    check(kind, nested.child)


@situation("nested in a layer without `build`")
def nested_unbuilt(kind: Kind) -> None:
    check_nested(kind, Unbuilt)


@situation("nested in a layer that builds it")
def nested_built(kind: Kind) -> None:
    check_nested(kind, Building)


@situation("two instances in one model")
def two_instances(kind: Kind) -> None:
    inputs = keras.Input(kind.shape[1:])
    layers = [make(kind), make(kind)]
    model = keras.Model(inputs, [layer(inputs) for layer in layers])
    assert len({w.path for w in model.weights}) == len(model.weights)
    before = [numpy(w).copy() for w in layers[1].weights]
    fill(kind, layers[0])
    for value, variable in zip(before, layers[1].weights, strict=True):
        np.testing.assert_array_equal(numpy(variable), value)
    for layer, outputs in zip(layers, model(kind.inputs), strict=True):
        check(kind, layer, outputs)


@situation("unknown batch size")
def unknown_batch(kind: Kind) -> None:
    model = model_of(kind)
    layer = model.layers[-1]
    for size in (1, 3):
        outputs = model.predict(kind.inputs[:size], verbose=0)
        close(outputs, numpy(layer(kind.inputs))[:size], 1e-5)
    check(kind, layer)


@situation("unknown inner sizes")
def unknown_sizes(kind: Kind) -> None:
    """Sizes that may be unknown are; one that `build` needs is asked for by name."""
    layer = make(kind)
    shape = [None if isinstance(s, str) else s for s in kind.layer.inputs[0].shape]
    if kind.needs is not None:
        message = f"Axis {kind.needs} of `inputs` must have a known size"
        with pytest.raises(ValueError, match=message):
            layer(keras.Input(batch_shape=shape))
        assert not layer.weights
        shape[kind.needs] = kind.shape[kind.needs]
        layer = make(kind)
    inputs = keras.Input(batch_shape=shape)
    model = keras.Model(inputs, layer(inputs))
    fill(kind, layer)
    check(kind, layer, predict(kind, model))

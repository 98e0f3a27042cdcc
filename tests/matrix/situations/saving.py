"""Ways to store a layer, and to get it back."""

import copy
import json
import pickle
import tempfile

import keras
from tests.matrix.checks import (
    around,
    built,
    check,
    check_constants,
    check_values,
    fill,
    make,
    model_of,
)
from tests.matrix.kinds import Kind, file_of
from tests.matrix.processes import perform
from tests.matrix.situation import Outcomes, outcomes_of, process, situation


@process("`.keras` file, in a fresh process")
def model_file() -> Outcomes:
    saved = outcomes_of(lambda kind: model_of(kind).save(file_of(kind, ".keras")))
    loaded = perform("load_model")
    return {name: saved[name] or loaded[name] for name in saved}


@situation("weights file, into a fresh layer")
def weights_file(kind: Kind) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model_of(kind).save_weights(f"{folder}/all.weights.h5")
        layer = make(kind)
        model = around(kind, layer)
        model.load_weights(f"{folder}/all.weights.h5")
    check_values(kind, layer)
    check(kind, layer)


@situation("`clone_model`")
def clone(kind: Kind) -> None:
    model = model_of(kind)
    cloned = keras.models.clone_model(model)
    layer = cloned.layers[-1]
    assert layer is not model.layers[-1]
    check(kind, layer)
    cloned.set_weights(model.get_weights())
    check_values(kind, layer)
    check(kind, layer)


@situation("`from_config(get_config())` through JSON")
def config(kind: Kind) -> None:
    layer = built(kind)
    data = json.loads(json.dumps(layer.get_config()))
    again = kind.made.from_config(data)
    assert json.loads(json.dumps(again.get_config())) == data
    again(kind.inputs)
    check(kind, again)
    check(kind, fill(kind, again))


@situation("deepcopy and pickle")
def copies(kind: Kind) -> None:
    layer = built(kind)
    for again in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        check_values(kind, again)
        check(kind, again)


@situation("`set_weights(get_weights())`")
def weights_in_order(kind: Kind) -> None:
    layer, other = built(kind), make(kind)
    other(kind.inputs)
    other.set_weights(layer.get_weights())
    check_values(kind, other)
    check(kind, other)


@situation("`trainable` off, and on again")
def trainable(kind: Kind) -> None:
    layer = built(kind)
    before = [w.path for w in layer.trainable_weights]
    layer.trainable = False
    assert not layer.trainable_weights
    check(kind, layer)
    layer.trainable = True
    assert [w.path for w in layer.trainable_weights] == before
    check_constants(kind, layer)
    check(kind, layer)

"""What layergen says of Keras's layers is what they do.

Each description in `layergen/keras_layers/` beside the class of the same name.
"""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from tests.keras.layer_cases import AMISS, CASES

from layergen.layer import KerasObject, Layer, Weight
from layergen.lower import lower
from layergen.lower.argument_types import type_of
from layergen.lower.children import keras_layer, known_layers
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.draws import DRAWS
from layergen.oracle.instance import Instance
from layergen.oracle.instantiate import instantiate
from layergen.oracle.masks import draw_masks
from layergen.oracle.outputs import output_shape
from layergen.oracle.run import run

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

RANDOM = import_module("keras.src.backend").random
"""What the layers of Keras draw with."""

each_layer = pytest.mark.parametrize("name", known_layers())
each_case = pytest.mark.parametrize(
    ("name", "arguments", "shape"),
    [
        pytest.param(name, arguments, shape, id=f"{name}-{i}")
        for name, cases in CASES.items()
        for i, (arguments, shape) in enumerate(cases)
    ],
)


def describe(name: str) -> Layer:
    return keras_layer(name, lower)


def make(of: str, arguments: Mapping[str, Any], **options: Any) -> Any:
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
    return getattr(keras.layers, of)(**given, **options)


def built(name: str, arguments: Mapping[str, Any], shape: tuple[int, ...]) -> Any:
    layer = make(name, arguments)
    layer.build((None, *shape[1:]))
    return layer


def instance_of(
    name: str, arguments: Mapping[str, Any], shape: tuple[int, ...]
) -> Instance:
    (member,) = describe(name).inputs
    return instantiate(describe(name), arguments, {member.name: shape})


def weights_of(layer: Any) -> dict[str, Any]:
    return {w.path.removeprefix(f"{layer.path}/"): w for w in layer.weights}


def test_no_layer_is_left_out() -> None:
    assert CASES.keys() == set(known_layers())


@each_layer
def test_every_argument_is_tried(name: str) -> None:
    """Each flag is turned, each choice is made, each number is changed."""
    layer = describe(name)
    tried = [arguments for arguments, _ in CASES[name]]
    for argument in layer.arguments:
        if type_of(argument).is_object:
            continue
        values = [given[argument.name] for given in tried if argument.name in given]
        assert values, argument.name
        others = {*argument.choices} - {argument.default}
        assert others <= set(map(str, values)), argument.name


@each_layer
def test_constructor(name: str) -> None:
    layer = describe(name)
    signature = inspect.signature(getattr(keras.layers, name).__init__)
    taken = [n for n, p in signature.parameters.items() if p.kind is not p.VAR_KEYWORD]
    assert {argument.name for argument in layer.arguments} <= {*taken}
    values = [a for a in layer.arguments if not type_of(a).is_object]
    names = [argument.name for argument in values]
    assert names == [name for name in taken if name in names]
    for argument in values:
        default = signature.parameters[argument.name].default
        assert argument.required == (default is inspect.Parameter.empty)


@each_case
def test_defaults(name: str, arguments: Any, shape: tuple[int, ...]) -> None:
    """A default, written out, changes nothing."""
    values = [a for a in describe(name).arguments if not type_of(a).is_object]
    defaults = {a.name: a.default for a in values if not a.required}
    plain = make(name, arguments, name="layer").get_config()
    assert make(name, {**defaults, **arguments}, name="layer").get_config() == plain


@each_case
def test_weights(name: str, arguments: Any, shape: tuple[int, ...]) -> None:
    instance = instance_of(name, arguments, shape)
    described = {w.name: w for w in instance.layer.parameters if isinstance(w, Weight)}
    expected = [n for n, size in instance.shapes.items() if size is not None]
    actual = weights_of(built(name, arguments, shape))
    trained = {w.name: w.trainable for w in described.values()}
    # Keras lists weights that are trained before those that are not.
    assert list(actual) == sorted(expected, key=lambda n: not trained[n])
    for path, variable in actual.items():
        assert tuple(variable.shape) == instance.shapes[path]
        assert variable.trainable == trained[path]
        assert variable.dtype == "float32"
        assert described[path].dtype == "float"
        initializer = described[path].initializer
        if not initializer.random:
            value = initializer_of(initializer)(variable.shape)
            np.testing.assert_array_equal(variable, value)


@each_layer
def test_settings_of_weights(name: str) -> None:
    layer = make(name, CASES[name][0][0])
    for weight in describe(name).weights:
        for kind, argument in weight.settings:
            given, expected = getattr(layer, argument), getattr(weight, kind)
            if expected is None:
                assert given is None
            else:
                assert type(given) is type(initializer_of(expected))
                assert given.get_config() == initializer_of(expected).get_config()


def initializer_of(given: KerasObject) -> Any:
    return getattr(keras.initializers, given.path.rpartition(".")[2])(
        **dict(given.parameters)
    )


@each_case
@pytest.mark.parametrize("training", [False, True])
def test_outputs(
    name: str,
    arguments: Any,
    shape: tuple[int, ...],
    training: bool,
    request: pytest.FixtureRequest,
) -> None:
    place = CASES[name].index((arguments, shape))
    if (name, place) in AMISS.get(keras.backend.backend(), ()):
        request.applymarker(pytest.mark.xfail(strict=True))
    instance = instance_of(name, arguments, shape)
    (member,) = instance.layer.inputs
    inputs = draw_inputs(instance, {member.name: shape}, "inputs", positive=False)
    weights = draw_weights(instance, "weights")
    outcome = run(instance, inputs, weights, training=training)

    layer = built(name, arguments, shape)
    variables = weights_of(layer)
    for path, variable in variables.items():
        variable.assign(weights[path])
    given = keras.ops.convert_to_tensor(inputs[member.name], dtype=_dtype(member))
    # Of a layer that knows no training the argument is taken away by Keras.
    with fixed_draws():
        assert_close(layer(given, training=training), outcome.value)
    takes = "training" in inspect.signature(layer.call).parameters
    assert takes >= instance.layer.uses_training
    for path, variable in variables.items():
        assert_close(variable, outcome.updates.get(path, weights[path]))


@each_layer
def test_what_becomes_of_masks(name: str) -> None:
    """A mask is taken, passed on or consumed as the description says."""
    layer, described = make(name, CASES[name][0][0]), describe(name)
    (member,) = described.inputs
    assert ("mask" in inspect.signature(layer.call).parameters) == member.takes_mask
    passes = described.masking.kind == "passes"
    own = type(layer).compute_mask is not keras.layers.Layer.compute_mask
    assert passes == (layer.supports_masking and not own)
    assert (described.masking.kind == "consumes") == (layer.supports_masking and own)


class Consumes(keras.layers.Layer):
    """Says that it has no mask, and returns what has one."""

    def __init__(self) -> None:
        super().__init__()
        self.supports_masking = True
        self.dense = keras.layers.Dense(3)

    def build(self, input_shape: Any) -> None:
        self.dense.build(input_shape)

    def call(self, inputs: Any) -> Any:
        return self.dense(inputs)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        return None


def test_a_mask_stays_on_what_is_returned() -> None:
    """Why LG222 refuses this: Keras does not ask `compute_mask`."""
    embedding = keras.layers.Embedding(5, 3, mask_zero=True)
    output = Consumes()(embedding(np.array([[1, 0]])))
    np.testing.assert_array_equal(plain(output._keras_mask), [[True, False]])


@pytest.mark.parametrize(
    ("name", "arguments", "shape"),
    [
        (name, arguments, shape)
        for name in ("BatchNormalization", "GlobalAveragePooling1D", "Softmax")
        for arguments, shape in CASES[name]
        if arguments.get("data_format") != "channels_first"
        and arguments.get("axis", -1) in (-1, len(shape) - 1)
    ],
)
@pytest.mark.parametrize("training", [False, True])
def test_masked_outputs(
    name: str, arguments: Any, shape: tuple[int, ...], training: bool
) -> None:
    instance = instance_of(name, arguments, shape)
    (member,) = instance.layer.inputs
    inputs = draw_inputs(instance, {member.name: shape}, "inputs", positive=False)
    weights = draw_weights(instance, "weights")
    (masks,) = draw_masks(instance.layer, inputs)
    outcome = run(instance, inputs, weights, training=training, masks=masks)

    layer = built(name, arguments, shape)
    variables = weights_of(layer)
    for path, variable in variables.items():
        variable.assign(weights[path])
    given = keras.ops.convert_to_tensor(inputs[member.name], dtype="float32")
    mask = keras.ops.convert_to_tensor(masks[member.name])
    assert_close(layer(given, training=training, mask=mask), outcome.value)
    for path, variable in variables.items():
        assert_close(variable, outcome.updates.get(path, weights[path]))


@each_case
def test_shapes_and_dtypes(name: str, arguments: Any, shape: tuple[int, ...]) -> None:
    instance = instance_of(name, arguments, shape)
    (member,) = instance.layer.inputs
    (declared,) = instance.layer.outputs
    expected = output_shape(instance, declared, {member.name: shape})
    layer = make(name, arguments, dtype="mixed_bfloat16")
    symbol = keras.KerasTensor((None, *shape[1:]), dtype=_dtype(member))
    output = layer(symbol)
    assert output.shape == (None, *expected[1:])
    assert declared.dtype == "float"
    assert keras.backend.standardize_dtype(output.dtype) == "bfloat16"


@contextmanager
def fixed_draws() -> Iterator[None]:
    """In the place of random numbers stand those of the oracle."""
    with pytest.MonkeyPatch.context() as patch:
        for op, function in DRAWS.items():

            def draw(*args: Any, function: Any = function, **options: Any) -> Any:
                dtype, seed = options.pop("dtype", None), options.pop("seed")
                assert isinstance(seed, keras.random.SeedGenerator)
                numbers = function(*map(plain, args), **options)
                return keras.ops.convert_to_tensor(numbers, dtype=dtype or "float32")

            patch.setattr(RANDOM, op.partition(".")[2], draw)
        yield


def plain(value: Any) -> Any:
    is_tensor = keras.ops.is_tensor(value)
    return keras.ops.convert_to_numpy(value) if is_tensor else value


def _dtype(member: Any) -> str:
    return "float32" if member.dtype == "float" else member.dtype


def assert_close(actual: Any, expected: Any) -> None:
    value = keras.ops.convert_to_numpy(actual)
    assert value.shape == expected.shape
    most = np.abs(expected).max(initial=1.0)
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-5 * most)

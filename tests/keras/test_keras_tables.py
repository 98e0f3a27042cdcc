"""The tables about Keras against the Keras that is installed."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from layergen.keras_tables import names as names
from layergen.keras_tables.entry import (
    DTYPES,
    INTEGERS,
    Initializer,
    KerasObject,
    ParameterKind,
)
from layergen.keras_tables.objects import (
    ACTIVATIONS,
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    usable_activations,
)
from layergen.oracle.activations import kernel

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

TABLES: Mapping[str, Mapping[str, KerasObject]] = {
    "initializers": INITIALIZERS,
    "regularizers": REGULARIZERS,
    "constraints": CONSTRAINTS,
    "activations": ACTIVATIONS,
}
ENTRIES = [
    (module, entry) for module, table in TABLES.items() for entry in table.values()
]
EVERY = pytest.mark.parametrize(
    ("module", "entry"), ENTRIES, ids=[f"{m}-{e.name}" for m, e in ENTRIES]
)
RANKS = range(6)
CALLS_OF_KERAS = {"get", "serialize", "deserialize"}
BASES = {"Initializer", "Regularizer", "Constraint"}


def reach(path: str) -> Any:
    value: Any = keras
    for name in path.split(".")[1:]:
        value = getattr(value, name)
    return value


def list_attributes(thing: object) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("__")}


def built_layer() -> Any:
    class Plain(keras.layers.Layer):
        def build(self, input_shape: tuple[int, ...]) -> None:
            self.add_weight(name="w", shape=(2,))

        def call(self, inputs: Any) -> Any:
            return inputs

    layer = Plain()
    layer(keras.ops.ones((1, 2)))
    return layer


def list_own_names() -> set[str]:
    """Attributes of a layer, without those in which the subclass has no part."""
    return list_attributes(keras.layers.Layer) | list_attributes(built_layer())


def test_every_public_attribute_of_layer_is_refused() -> None:
    public = {name for name in list_own_names() if not name.startswith("_")}
    assert {name for name in public if names.refuse_name(name) is None} == set()


def test_every_private_attribute_of_layer_is_known() -> None:
    private = {
        name.removeprefix("_") for name in list_own_names() if name.startswith("_")
    }
    assert private - names.PRIVATE_NAMES == set()
    assert {n for n in private if names.refuse_name(n) is None} == set()


def test_every_argument_of_the_constructor_is_refused() -> None:
    parameters = set(inspect.signature(keras.layers.Layer.__init__).parameters)
    assert {name for name in parameters if names.refuse_name(name) is None} == set()
    for name in ("input_shape", "input_dim"):
        assert names.refuse_name(name)


def test_every_public_attribute_of_model_is_refused_or_warned_about() -> None:
    class Empty(keras.Model):  # type: ignore[misc]
        pass

    inputs = keras.Input((2,))
    functional = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    functional.compile()
    found = list_attributes(keras.Model) | list_attributes(Empty())
    found |= list_attributes(functional)
    public = {name for name in found if not name.startswith("_")}
    silent = {n for n in public if not names.refuse_name(n) and not names.warn_name(n)}
    assert silent == set()


def test_names_that_the_tables_hold_exist() -> None:
    found = list_own_names()
    assert names.LAYER_NAMES - found == set()
    assert names.CONSTRUCTOR_NAMES - {"input_dim"} <= found | {"trainable"}


def test_every_class_of_keras_layers_is_listed() -> None:
    found = {n for n in dir(keras.layers) if inspect.isclass(getattr(keras.layers, n))}
    assert found == names.KERAS_LAYERS


@pytest.mark.parametrize("module", TABLES)
def test_everything_that_keras_exports_is_in_a_table(module: str) -> None:
    exported = {
        name
        for name in dir(getattr(keras, module))
        if not name.startswith("_") and callable(getattr(getattr(keras, module), name))
    }
    spelled = {word for entry in TABLES[module].values() for word in entry.spellings}
    assert exported - CALLS_OF_KERAS - BASES - spelled == set()


@EVERY
def test_every_spelling_names_the_same_thing(module: str, entry: KerasObject) -> None:
    target = reach(entry.path)
    for word in entry.spellings:
        exported = getattr(getattr(keras, module), word, target)
        assert exported is target
    if getattr(entry, "needs", ""):
        pytest.importorskip(entry.needs)  # type: ignore[attr-defined]
    needed = any(parameter.required for parameter in entry.parameters)
    get = getattr(keras, module).get
    assert entry.only_called is (needed or not works(lambda: get(entry.identifier)))
    if not entry.only_called:
        got = get(entry.identifier)
        assert got is target or type(got) is target


def list_parameters(target: Any) -> dict[str, inspect.Parameter]:
    if not inspect.isclass(target):
        return dict(list(inspect.signature(target).parameters.items())[1:])
    if target.__init__ is object.__init__:
        return {}
    return dict(list(inspect.signature(target.__init__).parameters.items())[1:])


@EVERY
def test_parameters_and_defaults(module: str, entry: KerasObject) -> None:
    found = list_parameters(reach(entry.path))
    has_seed = found.pop("seed", None) is not None
    assert getattr(entry, "random", False) is has_seed
    assert [p.name for p in entry.parameters] == list(found)
    for parameter in entry.parameters:
        default = found[parameter.name].default
        assert parameter.required is (default is inspect.Parameter.empty)
        if not parameter.required:
            assert parameter.default == default
        assert parameter.default is not None or parameter.optional or parameter.required


@EVERY
def test_choices_are_those_that_keras_takes(module: str, entry: KerasObject) -> None:
    choosing = [p for p in entry.parameters if p.kind is ParameterKind.CHOICE]
    if not choosing or getattr(entry, "needs", ""):
        return
    for parameter in choosing:
        for choice in parameter.choices:
            reach(entry.path)(**{parameter.name: choice})
        with pytest.raises(ValueError, match=parameter.name):
            reach(entry.path)(**{parameter.name: "no such choice"})


def works(function: Callable[[], Any]) -> bool:
    try:
        function()
    except Exception:
        return False
    return True


def list_ranks(entry: KerasObject) -> Iterator[tuple[int, bool]]:
    for rank in RANKS:
        highest = rank if entry.max_rank is None else entry.max_rank
        yield rank, entry.min_rank <= rank <= highest


INITIALIZERS_HERE = [entry for entry in INITIALIZERS.values() if not entry.needs]


@pytest.mark.parametrize("entry", INITIALIZERS_HERE, ids=lambda entry: entry.name)
def test_what_initializers_can_make(entry: Initializer) -> None:
    initializer = reach(entry.path)()
    rank = max(entry.min_rank, 2)
    for dtype in sorted(DTYPES):

        def make(dtype: str = dtype) -> None:
            made = initializer((3,) * rank, dtype=dtype)
            assert keras.backend.standardize_dtype(made.dtype) == dtype
            # A uniform draw of integers is cut off to -1 and 0: made, but of no use.
            useless = entry.random and dtype in INTEGERS
            assert not useless or keras.ops.max(made) > 0

        assert works(make) is (dtype in entry.dtypes), dtype
    for rank, allowed in list_ranks(entry):
        assert (
            works(lambda r=rank: initializer((2,) * r, dtype="float32")) is allowed
        ), rank


@pytest.mark.parametrize("entry", INITIALIZERS_HERE, ids=lambda entry: entry.name)
def test_random_is_what_differs(entry: Initializer) -> None:
    make = reach(entry.path)
    shape = (3,) * max(entry.min_rank, 2)
    first, second = (keras.ops.convert_to_numpy(make()(shape)) for _ in range(2))
    assert (first != second).any() == entry.random
    if entry.random:
        seeded = [keras.ops.convert_to_numpy(make(seed=3)(shape)) for _ in range(2)]
        assert (seeded[0] == seeded[1]).all()


@pytest.mark.parametrize(
    "entry",
    [*REGULARIZERS.values(), *CONSTRAINTS.values(), *ACTIVATIONS.values()],
    ids=lambda entry: entry.name,
)
def test_ranks(entry: KerasObject) -> None:
    target = reach(entry.path)
    given = {p.name: 1.0 for p in entry.parameters if p.required}
    for rank, allowed in list_ranks(entry):
        tensor = keras.ops.ones((2,) * rank)
        if inspect.isclass(target):
            assert works(lambda t=tensor: target()(t)) is allowed, rank
        else:
            assert works(lambda t=tensor: target(t, **given)) is allowed, rank


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_shapes_and_reach_of_activations(name: str) -> None:
    entry = ACTIVATIONS[name]
    given = {p.name: 1.0 for p in entry.parameters if p.required}
    function = reach(entry.path)
    before = keras.ops.convert_to_tensor([[0.0, 0.0, 0.0, 0.0]])
    after = keras.ops.convert_to_tensor([[0.0, 0.0, 0.0, 0.5]])
    first = keras.ops.convert_to_numpy(function(before, **given))
    second = keras.ops.convert_to_numpy(function(after, **given))
    assert (first.shape == (1, 4)) is entry.keeps_shape
    if entry.keeps_shape:
        assert (first[:, :3] == second[:, :3]).all() == entry.elementwise


@pytest.mark.parametrize("name", usable_activations())
def test_the_oracle_knows_activations(name: str) -> None:
    x = np.linspace(-4.0, 4.0, 34).reshape(2, 17)
    actual = keras.activations.get(name)(keras.ops.convert_to_tensor(x, "float32"))
    expected = kernel(name)(x)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(actual), expected, atol=2e-6)

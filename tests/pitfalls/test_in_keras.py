"""Pitfalls that the generated tests do not reach: policies, arrays, builds."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layergen.artifact import Target
from layergen.compiler import compile_source
from layergen.source import Source

keras = pytest.importorskip("keras")

from generated.seeds.biased_dense import BiasedDense  # noqa: E402
from generated.zoo.batch_norm import BatchNorm  # noqa: E402
from generated.zoo.pre_norm_feed_forward import PreNormFeedForward  # noqa: E402

pytestmark = pytest.mark.keras

INPUTS = np.array([[1.0, 2.0, 3.0]], "float32")
HEADER = "layergen: 1\nname: Tried\npackage: pitfalls\nsummary: Is tried.\n"
ENTRIES = """
arguments:
  entries: {type: array, dtype: DTYPE, rank: RANK}
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  table: {role: constant, value: entries, storage: STORAGE}
call: |
  return inputs * cast(sum(table), "float")
outputs: {shape: like inputs}
examples:
  - {arguments: {entries: EXAMPLE}, inputs: [[1.0, 2.0, 3.0]]}
"""


def made(spec: str) -> Any:
    """The class that is generated of a spec without its header."""
    compiled = compile_source(Source("tried.yaml", HEADER + spec), Target())
    assert compiled.export, compiled.diagnostics
    texts = {Path(a.path).name: a.content for a in compiled.artifacts}
    names: dict[str, Any] = {"__name__": "tried"}
    exec(compile(texts["tried.py"], "tried.py", "exec"), names)
    return names["Tried"]


def with_entries(dtype: str, rank: int = 1, storage: str = "attribute") -> Any:
    """A class that takes an array."""
    example = np.ones((1,) * rank, "int32").tolist()
    words = {"DTYPE": dtype, "RANK": rank, "STORAGE": storage, "EXAMPLE": example}
    text = ENTRIES
    for word, value in words.items():
        text = text.replace(word, str(value))
    return made(text)


def dtype_of(outputs: Any) -> str:
    name: str = keras.backend.standardize_dtype(outputs.dtype)
    return name


def again(layer: Any) -> Any:
    """A layer of the same config, which went through a file."""
    return type(layer).from_config(json.loads(json.dumps(layer.get_config())))


def test_policy_that_is_set_later() -> None:
    layer = BiasedDense(units=2, bias_value=0.1)
    assert dtype_of(layer(INPUTS)) == "float32"
    layer.dtype_policy = keras.DTypePolicy("mixed_bfloat16")
    assert dtype_of(layer(INPUTS)) == "bfloat16"


def test_policy_by_path() -> None:
    policies = keras.dtype_policies.DTypePolicyMap(default_policy="float32")
    policies["inner"] = keras.DTypePolicy("mixed_bfloat16")
    layer = BiasedDense(units=2, bias_value=0.1, dtype=policies, name="inner")
    layer.build((None, 3))  # Keras knows the path from here on
    assert dtype_of(layer(INPUTS)) == "bfloat16"


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("setting", ["dtype: float32", "autocast: false"])
def test_weights_of_a_fixed_dtype(setting: str, policy: str) -> None:
    spec = f"""
inputs: {{inputs: {{shape: [batch, 3]}}}}
parameters:
  gain: {{role: weight, shape: [3], {setting}}}
call: |
  return where(gain > 0.0, inputs, inputs * gain) + gain
outputs: {{shape: like inputs}}
"""
    layer = made(spec)(dtype=policy)
    assert dtype_of(layer(INPUTS)) == layer.compute_dtype
    assert dtype_of(layer(keras.Input((3,)))) == layer.compute_dtype
    assert layer.gain.dtype == "float32"


@pytest.mark.parametrize("storage", ["attribute", "weight"])
@pytest.mark.parametrize(
    ("dtype", "entries"),
    [
        ("int32", [1.9]),
        ("int32", [2**31]),
        ("int32", np.array([-(2**40)])),
        ("int32", np.array([2**31], "uint32")),
        ("uint8", [256]),
        ("uint8", np.array([-1], "int8")),
        ("int32", np.array([1], object)),
        ("int32", [True]),
    ],
)
def test_integers_that_change_are_refused(
    dtype: str, entries: Any, storage: str
) -> None:
    layer = with_entries(dtype, storage=storage)
    with pytest.raises(ValueError, match="Argument `entries` must be an array of"):
        layer(entries)


@pytest.mark.parametrize("storage", ["attribute", "weight"])
def test_integers_of_other_dtypes_are_kept(storage: str) -> None:
    for dtype, given in (("int32", "int8"), ("int32", "uint64"), ("uint8", "int64")):
        layer = with_entries(dtype, storage=storage)(np.array([7, 3], given))
        np.testing.assert_array_equal(layer(INPUTS), 10 * INPUTS)
        if storage == "attribute":
            assert layer.entries.dtype == again(layer).entries.dtype == dtype


@pytest.mark.parametrize("dtype", ["int32", "float"])
def test_byte_order(dtype: str) -> None:
    given = np.dtype("int32" if dtype == "int32" else "float64").newbyteorder()
    layer = with_entries(dtype)(np.array([7, 3], given))
    assert layer.entries.dtype.isnative
    np.testing.assert_array_equal(layer(INPUTS), 10 * INPUTS)


def test_arrays_without_entries() -> None:
    """Lists do not tell the shape of what holds nothing: loading raises."""
    layer = with_entries("float", rank=2)(np.zeros((0, 3)))
    with pytest.raises(TypeError, match="must be an array of rank 2"):
        again(layer)


@pytest.mark.parametrize("slope", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_lacks(slope: float) -> None:
    spec = """
arguments:
  slope: {type: float}
inputs: {inputs: {shape: [batch, 3]}}
call: |
  return inputs * slope
outputs: {shape: like inputs}
"""
    layer = made(spec)(slope)
    np.testing.assert_equal(again(layer).slope, slope)


def doubled(x: Any) -> Any:
    """An activation of a caller."""
    return 2.0 * x


keras.saving.register_keras_serializable(package="pitfalls")(doubled)


def test_activation_of_the_caller(tmp_path: Path) -> None:
    inputs = keras.Input((3,))
    layer = PreNormFeedForward(activation=doubled)
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[-1].activation is doubled
    expected = keras.ops.convert_to_numpy(model(INPUTS))
    found = keras.ops.convert_to_numpy(loaded(INPUTS))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_built_twice() -> None:
    """The second time fails, and leaves the weights alone."""
    layer = BatchNorm()
    layer.build((None, 3))
    before = [weight.path for weight in layer.weights]
    with pytest.raises(ValueError, match="cannot add new elements of state"):
        layer.build((None, 3))
    assert [weight.path for weight in layer.weights] == before


def test_build_after_one_that_failed() -> None:
    layer = BatchNorm()
    with pytest.raises(ValueError, match="must be known"):
        layer.build((None, None))
    assert layer.weights == []
    layer.build((None, 3))
    names = [weight.name for weight in layer.weights]
    assert sorted(names) == ["beta", "gamma", "moving_mean", "moving_variance"]

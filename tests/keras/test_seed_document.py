"""The three layers of the text that started the project, and the generated ones.

Written by hand, each has mistakes that show only later. Every test states one such
mistake of the hand-written layer, so that the claim stays true of the Keras in use, and
next to it that the generated layer has it not.
"""

import copy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from generated.seeds import BiasedDense, Lookup, ScaledLinear  # noqa: E402

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(
        keras.backend.backend() != "tensorflow", reason="the layers use TensorFlow"
    ),
]

POLICIES = ["mixed_float16", "mixed_bfloat16", "float64"]
TABLE = [0.1, 0.2, 0.3, 0.4, 0.5]


class ScaledLinearLayer(keras.layers.Layer):
    """A factor times a projection whose weight has one element and no name."""

    def __init__(self, input_shape: tuple[int, ...], factor: float) -> None:
        super().__init__(input_shape=input_shape)
        self.factor = tf.constant(factor)
        self.w = self.add_weight(shape=(1,), initializer="random_normal")

    def call(self, inputs: Any) -> Any:
        return self.factor * tf.matmul(inputs, self.w)


class BiasedDenseLayer(keras.layers.Layer):
    """A dense layer for ten features with a float32 tensor as its bias."""

    def __init__(self, units: int, value: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bias = tf.constant(value, shape=(units,))
        self.w = self.add_weight(shape=(10, units), initializer="random_normal")

    def call(self, inputs: Any) -> Any:
        return tf.matmul(inputs, self.w) + self.bias


class LookupLayer(keras.layers.Layer):
    """Keeps the array that it is given, and has no `get_config`."""

    def __init__(self, table: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.table = table

    def call(self, inputs: Any) -> Any:
        return tf.gather(self.table, inputs)


def scaled_linear_by_hand() -> Any:
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        return ScaledLinearLayer((3,), 2.0)


def lookup_models() -> tuple[Any, Any]:
    """A model of the hand-written layer, and one of the generated layer."""
    array = np.array(TABLE, "float32")
    models = []
    for layer in (LookupLayer(array), Lookup(array)):
        inputs = keras.Input((2,), dtype="int32")
        models.append(keras.Model(inputs, layer(inputs)))
    return models[0], models[1]


def test_scaled_linear_is_called_eagerly() -> None:
    inputs = np.array([[1.0, 2.0, 3.0]], "float32")
    with pytest.raises(tf.errors.InvalidArgumentError, match="ndims must be >= 2"):
        scaled_linear_by_hand()(inputs)

    layer = ScaledLinear(2, scale_factor=2.0)
    layer.build((None, 3))
    layer.kernel.assign([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    np.testing.assert_array_equal(layer(inputs), [[8.0, 10.0]])


def test_scaled_linear_is_called_symbolically() -> None:
    inputs = keras.Input((3,))
    with pytest.raises(ValueError, match="must be rank 2 but is rank 1"):
        scaled_linear_by_hand()(inputs)
    assert ScaledLinear(2)(inputs).shape == (None, 2)


def test_scaled_linear_names_its_arguments_and_weights() -> None:
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        by_hand = ScaledLinearLayer((3,), 2.0)
    assert by_hand.w.name.startswith("variable")

    layer = ScaledLinear(2)
    layer.build((None, 3))
    assert [w.path for w in layer.weights] == [f"{layer.name}/kernel"]


@pytest.mark.parametrize("width", [1, 7, 11])
def test_biased_dense_takes_any_width(width: int) -> None:
    inputs = np.ones((1, width), "float32")
    with pytest.raises(tf.errors.InvalidArgumentError, match="Matrix size-incomp"):
        BiasedDenseLayer(5, 0.5)(inputs)
    assert BiasedDense(5, 0.5)(inputs).shape == (1, 5)


@pytest.mark.parametrize("policy", POLICIES)
def test_biased_dense_follows_the_policy(policy: str) -> None:
    inputs = np.ones((1, 10), "float32")
    BiasedDenseLayer(5, 0.5)(inputs)  # float32 works
    by_hand = BiasedDenseLayer(5, 0.5, dtype=policy)
    with pytest.raises(tf.errors.InvalidArgumentError, match="cannot compute AddV2"):
        by_hand(inputs)

    layer = BiasedDense(5, 0.5, dtype=policy)
    assert layer(inputs).dtype.name == layer.compute_dtype


def test_biased_dense_loads_without_custom_objects(tmp_path: Path) -> None:
    inputs = np.ones((1, 10), "float32")
    path = tmp_path / "by_hand.keras"
    keras.Sequential([keras.Input((10,)), BiasedDenseLayer(5, 0.5)]).save(path)
    with pytest.raises(TypeError, match="Could not locate class 'BiasedDenseLayer'"):
        keras.saving.load_model(path)
    known = {"BiasedDenseLayer": BiasedDenseLayer}
    keras.saving.load_model(path, custom_objects=known)

    model = keras.Sequential([keras.Input((10,)), BiasedDense(5, 0.5)])
    model.save(tmp_path / "generated.keras")
    loaded = keras.saving.load_model(tmp_path / "generated.keras")
    np.testing.assert_array_equal(loaded(inputs), model(inputs))


def test_lookup_is_saved(tmp_path: Path) -> None:
    by_hand, model = lookup_models()
    with pytest.raises(NotImplementedError, match="non-serializable"):
        by_hand.save(tmp_path / "by_hand.keras")

    model.save(tmp_path / "generated.keras")
    loaded = keras.saving.load_model(tmp_path / "generated.keras")
    indices = np.array([[0, 4]])
    np.testing.assert_array_equal(loaded(indices), model(indices))


def test_lookup_is_cloned() -> None:
    by_hand, model = lookup_models()
    with pytest.raises(NotImplementedError, match="non-serializable"):
        keras.models.clone_model(by_hand)

    clone = keras.models.clone_model(model)
    indices = np.array([[3, 2]])
    np.testing.assert_array_equal(clone(indices), model(indices))


def test_lookup_is_copied() -> None:
    with pytest.raises(NotImplementedError, match="non-serializable"):
        copy.deepcopy(LookupLayer(np.array(TABLE)))

    layer = Lookup(TABLE)
    np.testing.assert_array_equal(copy.deepcopy(layer).lookup_table, TABLE)


@pytest.mark.parametrize("policy", POLICIES)
def test_lookup_follows_the_policy(policy: str) -> None:
    indices = np.array([0, 2, 4])
    by_hand = LookupLayer(np.array(TABLE, "float32"), dtype=policy)
    assert by_hand(indices).dtype.name == "float32"  # says nothing, computes on

    layer = Lookup(TABLE, dtype=policy)
    assert layer(indices).dtype.name == layer.compute_dtype


def test_lookup_does_not_see_changes_of_the_callers_array() -> None:
    array = np.array(TABLE, "float32")
    by_hand, layer = LookupLayer(array), Lookup(array)
    array[:] = 0.0
    assert by_hand(np.array([4])).numpy() == 0.0
    assert layer(np.array([4])).numpy() == np.float32(0.5)


def test_lookup_takes_floats_the_default_of_input() -> None:
    inputs = keras.Input((2,))
    with pytest.raises(TypeError):
        LookupLayer(np.array(TABLE))(inputs)
    assert Lookup(TABLE)(inputs).shape == (None, 2)

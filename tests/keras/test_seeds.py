"""The three seed layers in every mode of TensorFlow, against NumPy written by hand."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
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
        keras.backend.backend() != "tensorflow", reason="shows TensorFlow's modes"
    ),
]

GENERATED = Path(__file__).parents[2] / "generated"
TABLE = [0.1, -0.2, 0.3, 1.4, 257.5]
RANDOM = np.random.default_rng(11)


@dataclass(frozen=True)
class Seed:
    """A seed layer.

    Attributes:
        name: its class name.
        make: its constructor, with arguments but for those of Keras.
        expected: its output in NumPy, from the inputs and the kernel.
        constants: its constants, by attribute.
        integers: whether its inputs are indices, which have no width.
    """

    name: str
    make: Callable[..., Any]
    expected: Callable[[Any, Any], Any]
    constants: dict[str, Any]
    integers: bool = False

    def draw(self, *shape: int) -> Any:
        """Inputs of a shape."""
        if self.integers:
            return RANDOM.integers(0, len(TABLE), shape, "int32")
        return RANDOM.normal(size=shape).astype("float32")

    def model(self, layer: Any = None) -> Any:
        """A functional model of the layer, for inputs of width 4."""
        inputs = keras.Input((4,), dtype="int32" if self.integers else None)
        return keras.Model(inputs, (layer or self.make())(inputs))


SEEDS = [
    Seed(
        "ScaledLinear",
        lambda **kwargs: ScaledLinear(3, scale_factor=0.1, **kwargs),
        lambda inputs, kernel: 0.1 * np.einsum("...i,ij->...j", inputs, kernel),
        {"scale_factor": 0.1},
    ),
    Seed(
        "BiasedDense",
        lambda **kwargs: BiasedDense(3, bias_value=0.7, **kwargs),
        lambda inputs, kernel: np.einsum("...i,ij->...j", inputs, kernel) + 0.7,
        {"bias_value": 0.7, "_bias": np.full(3, 0.7)},
    ),
    Seed(
        "Lookup",
        lambda **kwargs: Lookup(TABLE, **kwargs),
        lambda inputs, kernel: np.array(TABLE)[inputs],
        {"lookup_table": np.array(TABLE)},
        integers=True,
    ),
]
every_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)


def kernel_of(layer: Any) -> Any:
    """The kernel in double precision; None if the layer has no weights."""
    kernels = [keras.ops.convert_to_numpy(w) for w in layer.weights]
    return kernels[0].astype("float64") if kernels else None


def assert_close(actual: Any, expected: Any, tolerance: float = 1e-6) -> None:
    actual = keras.ops.convert_to_numpy(actual).astype("float64")
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


def assert_constants(layer: Any, seed: Seed) -> None:
    """Exactly as given, in double precision, and not among the weights."""
    for name, value in seed.constants.items():
        np.testing.assert_array_equal(getattr(layer, name), value)
        if isinstance(value, np.ndarray):
            assert getattr(layer, name).dtype == "float64"
            with pytest.raises(ValueError, match="read-only"):
                getattr(layer, name)[0] = 0.0
    assert len(layer.weights) == (0 if seed.integers else 1)
    assert layer.non_trainable_weights == []


@every_seed
@pytest.mark.parametrize("shape", [(2, 1), (2, 7), (5, 10), (2, 3, 5), (2, 1, 3, 4)])
def test_eager(seed: Seed, shape: tuple[int, ...]) -> None:
    layer, inputs = seed.make(), seed.draw(*shape)
    outputs = layer(inputs)
    assert_close(outputs, seed.expected(inputs, kernel_of(layer)))
    assert layer.compute_output_shape(shape) == tuple(outputs.shape)
    assert_constants(layer, seed)


@pytest.mark.parametrize("shape", [(), (6,)])
def test_lookup_of_low_rank(shape: tuple[int, ...]) -> None:
    inputs = SEEDS[2].draw(*shape)
    assert_close(SEEDS[2].make()(inputs), np.asarray(SEEDS[2].expected(inputs, None)))


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_lookup_of_float_indices(policy: str) -> None:
    """Floats are the default of `keras.Input`; 257 is none in half precision."""
    layer = Lookup(np.arange(300) % 128, dtype=policy)
    assert_close(layer(np.array([257.0], "float32")), np.array([1.0]))


@every_seed
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_first_use_in_a_function(seed: Seed, jit: bool) -> None:
    """The layer is built while TensorFlow traces; later it works outside as well."""
    layer, inputs = seed.make(), seed.draw(2, 4)
    function = tf.function(layer, jit_compile=jit)
    outputs = function(inputs)
    expected = seed.expected(inputs, kernel_of(layer))
    assert_close(outputs, expected)
    assert_close(function(inputs), expected)
    assert_close(layer(inputs), expected)
    wider = seed.draw(3, 2, 4)
    assert_close(function(wider), seed.expected(wider, kernel_of(layer)))


@every_seed
def test_functional_model(seed: Seed) -> None:
    layer, inputs = seed.make(), seed.draw(5, 2, 4)
    symbol = keras.Input((None, 4), dtype="int32" if seed.integers else None)
    model = keras.Model(symbol, layer(symbol))
    assert model.output_shape == (None, None, 4 if seed.integers else 3)
    expected = seed.expected(inputs, kernel_of(layer))
    assert_close(model(inputs), expected)
    assert_close(model.predict(inputs, verbose=0), expected)


@every_seed
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_fit(seed: Seed, jit: bool) -> None:
    layer, inputs = seed.make(), seed.draw(4, 4)
    model = keras.Sequential([layer, keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse", jit_compile=jit)
    model.build((None, 4))
    before = model.get_weights()
    model.fit(inputs, np.ones((4, 1)), epochs=1, batch_size=4, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        assert np.all(old != new)
    assert_constants(layer, seed)
    assert_close(layer(inputs), seed.expected(inputs, kernel_of(layer)))


@every_seed
@pytest.mark.parametrize(
    ("policy", "compute_dtype", "tolerance"),
    [
        ("float32", "float32", 1e-6),
        ("float64", "float64", 1e-14),  # a constant in single precision errs by 1e-9
        ("mixed_float16", "float16", 5e-3),
        ("mixed_bfloat16", "bfloat16", 3e-2),
    ],
)
def test_policy(seed: Seed, policy: str, compute_dtype: str, tolerance: float) -> None:
    layer, inputs = seed.make(dtype=policy), seed.draw(2, 4)
    outputs = layer(inputs)
    assert outputs.dtype.name == compute_dtype
    assert seed.model(seed.make(dtype=policy)).output.dtype == compute_dtype
    assert_close(outputs, seed.expected(inputs, kernel_of(layer)), tolerance)
    variable_dtype = "float64" if policy == "float64" else "float32"
    assert all(weight.dtype == variable_dtype for weight in layer.weights)


@pytest.mark.parametrize("seed", SEEDS[:2], ids=lambda seed: seed.name)
def test_gradients(seed: Seed) -> None:
    """Of the sum: by hand, and with respect to nothing but the kernel and inputs."""
    layer, inputs = seed.make(), tf.constant(seed.draw(2, 4))
    layer.build((2, 4))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(layer(inputs))
    assert len(tape.watched_variables()) == len(layer.trainable_weights) == 1
    by_inputs, by_kernel = tape.gradient(total, [inputs, layer.kernel.value])
    factor = 0.1 if seed.name == "ScaledLinear" else 1.0
    columns = inputs.numpy().sum(axis=0)[:, None]
    assert_close(by_kernel, factor * np.tile(columns, (1, 3)))
    rows = kernel_of(layer).sum(axis=1)[None]
    assert_close(by_inputs, factor * np.tile(rows, (2, 1)))


def test_lookup_has_nothing_to_train() -> None:
    factor = tf.Variable(2.0)
    layer, inputs = SEEDS[2].make(), SEEDS[2].draw(2, 4)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(inputs) * factor)
    assert layer.weights == []
    assert [v is factor for v in tape.watched_variables()] == [True]
    expected = np.asarray(SEEDS[2].expected(inputs, None).sum())
    assert_close(tape.gradient(total, factor), expected)


FRESH = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("layergen", "generated"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refuse())

import keras
import numpy as np
import tensorflow as tf
import vendored.seeds

for name in vendored.seeds.__all__:
    inputs = np.load(f"{name}.npy")
    model = keras.saving.load_model(f"{name}.keras")
    layer = model.layers[-1]
    assert type(layer) is getattr(vendored.seeds, name)
    constants = {k: v for k, v in vars(layer).items() if isinstance(v, np.ndarray)}
    exported = tf.saved_model.load(f"{name}_exported")
    np.savez(
        f"{name}_fresh.npz",
        loaded=model(inputs),
        exported=exported.serve(inputs),
        scale_factor=getattr(layer, "scale_factor", np.nan),
        bias_value=getattr(layer, "bias_value", np.nan),
        **constants,
    )
assert "layergen" not in sys.modules
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a process found that has only the generated package.

    The package stands there under another name, as a team may vendor it anywhere.
    """
    folder = tmp_path_factory.mktemp("fresh")
    ignored = shutil.ignore_patterns("__pycache__", "tests")
    shutil.copytree(GENERATED, folder / "vendored", ignore=ignored)
    for seed in SEEDS:
        model, inputs = seed.model(), seed.draw(5, 4)
        np.save(folder / f"{seed.name}.npy", inputs)
        np.save(folder / f"{seed.name}_outputs.npy", model(inputs))
        model.save(folder / f"{seed.name}.keras")
        model.export(folder / f"{seed.name}_exported", verbose=False)
    (folder / "fresh.py").write_text(FRESH)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, "fresh.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return folder


@every_seed
def test_loaded_in_a_fresh_process(seed: Seed, fresh: Path) -> None:
    found = np.load(fresh / f"{seed.name}_fresh.npz")
    np.testing.assert_array_equal(
        found["loaded"], np.load(fresh / f"{seed.name}_outputs.npy")
    )
    for name, value in seed.constants.items():
        np.testing.assert_array_equal(found[name], value)


@every_seed
def test_exported_to_a_fresh_process(seed: Seed, fresh: Path) -> None:
    found = np.load(fresh / f"{seed.name}_fresh.npz")
    assert_close(found["exported"], np.load(fresh / f"{seed.name}_outputs.npy"))

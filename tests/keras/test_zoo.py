"""Layers of the zoo do what Keras's own layers of that kind do."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

ROOT = Path(__file__).resolve().parents[2]
UNITS, FEATURES = 4, 3
SEQUENCES = np.random.default_rng(3).normal(size=(2, 5, FEATURES)).astype("float32")

LOADED = """
import json, sys
import keras, numpy as np
from generated.zoo.gated_recurrent_cell import GatedRecurrentCell
model = keras.saving.load_model(sys.argv[1])
print(json.dumps(model.predict(np.load(sys.argv[2]), verbose=0).tolist()))
"""


def layer_of(cell, **options):
    return keras.layers.RNN(cell, return_sequences=True, **options)


@pytest.fixture(scope="module")
def pair():
    """Our cell and Keras's layer, with the same weights."""
    from generated.zoo import GatedRecurrentCell

    ours = layer_of(GatedRecurrentCell(UNITS), return_state=True)
    theirs = keras.layers.GRU(UNITS, return_sequences=True, return_state=True)
    for layer in (ours, theirs):
        layer(SEQUENCES)
    random = np.random.default_rng(4)
    values = [random.normal(size=w.shape) for w in theirs.weights]
    assert [w.shape for w in ours.weights] == [w.shape for w in theirs.weights]
    ours.set_weights(values)
    theirs.set_weights(values)
    return ours, theirs


def test_outputs_and_state(pair) -> None:
    ours, theirs = pair
    for one, other in zip(ours(SEQUENCES), theirs(SEQUENCES), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("options", [{"unroll": True}, {"go_backwards": True}])
def test_ways_to_run(pair, options) -> None:
    from generated.zoo import GatedRecurrentCell

    ours = layer_of(GatedRecurrentCell(UNITS), **options)
    theirs = keras.layers.GRU(UNITS, return_sequences=True, **options)
    for layer in (ours, theirs):
        layer(SEQUENCES)
        layer.set_weights(pair[1].get_weights())
    np.testing.assert_allclose(ours(SEQUENCES), theirs(SEQUENCES), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("jit", [False, True])
def test_training_and_file(jit: bool, tmp_path: Path) -> None:
    from generated.zoo import GatedRecurrentCell

    model = keras.Sequential(
        [keras.Input((None, FEATURES)), layer_of(GatedRecurrentCell(UNITS))]
    )
    model.compile(optimizer="sgd", loss="mse", jit_compile=jit)
    before = model.get_weights()
    targets = np.ones((2, 5, UNITS), "float32")
    model.fit(SEQUENCES, targets, verbose=0)
    after = model.get_weights()
    assert all(np.any(a != b) for a, b in zip(before, after, strict=True))
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "inputs.npy", SEQUENCES)
    arguments = [str(tmp_path / "model.keras"), str(tmp_path / "inputs.npy")]
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(ended.stdout.splitlines()[-1])
    expected = model.predict(SEQUENCES, verbose=0)
    np.testing.assert_allclose(loaded, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_attention(causal: bool, masked: bool) -> None:
    from generated.zoo import MultiHeadAttention

    random = np.random.default_rng(5)
    query = random.normal(size=(2, 4, 6)).astype("float32")
    value = random.normal(size=(2, 4, 3)).astype("float32")
    ours = MultiHeadAttention(heads=2, depth=5, use_bias=False)
    theirs = keras.layers.MultiHeadAttention(2, 5, use_bias=False)
    options = {"use_causal_mask": causal}
    if masked:
        options["value_mask"] = np.array([[True] * 4, [True, True, False, False]])
    ours(query, value)
    theirs(query, value)
    paths = {w.path.rsplit("/", 2)[-2]: w for w in theirs.weights}
    weights = {
        "query": ours.query_kernel,
        "key": ours.key_kernel,
        "value": ours.value_kernel,
        "attention_output": ours.output_kernel,
    }
    for name, weight in weights.items():
        paths[name].assign(weight.value)
    actual = ours(query, value, **options, return_scores=True)
    expected = theirs(query, value, **options, return_attention_scores=True)
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_rotation_far_from_the_start(policy: str) -> None:
    """Half precision would know neither the position nor the slower angles."""
    from generated.zoo import RotaryEmbedding

    x = np.random.default_rng(6).normal(size=(2, 4, 3, 8)).astype("float32")
    pairs = x[..., :4] + 1j * x[..., 4:]
    angles = np.arange(5000, 5004)[:, None, None] * 10000.0 ** (-np.arange(4) / 4)
    turned = pairs * np.exp(1j * angles)
    expected = np.concatenate([turned.real, turned.imag], axis=-1)
    actual = RotaryEmbedding(dtype=policy)(x, start_index=5000)
    tolerance = 1e-3 if policy == "float32" else 3e-2
    actual = keras.ops.cast(actual, "float32")
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


def test_largest_singular_value() -> None:
    from generated.zoo import SpectralDense

    x = np.random.default_rng(7).normal(size=(2, 5)).astype("float32")
    layer = SpectralDense(4, power_iterations=100)
    layer(x, training=True)
    kernel = np.array(layer.kernel)
    expected = x @ kernel / np.linalg.svd(kernel)[1][0]
    np.testing.assert_allclose(layer(x), expected, rtol=1e-4, atol=1e-5)


def test_nearest_codes() -> None:
    from generated.zoo import VectorQuantizer

    x = np.random.default_rng(8).normal(size=(4, 3, 5)).astype("float32")
    layer = VectorQuantizer(6, decay=0.75, codebook_initializer="random_normal")
    outputs = layer(x, training=True)
    book = np.array(layer.codebook)
    nearest = ((x[..., None, :] - book) ** 2).sum(-1).argmin(-1)
    np.testing.assert_allclose(outputs, book[nearest], rtol=1e-5, atol=1e-6)
    counts = 0.75 + 0.25 * np.bincount(nearest.ravel(), minlength=6)
    np.testing.assert_allclose(layer.counts, counts, rtol=1e-6)
    loss = 1.25 * ((book[nearest] - x) ** 2).mean()
    np.testing.assert_allclose(np.sum(layer.losses), loss, rtol=1e-5)


def test_recurrence_of_two_states() -> None:
    """A loop over time does what `keras.layers.LSTM` does, and learns as it does."""
    from generated.zoo import LongShortTermMemory

    ours = LongShortTermMemory(UNITS)
    theirs = keras.layers.LSTM(UNITS, return_sequences=True)
    random = np.random.default_rng(4)
    for layer in (ours, theirs):
        layer(SEQUENCES)
    assert [w.shape for w in ours.weights] == [w.shape for w in theirs.weights]
    assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
    np.testing.assert_array_equal(*(layer.get_weights()[2] for layer in (ours, theirs)))
    values = [random.normal(size=w.shape) for w in theirs.weights]
    targets = random.normal(size=(2, 5, UNITS))
    for layer in (ours, theirs):
        layer.set_weights(values)
    outputs = [layer(SEQUENCES) for layer in (ours, theirs)]
    one, other = map(keras.ops.convert_to_numpy, outputs)
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    for layer in (ours, theirs):
        model = keras.Sequential([keras.Input((None, FEATURES)), layer])
        model.compile(optimizer=keras.optimizers.SGD(1.0), loss="mse")
        model.fit(SEQUENCES, targets, verbose=0)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_a_loop_over_time_is_not_compiled_where_it_cannot_be() -> None:
    """XLA has no gradient of it on TensorFlow, and Keras must be told."""
    from generated.zoo import LongShortTermMemory

    model = keras.Sequential([keras.Input((5, FEATURES)), LongShortTermMemory(UNITS)])
    if keras.backend.backend() == "tensorflow":
        with pytest.warns(UserWarning, match="jit_compile"):
            model.compile(optimizer="sgd", loss="mse", jit_compile=True)
    else:
        model.compile(optimizer="sgd", loss="mse", jit_compile="auto")
    model.fit(SEQUENCES, np.ones((2, 5, UNITS)), verbose=0)

"""Each kind of parameter lives where `layergen.passes.place` says, and works there.

The specs of `kinds.py` are compiled and imported once; their generated tests run once,
in a process of their own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.compiled import imported, write_compiled
from tests.keras.kinds import SPECS

from layergen.layer import Loaded, Written
from layergen.passes import place
from layergen.source import Source

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

LIMIT = 400
"""Bytes that count as large here, so that a large array still fits into a test."""
LARGE = np.linspace(-1.0, 1.0, 100).reshape(50, 2)
SMALLER = LARGE[:-1]

INPUTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
HEAD = "layergen: 1\nname: {name}\npackage: kinds\nsummary: Shows a kind.\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `placed` holds the generated layers and tests."""
    root = tmp_path_factory.mktemp("places")
    specs = root / "specs"
    specs.mkdir()
    np.save(specs / "large.npy", LARGE)
    np.save(specs / "smaller.npy", SMALLER)
    texts = {n: HEAD.format(name=n) + body.lstrip() for n, body in SPECS.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "LARGE", LIMIT)
        sources = (Source(f"specs/{n}.yaml", texts[n], str(specs)) for n in texts)
        write_compiled(sources, "placed", root)
    return root


@pytest.fixture(scope="module")
def kinds(root: Path) -> Iterator[Any]:
    """The package of the generated layers."""
    with imported(root, "placed.kinds") as kinds:
        yield kinds


def paths_of(layer: Any) -> set[str]:
    return {weight.path.removeprefix(f"{layer.path}/") for weight in layer.weights}


def built(layer: Any, inputs: Any = INPUTS) -> Any:
    layer(inputs)
    return layer


def own_config(layer: Any) -> Mapping[str, Any]:
    """What the config holds beyond that of any layer, once it went through JSON."""
    base = keras.layers.Layer.get_config(layer)
    config = json.loads(json.dumps(layer.get_config()))
    return {key: value for key, value in config.items() if key not in base}


def assert_attribute(layer: Any, name: str, expected: Any, dtype: str) -> None:
    """A read-only NumPy array of a fixed dtype, and no weight."""
    array = getattr(layer, name)
    assert type(array) is np.ndarray
    assert array.dtype == dtype
    assert not array.flags.writeable
    np.testing.assert_array_equal(array, np.asarray(expected, dtype))
    assert name.removeprefix("_") not in paths_of(layer)


def assert_stored(layer: Any, name: str, *, dtype: str, autocast: bool) -> None:
    """A weight that no optimizer moves."""
    variable = getattr(layer, name)
    assert isinstance(variable, keras.Variable)
    assert name in paths_of(layer)
    assert not variable.trainable
    assert variable.dtype == dtype
    assert variable._autocast is autocast
    assert not hasattr(layer, f"_{name}")


@pytest.mark.parametrize(
    ("name", "attribute", "expected"),
    [
        ("NumberFromLiteral", "offset", 0.1),
        ("NumberFromLiteral", "factor", 0.1 * 3),
        ("NumberFromArgument", "slope", 0.1),
        ("NumberFromArgument", "root", 0.1 * 0.1 + 1.0),
        ("NumberFromShape", "share", 1 / 3),
    ],
)
def test_number(kinds: Any, name: str, attribute: str, expected: float) -> None:
    layer = built(getattr(kinds, name)())
    assert type(getattr(layer, attribute)) is float
    assert getattr(layer, attribute) == expected
    assert not layer.weights
    halved = getattr(kinds, name)(dtype="bfloat16")(INPUTS)
    assert keras.backend.standardize_dtype(halved.dtype) == "bfloat16"


def test_number_of_an_argument_is_in_the_config(kinds: Any) -> None:
    layer = kinds.NumberFromArgument(np.float32(0.5))
    assert own_config(layer) == {"slope": 0.5}
    assert type(layer.slope) is float
    assert not hasattr(layer, "gain")
    assert own_config(kinds.NumberFromLiteral()) == {}


@pytest.mark.parametrize(
    ("name", "attribute", "expected", "dtype"),
    [
        ("FloatTable", "_table", [0.1, 0.2, 0.3], "float64"),
        ("IntTable", "_order", [2, 0, 1], "int32"),
        ("BoolTable", "_kept", [True, False, True], "bool"),
    ],
)
def test_table(
    kinds: Any, name: str, attribute: str, expected: Any, dtype: str
) -> None:
    layer = getattr(kinds, name)()
    assert_attribute(layer, attribute, expected, dtype)
    assert_attribute(built(layer), attribute, expected, dtype)
    assert own_config(layer) == {}
    other = getattr(kinds, name)()
    assert getattr(other, attribute) is not getattr(layer, attribute)


def test_array_argument(kinds: Any) -> None:
    entries = np.array([0.1, 0.2, 0.3], "float32")
    layer = built(kinds.TableOfArgument(entries), np.array([1, 2]))
    expected = entries.astype("float64")
    entries[:] = 0
    assert_attribute(layer, "entries", expected, "float64")
    assert own_config(layer) == {"entries": expected.tolist()}


def test_derived_from_an_argument(kinds: Any) -> None:
    layer = kinds.DerivedFromArgument(4)
    assert_attribute(layer, "_phase", np.arange(4) * (np.pi / 4), "float64")
    assert own_config(layer) == {"units": 4}


def test_derived_from_the_input_shape(kinds: Any) -> None:
    layer = kinds.DerivedFromShape()
    assert not hasattr(layer, "_ramp")
    assert_attribute(built(layer), "_ramp", np.arange(3) / 3, "float64")


def test_hoisted(kinds: Any) -> None:
    """What the call computes from sizes alone is computed once, in `build`."""
    layer = built(kinds.Hoisted())
    assert_attribute(layer, "_ramp", np.arange(3) / 3, "float64")
    arrays = [v for v in vars(layer).values() if isinstance(v, np.ndarray)]
    assert len(arrays) == 2
    np.testing.assert_array_equal(arrays[1], np.cos(np.arange(3) / 3))
    assert paths_of(layer) == {"kernel"}


def test_files(kinds: Any) -> None:
    """A small file is an attribute, a large one a weight that keeps its dtype."""
    rows = np.array([3, 0])
    small = kinds.SmallFile()
    assert_attribute(small, "_table", SMALLER, "float64")
    assert not built(small, rows).weights
    large = built(kinds.LargeFile(dtype="mixed_bfloat16"), rows)
    assert_stored(large, "table", dtype="float32", autocast=False)
    kept = keras.ops.convert_to_numpy(large.table)
    np.testing.assert_array_equal(kept, LARGE.astype("float32"))
    assert keras.backend.standardize_dtype(large(rows).dtype) == "bfloat16"


def test_an_array_is_large_from_one_megabyte_on() -> None:
    """In single precision, which is what a graph would hold."""
    assert place.LARGE == 1_000_000
    for source in (
        Written(np.zeros(250_000)),
        Loaded("a.npy", np.zeros((500, 500)), ""),
    ):
        assert place.is_large(source)
    assert not place.is_large(Written(np.zeros(249_999)))


def test_storage_that_the_spec_asks_for(kinds: Any) -> None:
    layer = built(
        kinds.Stored([0.1, 0.2, 0.3], dtype="mixed_float16"), np.array([0, 1])
    )
    assert_stored(layer, "table", dtype="float32", autocast=False)
    assert_stored(layer, "order", dtype="int32", autocast=True)
    assert own_config(layer) == {"entries_shape": [3]}
    held = keras.ops.convert_to_numpy(layer.table)
    np.testing.assert_array_equal(held, np.array([0.1, 0.2, 0.3], "float32"))
    assert layer._entries is None  # no second copy stays in memory


def test_drawn(kinds: Any, tmp_path: Path) -> None:
    layer = kinds.Drawn(seed=3)
    model = keras.Sequential([keras.Input((3,)), layer])
    for name in ("first", "second"):
        assert_stored(layer, name, dtype="float32", autocast=True)
    first, second = (keras.ops.convert_to_numpy(w) for w in layer.weights)
    assert not np.array_equal(first, second)
    assert own_config(layer) == {"seed": 3}
    again = built(kinds.Drawn.from_config(layer.get_config()))
    np.testing.assert_array_equal(again.first, first)

    model.save_weights(tmp_path / "drawn.weights.h5")
    other = keras.Sequential([keras.Input((3,)), kinds.Drawn(seed=4)])
    assert not np.array_equal(other.layers[0].first, first)
    other.load_weights(tmp_path / "drawn.weights.h5")
    np.testing.assert_array_equal(other.layers[0].first, first)
    np.testing.assert_array_equal(other.layers[0].second, second)


def test_a_seed_that_is_not_given_is_drawn_and_kept(kinds: Any) -> None:
    keras.utils.set_random_seed(5)
    layers = [kinds.Drawn(), kinds.Drawn()]
    seeds = [own_config(layer)["seed"] for layer in layers]
    assert seeds[0] != seeds[1]
    keras.utils.set_random_seed(5)
    assert own_config(kinds.Drawn())["seed"] == seeds[0]


def test_state(kinds: Any) -> None:
    layer = built(kinds.Counter(dtype="mixed_bfloat16"))
    assert_stored(layer, "steps", dtype="int32", autocast=True)
    assert_stored(layer, "total", dtype="float32", autocast=False)
    for _ in range(3):
        layer(INPUTS, training=True)
    layer(INPUTS, training=False)
    assert int(layer.steps) == 3
    total = keras.ops.convert_to_numpy(layer.total)
    np.testing.assert_array_equal(total, 3 * INPUTS.sum(axis=0))


def test_conditional_weight(kinds: Any) -> None:
    layer = built(kinds.Conditional())
    assert paths_of(layer) == {"kernel", "bias"}
    assert layer.bias.trainable
    without = built(kinds.Conditional(use_bias=False))
    assert paths_of(without) == {"kernel"}
    assert without.bias is None


def test_generated_tests_of_every_kind_pass(root: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "placed/tests"]
    ended = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    for name in SPECS:
        assert list(root.glob(f"placed/tests/kinds/test_{snake(name)}.py"))


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

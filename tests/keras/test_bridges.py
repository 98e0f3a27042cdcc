"""Models that were saved before a rename or a removal load after it.

The class before writes real files, by its own name; the class after, which a spec with
`renamed_from` or `deprecated` makes, reads them.
"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.compiled import imported, write_compiled

from layergen.source import Source

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

HEAD = """\
layergen: 1
name: {name}
package: {package}
summary: Multiplies its input.
"""
REST = """
inputs:
  inputs: {shape: [batch, features]}
outputs: {shape: like inputs}
"""
SPECS = {
    "Renamed": (
        "arguments:\n  factor: {type: float}\ncall: return inputs * factor",
        "arguments:\n  scale: {type: float, renamed_from: factor}\n"
        "call: return inputs * scale",
    ),
    "RenamedTwice": (
        "arguments:\n  first: {type: float}\ncall: return inputs * first",
        "arguments:\n  third: {type: float, renamed_from: [second, first]}\n"
        "call: return inputs * third",
    ),
    "Removed": (
        "arguments:\n  factor: {type: float}\n  times: {type: int, default: 1}\n"
        "call: return inputs * factor",
        "arguments:\n  factor: {type: float}\n"
        "  times: {type: deprecated, doc: Once is enough.}\n"
        "call: return inputs * factor",
    ),
    "Weight": (
        "parameters:\n  gamma: {role: weight, shape: [features], configurable: true}\n"
        "call: return inputs * gamma",
        "parameters:\n  scale:\n    {role: weight, shape: [features], configurable:"
        " true, renamed_from: gamma}\ncall: return inputs * scale",
    ),
    "Stored": (
        "arguments:\n  entries: {type: array, rank: 1}\nparameters:\n"
        "  table: {role: constant, value: entries, storage: weight}\n"
        "call: return inputs * sum(table)\n"
        "examples:\n  - {arguments: {entries: [1.0, 2.0]}, inputs: [[1.0]]}",
        "arguments:\n  values: {type: array, rank: 1, renamed_from: entries}\n"
        "parameters:\n"
        "  rows:\n    {role: constant, value: values, storage: weight,"
        " renamed_from: table}\n"
        "call: return inputs * sum(rows)\n"
        "examples:\n  - {arguments: {values: [1.0, 2.0]}, inputs: [[1.0]]}",
    ),
    "Moved": (
        "arguments:\n  factor: {type: float}\ncall: return inputs * factor",
        "arguments:\n  factor: {type: float}\ncall: return inputs * factor",
    ),
    "Drawn": (
        "parameters:\n"
        "  noise: {role: constant, shape: [features], initializer: random_normal}\n"
        "call: return inputs + noise",
        "parameters:\n  offsets: {role: constant, shape: [features],"
        " initializer: random_normal, renamed_from: noise}\n"
        "call: return inputs + offsets",
    ),
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "Renamed": {"factor": 3.0},
    "RenamedTwice": {"first": 4.0},
    "Removed": {"factor": 2.0, "times": 5},
    "Weight": {"gamma_regularizer": "l2", "gamma_initializer": "he_normal"},
    "Stored": {"entries": [1.0, 2.5]},
    "Moved": {"factor": 3.0},
    "Drawn": {"seed": 3},
}
INPUTS = np.array([[1.0, -2.0, 0.5]], "float32")


def _head(name: str, version: int) -> str:
    moved = version and name == "Moved"
    head = HEAD.format(name=name, package="others" if moved else "bridges")
    return f"{head}renamed_from: bridges>Moved\n" if moved else head


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the layers before, in `old_layers`, and after, in `new_layers`."""
    root = tmp_path_factory.mktemp("bridges")
    for i, module in enumerate(("old_layers", "new_layers")):
        sources = (
            Source(f"specs/{name}.yaml", _head(name, i) + texts[i] + REST)
            for name, texts in SPECS.items()
        )
        write_compiled(sources, module, root)
    return root


@pytest.fixture(scope="module")
def saved(root: Path) -> dict[str, Any]:
    """The outputs of the models that the layers before have saved."""
    outputs = {}
    with imported(root, "old_layers.bridges") as old:
        for name in SPECS:
            inputs = keras.Input((3,))
            layer = getattr(old, name)(**ARGUMENTS[name], name="subject")
            model = keras.Model(inputs, layer(inputs))
            outputs[name] = keras.ops.convert_to_numpy(model(INPUTS))
            model.save(root / f"{name}.keras")
            model.save_weights(root / f"{name}.weights.h5")
    return outputs


@pytest.mark.parametrize("name", SPECS)
def test_old_files_load(name: str, root: Path, saved: dict[str, Any]) -> None:
    package = "others" if name == "Moved" else "bridges"
    with imported(root, f"new_layers.{package}") as new:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            model = keras.models.load_model(root / f"{name}.keras")
        is_warned = any("is deprecated" in str(each.message) for each in told)
        assert is_warned == (name == "Removed")
        layer = model.get_layer("subject")
        assert type(layer) is getattr(new, name)
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(model(INPUTS)), saved[name]
        )

        config = layer.get_config()
        assert not ARGUMENTS[name].keys() - {"factor", "seed"} & config.keys()
        inputs = keras.Input((3,))
        fresh = keras.Model(inputs, type(layer).from_config(config)(inputs))
        fresh.load_weights(root / f"{name}.weights.h5")
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(fresh(INPUTS)), saved[name]
        )


def test_what_is_not_bridged_is_refused(root: Path, saved: dict[str, Any]) -> None:
    """The class before reads no file of the class after."""
    with imported(root, "new_layers.bridges") as new:
        layer = new.Renamed(scale=2.0)
    with (
        imported(root, "old_layers.bridges") as old,
        pytest.raises((TypeError, ValueError), match="scale"),
    ):
        old.Renamed.from_config(layer.get_config())

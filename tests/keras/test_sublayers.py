"""Layers that own layers: what is generated for the specs of `owners.py` works."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.compiled import imported, write_compiled
from tests.keras.owners import SPECS

from layergen.source import Source

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

INPUTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `owned` holds the generated layers and tests."""
    root = tmp_path_factory.mktemp("owners")
    for path, text in SPECS.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    folders = {path: str((root / path).parent) for path in SPECS}
    sources = (Source(path, text, folders[path]) for path, text in SPECS.items())
    write_compiled(sources, "owned", root)
    return root


@pytest.fixture(scope="module")
def wholes(root: Path) -> Iterator[Any]:
    """The package of the layers that own others."""
    with imported(root, "owned.wholes") as wholes:
        yield wholes


def paths_of(layer: Any) -> list[str]:
    return [weight.path.removeprefix(f"{layer.path}/") for weight in layer.weights]


def test_paths_of_weights_two_deep(wholes: Any) -> None:
    layer = wholes.Twice()
    layer(INPUTS[:, None])
    assert paths_of(layer) == [
        "inner/hidden_0/kernel",
        "inner/hidden_0/bias",
        "inner/scales_0/scale",
        "widen/hidden_0/kernel",
        "widen/hidden_0/bias",
        "widen/hidden_1/kernel",
        "widen/hidden_1/bias",
    ]


def test_layers_of_a_list_draw_other_values(wholes: Any) -> None:
    layer = wholes.Twice()
    layer(np.ones((1, 1, 4)))
    first, second = (hidden.kernel for hidden in layer.widen.hidden)
    assert not np.array_equal(first[:3, :3], second[:3, :3])


def test_seed_of_the_owner_draws_what_its_layers_keep(wholes: Any) -> None:
    layers = [wholes.Sketch(seed=3), wholes.Sketch(seed=3), wholes.Sketch()]
    layers.append(wholes.Sketch.from_config(layers[2].get_config()))
    for layer in layers:
        layer(INPUTS)
    same, again, drawn, copied = (layer.get_weights() for layer in layers)
    for one, other in zip(same + drawn, again + copied, strict=True):
        np.testing.assert_array_equal(one, other)
    spreads = layers[0].spreads
    assert not np.array_equal(spreads[0].projection, spreads[1].projection)


def test_a_layer_used_twice_moves_its_state_twice(wholes: Any) -> None:
    layer = wholes.Steady(momentum=0.5)
    layer.build(INPUTS.shape)
    layer.project.kernel.assign(np.zeros((3, 3)))
    layer(INPUTS, training=True)
    mean = INPUTS.mean(axis=0)
    np.testing.assert_allclose(layer.normalization.moving_mean, mean / 4, rtol=1e-6)


def test_sizes_that_no_layer_needs_may_be_unknown(wholes: Any) -> None:
    layer = wholes.Picture(filters=3)
    outputs = layer(keras.KerasTensor((None, None, None, 2)))
    assert outputs.shape == (None, 3)


def test_generated_tests_pass(root: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "owned/tests"]
    ended = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert len(list(root.glob("owned/tests/*/test_*.py"))) == len(SPECS)

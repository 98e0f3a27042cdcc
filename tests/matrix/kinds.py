"""The rows of the matrix: a spec for each kind of parameter, compiled and imported.

What a layer must yield is asked of the NumPy evaluation of its spec, which knows
nothing of the generated code.
"""

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from tests.compiled import write_compiled

from layergen.compiler import check_source
from layergen.layer import Layer
from layergen.oracle.draw import draw_weights
from layergen.oracle.instance import Instance
from layergen.oracle.instantiate import instantiate
from layergen.oracle.run import run
from layergen.source import Source

SPECS = Path(__file__).parent / "specs"
MODULE = "matrix_layers"
"""The package of the generated layers, below the folder that they are written to."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of parameter.

    Attributes:
        name: the name of its spec.
        title: what it is called in the table.
        shape: of the inputs.
        arguments: what the constructor is given.
        needs: the axis whose size `build` asks for; None if no size must be known.
    """

    name: str
    title: str
    shape: tuple[int, ...] = (4, 3)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    needs: int | None = None

    @cached_property
    def layer(self) -> Layer:
        """What the compiler knows of it."""
        layer, found = check_source(source_of(self))
        assert layer is not None, found
        return layer

    @cached_property
    def instance(self) -> Instance:
        """The layer, built by the evaluation."""
        return instantiate(self.layer, self.arguments, {"inputs": self.shape})

    @property
    def made(self) -> type:
        """The generated class."""
        package = importlib.import_module(f"{MODULE}.matrix")
        made: type = getattr(package, self.layer.name)
        return made

    @cached_property
    def inputs(self) -> Array:
        """Numbers to call it with."""
        random = np.random.default_rng(len(self.name))
        return np.round(random.uniform(-1.5, 1.5, self.shape), 2).astype("float32")

    @cached_property
    def values(self) -> dict[str, Array]:
        """A value for every weight that is not a constant from a file, by its path."""
        drawn = draw_weights(self.instance, self.name)
        kept = self.instance.constants
        return {
            path: np.asarray(value, "float32")
            for path, value in drawn.items()
            if value is not None and path not in kept
        }

    def expect(self, weights: Mapping[str, Array], *, training: bool = False) -> Array:
        """The outputs for the inputs, with these weights; others as they are filled."""
        return self._run(weights, training).arrays[0]

    def expect_states(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        """What a call in training mode leaves in the states."""
        return self._run(weights, True).updates

    def _run(self, weights: Mapping[str, Array], training: bool) -> Any:
        known = {**self.values, **weights}
        inputs = {"inputs": self.inputs.astype("float64")}
        return run(self.instance, inputs, known, training=training)


KINDS = (
    Kind("literal_number", "number, literal"),
    Kind("argument_number", "number, argument", arguments={"slope": 0.3}),
    Kind("literal_array", "array, literal"),
    Kind(
        "array_argument",
        "array, argument",
        arguments={"entries": np.array([0.1, 0.2, 0.3])},
    ),
    Kind("of_arguments", "derived from arguments", arguments={"units": 3}),
    Kind("of_shape", "derived from the input's shape", needs=-1),
    Kind("int_table", "table of integers"),
    Kind("bool_table", "table of booleans"),
    Kind("complex_pair", "complex pair", shape=(4, 3, 2), needs=1),
    Kind("file_array", "from a file"),
    Kind("large_array", "1 MB and more", shape=(4, 500)),
    Kind("drawn_once", "drawn once", arguments={"seed": 3}, needs=-1),
    Kind("trained_weight", "trained weight", needs=-1),
    Kind("frozen_weight", "frozen weight", needs=-1),
    Kind("state", "state updated in `call`", needs=-1),
    Kind("conditional_weight", "conditional weight", needs=-1),
    Kind("penalized_weight", "regularized and constrained weight", needs=-1),
    Kind("sublayer", "sublayer with weights", needs=-1),
)


FOLDERS: list[Path] = []
"""The folder that the layers are generated into, once there is one."""


def folder() -> Path:
    """Where the layers were generated."""
    return FOLDERS[-1]


def file_of(kind: Kind, ending: str) -> Path:
    """A file for what is stored of a kind."""
    return folder() / "files" / f"{kind.name}{ending}"


def source_of(kind: Kind) -> Source:
    """The text of its spec."""
    path = SPECS / f"{kind.name}.yaml"
    return Source(path.name, path.read_text("utf-8"), str(folder() / "files"))


def generate(place: Path) -> None:
    """Compile all kinds into a folder, and let Python find them there."""
    files = place / "files"
    files.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    np.save(files / "small.npy", np.array([0.1, 0.2, 0.3]))
    np.save(files / "large.npy", np.round(random.uniform(-0.1, 0.1, (500, 500)), 4))
    use(place)
    write_compiled(map(source_of, KINDS), MODULE, place)


def use(place: Path) -> None:
    """Let Python find layers that were generated into a folder."""
    FOLDERS.append(place)
    sys.path.insert(0, str(place))

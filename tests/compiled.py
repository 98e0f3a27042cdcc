"""Sources of specs -> generated packages in a folder, and their import."""

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from layergen.artifact import Artifact, Export, Target
from layergen.compiler import compile_packages, compile_source
from layergen.source import Source


def write_compiled(sources: Iterable[Source], module: str, root: Path) -> None:
    """Compile specs, and write layers and tests below `root`, as a package."""
    target = Target(out=module, tests=f"{module}/tests", module=module)
    artifacts: list[Artifact] = []
    exports: list[Export] = []
    for source in sources:
        compilation = compile_source(source, target)
        assert compilation.export is not None, compilation.diagnostics
        artifacts += compilation.artifacts
        exports.append(compilation.export)
    for artifact in (*artifacts, *compile_packages(exports, target)):
        path = root / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)


@contextmanager
def imported(root: Path, name: str) -> Iterator[Any]:
    """A package of generated layers below `root`, which Python forgets afterwards."""
    top = name.partition(".")[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root)
        yield importlib.import_module(name)
    for each in [n for n in sys.modules if n.partition(".")[0] == top]:
        del sys.modules[each]

"""What a compilation yields: files in memory. Nothing here touches a disk."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from layergen.diagnostics import Diagnostic


@dataclass(frozen=True)
class Target:
    """Where and how the generated files are to stand.

    Attributes:
        out: folder of the layers, relative to the project, with forward slashes.
        tests: folder of the generated tests, relative to the project.
        module: dotted import path of `out`; empty when `out` is itself on `sys.path`.
        line_length: the line length that black is given.
    """

    out: str = "generated"
    tests: str = "generated/tests"
    module: str = "generated"
    line_length: int = 88


@dataclass(frozen=True)
class Artifact:
    """One generated file: `path` relative to the project, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Export:
    """A class that a package's `__init__.py` exports: `package.module.name`."""

    package: str
    module: str
    name: str


@dataclass(frozen=True)
class Compilation:
    """The outcome of compiling one spec.

    Attributes:
        spec: the spec's path, as in its `Source`.
        artifacts: the files, sorted by path; empty when there was an error.
        export: what the package's `__init__.py` must say; None on error.
        data: files that were read beside the spec (arrays, sublayers): path relative
            to the spec's folder, and the SHA-256 of its bytes in hexadecimal.
        diagnostics: errors and warnings, in order of place.
        former: other names under which Keras finds the class, `old_package>Gate`.
    """

    spec: str
    artifacts: tuple[Artifact, ...] = ()
    export: Export | None = None
    data: tuple[tuple[str, str], ...] = ()
    diagnostics: "tuple[Diagnostic, ...]" = ()
    former: tuple[str, ...] = ()


class FormatCache(Protocol):
    """Remembers what a text looks like when formatted."""

    def get(self, rendered: str, path: str) -> str | None:
        """The formatted text of what was rendered for `path`; None if not known."""
        ...

    def put(self, rendered: str, path: str, formatted: str) -> None:
        """Remember a formatted text."""
        ...

"""Paths -> Selection -> SpecFile: which files are specs, and their text.

A spec is UTF-8 of at most 1 MiB. A byte order mark is dropped and line ends become
line feeds, so that a checkout on Windows has the same digests as one elsewhere.
"""

import os
import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from layergen.codes import project as codes
from layergen.diagnostics import Code, Diagnostic, SpecError
from layergen.source import Source
from layergen.workspace.project import NothingMatchedError, Project, UsageError

SUFFIXES = (".yaml", ".yml", ".json")
MAX_BYTES = 1 << 20
_USUAL_BYTES = 1 << 14
"""Read first: to make room for the most costs more than to read a usual spec."""


@dataclass(frozen=True)
class SpecFile:
    """A spec as read, and the SHA-256 of its normalized text in hexadecimal."""

    source: Source
    digest: str


@dataclass(frozen=True)
class Selection:
    """The specs of one command: paths relative to the project, sorted.

    `folders` are those that were searched; `whole` says that nothing was left out.
    """

    specs: tuple[str, ...]
    folders: tuple[str, ...] = ()
    whole: bool = False

    def covers(self, spec: str) -> bool:
        """Whether a spec of this path, there or gone, is within what was asked for."""
        if self.whole or spec in self.specs:
            return True
        return any(f == "." or spec.startswith(f + "/") for f in self.folders)


def select_specs(project: Project, paths: Sequence[str], cwd: Path) -> Selection:
    """Find the specs under `paths`, or under the setting `specs` when there are none.

    Raises:
        UsageError: for a path that names nothing or is not a spec's.
        NothingMatchedError: when there is nothing that could be built.
    """
    if paths:
        return _search(
            project, [relative_path(project.root, cwd, path) for path in paths]
        )
    found = _search(project, project.specs, whole=True)
    if found.specs or (found.folders and project.lock_path.is_file()):
        return found  # none left: what was generated goes too
    places = ", ".join(f"`{place}`" for place in project.specs)
    raise NothingMatchedError.of(codes.NOTHING_MATCHED, f"there is no spec in {places}")


def _search(project: Project, places: Sequence[str], whole: bool = False) -> Selection:
    specs: set[str] = set()
    folders: list[str] = []
    for place in places:
        path = project.root / place
        if path.is_dir():
            folders.append(place)
            specs.update(_walk(project.root, path))
        elif path.exists():
            specs.add(place)
        elif not whole or project.specs_are_set:
            raise UsageError.of(codes.NO_SUCH_PATH, f"there is no `{place}`")
    if places and not specs and not whole:
        names = ", ".join(f"`{place}`" for place in places)
        raise NothingMatchedError.of(
            codes.NOTHING_MATCHED, f"there is no spec in {names}"
        )
    for spec in sorted(specs):
        if not spec.lower().endswith(SUFFIXES) or not spec.isprintable():
            raise UsageError.of(codes.NOT_A_SPEC, f"{spec!r} is not the name of a spec")
    return Selection(tuple(sorted(specs)), tuple(folders), whole)


def relative_path(root: Path, cwd: Path, path: str) -> str:
    """A path that is relative to `cwd`, relative to the project."""
    try:
        return Path(os.path.relpath(cwd / path, root)).as_posix()
    except ValueError:  # another drive, on Windows
        return Path(path).as_posix()


def _walk(root: Path, folder: Path) -> Iterable[str]:
    for place, folders, names in os.walk(folder, onerror=_refuse_folder):
        folders[:] = (name for name in folders if not name.startswith("."))
        at = Path(os.path.relpath(place, root)).as_posix()
        for name in names:
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield posixpath.normpath(f"{at}/{name}")


def _refuse_folder(error: OSError) -> None:
    # Specs that cannot be seen must not count as deleted.
    reason = (error.strerror or str(error)).lower()
    message = f"cannot read the folder: {reason}"
    raise UsageError.of(codes.UNREADABLE, message, path=error.filename) from error


def read_spec(root: Path, spec: str) -> SpecFile:
    """The spec at a path relative to the project.

    Raises:
        SpecError: for a file that cannot be read, is too large or is not UTF-8.
    """
    path = root / spec
    try:
        with path.open("rb") as file:
            data = file.read(_USUAL_BYTES)
            if len(data) == _USUAL_BYTES:
                data += file.read(MAX_BYTES + 1 - _USUAL_BYTES)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refusal(
            spec, codes.UNREADABLE, f"cannot read the spec: {reason}"
        ) from error
    return decode_spec(data, spec, str(path.parent))


def decode_spec(data: bytes, path: str, folder: str | None) -> SpecFile:
    """The spec in `data`, to be shown as `path`, with files beside it in `folder`.

    Raises:
        SpecError: when it is too large or is not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise _refusal(path, codes.TOO_LARGE, "the spec is larger than 1 MiB")
    try:
        text = _plain(data.decode())
    except UnicodeDecodeError as error:
        raise SpecError([_bad_byte(data, error.start, path)]) from None
    return SpecFile(Source(path, text, folder), sha256(text.encode()).hexdigest())


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _bad_byte(data: bytes, offset: int, path: str) -> Diagnostic:
    shown = Source(path, _plain(data.decode(errors="replace")))
    at = len(_plain(data[:offset].decode()))
    message = f"byte 0x{data[offset]:02x} at offset {offset} is not UTF-8"
    note = "save the file in the encoding UTF-8"
    return Diagnostic(codes.NOT_UTF8, message, shown.span(at, at + 1), (note,))


def _refusal(path: str, code: Code, message: str) -> SpecError:
    return SpecError([Diagnostic(code, message, path=path)])

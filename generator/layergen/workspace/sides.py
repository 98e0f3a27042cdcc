"""What a command line names -> Side: the specs of a folder, a file or a revision."""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from layergen.codes import project as codes
from layergen.diagnostics import Diagnostic, Diagnostics, SpecError
from layergen.review.removal import Removal
from layergen.source import Source
from layergen.workspace.git import (
    Blob,
    find_commit,
    list_files,
    read_blobs,
    require_repository,
)
from layergen.workspace.project import Project, UsageError
from layergen.workspace.read import (
    MAX_BYTES,
    SUFFIXES,
    Selection,
    decode_spec,
    select_specs,
)
from layergen.workspace.review_settings import read_review

_REFERENCE = re.compile(r"\.(npy|ya?ml|json)\b")


@dataclass(frozen=True)
class Spec:
    """A spec as text.

    Attributes:
        path: where it stands, relative to the project.
        digest: that of its text.
        source: the text.
        reads_files: whether it names other files, so that it can change without them.
    """

    path: str
    digest: str
    source: Source
    reads_files: bool


@dataclass(frozen=True)
class Side:
    """The specs of one of two versions.

    Attributes:
        label: how it is called: the revision or the path; empty for the work tree.
        specs: those that can be read.
        diagnostics: why others cannot.
        is_file: whether a single file was named.
        removals: the layers that its settings let go; None if it has no settings.
    """

    label: str
    specs: tuple[Spec, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    is_file: bool = False
    removals: frozenset[Removal] | None = None
    resources: ExitStack = field(default_factory=ExitStack, compare=False, repr=False)


def read_side(project: Project, name: str | None, cwd: Path) -> Side:
    """The specs that a name stands for; without one, those of the work tree.

    Raises:
        UsageError: it is no path and no revision, or both.
        NothingMatchedError: there is no spec.
    """
    if name is None:
        return _read_disk(project, [], cwd, "")
    if name and (cwd / name).exists():
        is_plain = not name.startswith((".", "/")) and "/" not in name
        if is_plain and _is_revision(project.root, name):
            message = f"`{name}` is a path and a revision"
            notes = f"write `./{name}` for the path, `refs/heads/{name}` for a branch"
            raise UsageError.of(codes.UNKNOWN_REVISION, message, notes)
        return _read_disk(project, [name], cwd, name)
    require_repository(project.root)
    commit = find_commit(project.root, name)
    if commit is None:
        message = f"`{name}` is no path, and no revision that git knows"
        note = "a shallow clone lacks older commits: fetch them first"
        raise UsageError.of(codes.UNKNOWN_REVISION, message, note)
    return _read_revision(project, name, commit)


def _is_revision(root: Path, name: str) -> bool:
    try:
        return find_commit(root, name) is not None
    except UsageError:
        return False


def _read_disk(project: Project, paths: list[str], cwd: Path, label: str) -> Side:
    selection: Selection = select_specs(project, paths, cwd)
    specs: list[Spec] = []
    diagnostics: list[Diagnostic] = []
    for path in selection.specs:
        full = project.root / path
        try:
            data = full.read_bytes()
            specs.append(_spec(data, path, path, str(full.parent)))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"cannot read the spec: {reason}"
            diagnostics.append(Diagnostic(codes.UNREADABLE, message, path=path))
        except SpecError as error:
            diagnostics += error.diagnostics
    is_file = len(paths) == 1 and not selection.folders
    return Side(label, tuple(specs), tuple(diagnostics), is_file)


def _spec(data: bytes, path: str, shown: str, folder: str | None) -> Spec:
    file = decode_spec(data, shown, folder)
    lines = file.source.text.split("\n")
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    reads = bool(_REFERENCE.search(text.replace("layergen.schema.json", "")))
    return Spec(path, file.digest, file.source, reads)


def _read_revision(project: Project, label: str, commit: str) -> Side:
    root = project.root
    settings = _settings(root, commit)
    listed = list_files(root, commit, _places(settings, project))
    wanted = {path: blob for path, blob in listed.items() if _is_spec(path)}
    contents = read_blobs(root, (b.id for b in wanted.values() if b.size <= MAX_BYTES))
    specs: list[Spec] = []
    diagnostics: list[Diagnostic] = []
    resources = ExitStack()
    folder = ""
    if any(
        _REFERENCE.search(data.decode(errors="replace")) for data in contents.values()
    ):
        folder = resources.enter_context(TemporaryDirectory(prefix="layergen-"))
        _lay_out(Path(folder), root, listed, contents)
    for path, blob in sorted(wanted.items()):
        shown = f"{label}:{path}"
        data = contents.get(blob.id, b" " * (MAX_BYTES + 1))
        beside = str(Path(folder, path).parent) if folder else None
        try:
            specs.append(_spec(data, path, shown, beside))
        except SpecError as error:
            diagnostics += error.diagnostics
    review = read_review(settings.get("review", {}), Source("", ""), Diagnostics())
    removals = frozenset(review.removals)
    return Side(
        label,
        tuple(specs),
        tuple(diagnostics),
        removals=removals,
        resources=resources,
    )


def _is_spec(path: str) -> bool:
    hidden = any(part.startswith(".") for part in PurePosixPath(path).parts)
    return path.lower().endswith(SUFFIXES) and not hidden and path.isprintable()


def _settings(root: Path, commit: str) -> Mapping[str, Any]:
    """`[tool.layergen]` as it was in the commit; empty if it cannot be read."""
    import tomllib

    blob = list_files(root, commit, ["pyproject.toml"]).get("pyproject.toml")
    if blob is None or blob.size > MAX_BYTES:
        return {}
    try:
        text = read_blobs(root, [blob.id])[blob.id].decode("utf-8-sig")
        table = tomllib.loads(text)["tool"]["layergen"]
    except (KeyError, TypeError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def _places(settings: Mapping[str, Any], project: Project) -> Sequence[str]:
    """The setting `specs` as it was, or as it is now."""
    places = settings.get("specs")
    if isinstance(places, list) and all(isinstance(p, str) for p in places):
        return [str(PurePosixPath(p)) for p in places]
    return project.specs


def _lay_out(
    folder: Path, root: Path, listed: Mapping[str, Blob], contents: Mapping[str, bytes]
) -> None:
    """Write specs, and the arrays that they name, into a folder of their own."""
    texts = b"\n".join(contents.values())
    arrays = {
        path: blob
        for path, blob in listed.items()
        if path.endswith(".npy") and PurePosixPath(path).name.encode() in texts
    }
    data = read_blobs(root, (blob.id for blob in arrays.values())) | dict(contents)
    for path, blob in listed.items():
        parts = PurePosixPath(path).parts
        if blob.id in data and ".." not in parts:
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data[blob.id])

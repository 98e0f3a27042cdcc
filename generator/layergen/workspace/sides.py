"""What a command line names -> Side: the specs of a folder, a file or a revision."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from layergen.codes import project as codes
from layergen.diagnostics import Diagnostic, SpecError
from layergen.review.removal import Removal
from layergen.source import Source
from layergen.workspace.git import (
    Blob,
    find_commit,
    is_shallow,
    list_files,
    read_blobs,
    require_repository,
)
from layergen.workspace.project import Project, UsageError, parse_project
from layergen.workspace.read import (
    MAX_BYTES,
    SUFFIXES,
    Selection,
    decode_spec,
    relative_path,
    select_specs,
)

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
        unread: why others cannot, by their paths.
        is_file: whether a single file was named.
        removals: the layers that its settings let go; None if it has no settings.
    """

    label: str
    specs: tuple[Spec, ...]
    unread: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    is_file: bool = False
    removals: frozenset[Removal] | None = None
    resources: ExitStack = field(default_factory=ExitStack, compare=False, repr=False)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Why specs cannot be read."""
        return tuple(each for found in self.unread.values() for each in found)


def read_sides(
    project: Project, base: str, head: str | None, cwd: Path
) -> tuple[Side, Side, str]:
    """Both sides, and the folder that the comparison is limited to; empty if to none.

    A folder within those of the project's specs, compared with a revision or the work
    tree, is a part of it: so all is read, to follow what moves in and out.

    Raises:
        UsageError, NothingMatchedError: see `read_side`.
    """
    parts = [_part(project, name, cwd) for name in (base, head)]
    if all(parts):
        parts = ["", ""]
    before = read_side(project, None if parts[0] else base, cwd)
    try:
        after = read_side(project, None if parts[1] else head, cwd)
    except BaseException:
        before.resources.close()
        raise
    return before, after, parts[0] or parts[1]


def _part(project: Project, name: str | None, cwd: Path) -> str:
    """The path of a folder if it is inside one of the project's specs; else empty."""
    if not name or not (cwd / name).is_dir() or not _is_path(project, name, cwd):
        return ""
    path = relative_path(project.root, cwd, name)
    is_one = path in (*project.specs, ".") or path.startswith("..")
    inside = not is_one and Selection((), project.specs).covers(path)
    return path if inside else ""


def read_side(project: Project, name: str | None, cwd: Path) -> Side:
    """The specs that a name stands for; without one, those of the work tree.

    Raises:
        UsageError: it is no path and no revision, or both.
        NothingMatchedError: there is no spec.
    """
    if name is None:
        return _read_disk(project, [], cwd, "")
    if _is_path(project, name, cwd):
        return _read_disk(project, [name], cwd, name)
    commit = require_commit(project, name, "no path, and no revision")
    return read_revision(project, name, commit)


def _is_path(project: Project, name: str, cwd: Path) -> bool:
    """Whether a name is a path; raises if it is a revision as well."""
    if not name or not (cwd / name).exists():
        return False
    is_plain = not name.startswith((".", "/")) and "/" not in name
    if is_plain and _is_revision(project.root, name):
        message = f"`{name}` is a path and a revision"
        notes = (
            f"write `./{name}` for the path, `refs/heads/{name}` for a branch,"
            f" `refs/tags/{name}` for a tag"
        )
        raise UsageError.of(codes.UNKNOWN_REVISION, message, notes)
    return True


def require_commit(project: Project, name: str, otherwise: str) -> str:
    """The commit that a revision names.

    Raises:
        UsageError: git knows none; the message says that the name is `otherwise`.
    """
    require_repository(project.root)
    commit = find_commit(project.root, name)
    if commit is None:
        message, *notes = _explain(project.root, name, otherwise)
        raise UsageError.of(codes.UNKNOWN_REVISION, message, *notes)
    return commit


def _explain(root: Path, name: str, otherwise: str) -> Iterator[str]:
    """Why a name is no commit, then what would be right."""
    one, is_base, other = name.partition("...")
    ends = [end or "HEAD" for end in (one, other)] if is_base else [name]
    unknown = next((end for end in ends if not find_commit(root, end)), None)
    if unknown is not None:
        what = "no revision" if is_base else otherwise
        yield f"`{unknown}` is {what} that git knows"
    else:
        yield f"`{ends[0]}` and `{ends[1]}` have no commit in common that git knows"
    if unknown and find_commit(root, f"origin/{unknown}"):
        yield f"did you mean `origin/{unknown}`?"
    one, dots, other = name.partition("..")
    if dots and not is_base:
        yield f"`{one}...{other}` is the commit that both come from"
    if is_shallow(root):
        yield "this clone is shallow, it lacks older commits: fetch them first"


def _is_revision(root: Path, name: str) -> bool:
    try:
        return find_commit(root, name) is not None
    except UsageError:
        return False


def _read_disk(project: Project, paths: list[str], cwd: Path, label: str) -> Side:
    selection: Selection = select_specs(project, paths, cwd)
    specs: list[Spec] = []
    unread: dict[str, tuple[Diagnostic, ...]] = {}
    for path in selection.specs:
        full = project.root / path
        try:
            data = full.read_bytes()
            specs.append(_spec(data, path, path, str(full.parent)))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"cannot read the spec: {reason}"
            unread[path] = (Diagnostic(codes.UNREADABLE, message, path=path),)
        except SpecError as error:
            unread[path] = tuple(error.diagnostics)
    is_file = len(paths) == 1 and not selection.folders
    return Side(label, tuple(specs), unread, is_file)


def _spec(data: bytes, path: str, shown: str, folder: str | None) -> Spec:
    file = decode_spec(data, shown, folder)
    lines = file.source.text.split("\n")
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    reads = bool(_REFERENCE.search(text.replace("layergen.schema.json", "")))
    return Spec(path, file.digest, file.source, reads)


def read_revision(project: Project, label: str, commit: str) -> Side:
    """The specs of a commit, called by `label`."""
    root = project.root
    settings = read_settings(project, commit)
    listed = list_files(root, commit, (settings or project).specs)
    wanted = {path: blob for path, blob in listed.items() if _is_spec(path)}
    contents = read_blobs(root, (b.id for b in wanted.values() if b.size <= MAX_BYTES))
    specs: list[Spec] = []
    unread: dict[str, tuple[Diagnostic, ...]] = {}
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
            unread[path] = tuple(error.diagnostics)
    removals = frozenset(settings.review.removals if settings else ())
    return Side(label, tuple(specs), unread, removals=removals, resources=resources)


def _is_spec(path: str) -> bool:
    hidden = any(part.startswith(".") for part in PurePosixPath(path).parts)
    return path.lower().endswith(SUFFIXES) and not hidden and path.isprintable()


def read_settings(project: Project, commit: str) -> Project | None:
    """The project with its settings as they were in a commit; None if it had none."""
    listed = list_files(project.root, commit, ["pyproject.toml"])
    blob = listed.get("pyproject.toml")
    if blob is None or blob.size > MAX_BYTES:
        return None
    text = read_blobs(project.root, [blob.id])[blob.id].decode("utf-8-sig", "replace")
    return parse_project(project.root, text)


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

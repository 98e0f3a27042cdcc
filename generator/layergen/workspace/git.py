"""A git repository -> commits, lists of files, bytes. Nothing is checked out.

Only `rev-parse`, `merge-base`, `ls-tree` and `cat-file` are run. They run no hook and
no filter; settings of the repository that could start a program or reach a network are
overruled.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from layergen.codes import project as codes
from layergen.workspace.project import UsageError

_OPTIONS = (
    "--no-pager",
    "--literal-pathspecs",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)
_DROPPED = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
        "GIT_TRACE",
    }
)
"""What a hook sets that would send git elsewhere than where it is run."""

_FILE_MODES = frozenset({"100644", "100755"})
"""Neither links nor submodules are read."""


@dataclass(frozen=True)
class Blob:
    """A file of a commit: its object and its size in bytes."""

    id: str
    size: int


def find_commit(root: Path, revision: str) -> str | None:
    """The commit that a revision names, of `a...b` the merge base; None if none.

    Raises:
        UsageError: there is no repository around `root`, or no git.
    """
    one, dots, other = revision.partition("...")
    if dots:
        ends = [_commit(root, end or "HEAD") for end in (one, other)]
        if None in ends:
            return None
        found = _run(root, "merge-base", *(end for end in ends if end))
        base = found.stdout.decode().strip()
        return base if found.returncode == 0 and base else None
    return _commit(root, revision)


def _commit(root: Path, revision: str) -> str | None:
    # What begins with a dash is never handed to git, whatever its version makes of it.
    if not revision or revision.startswith("-") or not revision.isprintable():
        return None
    name = f"{revision}^{{commit}}"
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    lines = found.stdout.decode(errors="replace").split()
    return lines[-1] if found.returncode == 0 and lines else None


def require_repository(root: Path) -> None:
    """Raise if a folder is in no repository that git reads.

    Raises:
        UsageError: with git's own reason.
    """
    found = _run(root, "rev-parse", "--git-dir")
    if found.returncode:
        reason = found.stderr.decode(errors="replace").strip().split("\n")[0]
        message = f"git reads no repository at `{root}`"
        raise UsageError.of(codes.NO_REPOSITORY, message, reason)


def is_shallow(root: Path) -> bool:
    """Whether a clone lacks commits from some depth on."""
    return _run(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def list_files(root: Path, commit: str, places: Sequence[str]) -> Mapping[str, Blob]:
    """The files under folders of a commit, by path relative to `root`."""
    wanted = [place for place in places if place != "."]
    limits = ["--", *wanted] if len(wanted) == len(places) else []
    found = _run(root, "ls-tree", "-r", "-l", "-z", commit, *limits)
    if found.returncode:
        reason = found.stderr.decode(errors="replace").strip()
        raise UsageError.of(codes.UNREADABLE, f"git cannot list `{commit}`", reason)
    return dict(_entries(found.stdout))


def _entries(listed: bytes) -> Iterator[tuple[str, Blob]]:
    for line in listed.split(b"\0"):
        head, tab, path = line.partition(b"\t")
        if not tab:
            continue
        mode, kind, name, size = head.decode().split()
        if kind == "blob" and mode in _FILE_MODES:
            yield os.fsdecode(path), Blob(name, int(size))


def read_blobs(root: Path, ids: Iterable[str]) -> dict[str, bytes]:
    """The bytes of objects; those that are not there are left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    given = "".join(f"{name}\n" for name in wanted).encode()
    output = _run(root, "cat-file", "--batch", given=given).stdout
    found: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        end = output.index(b"\n", at)
        parts = output[at:end].split()
        at = end + 1
        if len(parts) == 3:
            size = int(parts[2])
            found[name] = output[at : at + size]
            at += size + 1
    return found


def _run(
    root: Path, *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    kept = {k: v for k, v in os.environ.items() if k not in _DROPPED}
    environment = {
        **kept,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    command = ["git", *_OPTIONS, *arguments]
    try:
        return subprocess.run(
            command,
            cwd=root,
            env=environment,
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        message = "git is not installed"
        raise UsageError.of(codes.NO_REPOSITORY, message) from None

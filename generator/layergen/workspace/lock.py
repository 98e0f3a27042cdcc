"""`layergen.lock` <-> Lock: which files layergen wrote, and from what.

One line a file, sorted by path, its fields separated by tabs: path, SHA-256 of the
content, path of the spec, SHA-256 of all that was read to compile it, and the class
that packages export from it. A `-` stands for nothing: a package's `__init__.py`
comes from all specs of the package. The last field lets a build of a few specs
write the `__init__.py` that a build of all would write.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from layergen.artifact import Export
from layergen.codes import project as codes
from layergen.diagnostics import Diagnostic, SpecError
from layergen.source import Source
from layergen.workspace.project import UsageError

NOTHING = "-"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the lock."""

    path: str
    digest: str
    spec: str = NOTHING
    inputs: str = NOTHING
    export: str = NOTHING

    @property
    def exported(self) -> Export | None:
        """What the package of this file exports from it."""
        if self.export == NOTHING:
            return None
        package, module, name = self.export.rsplit(".", 2)
        return Export(package, module, name)


Lock = Mapping[str, Entry]
"""The entries by path."""


def read_lock(root: Path, path: str) -> Lock:
    """The lock at `path`, relative to `root`; empty when there is none.

    Raises:
        SpecError: for lines that layergen does not write.
    """
    try:
        text = (root / path).read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"cannot read the lock: {reason}"
        raise UsageError.of(codes.UNREADABLE, message, path=path) from error
    return parse_lock(Source(path, text.replace("\r\n", "\n")))


def parse_lock(source: Source) -> Lock:
    """The entries of a lock's text.

    Raises:
        SpecError: for lines that layergen does not write.
    """
    entries: dict[str, Entry] = {}
    offset = 0
    for line in source.text.split("\n"):
        if line and not line.startswith("#"):
            entry = _parse_line(line)
            if entry is None or entry.path in entries:
                raise SpecError([_bad_line(source, offset, line)])
            entries[entry.path] = entry
        offset += len(line) + 1
    return entries


def _parse_line(line: str) -> Entry | None:
    fields = line.split("\t")
    if len(fields) != 5:
        return None
    entry = Entry(*fields)
    parts = entry.path.split("/")
    plain = (
        not {"", ".", ".."} & set(parts) and "\\" not in line and ":" not in parts[0]
    )
    digests = _DIGEST.fullmatch(entry.digest) and (
        entry.inputs == NOTHING or _DIGEST.fullmatch(entry.inputs)
    )
    exported = entry.export == NOTHING or entry.export.count(".") >= 2
    return entry if plain and digests and exported and entry.spec else None


def _bad_line(source: Source, offset: int, line: str) -> Diagnostic:
    span = source.span(offset, offset + len(line))
    if line.startswith(_MARKS):
        note = (
            "take either side (`git checkout --ours` or `--theirs`) of the lock and of"
            " the generated files, then run `layergen build`"
        )
        return Diagnostic(
            codes.LOCK_CONFLICT, "the lock has merge conflicts", span, (note,)
        )
    note = (
        f"restore it (`git checkout {source.path}`), or delete it and run"
        " `layergen build`: files that are as they would be generated are taken back"
    )
    return Diagnostic(
        codes.LOCK_GARBAGE, "this is not a line of the lock", span, (note,)
    )


def format_lock(entries: Iterable[Entry]) -> bytes:
    """The lock's text, the same for the same entries."""
    fields = ((e.path, e.digest, e.spec, e.inputs, e.export) for e in sorted(entries))
    return "".join("\t".join(line) + "\n" for line in fields).encode()

"""Compilation or cache Record -> Yield: what one spec yields, as lines of the lock.

A record holds no contents. It stands for a compilation only while every file that
the spec yields, and all data that it reads, is on disk with the recorded digest.
"""

import json
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from layergen.artifact import Artifact, Compilation, Export, Target
from layergen.codes import find
from layergen.codes import project as codes
from layergen.diagnostics import Diagnostic, Severity
from layergen.source import Source
from layergen.workspace.cache import BuildCache, Record
from layergen.workspace.compiling import compile_exports
from layergen.workspace.disk import Disk, digest
from layergen.workspace.lock import NOTHING, Entry, Lock
from layergen.workspace.plan import Output
from layergen.workspace.read import SpecFile

_PACKAGES = "packages"
"""The cache's name for what all specs yield together; no spec can have it."""


@dataclass(frozen=True)
class Yield:
    """The files of one spec, what is exported from them, and what was found.

    `former` are the names under which Keras finds the class, too.
    """

    spec: Source
    outputs: tuple[Output, ...]
    export: Export | None
    former: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def take(file: SpecFile, compilation: Compilation, target: Target) -> Yield:
    """What was compiled just now."""
    export = compilation.export
    files = [(a.path, digest(a.content), a.content) for a in compilation.artifacts]
    entries = _entries(file, files, export, compilation.data, target)
    outputs = (
        Output(entry, content)
        for entry, (_, _, content) in zip(entries, files, strict=True)
    )
    found = compilation.diagnostics
    return Yield(file.source, tuple(outputs), export, compilation.former, found)


def recall(
    file: SpecFile, cache: BuildCache, disk: Disk, target: Target
) -> Yield | None:
    """What was compiled in an earlier build, if it still holds; None if not."""
    record = cache.get(file.source.path, file.digest)
    if record is None or not _on_disk(record, disk):
        return None
    folder = Path(file.source.folder or disk.root)
    if any(_file_digest(folder / name) != known for name, known in record.data):
        return None
    diagnostics = _warnings(record, file.source)
    if diagnostics is None:
        return None
    export = Export(*record.export) if record.export else None
    files = [(path, known, None) for path, known, _ in record.files]
    entries = _entries(file, files, export, record.data, target)
    outputs = tuple(map(Output, entries))
    return Yield(file.source, outputs, export, record.former, diagnostics)


def record_of(
    file: SpecFile, yielded: Yield, data: tuple[tuple[str, str], ...]
) -> Record | None:
    """What the cache should keep; None for what it cannot: errors, foreign places."""
    warnings = []
    for found in yielded.diagnostics:
        foreign = found.span and found.span.source.path != file.source.path
        if found.severity is Severity.ERROR or foreign:
            return None
        start, end = (found.span.start, found.span.end) if found.span else (None, None)
        warnings.append((found.code.id, found.message, start, end, found.notes))
    files = tuple((o.entry.path, o.entry.digest, None) for o in yielded.outputs)
    export = _key(yielded.export) if yielded.export else None
    return Record(file.digest, files, export, data, tuple(warnings), yielded.former)


def package_outputs(
    exports: Iterable[Export], cache: BuildCache, disk: Disk, target: Target
) -> tuple[Output, ...]:
    """The `__init__.py` files for all that is exported."""
    ordered = sorted(set(exports), key=_key)
    if not ordered:
        return ()
    key = _digest_json([_key(export) for export in ordered])
    record = cache.get(_PACKAGES, key)
    if record is not None and _on_disk(record, disk):
        return tuple(
            Output(
                Entry(path, known), None if text is None else text.encode(), bool(text)
            )
            for path, known, text in record.files
        )
    outputs = tuple(map(_package_output, compile_exports(ordered, target)))
    files = tuple((o.entry.path, o.entry.digest, _marker_text(o)) for o in outputs)
    cache.put(_PACKAGES, Record(key, files))
    return outputs


def find_collisions(outputs: Sequence[Output], kept: Lock) -> Iterator[Diagnostic]:
    """Two files under one path, or under paths that differ only by case."""
    seen: dict[str, Entry] = {entry.path.lower(): entry for entry in kept.values()}
    for entry in (output.entry for output in outputs):
        other = seen.setdefault(entry.path.lower(), entry)
        if other is entry:
            continue
        makers = sorted({_maker(entry), _maker(other)})
        if entry.path == other.path:
            message = f"this file would be yielded twice, by {' and by '.join(makers)}"
            note = "give one of the layers another name or package"
            yield Diagnostic(codes.SAME_OUTPUT, message, None, (note,), entry.path)
        elif entry.spec != NOTHING or other.spec != NOTHING:
            message = f"differs from `{other.path}` only by case"
            note = f"they come from {' and from '.join(makers)}: rename one"
            yield Diagnostic(codes.SAME_BUT_CASE, message, None, (note,), entry.path)


def find_shared_names(yields: Sequence[Yield], kept: Lock) -> Iterator[Diagnostic]:
    """Former names of a class that another class has, or had too."""
    exports = {y.export: f"`{y.spec.path}`" for y in yields if y.export is not None}
    for entry in kept.values():
        if entry.exported is not None:
            exports.setdefault(entry.exported, _maker(entry))
    owners = {f"{each.package}>{each.name}": spec for each, spec in exports.items()}
    for yielded in yields:
        for name in yielded.former:
            own = f"`{yielded.spec.path}`"
            if (other := owners.setdefault(name, own)) != own:
                from layergen.loading.load import load

                span = load(yielded.spec).span("renamed_from")
                message = f"`{name}` is a name of the layer of {other}, too"
                note = "which of them Keras finds would depend on what is imported last"
                yield Diagnostic(codes.SHARED_NAME, message, span, (note,))


def _maker(entry: Entry) -> str:
    return "the packages" if entry.spec == NOTHING else f"`{entry.spec}`"


def _entries(
    file: SpecFile,
    files: Sequence[tuple[str, str, object]],
    export: Export | None,
    data: Sequence[tuple[str, str]],
    target: Target,
) -> list[Entry]:
    inputs = _digest_json([file.digest, sorted(data)])
    module = dotted = None
    if export is not None:
        dotted = ".".join(_key(export))
        module = f"{export.package.replace('.', '/')}/{export.module}.py"
        module = posixpath.normpath(f"{target.out}/{module}")
    entries = []
    for name, known, _ in files:
        path = posixpath.normpath(name)
        exported = dotted if dotted and path == module else NOTHING
        entries.append(Entry(path, known, file.source.path, inputs, exported))
    return entries


def _package_output(artifact: Artifact) -> Output:
    entry = Entry(posixpath.normpath(artifact.path), digest(artifact.content))
    marker = len(artifact.content.splitlines()) <= 1
    return Output(entry, artifact.content, marker)


def _marker_text(output: Output) -> str | None:
    return output.content.decode() if output.marker and output.content else None


def _on_disk(record: Record, disk: Disk) -> bool:
    return all(
        text is not None or disk.digest(path) == known
        for path, known, text in record.files
    )


def _file_digest(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _warnings(record: Record, source: Source) -> tuple[Diagnostic, ...] | None:
    found = []
    for identifier, message, start, end, notes in record.warnings:
        code = find(identifier)
        if code is None:
            return None
        span = None if start is None or end is None else source.span(start, end)
        found.append(Diagnostic(code, message, span, notes))
    return tuple(found)


def _key(export: Export) -> tuple[str, str, str]:
    return (export.package, export.module, export.name)


def _digest_json(data: object) -> str:
    return sha256(json.dumps(data).encode()).hexdigest()

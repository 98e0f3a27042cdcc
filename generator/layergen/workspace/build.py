"""Project, Selection -> Build: what is to be done; and the doing of it.

    read specs -> compile those the cache does not know -> plan -> apply

Nothing is written before `apply`, and nothing at all when any spec is wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from layergen.artifact import Target
from layergen.codes import project as codes
from layergen.diagnostics import Diagnostic, Severity, SpecError, sort_diagnostics
from layergen.workspace.cache import BuildCache, FormattedTexts
from layergen.workspace.compiling import Progress, compile_all
from layergen.workspace.disk import Disk
from layergen.workspace.lock import NOTHING, Entry, Lock, format_lock, read_lock
from layergen.workspace.outputs import (
    Yield,
    find_collisions,
    find_shared_names,
    package_outputs,
    recall,
    record_of,
    take,
)
from layergen.workspace.plan import Action, Output, Plan, make_plan
from layergen.workspace.project import Project, UsageError
from layergen.workspace.read import Selection, SpecFile, read_spec
from layergen.workspace.write import delete_file, remove_empty_folders, write_file


@dataclass(frozen=True)
class Build:
    """A build that has not touched anything yet.

    Attributes:
        diagnostics: what was found in the specs, and collisions between them.
        plan: what it would do; None when the diagnostics have errors.
    """

    project: Project
    selection: Selection
    cache: BuildCache
    disk: Disk
    diagnostics: tuple[Diagnostic, ...] = ()
    plan: Plan | None = None


def prepare(
    project: Project,
    selection: Selection,
    jobs: int | None,
    progress: Progress,
    *,
    will_apply: bool = False,
) -> Build:
    """Compile what was selected and decide what to do with every file.

    Unless the plan will be applied, not even the cache is written.

    Raises:
        SpecError: for a lock that cannot be read.
    """
    lock = read_lock(project.root, project.lock)
    cache, disk = BuildCache(project.root, project.target), Disk(project.root)
    build = Build(project, selection, cache, disk)
    files, diagnostics = read_specs(project.root, selection.specs)
    formats = FormattedTexts(project.root, project.target, writes=will_apply)
    yields = _compile(files, build, formats, jobs, progress)
    diagnostics += [found for item in yields for found in item.diagnostics]
    build = replace(build, diagnostics=sort_diagnostics(diagnostics))
    if has_errors(build.diagnostics):
        return build
    outputs = [output for item in yields for output in item.outputs]
    kept = _kept_lines(lock, build, outputs)
    exports = [item.export for item in yields]
    exports += [entry.exported for entry in kept.values()]
    known = (export for export in exports if export is not None)
    outputs += package_outputs(known, cache, disk, project.target)
    diagnostics = [*build.diagnostics, *find_collisions(outputs, kept)]
    diagnostics += find_shared_names(yields, kept)
    build = replace(build, diagnostics=sort_diagnostics(diagnostics))
    if has_errors(build.diagnostics):
        return build
    return replace(build, plan=make_plan(outputs, lock, kept, disk, cache.pending()))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether there is an error, and not only warnings."""
    return any(found.severity is Severity.ERROR for found in diagnostics)


def read_specs(
    root: Path, specs: Iterable[str]
) -> tuple[list[SpecFile], list[Diagnostic]]:
    """The specs that can be read, and what is wrong with the others."""
    files: list[SpecFile] = []
    diagnostics: list[Diagnostic] = []
    for spec in specs:
        try:
            files.append(read_spec(root, spec))
        except SpecError as error:
            diagnostics += error.diagnostics
    return files, diagnostics


def _compile(
    files: Sequence[SpecFile],
    build: Build,
    formats: FormattedTexts,
    jobs: int | None,
    progress: Progress,
) -> list[Yield]:
    target: Target = build.project.target
    known = [recall(file, build.cache, build.disk, target) for file in files]
    unknown = [f for f, item in zip(files, known, strict=True) if item is None]
    sources = [file.source for file in unknown]
    compilations = compile_all(sources, target, formats, jobs, progress)
    if unknown:
        formats.prune()
    fresh = []
    for file, compilation in zip(unknown, compilations, strict=True):
        fresh.append(take(file, compilation, target))
        record = record_of(file, fresh[-1], compilation.data)
        if record is not None:
            build.cache.put(file.source.path, record)
    rest = iter(fresh)
    return [next(rest) if item is None else item for item in known]


def _kept_lines(
    lock: Lock, build: Build, outputs: Iterable[Output]
) -> dict[str, Entry]:
    """Lines of specs that this build is not about.

    A line whose spec is gone gives way when another spec now yields the file: that
    is a spec that was moved.
    """
    wanted = {output.entry.path for output in outputs}
    return {
        path: entry
        for path, entry in lock.items()
        if entry.spec != NOTHING
        and not build.selection.covers(entry.spec)
        and not (path in wanted and not (build.project.root / entry.spec).exists())
    }


def apply(build: Build) -> None:
    """Carry out a plan that nothing forbids; the lock comes last.

    Raises:
        UsageError: when a file or folder cannot be written.
    """
    plan, root = build.plan, build.project.root
    assert plan is not None
    assert not plan.refusals
    writes = [s for s in plan.steps if s.action in (Action.CREATE, Action.UPDATE)]
    if writes:
        pending = {s.path: s.output.entry.digest for s in writes if s.output}
        build.cache.begin(pending)
    # Deletions first: where case does not count, an old path may be a new one too.
    for path in plan.paths(Action.DELETE):
        _guarded(root, path, None)
    for step in writes:
        assert step.output is not None
        assert step.output.content is not None, step.path
        _guarded(root, step.path, step.output.content)
    if plan.lock_changes:
        _guarded(root, build.project.lock, format_lock(plan.after) or None)
    gone = [s for s in plan.steps if s.output is None]
    remove_empty_folders(root, [(root / step.path).parent for step in gone])
    build.cache.finish({step.path for step in plan.steps})
    build.cache.save(whole=build.selection.whole)


def _guarded(root: Path, path: str, content: bytes | None) -> None:
    """Write a file, or delete it when there is no content."""
    try:
        if content is None:
            delete_file(root / path)
        else:
            write_file(root / path, content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        verb = "delete" if content is None else "write"
        message = f"cannot {verb} the file: {reason}"
        raise UsageError.of(codes.CANNOT_WRITE, message, path=path) from error

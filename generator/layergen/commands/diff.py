"""`layergen diff BASE [HEAD]`: what a change of specs breaks, and for whom."""

import difflib
import re
import sys
import traceback
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from layergen.codes import project as codes
from layergen.commands import console
from layergen.diagnostics import Diagnostic, sort_diagnostics
from layergen.review.formats import ReviewFormat
from layergen.review.output import format_review
from layergen.review.output.words import summarize
from layergen.review.removal import stale_removals
from layergen.review.report import LayerReview, Review, Version, review
from layergen.source import Source
from layergen.workspace.compiling import CompilerFaultError
from layergen.workspace.project import Project, current_folder, load_project
from layergen.workspace.read import Selection
from layergen.workspace.sides import Side, Spec, read_sides


def run_diff(base: str, head: str | None, output_format: ReviewFormat) -> int:
    """Compare two versions; the exit code."""
    cwd = current_folder()
    project = load_project(cwd)
    before, after, folder = read_sides(project, base, head, cwd)
    with before.resources, after.resources:
        found = _review(before, after, project, Selection((), (folder or ".",)))
        _tell(found, output_format, project, cwd)
    return 1 if found.fails else 0


def _tell(
    found: Review, output_format: ReviewFormat, project: Project, cwd: Path
) -> None:
    colour = console.wants_colour(sys.stdout)

    def code_diff(layer: LayerReview) -> str:
        return _code_diff(layer, project)

    text = format_review(found, output_format, code_diff, colour=colour)
    if text:
        console.put(text)
    is_text = output_format is ReviewFormat.TEXT
    console.say(f"{chr(10) if text and is_text else ''}{summarize(found)}")


def _review(
    before: Side, after: Side, project: Project, selection: Selection
) -> Review:
    """Compare two versions of the layers that one of them has within a selection."""
    old, new, same = _changed(before, after)
    diagnostics = [
        each
        for side in (before, after)
        for path, found in side.unread.items()
        if selection.covers(path)
        for each in found
    ]
    versions, wrong = _compile(old, selection, diagnostics)
    versions_after, wrong_after = _compile(new, selection, diagnostics)
    broken = {*wrong, *wrong_after, *before.unread, *after.unread}
    versions, versions_after = (
        _comparable(versions, versions_after, broken, _texts(new, wrong_after)),
        _comparable(versions_after, versions, broken, _texts(old, wrong)),
    )
    if before.is_file or after.is_file:
        versions, versions_after = _only(before, after, versions, versions_after)
    removals = project.review.removals
    names = {version.layer.name for version in versions_after}
    names |= {each.layer.partition(">")[2] for each in removals}
    twins, _ = compile_specs(_namesakes(names, same), [])
    reviewed = review(
        _once(versions, (), diagnostics),
        _once(versions_after, twins, diagnostics),
        same=sum(selection.covers(spec.path) for spec in same),
        diagnostics=sort_diagnostics(diagnostics),
        failing=project.review.failing,
        removals=[each for each in removals if each not in (before.removals or ())],
        covers=selection.covers,
    )
    if broken or before.is_file or after.is_file or "." not in selection.folders:
        return reviewed  # not all layers were looked at
    there = {version.registered for version in (*versions_after, *twins)}
    gone = {each.name for each in reviewed.layers if each.after is None}
    stale = stale_removals(removals, before.removals, gone, there)
    return replace(reviewed, stale=(*reviewed.stale, *stale))


def _compile(
    specs: Sequence[Spec], selection: Selection, diagnostics: list[Diagnostic]
) -> tuple[list[Version], set[str]]:
    """As `compile_specs`; of specs outside of the selection nothing is told."""
    inside = [spec for spec in specs if selection.covers(spec.path)]
    outside = [spec for spec in specs if not selection.covers(spec.path)]
    versions, wrong = compile_specs(inside, diagnostics)
    others, wrong_too = compile_specs(outside, [])
    return versions + others, wrong | wrong_too


def _texts(specs: Sequence[Spec], paths: Collection[str]) -> list[str]:
    return [spec.source.text for spec in specs if spec.path in paths]


def _comparable(
    versions: Sequence[Version],
    others: Sequence[Version],
    broken: Collection[str],
    texts: Sequence[str],
) -> list[Version]:
    """The layers but those whose other version is wrong: these have not gone or come.

    It stands in a spec of the same path, or in one of `texts`, which has the name.
    """
    there = {version.registered for version in others}

    def is_wrong(version: Version) -> bool:
        name = re.compile(rf"\bname\W{{1,4}}{version.layer.name}\b")
        is_alone = version.registered not in there
        return version.path in broken or (is_alone and any(map(name.search, texts)))

    return [version for version in versions if not is_wrong(version)]


def _changed(before: Side, after: Side) -> tuple[list[Spec], list[Spec], list[Spec]]:
    """The specs of both sides that are not the same text, and those that are.

    A spec that reads other files may change with them, so its text says too little.
    """
    known = {spec.path: spec for spec in before.specs}
    texts = {spec.digest: spec.path for spec in before.specs if not spec.reads_files}
    same: dict[str, str] = {}
    for spec in after.specs:
        if spec.reads_files:
            continue
        twin = known.get(spec.path)
        if twin is not None and twin.digest == spec.digest:
            same[spec.path] = spec.path
        elif spec.digest in texts and texts[spec.digest] not in same.values():
            same[spec.path] = texts[spec.digest]
    gone = set(same.values())
    old = [spec for spec in before.specs if spec.path not in gone]
    new = [spec for spec in after.specs if spec.path not in same]
    return old, new, [spec for spec in after.specs if spec.path in same]


def _namesakes(names: Collection[str], same: Sequence[Spec]) -> list[Spec]:
    """The specs that did not change and may have a class of one of the names."""
    return [spec for spec in same if any(name in spec.source.text for name in names)]


def compile_specs(
    specs: Sequence[Spec], diagnostics: list[Diagnostic]
) -> tuple[list[Version], set[str]]:
    """What the specs compile to, and the paths of those that are wrong."""
    if not specs:
        return [], set()
    from layergen.compiler import check_source

    versions: list[Version] = []
    wrong: set[str] = set()
    for done, spec in enumerate(specs, 1):
        try:
            layer, found = check_source(spec.source)
        except Exception as error:
            summary = f"{type(error).__name__}: {error}"
            trace = traceback.format_exc()
            raise CompilerFaultError(spec.source.path, summary, trace) from None
        if layer is None:
            diagnostics += found
            wrong.add(spec.path)
        else:
            versions.append(Version(spec.path, layer))
        console.show_progress(done, len(specs))
    return versions, wrong


def _only(
    before: Side, after: Side, old: list[Version], new: list[Version]
) -> tuple[list[Version], list[Version]]:
    """What belongs to the single file that was named on a side."""
    if before.is_file and after.is_file:
        # Two files are two versions of one layer, whatever they are called.
        path = new[0].path if new else ""
        return [Version(path, version.layer) for version in old], new
    one, many = (old, new) if before.is_file else (new, old)
    names = {(v.layer.package, v.layer.name) for v in one}
    kept = [v for v in many if (v.layer.package, v.layer.name) in names]
    paths = {v.path for v in one}
    kept = kept or [v for v in many if v.path in paths]
    return (old, kept) if before.is_file else (kept, new)


def _once(
    versions: Sequence[Version],
    others: Sequence[Version],
    diagnostics: list[Diagnostic],
) -> list[Version]:
    """The layers but those of a name that another has, here or in `others`."""
    kept = {(other.layer.package, other.layer.name): other for other in others}
    for version in versions:
        layer = version.layer
        first = kept.setdefault((layer.package, layer.name), version)
        if first is not version:
            message = (
                f"`{layer.package}>{layer.name}` is the class of `{first.path}` too"
            )
            span = layer.document.span("name")
            diagnostics.append(Diagnostic(codes.SAME_OUTPUT, message, span))
    return [version for version in versions if version in kept.values()]


def _code_diff(layer: LayerReview, project: Project) -> str:
    """What becomes of the generated class, as a unified diff."""
    old, new = (_code(version, project) for version in (layer.before, layer.after))
    lines = difflib.unified_diff(
        old[1].splitlines(keepends=True),
        new[1].splitlines(keepends=True),
        old[0],
        new[0],
    )
    return "".join(lines)


def _code(version: Version | None, project: Project) -> tuple[str, str]:
    from layergen.compiler import compile_class

    if version is None:
        return "/dev/null", ""
    given = version.layer.document.tree.source
    source = Source(version.path, given.text, given.folder)
    module = compile_class(source, project.target)
    assert module is not None, "it was compiled before"
    return module.path, module.content.decode()

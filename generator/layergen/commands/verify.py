"""`layergen verify --against REV [SPECS]`: what the new code makes of old files."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from layergen.codes import project as codes
from layergen.commands import console
from layergen.diagnostics import Diagnostic, Severity, sort_diagnostics
from layergen.reporters import OutputFormat
from layergen.verify.formats import VerifyFormat
from layergen.workspace.build import prepare
from layergen.workspace.generated import lay_out
from layergen.workspace.plan import find_drift
from layergen.workspace.project import Project, UsageError, current_folder, load_project
from layergen.workspace.read import Selection, select_specs
from layergen.workspace.sides import Side, read_revision, read_side, require_commit

if TYPE_CHECKING:
    from layergen.commands.subjects import OldCode
    from layergen.verify.outcome import Outcome
    from layergen.verify.plan import Case, Subject

_Facts: TypeAlias = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class VerifyOptions:
    """The flags of `layergen verify`, as given."""

    against: str
    paths: Sequence[str] = ()
    time_limit: float = 60.0
    output_format: VerifyFormat = VerifyFormat.TEXT


def run_verify(options: VerifyOptions) -> int:
    """Save with the old code and load with the new; the exit code."""
    cwd = current_folder()
    project = load_project(cwd)
    commit = require_commit(project, options.against, "no revision")
    selection = select_specs(project, options.paths, cwd)
    if not _is_built(project, selection):
        return 1
    before = read_revision(project, options.against, commit)
    with before.resources:
        after = read_side(project, None, cwd)
        found = _verify(options, selection, project, (before, after), commit)
    _tell(found, options.output_format)
    return 1 if found.fails else 0


def _is_built(project: Project, selection: Selection) -> bool:
    """Whether the generated code is that of the specs; what is not is told."""
    build = prepare(project, selection, None, console.show_progress)
    drift = tuple(find_drift(build.plan)) if build.plan else ()
    if build.plan is not None and not drift:
        return True
    console.report(sort_diagnostics(build.diagnostics + drift), OutputFormat.TEXT)
    console.say("nothing was verified: run `layergen build` first")
    return False


def _verify(
    options: VerifyOptions,
    selection: Selection,
    project: Project,
    sides: tuple[Side, Side],
    commit: str,
) -> "Outcome":
    from layergen.commands.subjects import find_subjects, read_old_code
    from layergen.verify.outcome import Outcome, judge

    diagnostics: list[Diagnostic] = [*sides[0].diagnostics, *sides[1].diagnostics]
    old = read_old_code(project, commit)
    subjects, same = find_subjects(*sides, project, old, selection, diagnostics)
    facts = _try(subjects, project, old, options.time_limit)
    errors = sort_diagnostics(d for d in diagnostics if d.severity is Severity.ERROR)
    layers = judge(subjects, *facts)
    return Outcome(options.against, layers, same, errors, project.review.failing)


def _try(
    subjects: "Sequence[Subject]", project: Project, old: "OldCode", limit: float
) -> "tuple[tuple[Case, ...], _Facts, _Facts]":
    """The instances, and what both processes say of them."""
    from layergen.verify.plan import load_job, plan_cases, save_job
    from layergen.verify.processes import Place, WorkerError, do_jobs

    cases = plan_cases(subjects, old.settings.target, project.target)
    if not cases:
        return cases, {}, {}
    _require_keras()
    with TemporaryDirectory(prefix="layergen-") as name:
        folder = Path(name)
        laid_out = lay_out(old.files, old.settings.target, folder / "old")
        places = [
            Place(each.import_root, each.root / each.target.out)
            for each in (laid_out, project)
        ]
        jobs = [save_job(case, folder) for case in cases]
        try:
            saved = do_jobs("layergen.verify.save", places[0], jobs, folder, limit)
            kept = [case for case in cases if saved[case.id].get("problem") == ""]
            jobs = [load_job(case, folder, project.target) for case in kept]
            loaded = do_jobs("layergen.verify.load", places[1], jobs, folder, limit)
        except WorkerError as error:
            raise _no_keras(f"Keras cannot be imported: {error}") from None
    return cases, saved, loaded


def _require_keras() -> None:
    if find_spec("keras") is None:
        raise _no_keras("`verify` needs keras, which is not installed")


def _no_keras(message: str) -> UsageError:
    note = f"install it for {sys.executable}: `pip install keras tensorflow`"
    return UsageError.of(codes.MISSING_PACKAGE, message, note)


def _tell(found: "Outcome", output_format: VerifyFormat) -> None:
    from layergen.verify.output import format_outcome
    from layergen.verify.output.words import summarize

    text = format_outcome(found, output_format, colour=console.wants_colour(sys.stdout))
    if text:
        console.put(text)
    is_text = output_format is VerifyFormat.TEXT
    console.say(f"{chr(10) if text and is_text else ''}{summarize(found)}")

"""`layergen build`: specs -> files, or what would become of the files."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from layergen.artifact import Compilation
from layergen.codes import project as codes
from layergen.commands import console
from layergen.diagnostics import Diagnostic, sort_diagnostics
from layergen.reporters import OutputFormat
from layergen.workspace.build import Build, apply, has_errors, prepare, read_specs
from layergen.workspace.compiling import compile_all
from layergen.workspace.disk import is_text
from layergen.workspace.plan import Action, Plan, find_drift, show_changes
from layergen.workspace.project import Project, UsageError, current_folder, load_project
from layergen.workspace.read import SpecFile, decode_spec, select_specs

STDIN = "-"
_MOST_NAMES = 20


@dataclass(frozen=True)
class BuildOptions:
    """The flags of `layergen build`, as given."""

    paths: Sequence[str] = ()
    out: str | None = None
    check: bool = False
    diff: bool = False
    stdout: bool = False
    jobs: int | None = None
    stdin_filename: str | None = None
    output_format: OutputFormat = OutputFormat.TEXT


def run_build(options: BuildOptions) -> int:
    """Do what the flags say; the exit code."""
    refuse_mixed_stdin(options.paths, options.stdin_filename)
    to_stdout = options.stdout or STDIN in options.paths
    if to_stdout and (options.check or options.diff):
        message = "`--check` and `--diff` compare with files, which `--stdout` ignores"
        raise UsageError.of(codes.FLAGS, message)
    cwd = current_folder()
    project = load_project(cwd, options.out)
    if to_stdout:
        return _print_files(project, options, cwd)
    selection = select_specs(project, options.paths, cwd)
    _refuse_outside(selection.specs)
    writes = not (options.check or options.diff)
    build = prepare(
        project, selection, options.jobs, console.show_progress, will_apply=writes
    )
    if build.plan is None:
        asked = options.check or options.diff
        console.report(build.diagnostics, options.output_format, asked_for=asked)
        if not asked:
            console.say("nothing was written")
        return 1
    if options.check or options.diff:
        return _compare(build, build.plan, options)
    return _write(build, build.plan, options.output_format)


def refuse_mixed_stdin(paths: Sequence[str], stdin_filename: str | None) -> None:
    """Standard input is one spec, alone.

    Raises:
        UsageError: when it is mixed with paths, or named but not asked for.
    """
    if STDIN in paths and len(paths) > 1:
        message = "`-` reads one spec from standard input: give no other path"
        raise UsageError.of(codes.FLAGS, message)
    if stdin_filename is not None and STDIN not in paths:
        message = "`--stdin-filename` names standard input, which only `-` reads"
        raise UsageError.of(codes.FLAGS, message)


def read_stdin(project: Project, name: str | None, cwd: Path) -> SpecFile:
    """The spec on standard input, as if it stood at `name`.

    Raises:
        SpecError: when it is too large or is not UTF-8.
    """
    data = sys.stdin.buffer.read()
    if name is None:
        return decode_spec(data, "<stdin>", None)
    path = (cwd / name).absolute()
    shown = Path(os.path.relpath(path, project.root)).as_posix()
    return decode_spec(data, shown, str(path.parent))


def _refuse_outside(specs: Sequence[str]) -> None:
    for spec in specs:
        if spec.startswith("../") or Path(spec).is_absolute():
            message = "this spec lies outside the project"
            note = "its path stands in the lock and in what is generated from it"
            raise UsageError.of(codes.OUTSIDE, message, note, path=spec)


def _print_files(project: Project, options: BuildOptions, cwd: Path) -> int:
    if STDIN in options.paths:
        files = [read_stdin(project, options.stdin_filename, cwd)]
        diagnostics: list[Diagnostic] = []
    else:
        specs = select_specs(project, options.paths, cwd).specs
        files, diagnostics = read_specs(project.root, specs)
    sources = [file.source for file in files]
    done = compile_all(
        sources, project.target, None, options.jobs, console.show_progress
    )
    diagnostics += [found for compilation in done for found in compilation.diagnostics]
    found = sort_diagnostics(diagnostics)
    console.report(found, options.output_format, stdout_is_taken=True)
    if has_errors(found):
        return 1
    console.put("\n\n".join(_print_one(compilation) for compilation in done))
    return 0


def _print_one(compilation: Compilation) -> str:
    """The files of a spec, each under a line that names it."""
    return "\n\n".join(
        (
            f"# --- {artifact.path}\n{artifact.content.decode()}"
            if is_text(artifact.content)
            else f"# --- {artifact.path}: an array of {len(artifact.content)} bytes\n"
        )
        for artifact in compilation.artifacts
    )


def _compare(build: Build, plan: Plan, options: BuildOptions) -> int:
    drift = tuple(find_drift(plan)) if options.check else plan.refusals
    if options.diff:
        console.put("".join(show_changes(plan, build.disk)))
    console.report(
        sort_diagnostics(build.diagnostics + drift),
        options.output_format,
        asked_for=True,
        stdout_is_taken=options.diff,
    )
    if options.check and not drift:
        console.say(f"{_count(len(build.selection.specs), 'spec')} up to date")
    return 1 if drift else 0


def _write(build: Build, plan: Plan, output_format: OutputFormat) -> int:
    found = sort_diagnostics(build.diagnostics + plan.refusals)
    console.report(found, output_format)
    if plan.refusals:
        console.say("nothing was written")
        return 1
    apply(build)
    written = plan.paths(Action.CREATE, Action.UPDATE)
    deleted = plan.paths(Action.DELETE)
    names = [f"wrote {path}" for path in written]
    names += [f"deleted {path}" for path in deleted]
    for name in names[:_MOST_NAMES]:
        console.say(name)
    if len(names) > _MOST_NAMES:
        console.say(f"... and {len(names) - _MOST_NAMES} more")
    kept = len(plan.paths(Action.KEEP))
    parts = [f"{_count(len(written), 'file')} written", f"{kept} unchanged"]
    parts += [f"{len(deleted)} deleted"] if deleted else []
    specs = _count(len(build.selection.specs), "spec")
    console.say(f"built {specs}: {', '.join(parts)}")
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

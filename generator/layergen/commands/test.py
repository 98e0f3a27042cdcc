"""`layergen test`: run the generated tests, if they are those of the specs."""

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from layergen.codes import project as codes
from layergen.commands import console
from layergen.diagnostics import sort_diagnostics
from layergen.reporters import OutputFormat
from layergen.workspace.build import prepare
from layergen.workspace.plan import find_drift
from layergen.workspace.project import Project, UsageError, current_folder, load_project
from layergen.workspace.read import select_specs

_EXIT_CODES = {0: 0, 4: 2, 5: 5}
"""pytest's exit codes as layergen's; all others mean that tests failed."""


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest on the generated tests with more arguments; the exit code."""
    cwd = current_folder()
    project = load_project(cwd)
    build = prepare(
        project, select_specs(project, (), cwd), None, console.show_progress
    )
    drift = tuple(find_drift(build.plan)) if build.plan else ()
    if drift or build.plan is None:
        found = sort_diagnostics(build.diagnostics + drift)
        console.report(found, OutputFormat.TEXT)
        console.say("no test was run: run `layergen build` first")
        return 1
    for package in ("pytest", "keras"):
        if find_spec(package) is None:
            message = f"the generated tests need {package}, which is not installed"
            note = f"install it for {sys.executable}: `pip install {package}`"
            raise UsageError.of(codes.MISSING_PACKAGE, message, note)
    command = [sys.executable, "-m", "pytest", project.target.tests, *arguments]
    ended = subprocess.run(
        command, cwd=project.root, env=_environment(project), check=False
    )
    return _EXIT_CODES.get(ended.returncode, 1)


def _environment(project: Project) -> dict[str, str]:
    """The environment, with the generated modules importable."""
    places = [str(project.import_root), str(project.root)]
    places += filter(None, [os.environ.get("PYTHONPATH")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(places))}

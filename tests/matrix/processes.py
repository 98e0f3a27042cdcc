"""Run a task for all kinds in a process of its own.

    python -m tests.matrix.processes TASK FOLDER RESULTS

The task is the name of a function of `tests.matrix.tasks`, FOLDER the one that the
layers were generated into. The outcomes, as JSON, and what the task keeps go into
RESULTS.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.matrix import kinds
from tests.matrix.situation import outcomes_of

ROOT = Path(__file__).parents[2]
OUTCOMES = "outcomes.json"
SECONDS = 300
"""After which a task counts as hanging."""


@dataclass(frozen=True)
class Started:
    """A task that runs, and where its results will be."""

    process: "subprocess.Popen[str]"
    results: Path


def start(task: str, more: Mapping[str, str] | None = None, number: int = 0) -> Started:
    """Start a task; `more` goes into its environment."""
    results = kinds.folder() / f"{task}{number}"
    results.mkdir()
    module = ["-m", "tests.matrix.processes"]
    return Started(launch([*module, task, kinds.folder(), results], more), results)


def launch(
    arguments: Sequence[str | Path], more: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """Start Python, so that it finds the tests and the compiler."""
    paths = [str(ROOT), str(ROOT / "generator"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env=environment | dict(more or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_alone(code: str, more: Mapping[str, str] | None = None) -> None:
    """Run code in a process of its own, and fail with what it prints if it fails."""
    process = launch(["-c", code], more)
    printed, _ = process.communicate()
    assert not process.returncode, printed


def finish(started: Started) -> dict[str, str]:
    """Wait for a task, and read what it found."""
    process = started.process
    try:
        printed, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        printed, _ = process.communicate()
    if process.returncode:
        failed = f"the process ended with {process.returncode}:\n{printed[-3000:]}"
        return dict.fromkeys((kind.name for kind in kinds.KINDS), failed)
    found: dict[str, str] = json.loads((started.results / OUTCOMES).read_text("utf-8"))
    return found


def perform(task: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Run a task in a process of its own."""
    return finish(start(task, more))


def main() -> None:
    """Run the task."""
    task, folder, results = sys.argv[1:]
    kinds.use(Path(folder))
    tasks = importlib.import_module("tests.matrix.tasks")
    tasks.RESULTS.append(Path(results))
    found = json.dumps(outcomes_of(getattr(tasks, task)))
    (Path(results) / OUTCOMES).write_text(found, "utf-8")


if __name__ == "__main__":
    main()

"""Jobs -> facts: a process of Python that does them, watched from outside.

A job that ends the process, or takes too long, costs that job only: another process
does the rest.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import layergen

_START_LIMIT = 300.0
"""Seconds in which Keras must be imported."""

_PAUSE = 0.05


class WorkerError(Exception):
    """A process ended before it began its first job; its last words are the message."""


@dataclass(frozen=True)
class Place:
    """Where a process finds the generated code.

    Attributes:
        path: the folder that the generated package is imported from.
        root: the folder that the generated code stands in.
    """

    path: Path
    root: Path


def do_jobs(
    worker: str,
    place: Place,
    jobs: Sequence[Mapping[str, Any]],
    folder: Path,
    limit: float,
) -> dict[int, dict[str, Any]]:
    """The facts of each job by its `id`; `{"ended": why}` of one that has no others.

    Args:
        worker: the module that is run, `layergen.verify.save`.
        place: where it finds the generated code.
        jobs: what it is to do.
        folder: for what the processes leave.
        limit: seconds that a job may take.

    Raises:
        WorkerError: Keras cannot be imported.
    """
    facts: dict[int, dict[str, Any]] = {}
    left = list(jobs)
    while left:
        found, began, why = _run(worker, place, left, folder, limit)
        facts |= found
        if began is not None:
            facts[began] = {"ended": why}
        elif not found:
            raise WorkerError(why or "it did nothing")
        left = [job for job in left if job["id"] not in facts]
    return facts


def _run(
    worker: str,
    place: Place,
    jobs: Sequence[Mapping[str, Any]],
    folder: Path,
    limit: float,
) -> tuple[dict[int, dict[str, Any]], int | None, str]:
    """Facts, the job that was not done when the process ended, and why it ended."""
    plan, results, talk = (folder / f"{worker}.{s}" for s in ("json", "jsonl", "txt"))
    results.write_text("")
    given = {
        "path": str(place.path),
        "root": str(place.root),
        "results": str(results),
        "jobs": list(jobs),
    }
    plan.write_text(json.dumps(given), "utf-8")
    with talk.open("wb") as said:
        process = subprocess.Popen(
            # Without -P the current folder would be searched for modules first.
            [sys.executable, "-P", "-m", worker, str(plan)],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            late = _wait(process, results, limit)
        finally:
            process.kill()
            process.wait()
    found, began = _read(results)
    words = talk.read_bytes().decode(errors="replace").strip().splitlines()
    return found, began, late or _ending(process.returncode, words)


def _wait(process: "subprocess.Popen[bytes]", results: Path, limit: float) -> str:
    """Wait for the end; what took too long, if anything did."""
    size, since = 0, time.monotonic()
    while process.poll() is None:
        time.sleep(_PAUSE)
        now = results.stat().st_size
        if now != size:
            size, since = now, time.monotonic()
        most = limit if size else _START_LIMIT
        if time.monotonic() - since > most:
            return f"not done after {most:g} seconds"
    return ""


def _ending(code: int, words: Sequence[str]) -> str:
    """How a process ended, with its last words; empty if as it should."""
    if code == 0:
        return ""
    if code < 0:
        return f"the process was ended by {signal.Signals(-code).name}"
    last = words[-1] if words else ""
    return last or f"the process ended with exit code {code}"


def _read(results: Path) -> tuple[dict[int, dict[str, Any]], int | None]:
    found: dict[int, dict[str, Any]] = {}
    began = None
    for line in _lines(results):
        if "began" in line:
            began = line["began"]
        else:
            found[line["done"]] = line["facts"]
            began = None
    return found, began


def _lines(results: Path) -> Iterator[Mapping[str, Any]]:
    for line in results.read_text("utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # the process ended while it wrote
            return


def _environment() -> dict[str, str]:
    """The environment, with layergen importable and TensorFlow quiet."""
    places = [str(Path(layergen.__file__).parents[1])]
    places += filter(None, [os.environ.get("PYTHONPATH")])
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**quiet, **os.environ, "PYTHONPATH": os.pathsep.join(places)}

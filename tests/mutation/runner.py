"""Layers and mutants -> outcomes: jobs for warm workers, with a limit and a cache.

A worker's process keeps state, so each batch begins and ends with the unchanged layer,
which must pass. If it does not pass at the end, some mutant left traces: the halves of
the batch run again in fresh processes. A mutant that runs too long is killed, and the
process with it.
"""

import ast
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "build" / "mutation"
BATCH = 60
START_SECONDS = 300.0
RUN_SECONDS = 120.0
MOST_JOBS = 400
"""Jobs of one process: each leaves a little in memory."""


class HarnessError(Exception):
    """The harness cannot tell anything: the unchanged layer does not pass."""


@dataclass(frozen=True)
class Layer:
    """A generated layer: its module and its tests, as paths in the repository."""

    name: str
    path: str
    test: str

    @property
    def module(self) -> str:
        """The dotted name of the module."""
        return self.path.removesuffix(".py").replace("/", ".")

    @property
    def text(self) -> str:
        """The text of the module."""
        return (ROOT / self.path).read_text("utf-8")


@dataclass(frozen=True)
class Outcome:
    """What the tests say: `killed`, `survived` or `invalid`, and by what."""

    outcome: str
    by: str = ""

    @property
    def survived(self) -> bool:
        """Whether all tests passed."""
        return self.outcome == "survived"


def find_layers() -> list[Layer]:
    """Every generated layer, by name."""
    found = []
    for path in sorted((ROOT / "generated").glob("*/*.py")):
        test = ROOT / "generated" / "tests" / path.parent.name / f"test_{path.stem}.py"
        if test.exists():
            name, place = f"{path.parent.name}/{path.stem}", test.relative_to(ROOT)
            found.append(Layer(name, f"generated/{name}.py", str(place)))
    return found


def backend() -> str:
    """The backend that Keras will take."""
    return os.environ.get("KERAS_BACKEND", "tensorflow")


class Worker:
    """A warm process that runs one job at a time."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.process: subprocess.Popen[str] | None = None
        self.jobs = 0
        self.kills: Counter[str] = Counter()

    def order(self, seconds: Mapping[str, float]) -> list[str]:
        """The tests that kill much in little time first, as seen so far."""
        costs = {t: s / (1 + self.kills[_function(t)]) for t, s in seconds.items()}
        return sorted(costs, key=costs.__getitem__)

    def ask(self, layer: Layer, source: str, order: Sequence[str] = ()) -> Any:
        """The answer to a job, or None if it ran too long or the process died."""
        if self.jobs == MOST_JOBS:
            self.stop()
        if self.process is None:
            self._start()
        self.jobs += 1
        job = {"module": layer.module, "path": layer.path, "test": layer.test}
        return self._say({**job, "source": source, "order": list(order)}, RUN_SECONDS)

    def stop(self) -> None:
        """End the process; the next job starts another."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
            self.jobs = 0

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.worker", self.folder.name],
            cwd=ROOT,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._listen(START_SECONDS) != "ready":
            raise HarnessError("a worker does not start: can it import keras?")

    def _say(self, job: Mapping[str, Any], seconds: float) -> Any:
        assert self.process
        assert self.process.stdin
        print(json.dumps(job), file=self.process.stdin, flush=True)
        return self._listen(seconds)

    def _listen(self, seconds: float) -> Any:
        assert self.process
        assert self.process.stdout
        timer = threading.Timer(seconds, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if not line:
            self.stop()
            return None
        return json.loads(line)


def run_batch(
    worker: Worker, layer: Layer, mutants: Sequence[Mutant]
) -> Iterator[tuple[Mutant, Outcome]]:
    """Run the tests of a layer on its mutants."""
    seconds = baseline(worker, layer)
    if seconds is None:
        worker.stop()
        seconds = baseline(worker, layer)
    if seconds is None:
        raise HarnessError(f"the tests of {layer.name} fail without any change")
    outcomes = []
    for mutant in mutants:
        answer = worker.ask(layer, mutant.source, worker.order(seconds))
        outcomes.append((mutant, _outcome(answer)))
        worker.kills[_function(outcomes[-1][1].by)] += 1
    if len(mutants) == 1 or baseline(worker, layer) is not None:
        yield from outcomes
        return
    middle = len(mutants) // 2
    for half in (mutants[:middle], mutants[middle:]):
        worker.stop()
        yield from run_batch(worker, layer, half)


def _outcome(answer: Any) -> Outcome:
    if answer is None:
        return Outcome("killed", "time limit or crash")
    return Outcome(answer["outcome"], answer["by"])


def baseline(worker: Worker, layer: Layer) -> dict[str, float] | None:
    """The seconds of each test of the unchanged layer; None if any fails."""
    answer = worker.ask(layer, ast.unparse(ast.parse(layer.text)))
    if answer is None or answer["outcome"] != "survived":
        return None
    seconds: dict[str, float] = answer["seconds"]
    return seconds


def _function(test: str) -> str:
    """The name of a test without its parameters: it is the same in all layers."""
    return test.partition("[")[0]


def run_all(
    work: Mapping[Layer, Sequence[Mutant]],
    workers: int,
    report: Callable[[str], None],
) -> dict[Layer, dict[Mutant, Outcome]]:
    """The outcome of each mutant, from the cache where its tests have run before.

    Raises:
        HarnessError: at the end, if an unchanged layer does not pass.
    """
    caches = {layer: Cache(layer) for layer in work}
    missing = {
        layer: [m for m in mutants if caches[layer].get(m) is None]
        for layer, mutants in work.items()
    }
    batches = [
        (layer, mutants[start : start + BATCH])
        for layer, mutants in missing.items()
        for start in range(0, len(mutants), BATCH)
    ]
    done, faults = 0, []
    total = sum(len(mutants) for _, mutants in batches)
    with _pool(workers) as run:
        for layer, outcomes in run(batches):
            if isinstance(outcomes, HarnessError):
                faults.append(str(outcomes))
                report(faults[-1])
                continue
            caches[layer].add(outcomes)
            done += len(outcomes)
            report(f"{done} of {total} mutants run, of {layer.name} last")
    if faults:
        raise HarnessError("; ".join(dict.fromkeys(faults)))
    return {
        layer: {m: outcome for m in mutants if (outcome := caches[layer].get(m))}
        for layer, mutants in work.items()
    }


Batch = tuple[Layer, Sequence[Mutant]]
Result = tuple[Layer, list[tuple[Mutant, Outcome]] | HarnessError]


@contextmanager
def _pool(workers: int) -> Iterator[Callable[[Sequence[Batch]], Iterator[Result]]]:
    """A function that runs batches on some workers at a time."""
    free: SimpleQueue[Worker] = SimpleQueue()
    everyone = [Worker() for _ in range(workers)]
    for worker in everyone:
        free.put(worker)

    def run_one(batch: Batch) -> Result:
        worker = free.get()
        try:
            return batch[0], list(run_batch(worker, *batch))
        except HarnessError as error:
            return batch[0], error
        finally:
            free.put(worker)

    with ThreadPoolExecutor(workers) as threads:
        try:
            yield lambda batches: threads.map(run_one, batches)
        finally:
            threads.shutdown(cancel_futures=True)
            for worker in everyone:
                worker.stop()


class Cache:
    """Outcomes of earlier runs of a layer, by mutant, tests and version of Keras."""

    def __init__(self, layer: Layer, of: str | None = None) -> None:
        self.path = CACHE / (of or backend()) / f"{layer.name}.json"
        self.common = [
            (ROOT / layer.test).read_text("utf-8"),
            (ROOT / "tests/mutation/worker.py").read_text("utf-8"),
            importlib.metadata.version("keras"),
        ]
        found = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.known: dict[str, list[str]] = found

    def get(self, mutant: Mutant) -> Outcome | None:
        """What is known of a mutant."""
        known = self.known.get(self._key(mutant))
        return None if known is None else Outcome(*known)

    def add(self, outcomes: Sequence[tuple[Mutant, Outcome]]) -> None:
        """Remember outcomes, on disk too."""
        for mutant, outcome in outcomes:
            self.known[self._key(mutant)] = [outcome.outcome, outcome.by]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.known, indent=0))

    def _key(self, mutant: Mutant) -> str:
        text = "\0".join([*self.common, mutant.source])
        return hashlib.sha256(text.encode()).hexdigest()

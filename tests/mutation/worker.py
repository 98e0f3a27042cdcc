"""Lines of JSON in, lines of JSON out: runs test files on mutants in one warm process.

    python -m tests.mutation.worker FOLDER

A job is `{"module", "path", "test", "source", "order"}`; its answer says `outcome`:

- `survived`: all tests passed;
- `killed`: a test failed, and `by` names it;
- `invalid`: the mutant cannot even be imported, so it shows nothing.

`order` lists tests that run first; the answer to a run that survived has the `seconds`
of each test, from which the caller makes an order. FOLDER is for the tests' own files.
"""

import gc
import importlib
import json
import linecache
import os
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OPTIONS = """
-x -q -s --tb=native --assert=plain -W ignore -p no:cacheprovider -c /dev/null
"""


class Watch:
    """A pytest plugin: cheap tests first; what failed, and how long each test took."""

    def __init__(self, order: Sequence[str]) -> None:
        self.ranks = {test: rank for rank, test in enumerate(order)}
        self.failed = ""
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by the order given; what it does not name comes last."""
        items.sort(key=lambda item: self.ranks.get(item.name, len(self.ranks)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test, or its fixture, did."""
        name = report.nodeid.rpartition("::")[2]
        self.seconds[name] = self.seconds.get(name, 0.0) + report.duration
        if report.failed and not self.failed:
            self.failed = name

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note that the test file itself fails."""
        if report.failed and not self.failed:
            self.failed = "import of the test file"


def run_job(job: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Put the mutant in the place of the module, and run the tests on it."""
    with clean_state(job["module"]):
        try:
            load(job["module"], job["path"], job["source"])
        except Exception as error:
            return {"outcome": "invalid", "by": type(error).__name__}
        watch = Watch(job["order"])
        options = [*OPTIONS.split(), "--rootdir", str(ROOT), "--basetemp", str(folder)]
        code = pytest.main([*options, str(ROOT / job["test"])], plugins=[watch])
    if code == pytest.ExitCode.OK and watch.seconds and not watch.failed:
        return {"outcome": "survived", "by": "", "seconds": watch.seconds}
    return {"outcome": "killed", "by": watch.failed or f"pytest: {code}"}


def load(name: str, path: str, source: str) -> None:
    """Import the source as the module of that name and path.

    Tracebacks and `inspect` find the source, too, under a name of its own.
    """
    module = types.ModuleType(name)
    module.__file__ = str(ROOT / path)
    place = f"<mutant of {name}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[place] = (len(source), None, lines, place)
    sys.modules[name] = module
    exec(compile(source, place, "exec"), module.__dict__)
    package, _, last = name.rpartition(".")
    setattr(sys.modules[package], last, module)


@contextmanager
def clean_state(module: str) -> Iterator[None]:
    """Begin without traces of another mutant, and leave none.

    Keras keeps registered classes by name. Those of other modules stay, for a layer may
    own one of theirs.
    """
    import keras

    importlib.import_module(module.rpartition(".")[0])
    forget(module)
    keras.utils.set_random_seed(1)
    try:
        yield
    finally:
        forget(module)
        keras.backend.clear_session()
        gc.collect()


def forget(module: str) -> None:
    """Remove the module, its registered classes and all test modules."""
    from keras.src.saving import object_registration as registry

    for name in [n for n in sys.modules if n.startswith("generated.tests.")]:
        del sys.modules[name]
    sys.modules.pop(module, None)
    for table in (registry.GLOBAL_CUSTOM_OBJECTS, registry.GLOBAL_CUSTOM_NAMES):
        for key in [k for k, value in table.items() if _is_of(module, k, value)]:
            del table[key]


def _is_of(module: str, *pair: Any) -> bool:
    """Whether the class of a pair of class and name is of the module, or of a test."""
    places = [getattr(one, "__module__", "") for one in pair]
    return any(p == module or p.startswith("generated.tests.") for p in places)


def main() -> None:
    """Answer jobs until there are no more."""
    folder = Path(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.dont_write_bytecode = False  # each test file is compiled once
    sys.pycache_prefix = str(folder / "bytecode")
    sys.path.insert(0, str(ROOT))
    import keras  # noqa: F401

    gc.freeze()
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        answer = run_job(json.loads(line), folder / "tests")
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()

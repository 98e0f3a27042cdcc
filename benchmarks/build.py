"""Generated specs -> a Markdown table of how long builds take, as ratios.

    python benchmarks/build.py [--specs N]

Machines differ and are noisy, so nothing is said in seconds: a start is compared with
a start of Python that imports what every command line of this kind imports, a build
with black alone on the same files, all in one run and taking turns. layergen must be
importable.
"""

import os
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from layergen.artifact import Target
from layergen.workspace.cache import FOLDER, FormattedTexts

HERE = Path(__file__).parent
PARTS = 4
ROUNDS = 9
LAYERGEN = (sys.executable, "-m", "layergen.cli")
BLACK = (sys.executable, str(HERE / "black_alone.py"))
YARDSTICK = (sys.executable, "-c", "import typer, pydantic")


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the clock, of processors, and peak memory."""

    wall: float
    busy: float
    megabytes: float


@dataclass(frozen=True)
class Row:
    """A line of the table: what was done, and its ratios to what."""

    done: str
    wall: float
    busy: float
    yardstick: str


def measure(command: Sequence[str], folder: Path, stdin: str = "") -> Cost:
    """Run a command that must succeed."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(stdin.encode())
        given.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=given, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{command} failed:\n{said.read().decode()}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def make_project(folder: Path, specs: int) -> Path:
    """A project of generated specs, nothing built yet."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.layergen]\n")
    corpus = [sys.executable, str(HERE / "corpus.py"), str(specs), "specs"]
    measure(corpus, folder)
    return folder


def generated(project: Path, part: str = "") -> list[Path]:
    """The Python files that the specs in a part yielded."""
    lines = (project / "generated/layergen.lock").read_text().splitlines()
    rows = [line.split("\t") for line in lines]
    return [
        project / path
        for path, _, spec, *_ in rows
        if spec.startswith(f"specs/{part}") and path.endswith(".py")
    ]


def compare_from_scratch(one: Path, two: Path) -> Iterable[Row]:
    """Builds of everything, without a cache, beside black alone on the same files."""
    builds, blacks, checks = [], [], []
    for number in range(PARTS):
        part = f"part_{number}"
        command = [*LAYERGEN, "build", "--jobs", "1", f"specs/{part}"]
        builds.append(measure(command, one))
        texts = "\n".join(map(str, generated(one, part)))
        blacks.append(measure(BLACK, one, texts))
        with set_aside(one / FOLDER):
            checks.append(measure([*command, "--check"], one))
    pool = measure([*LAYERGEN, "build", "--jobs", "2"], two)
    say(f"peak memory of a process, all specs at once: {pool.megabytes:.0f} MB")
    black = "black alone"
    yield ratio_by_part("From scratch, `--jobs 1`", builds, blacks, black)
    whole = Cost(sum(b.wall for b in blacks), sum(b.busy for b in blacks), 0.0)
    yield ratio("From scratch, `--jobs 2`", [pool], [whole], black)
    yield ratio_by_part("`--check` without a cache, `--jobs 1`", checks, blacks, black)


def compare_starts(project: Path) -> Iterable[Row]:
    """What is done often, beside a start of Python."""
    build = [*LAYERGEN, "build"]
    commands: dict[str, Callable[[], Cost]] = {
        "": lambda: measure(YARDSTICK, project),
        "`layergen --version`": lambda: measure([*LAYERGEN, "--version"], project),
        "Nothing changed": lambda: measure(build, project),
        "`--check`, nothing changed": lambda: measure([*build, "--check"], project),
        "One spec changed": lambda: measure(build, change_one(project)),
    }
    for command in commands.values():
        command()
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            costs[name].append(command())
    yardstick = costs.pop("")
    for name, found in costs.items():
        yield ratio(name, found, yardstick, "`import typer, pydantic`")


def change_one(project: Path) -> Path:
    """Change a spec so that both files that it yields change."""
    spec = next((project / "specs").rglob("*.yaml"))
    text = spec.read_text()
    spec.write_text(text.replace("\nsummary: ", "\nsummary: Still ", 1))
    return project


@contextmanager
def set_aside(folder: Path) -> Iterator[None]:
    """Hide a folder for a while."""
    aside = folder.with_name(f"{folder.name}_aside")
    folder.rename(aside)
    yield
    aside.rename(folder)


def ratio(
    done: str, costs: Sequence[Cost], base: Sequence[Cost], yardstick: str
) -> Row:
    """The ratio of two medians."""
    wall = median(c.wall for c in costs) / median(b.wall for b in base)
    busy = median(c.busy for c in costs) / median(b.busy for b in base)
    return Row(done, wall, busy, yardstick)


def ratio_by_part(
    done: str, costs: Sequence[Cost], base: Sequence[Cost], yardstick: str
) -> Row:
    """The median of the ratios of what was measured side by side."""
    pairs = list(zip(costs, base, strict=True))
    wall = median(c.wall / b.wall for c, b in pairs)
    busy = median(c.busy / b.busy for c, b in pairs)
    return Row(done, wall, busy, yardstick)


def count_left_alone(project: Path) -> tuple[int, int]:
    """Of how many generated files black changed nothing, and of how many in all."""
    formats = FormattedTexts(project, Target(), writes=False)
    paths = generated(project)
    left = [formats.get(path.read_text(), str(path)) is not None for path in paths]
    return sum(left), len(left)


def print_table(rows: Iterable[Row]) -> None:
    """The rows in Markdown."""
    print("| what | by the clock | processor time | beside |")
    print("|---|---|---|---|")
    for row in rows:
        print(f"| {row.done} | {row.wall:.2f} | {row.busy:.2f} | {row.yardstick} |")


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--specs", type=int, default=1000, metavar="N")
    number = parser.parse_args().specs
    with tempfile.TemporaryDirectory() as folder:
        one = make_project(Path(folder) / "one", number)
        two = make_project(Path(folder) / "two", number)
        rows = list(compare_from_scratch(one, two))
        left, texts = count_left_alone(two)
        say(f"texts that black left alone: {left} of {texts}")
        measure([*LAYERGEN, "build"], one)
        same = all(
            path.read_bytes() == (two / path.relative_to(one)).read_bytes()
            for path in (one / "generated").rglob("*")
            if path.is_file()
        )
        say(f"`--jobs 1` and `--jobs 2` give the same bytes: {same}")
        rows += compare_starts(one)
    print_table(rows)


if __name__ == "__main__":
    main()

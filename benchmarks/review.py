"""Generated specs -> a Markdown table of how long `layergen diff` takes, as ratios.

    python -m benchmarks.review [--specs N]

A diff of a repository of specs against its last commit, with one, a tenth and all of
the specs changed, beside a start of Python that imports what every command line of
this kind imports, and beside `layergen check` of the same specs, in turns.
"""

import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from benchmarks.build import LAYERGEN, ROUNDS, YARDSTICK, Cost, make_project, measure

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")


def commit(project: Path) -> None:
    """Make the project a repository with everything in it."""
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        measure([*GIT, *arguments], project)


def change(project: Path, count: int) -> None:
    """Change the forward pass of the first specs."""
    texts = {spec: spec.read_text() for spec in specs_of(project)}
    changeable = [spec for spec, text in texts.items() if "return " in text]
    for spec in changeable[:count]:
        text = texts[spec]
        head, _, tail = text.rpartition("return ")
        spec.write_text(f"{head}return 1.0 * {tail}")


def specs_of(project: Path) -> list[Path]:
    """The specs of a project."""
    return sorted((project / "specs").rglob("*.yaml"))


def rows(project: Path) -> Iterable[tuple[str, float, float]]:
    """What was done, and its processor time beside a start and beside a check."""
    diff = [*LAYERGEN, "diff", "HEAD"]
    total = len(specs_of(project))
    cases: dict[str, int] = {
        "nothing changed": 0,
        "one spec changed": 1,
        "a tenth changed": total // 10,
        "all changed": total,
    }
    for name, count in cases.items():
        measure([*GIT, "checkout", "-q", "specs"], project)
        change(project, count)
        runs: dict[str, Callable[[], Cost]] = {
            "diff": lambda: measure(diff, project),
            "start": lambda: measure(YARDSTICK, project),
            "check": lambda: measure([*LAYERGEN, "check"], project),
        }
        costs: dict[str, list[float]] = {key: [] for key in runs}
        for _ in range(ROUNDS):
            for key, run in runs.items():
                costs[key].append(run().busy)
        middle = {key: median(found) for key, found in costs.items()}
        yield name, middle["diff"] / middle["start"], middle["diff"] / middle["check"]


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=100)
    wanted = parser.parse_args().specs
    with tempfile.TemporaryDirectory() as place:
        project = make_project(Path(place) / "project", wanted)
        commit(project)
        print("| what | beside a start | beside `layergen check` |")
        print("|---|---|---|")
        for name, start, check in rows(project):
            print(f"| {name} | {start:.2f} | {check:.2f} |")


if __name__ == "__main__":
    main()

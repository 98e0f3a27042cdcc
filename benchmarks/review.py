"""Generated specs -> a Markdown table of how long `layergen diff` takes, as ratios.

    python -m benchmarks.review [--specs N]

A diff of a repository of specs against its last commit, with one, a tenth and all of
the specs changed, beside a start of Python that imports what every command line of
this kind imports, beside `layergen check` of all specs, and beside one of those that
changed, in turns.
"""

import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.build import LAYERGEN, YARDSTICK, Cost, make_project, measure

ROUNDS = 5
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")


def commit(project: Path) -> None:
    """Make the project a repository with everything in it."""
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "first")):
        measure([*GIT, *arguments], project)


def change(project: Path, count: int) -> list[str]:
    """Change the forward pass of the first specs; their paths."""
    texts = {spec: spec.read_text() for spec in specs_of(project)}
    changeable = [spec for spec, text in texts.items() if "return " in text]
    for spec in changeable[:count]:
        text = texts[spec]
        head, _, tail = text.rpartition("return ")
        spec.write_text(f"{head}return 1.0 * {tail}")
    return [str(spec.relative_to(project)) for spec in changeable[:count]]


def specs_of(project: Path) -> list[Path]:
    """The specs of a project."""
    return sorted((project / "specs").rglob("*.yaml"))


def rows(project: Path) -> Iterable[tuple[str, ...]]:
    """What was done, and its processor time beside a start and beside two checks."""
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
        changed = change(project, count)
        runs: dict[str, Callable[[], Cost]] = {
            "diff": lambda: measure(diff, project),
            "start": lambda: measure(YARDSTICK, project),
            "check": lambda: measure([*LAYERGEN, "check"], project),
        }
        if changed:
            runs["changed"] = partial(measure, [*LAYERGEN, "check", *changed], project)
        costs: dict[str, list[float]] = {key: [] for key in runs}
        for _ in range(ROUNDS):
            for key, run in runs.items():
                costs[key].append(run().busy)
        middle = {key: median(found) for key, found in costs.items()}
        ratios = {key: f"{middle['diff'] / cost:.2f}" for key, cost in middle.items()}
        yield name, ratios["start"], ratios["check"], ratios.get("changed", "")


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=100)
    wanted = parser.parse_args().specs
    with tempfile.TemporaryDirectory() as place:
        project = make_project(Path(place) / "project", wanted)
        commit(project)
        print(
            "| what | beside a start | beside `check` of all | of those that changed |"
        )
        print("|---|---|---|---|")
        for row in rows(project):
            print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()

"""The columns of the matrix: a situation is a function that kinds go through."""

import functools
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tests.matrix.kinds import KINDS, Kind

ALL = ("tensorflow", "jax", "torch")

Run: TypeAlias = Callable[[Kind], None]
Outcomes: TypeAlias = Mapping[str, str]
"""By the name of a kind, what went wrong; nothing if it is right."""


@dataclass(frozen=True)
class Situation:
    """A situation.

    Attributes:
        name: of the function that brings a layer into it.
        title: what it is called in the table.
        run: raises if the layer is not right.
        backends: where it exists.
    """

    name: str
    title: str
    run: Run
    backends: tuple[str, ...]


SITUATIONS: list[Situation] = []


def situation(title: str, *backends: str) -> Callable[[Run], Run]:
    """Add a situation to the matrix; without backends it exists on all."""

    def add(run: Run) -> Run:
        SITUATIONS.append(Situation(run.__name__, title, run, backends or ALL))
        return run

    return add


def process(
    title: str, *backends: str
) -> Callable[[Callable[[], Outcomes]], Callable[[], Outcomes]]:
    """Add a situation that needs processes of its own: all kinds share them."""

    def add(run: Callable[[], Outcomes]) -> Callable[[], Outcomes]:
        outcomes = functools.cache(run)

        def ask(kind: Kind) -> None:
            wrong = outcomes()[kind.name]
            assert not wrong, wrong

        found = Situation(run.__name__, title, ask, backends or ALL)
        SITUATIONS.append(found)
        return run

    return add


def outcomes_of(run: Run) -> dict[str, str]:
    """Let all kinds go through a function."""
    found = {}
    for kind in KINDS:
        try:
            run(kind)
        except Exception:
            found[kind.name] = traceback.format_exc()
        else:
            found[kind.name] = ""
    return found

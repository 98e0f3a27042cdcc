"""The matrix as a Markdown table: what the tests of its cells show."""

from collections.abc import Iterator
from pathlib import Path

from tests.matrix.kinds import KINDS
from tests.matrix.limits import LIMITS, limit_of
from tests.matrix.situation import SITUATIONS, Situation

DOCUMENT = Path(__file__).parents[2] / "docs" / "constants.md"
NAME = "matrix"
"""Of the marks between which the table stands."""
LETTERS = {"tensorflow": "T", "jax": "J", "torch": "P"}
ABSENT = "·"


def render() -> str:
    """The table, its legend, and the reasons of what cannot be."""
    return "\n".join([*_legend(), "", *_rows(), "", *_notes()])


def _legend() -> Iterator[str]:
    for i, kind in enumerate(KINDS):
        yield f"{i + 1}. {kind.title}"


def _rows() -> Iterator[str]:
    numbers = [str(i + 1) for i in range(len(KINDS))]
    yield f"| | {' | '.join(numbers)} |"
    yield f"|---|{'---|' * len(KINDS)}"
    for situation in SITUATIONS:
        cells = [_cell(situation, kind.name) for kind in KINDS]
        yield f"| {situation.title} | {' | '.join(cells)} |"


def _cell(situation: Situation, kind: str) -> str:
    shown = ""
    for backend, letter in LETTERS.items():
        limit = limit_of(situation.name, kind, backend)
        if backend not in situation.backends:
            shown += ABSENT
        elif limit is None:
            shown += letter
        else:
            shown += f"<sup>{LIMITS.index(limit) + 1}</sup>"
    return shown


def _notes() -> Iterator[str]:
    for i, limit in enumerate(LIMITS):
        yield f"<sup>{i + 1}</sup> {limit.reason}."

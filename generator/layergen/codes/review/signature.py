"""LG624 and LG641: changes of the constructor as a whole."""

from layergen.codes.example import body, spec
from layergen.codes.review import Breaks, Member, ReviewCode

_CONFIG = frozenset({Breaks.CONFIG, Breaks.CALLER})
_CALLER = frozenset({Breaks.CALLER})


def _table(storage: str) -> str:
    return spec(
        arguments="\n  entries: {type: array, rank: 1}",
        parameters=f"\n  table: {{role: constant, value: entries{storage}}}",
        call="|\n  return inputs * sum(table)",
        examples="\n  - {arguments: {entries: [1.0, 2.0]}, inputs: [[1.0]]}",
    )


ARGUMENT_ORDER = ReviewCode(
    "LG624",
    "order of arguments changed",
    about=None,
    breaks=_CALLER,
    means="Arguments of the constructor stand in other places.",
    why="Callers that give them by position give them to others. Saved models give them"
    " by name.",
    wrong=body(
        "return factor * inputs + offset",
        arguments="\n  factor: {type: float, default: 2.0}"
        "\n  offset: {type: float, default: 0.0}",
    ),
    right=body(
        "return factor * inputs + offset",
        arguments="\n  offset: {type: float, default: 0.0}"
        "\n  factor: {type: float, default: 2.0}",
    ),
)
SAVED_BY_SHAPE = ReviewCode(
    "LG641",
    "array argument saved in another place",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="The config held an array argument's shape, and now its values, or the"
    " reverse.",
    why="A saved model that holds the shape only is refused where values are wanted.",
    wrong=_table(", storage: weight"),
    right=_table(""),
)

"""LG644 to LG646: changes of flags of the call."""

from layergen.codes.example import body
from layergen.codes.review import Breaks, Member, ReviewCode

_CONFIG = frozenset({Breaks.CONFIG, Breaks.CALLER})
_CALLER = frozenset({Breaks.CALLER})


def _flag(flag: str, call: str) -> str:
    return body(
        f"return {call}", inputs=f"\n  inputs: {{shape: [batch, features]}}{flag}"
    )


FLAG_ADDED = ReviewCode(
    "LG644",
    "flag added",
    about=Member.ARGUMENT,
    means="`call` takes a further flag.",
    why="Calls without it get its default.",
    wrong=_flag("", "inputs * factor"),
    right=_flag(
        "\n  invert: {type: bool, default: false}",
        "inputs * (-factor if invert else factor)",
    ),
)
FLAG_REMOVED = ReviewCode(
    "LG645",
    "flag removed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="`call` no longer takes a flag.",
    why="Calls that give it fail, also those that a saved functional model holds.",
    wrong=_flag(
        "\n  invert: {type: bool, default: false}",
        "inputs * (-factor if invert else factor)",
    ),
    right=_flag("", "inputs * factor"),
)
FLAG_DEFAULT = ReviewCode(
    "LG646",
    "default of a flag changed",
    about=Member.ARGUMENT,
    breaks=_CALLER | {Breaks.NUMERIC},
    means="A flag that is left out has another value.",
    why="No config holds it: saved models get the new default too.",
    wrong=_flag(
        "\n  invert: {type: bool, default: false}",
        "inputs * (-factor if invert else factor)",
    ),
    right=_flag(
        "\n  invert: {type: bool, default: true}",
        "inputs * (-factor if invert else factor)",
    ),
)

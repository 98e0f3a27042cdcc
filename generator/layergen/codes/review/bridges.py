"""LG640, LG647 to LG649: what bridges a break, and what takes a bridge away."""

from layergen.codes.example import body, spec
from layergen.codes.review import Breaks, Member, ReviewCode

_CONFIG = frozenset({Breaks.CONFIG, Breaks.CALLER})


ARGUMENT_DEPRECATED = ReviewCode(
    "LG640",
    "argument without effect",
    about=Member.ARGUMENT,
    breaks=frozenset({Breaks.NUMERIC, Breaks.TRAINING}),
    means="An argument is taken with a warning and has no effect, by `type:"
    " deprecated`.",
    why="Saved models and callers that give it still work, and get what others get.",
    wrong=spec(),
    right=body("return 2.0 * inputs", arguments="\n  factor: {type: deprecated}"),
)
DEPRECATED_REMOVED = ReviewCode(
    "LG647",
    "argument without effect removed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An argument that was still taken, without effect, is not taken any more.",
    why="Models from the time when it had an effect hold it. Those that were saved"
    " since do not, and load.",
    wrong=body("return 2.0 * inputs", arguments="\n  factor: {type: deprecated}"),
    right=body("return 2.0 * inputs", arguments=None),
)
ARGUMENT_RETURNED = ReviewCode(
    "LG649",
    "argument has an effect again",
    about=Member.ARGUMENT,
    breaks=frozenset({Breaks.CALLER}),
    means="An argument that was taken without effect has one.",
    why="Callers who still give it get something else, or are refused. Models that were"
    " saved since it had none do not hold it, and get the default.",
    wrong=body("return 2.0 * inputs", arguments="\n  factor: {type: deprecated}"),
    right=spec(),
)
FORMER_NAMES = ReviewCode(
    "LG648",
    "former names changed",
    about=Member.ARGUMENT,
    breaks=frozenset({Breaks.CONFIG}),
    means="`renamed_from` says other names than it did.",
    why="Models that were saved under a name that is no longer said do not load. Those"
    " that were saved since hold the new name.",
    wrong=spec(
        arguments="\n  factor: {type: float, default: 2.0, renamed_from: scale}"
    ),
    right=spec(),
)

"""LG62x to LG64x: changes of constructor arguments."""

from layergen.codes.example import body, spec
from layergen.codes.review import Breaks, Member, ReviewCode

_CONFIG = frozenset({Breaks.CONFIG, Breaks.CALLER})
_CALLER = frozenset({Breaks.CALLER})


def _count(argument: str) -> str:
    """A spec with one argument, an integer or what an integer can become."""
    return spec(
        arguments=f"\n  count: {argument}",
        call="|\n  return inputs * cast(count, 'float')",
    )


def _mode(argument: str) -> str:
    return spec(
        arguments=f"\n  mode: {argument}",
        call='|\n  return inputs if mode == "keep" else -inputs',
    )


def _array(argument: str) -> str:
    return spec(
        arguments=f"\n  entries: {argument}",
        call="|\n  return inputs * cast(sum(entries), 'float')",
        examples="\n  - {arguments: {entries: [1, 2]}, inputs: [[1.0]]}",
    )


def _axes(argument: str) -> str:
    return spec(
        arguments=f"\n  steps: {argument}", call="|\n  return inputs * float(steps[0])"
    )


def _gain(configurable: str) -> str:
    gain = f"{{role: weight, shape: [features], configurable: {configurable}}}"
    return body("return factor * inputs * gain", parameters=f"\n  gain: {gain}")


ARGUMENT_ADDED = ReviewCode(
    "LG620",
    "argument added",
    about=Member.ARGUMENT,
    means="The constructor takes a further argument that has a default.",
    why="Saved models lack it and get the default.",
    wrong=spec(),
    right=body(
        "return factor * inputs + offset",
        arguments="\n  factor: {type: float, default: 2.0}"
        "\n  offset: {type: float, default: 0.0}",
    ),
)
REQUIRED_ARGUMENT = ReviewCode(
    "LG621",
    "required argument added",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="The constructor takes a further argument that must be given.",
    why="Nobody gives it yet: neither saved models nor callers.",
    wrong=spec(),
    right=body(
        "return factor * inputs + offset",
        arguments="\n  factor: {type: float, default: 2.0}\n  offset: {type: float}",
    ),
)
ARGUMENT_REMOVED = ReviewCode(
    "LG622",
    "argument removed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="The constructor no longer takes an argument.",
    why="Saved models hold it, whatever its value; Keras refuses keywords that no class"
    " knows.",
    wrong=spec(),
    right=body("return 2.0 * inputs", arguments=None),
)
ARGUMENT_RENAMED = ReviewCode(
    "LG623",
    "argument renamed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An argument is gone, and one like it has come, used in the same places.",
    why="To saved models and to callers by keyword the old one is removed.",
    wrong=spec(),
    right=body(
        "return scale * inputs", arguments="\n  scale: {type: float, default: 2.0}"
    ),
)
TYPE_NARROWED = ReviewCode(
    "LG625",
    "type of an argument narrowed",
    about=Member.ARGUMENT,
    breaks=_CONFIG | {Breaks.NUMERIC},
    means="An argument has another type, which refuses values that were taken.",
    why="A saved model with such a value no longer loads.",
    wrong=spec(),
    right=body(
        "return inputs * cast(factor, 'float')",
        arguments="\n  factor: {type: int, default: 2}",
    ),
)
TYPE_WIDENED = ReviewCode(
    "LG626",
    "type of an argument widened",
    about=Member.ARGUMENT,
    breaks=frozenset({Breaks.NUMERIC}),
    means="An argument has another type, which takes all values that were taken.",
    why="Values may be kept in another form: an integer becomes a float.",
    wrong=_count("{type: int, default: 4}"),
    right=_count("{type: float, default: 4.0}"),
)
BOUNDS_NARROWED = ReviewCode(
    "LG627",
    "bounds narrowed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An argument refuses numbers that were taken.",
    why="A saved model with such a number no longer loads.",
    wrong=_count("{type: int, default: 4, min: 1}"),
    right=_count("{type: int, default: 4, min: 2}"),
)
BOUNDS_WIDENED = ReviewCode(
    "LG628",
    "bounds widened",
    about=Member.ARGUMENT,
    means="An argument takes numbers that were refused.",
    why="All that was taken is still taken.",
    wrong=_count("{type: int, default: 4, min: 2}"),
    right=_count("{type: int, default: 4, min: 1}"),
)
CHOICE_REMOVED = ReviewCode(
    "LG629",
    "choice removed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An argument no longer takes one of its texts.",
    why="A saved model with this text no longer loads.",
    wrong=_mode("{type: choice, choices: [keep, negate, flip], default: keep}"),
    right=_mode("{type: choice, choices: [keep, negate], default: keep}"),
)
CHOICE_ADDED = ReviewCode(
    "LG630",
    "choice added",
    about=Member.ARGUMENT,
    means="An argument takes a further text.",
    why="All that was taken is still taken.",
    wrong=_mode("{type: choice, choices: [keep, negate], default: keep}"),
    right=_mode("{type: choice, choices: [keep, negate, flip], default: keep}"),
)
DEFAULT_CHANGED = ReviewCode(
    "LG631",
    "default changed",
    about=Member.ARGUMENT,
    breaks=_CALLER,
    means="An argument that is left out has another value.",
    why="Callers that leave it out get another layer. Saved models hold the value.",
    wrong=spec(),
    right=spec(arguments="\n  factor: {type: float, default: 3.0}"),
)
DEFAULT_REMOVED = ReviewCode(
    "LG632",
    "argument must be given",
    about=Member.ARGUMENT,
    breaks=_CALLER,
    means="An argument that could be left out must be given.",
    why="Callers that leave it out fail. Saved models hold the value.",
    wrong=spec(),
    right=spec(arguments="\n  factor: {type: float}"),
)
DEFAULT_ADDED = ReviewCode(
    "LG633",
    "argument may be left out",
    about=Member.ARGUMENT,
    means="An argument that had to be given has a default.",
    why="Whoever gives it gets what they got.",
    wrong=spec(arguments="\n  factor: {type: float}"),
    right=spec(),
)
NONE_REFUSED = ReviewCode(
    "LG634",
    "no longer takes None",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An argument no longer takes `None`.",
    why="A saved model that holds `None` no longer loads.",
    wrong=body(
        "return inputs if bound is None else minimum(inputs, bound)",
        arguments="\n  bound: {type: float, optional: true}",
    ),
    right=body(
        "return minimum(inputs, bound)",
        arguments="\n  bound: {type: float, default: 6.0}",
    ),
)
NONE_TAKEN = ReviewCode(
    "LG635",
    "takes None too",
    about=Member.ARGUMENT,
    means="An argument takes `None` too.",
    why="All that was taken is still taken.",
    wrong=body(
        "return minimum(inputs, bound)",
        arguments="\n  bound: {type: float, default: 6.0}",
    ),
    right=body(
        "return inputs if bound is None else minimum(inputs, bound)",
        arguments="\n  bound: {type: float, default: 6.0, optional: true}",
    ),
)
ARRAY_DTYPE = ReviewCode(
    "LG636",
    "dtype of an array argument changed",
    about=Member.ARGUMENT,
    breaks=_CONFIG | {Breaks.NUMERIC},
    means="An array argument is kept in another dtype.",
    why="Its numbers may be rounded or wrapped, and an array of another kind is"
    " refused: one of fractions where whole numbers are wanted.",
    wrong=_array("{type: array, dtype: float, rank: 1}"),
    right=_array("{type: array, dtype: int32, rank: 1}"),
)
RANK_NARROWED = ReviewCode(
    "LG637",
    "rank of an array argument narrowed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An array argument refuses ranks that were taken.",
    why="A saved model with such an array no longer loads.",
    wrong=_array("{type: array, dtype: float}"),
    right=_array("{type: array, dtype: float, rank: 1}"),
)
RANK_WIDENED = ReviewCode(
    "LG638",
    "rank of an array argument widened",
    about=Member.ARGUMENT,
    means="An array argument takes ranks that were refused.",
    why="All that was taken is still taken.",
    wrong=_array("{type: array, dtype: float, rank: 1}"),
    right=_array("{type: array, dtype: float}"),
)
LENGTH = ReviewCode(
    "LG639",
    "length of an argument changed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="An argument takes tuples of other lengths.",
    why="A saved model with such a tuple no longer loads.",
    wrong=_axes("{type: ints, default: [1, 2]}"),
    right=_axes("{type: ints, default: [1, 2], length: 2}"),
)
CONFIGURABLE_ADDED = ReviewCode(
    "LG642",
    "setting of a weight added",
    about=Member.ARGUMENT,
    means="The constructor takes an initializer, a regularizer or a constraint.",
    why="Saved models lack it and get the default.",
    wrong=_gain("false"),
    right=_gain("[initializer]"),
)
CONFIGURABLE_REMOVED = ReviewCode(
    "LG643",
    "setting of a weight removed",
    about=Member.ARGUMENT,
    breaks=_CONFIG,
    means="The constructor no longer takes an initializer, regularizer or constraint.",
    why="Saved models hold it, whatever its value; Keras refuses keywords that no class"
    " knows.",
    wrong=_gain("[initializer]"),
    right=_gain("false"),
)

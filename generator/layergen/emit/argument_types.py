"""The types of constructor arguments: how the generated constructor spells each.

One row a type. What their values are is `lower/argument_types.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from layergen.emit.doc import (
    Doc,
    binary,
    call,
    comprehension,
    concat,
    literal,
    parenthesized,
    tuple_of,
)
from layergen.emit.layout import layout
from layergen.emit.statement import Lines
from layergen.layer import Argument

_WIDE = 10**6
_NUMBERS = "(int, float, np.integer, np.floating)"
_INTEGERS = "(int, np.integer)"
_OPPOSITE = {"<": ">", "<=": ">="}


def _same(name: str) -> Doc:
    return name


def _made_by(function: str) -> Callable[[str], Doc]:
    return lambda name: call(function, [name])


def _tuple_of_integers(name: str) -> Doc:
    return f"tuple(int(item) for item in {name})"


@dataclass(frozen=True)
class Spelling:
    """How one type is spelled.

    Attributes:
        types: the types in the signature.
        noun: what a value must be, for messages.
        title: what it is, for docstrings.
        test: the test that a right value passes; None if there is none.
        standard: the statements that give the value its usual form before the test.
        kept: the source of what the layer keeps, from that of the value.
        config: the source of its plain form, from that of what is kept.
    """

    types: tuple[str, ...]
    noun: Callable[[Argument], str] = lambda _: ""
    title: Callable[[Argument], str] = lambda _: ""
    test: Callable[[Argument], Doc | None] = lambda _: None
    standard: Callable[[Argument], Lines] = lambda _: []
    kept: Callable[[str], Doc] = _same
    config: Callable[[str], Doc] = _same


def spelling(argument: Argument) -> Spelling:
    """The row of an argument's type."""
    return SPELLINGS[argument.type]


def _instance(types: str) -> Callable[[Argument], Doc]:
    """The test of a type, and of the limits that an argument has."""

    def test(argument: Argument) -> Doc:
        right = call("isinstance", [argument.name, types])
        bounds = _bounds(argument, argument.name)
        return binary(right, "and", bounds) if bounds else right

    return test


def choices(argument: Argument) -> str:
    """The source of the tuple of what may be given."""
    return layout(tuple_of([literal(c) for c in argument.choices]), width=_WIDE)


def _is_choice(argument: Argument) -> Doc:
    return f"{argument.name} in {choices(argument)}"


def _items(argument: Argument) -> Doc:
    """The test of a tuple, after one integer was made a tuple."""
    name = argument.name
    test = call("isinstance", [name, "(list, tuple)"])
    if argument.length is not None:
        test = binary(test, "and", f"len({name}) == {argument.length}")
    elif argument.type == "axes":
        test = binary(test, "and", name)
    item: Doc = call("isinstance", ["item", _INTEGERS])
    bounds = _bounds(argument, "item")
    if bounds and argument.infer:
        bounds = parenthesized(binary(bounds, "or", "item == -1"))
    item = binary(item, "and", bounds) if bounds else item
    every = comprehension("(", item, [("for item in ", name)], ")")
    test = binary(test, "and", concat("all", every))
    return binary(test, "and", f"{name}.count(-1) <= 1") if argument.infer else test


def _one_as_tuple(argument: Argument) -> Lines:
    """One integer stands for all of them."""
    name, length = argument.name, argument.length
    if argument.type == "ints" and length is None:
        return []
    times = f" * {length}" if length else ""
    return [
        (0, f"if isinstance({name}, {_INTEGERS}):"),
        (1, f"{name} = ({name},){times}"),
    ]


def _own_format(argument: Argument) -> Lines:
    name = argument.name
    return [
        (0, f"if {name} is None:"),
        (1, f"{name} = keras.config.image_data_format()"),
    ]


def _bounds(argument: Argument, name: str) -> Doc | None:
    low, high = _lower(argument), _upper(argument)
    if low and high:
        return f"{low[1]} {low[0]} {name} {high[0]} {high[1]}"
    if low:
        return f"{name} {_OPPOSITE[low[0]]} {low[1]}"
    return f"{name} {high[0]} {high[1]}" if high else None


def _lower(argument: Argument) -> tuple[str, str] | None:
    if argument.minimum is not None:
        return "<=", _number(argument.minimum)
    return ("<", _number(argument.above)) if argument.above is not None else None


def _upper(argument: Argument) -> tuple[str, str] | None:
    if argument.maximum is not None:
        return "<=", _number(argument.maximum)
    return ("<", _number(argument.below)) if argument.below is not None else None


def _number(value: float) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return layout(literal(int(value) if whole else value))


def describe_bounds(argument: Argument) -> str:
    """The limits of a number in words, with a space before them; empty if none."""
    low, high = argument.minimum, argument.maximum
    if low is not None and high is not None:
        return f" between {_number(low)} and {_number(high)}"
    words = []
    if low is not None:
        words.append(f"of at least {_number(low)}")
    if argument.above is not None:
        words.append(f"greater than {_number(argument.above)}")
    if high is not None:
        words.append(f"of at most {_number(high)}")
    if argument.below is not None:
        words.append(f"less than {_number(argument.below)}")
    return f" {' and '.join(words)}" if words else ""


def _words(text: str) -> Callable[[Argument], str]:
    """A noun, with the limits that an argument has."""
    return lambda argument: text + describe_bounds(argument)


def _one_of(quote: Callable[[str], str]) -> Callable[[Argument], str]:
    return lambda argument: "one of " + ", ".join(map(quote, argument.choices))


def _quoted(text: str) -> str:
    return f"`{layout(literal(text))}`"


def _ints(argument: Argument) -> str:
    bounds = describe_bounds(argument)
    if argument.length is None:
        return f"a tuple of integers{bounds}"
    return f"an integer{bounds} or a tuple of {argument.length} of them"


def _ints_title(argument: Argument) -> str:
    if argument.length is None:
        return f"Tuple of integers{describe_bounds(argument)}"
    bounds = describe_bounds(argument)
    return f"Integer or tuple of {argument.length} integers{bounds}"


def _shape(argument: Argument) -> str:
    count = "" if argument.length is None else f"{argument.length} "
    text = f"tuple of {count}integers of at least 1"
    return f"a {text}, of which one may be -1" if argument.infer else f"a {text}"


def _array_title(argument: Argument) -> str:
    kind = {"bool": "booleans", "float": "floats"}.get(argument.dtype, "integers")
    kind = "floats" if argument.dtype.startswith("float") else kind
    rank = "" if argument.rank is None else f", of rank {argument.rank}"
    return f"Array of {kind}{rank}"


def _capital(words: Callable[[Argument], str]) -> Callable[[Argument], str]:
    """A noun as a title: `a tuple` is `Tuple`."""

    def title(argument: Argument) -> str:
        text = words(argument).removeprefix("an ").removeprefix("a ")
        return text[:1].upper() + text[1:]

    return title


def _object(kind: str) -> Spelling:
    module = f"keras.{kind}s"
    return Spelling(
        types=("str", f"{module}.{kind.capitalize()}"),
        kept=_made_by(f"{module}.get"),
        config=_made_by(f"{module}.serialize"),
    )


_KINDS = {"float": "a float", "int": "an integer"}
_AXES = "an integer or a non-empty tuple of integers"
_INTS = ("int", "Sequence[int]")

SPELLINGS: Mapping[str, Spelling] = {
    "bool": Spelling(
        ("bool",), _words("a boolean"), _words("Boolean"), _instance("bool")
    ),
    "int": Spelling(
        ("int",),
        _words("an integer"),
        _words("Integer"),
        _instance(_INTEGERS),
        kept=_made_by("int"),
    ),
    "float": Spelling(
        ("float",),
        _words("a number"),
        _words("Float"),
        _instance(_NUMBERS),
        kept=_made_by("float"),
    ),
    "str": Spelling(("str",), _words("a string"), _words("String"), _instance("str")),
    "choice": Spelling(("str",), _one_of(repr), _capital(_one_of(_quoted)), _is_choice),
    "data_format": Spelling(
        ("str", "None"),
        _one_of(repr),
        lambda argument: f"{_capital(_one_of(_quoted))(argument)}, or `None` for"
        " `keras.config.image_data_format()`",
        _is_choice,
        _own_format,
    ),
    "dtype": Spelling(
        ("str",),
        lambda argument: f"the name of {_KINDS[argument.dtype]} dtype",
        lambda argument: f"Name of {_KINDS[argument.dtype]} dtype",
        lambda argument: f"keras.backend.is_{argument.dtype}_dtype({argument.name})",
        kept=_made_by("keras.backend.standardize_dtype"),
    ),
    "axis": Spelling(
        ("int",),
        _words("an integer"),
        _words("Integer"),
        _instance(_INTEGERS),
        kept=_made_by("int"),
    ),
    "axes": Spelling(
        _INTS,
        _words(_AXES),
        _words("Integer or tuple of integers"),
        _items,
        _one_as_tuple,
        _tuple_of_integers,
        _made_by("list"),
    ),
    "ints": Spelling(
        _INTS,
        _ints,
        _ints_title,
        _items,
        _one_as_tuple,
        _tuple_of_integers,
        _made_by("list"),
    ),
    "shape": Spelling(
        ("Sequence[int]",),
        _shape,
        _capital(_shape),
        _items,
        kept=_tuple_of_integers,
        config=_made_by("list"),
    ),
    "array": Spelling(
        ("ArrayLike",), title=_array_title, config=lambda name: f"{name}.tolist()"
    ),
    "seed": Spelling(
        ("int", "None"),
        _words("an integer or None"),
        _words("Optional integer"),
        _instance(_INTEGERS),
        kept=_made_by("int"),
    ),
    "initializer": _object("initializer"),
    "regularizer": _object("regularizer"),
    "constraint": _object("constraint"),
}

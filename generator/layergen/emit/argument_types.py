"""The types of constructor arguments: how the generated constructor spells each.

One row a type. What their values are is `lower/argument_types.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from layergen.emit.argument_words import (
    as_title,
    describe_choice,
    describe_ints,
    describe_shape_argument,
    quote_choice,
    title_array,
    title_data_format,
    title_ints,
    with_bounds,
    write_number,
)
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
    if argument.type == "ints" and argument.length is None:
        return replace(SPELLINGS["ints"], types=("Sequence[int]",))
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
        return "<=", write_number(argument.minimum)
    return ("<", write_number(argument.above)) if argument.above is not None else None


def _upper(argument: Argument) -> tuple[str, str] | None:
    if argument.maximum is not None:
        return "<=", write_number(argument.maximum)
    return ("<", write_number(argument.below)) if argument.below is not None else None


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
        ("bool",), with_bounds("a boolean"), with_bounds("Boolean"), _instance("bool")
    ),
    "int": Spelling(
        ("int",),
        with_bounds("an integer"),
        with_bounds("Integer"),
        _instance(_INTEGERS),
        kept=_made_by("int"),
    ),
    "float": Spelling(
        ("float",),
        with_bounds("a number"),
        with_bounds("Float"),
        _instance(_NUMBERS),
        kept=_made_by("float"),
    ),
    "str": Spelling(
        ("str",), with_bounds("a string"), with_bounds("String"), _instance("str")
    ),
    "choice": Spelling(
        ("str",),
        describe_choice(repr),
        as_title(describe_choice(quote_choice)),
        _is_choice,
    ),
    "data_format": Spelling(
        ("str", "None"),
        describe_choice(repr),
        title_data_format,
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
        with_bounds("an integer"),
        with_bounds("Integer"),
        _instance(_INTEGERS),
        kept=_made_by("int"),
    ),
    "axes": Spelling(
        _INTS,
        with_bounds(_AXES),
        with_bounds("Integer or tuple of integers"),
        _items,
        _one_as_tuple,
        _tuple_of_integers,
        _made_by("list"),
    ),
    "ints": Spelling(
        _INTS,
        describe_ints,
        title_ints,
        _items,
        _one_as_tuple,
        _tuple_of_integers,
        _made_by("list"),
    ),
    "shape": Spelling(
        ("Sequence[int]",),
        describe_shape_argument,
        as_title(describe_shape_argument),
        _items,
        kept=_tuple_of_integers,
        config=_made_by("list"),
    ),
    "array": Spelling(
        ("ArrayLike",), title=title_array, config=lambda name: f"{name}.tolist()"
    ),
    "seed": Spelling(
        ("int", "None"),
        with_bounds("an integer or None"),
        with_bounds("Optional integer"),
        _instance(_INTEGERS),
        kept=_made_by("int"),
    ),
    "initializer": _object("initializer"),
    "regularizer": _object("regularizer"),
    "constraint": _object("constraint"),
    "activation": Spelling(
        ("str", "Callable[..., Any]", "None"),
        title=lambda _: "Activation, by name or as a function, `None` for none",
        kept=_made_by("keras.activations.get"),
        config=_made_by("keras.activations.serialize"),
    ),
}

"""Arguments -> the words for what they take, in messages and docstrings."""

from collections.abc import Callable

from layergen.emit.doc import literal
from layergen.emit.layout import layout
from layergen.layer import Argument


def write_number(value: float) -> str:
    """A limit as it is written: without a fraction if it is whole."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return layout(literal(int(value) if whole else value))


def describe_bounds(argument: Argument) -> str:
    """The limits of a number in words, with a space before them; empty if none."""
    low, high = argument.minimum, argument.maximum
    if low is not None and high is not None:
        return f" between {write_number(low)} and {write_number(high)}"
    words = []
    if low is not None:
        words.append(f"of at least {write_number(low)}")
    if argument.above is not None:
        words.append(f"greater than {write_number(argument.above)}")
    if high is not None:
        words.append(f"of at most {write_number(high)}")
    if argument.below is not None:
        words.append(f"less than {write_number(argument.below)}")
    return f" {' and '.join(words)}" if words else ""


def with_bounds(text: str) -> Callable[[Argument], str]:
    """A noun, with the limits that an argument has."""
    return lambda argument: text + describe_bounds(argument)


def describe_choice(quote: Callable[[str], str]) -> Callable[[Argument], str]:
    """A choice, each text quoted in this way."""
    return lambda argument: "one of " + ", ".join(map(quote, argument.choices))


def quote_choice(text: str) -> str:
    """A text as a literal, in the quotes of a docstring."""
    return f"`{layout(literal(text))}`"


def describe_ints(argument: Argument) -> str:
    """Integers, for messages."""
    bounds = describe_bounds(argument)
    if argument.length is None:
        return f"a tuple of integers{bounds}"
    return f"an integer{bounds} or a tuple of {argument.length} of them"


def title_ints(argument: Argument) -> str:
    """Integers, for docstrings."""
    if argument.length is None:
        return f"Tuple of integers{describe_bounds(argument)}"
    bounds = describe_bounds(argument)
    return f"Integer or tuple of {argument.length} integers{bounds}"


def describe_shape_argument(argument: Argument) -> str:
    """Sizes, for messages."""
    count = "" if argument.length is None else f"{argument.length} "
    text = f"tuple of {count}integers of at least 1"
    return f"a {text}, of which one may be -1" if argument.infer else f"a {text}"


def title_array(argument: Argument) -> str:
    """An array, for docstrings."""
    kind = {"bool": "booleans", "float": "floats"}.get(argument.dtype, "integers")
    kind = "floats" if argument.dtype.startswith("float") else kind
    rank = "" if argument.rank is None else f", of rank {argument.rank}"
    return f"Array of {kind}{rank}"


def as_title(words: Callable[[Argument], str]) -> Callable[[Argument], str]:
    """A noun as a title: `a tuple` is `Tuple`."""

    def title(argument: Argument) -> str:
        text = words(argument).removeprefix("an ").removeprefix("a ")
        return text[:1].upper() + text[1:]

    return title


def title_data_format(argument: Argument) -> str:
    """Where channels are, for docstrings."""
    formats = as_title(describe_choice(quote_choice))(argument)
    return f"{formats}, or `None` for `keras.config.image_data_format()`"

"""Argument -> values to try a layer with. One row a type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layergen.expr.op import dtype_kind
from layergen.layer import Argument
from layergen.lower.argument_types import DTYPES, refuse_value
from layergen.oracle.draw import draw_numbers

_LARGEST_SIZE = 64
"""A default above it may be a size, and tests with a smaller one show as much."""


@dataclass(frozen=True)
class Guess:
    """What to try an argument of one type with.

    Attributes:
        value: a value that is not the default, if the limits allow one, from the
            argument and its place among all; None to leave it out.
        branches: the values that are likely to choose between branches.
    """

    value: Callable[[Argument, int], Any]
    branches: Callable[[Argument], Sequence[Any]] = lambda _: ()


def guess(argument: Argument, index: int) -> Any:
    """A value to try; None to leave the argument out."""
    return GUESSES[argument.type].value(argument, index)


def branches(argument: Argument) -> list[Any]:
    """Values that are likely to choose between branches."""
    absent = [None] if argument.optional else []
    return [*GUESSES[argument.type].branches(argument), *absent]


def another_number(argument: Argument, value: Any, index: int) -> Any:
    """A number unlike those of other arguments; None if there is none to change."""
    match argument.type, value:
        case "int", int() if abs(value) < _LARGEST_SIZE:
            return value + 1 + index
        case "float", int() | float():
            share = (0.7, 0.6, 0.8, 0.55)[index % 4]
            near = [share] if value == 0 else [value * share, value * (2 - share)]
            fitting = [x for x in near if refuse_value(argument, x) is None]
            return round(fitting[0], 6) if fitting else None
        case "ints", list() | tuple() if len(value) > 0:
            return tuple(item + 1 + i for i, item in enumerate(value))
    return None


def another_axis(argument: Argument, value: Any, index: int) -> Any:
    """The second of three axes, or it and the last; None if it is no axis."""
    match argument.type, value:
        case "axis", int():
            return 1 if value == -1 else -1
        case "axes", -1 | (-1,) | [-1]:
            return (1, -1)
    return None


def is_large(default: Any) -> bool:
    """Whether a default may be a size that is too large to be tried."""
    return isinstance(default, int) and abs(default) > _LARGEST_SIZE


def _default_or(value: Any) -> Callable[[Argument, int], Any]:
    return lambda argument, _: value if argument.default is None else argument.default


def _integer(argument: Argument, index: int) -> int:
    default = argument.default or 0
    made_up = argument.required or is_large(default)
    return int(clamp(argument, 4 + 2 * index if made_up else default + 1))  # no prime


def _float(argument: Argument, index: int) -> float:
    return float(clamp(argument, 0.5 if argument.default in (None, 0.0, 1.0) else 0.9))


def _several(argument: Argument, index: int) -> tuple[int, ...]:
    count = 2 if argument.length is None else argument.length
    start = max(int(argument.minimum or 1), 1)
    return tuple(start + 1 + i for i in range(count))


def _array(argument: Argument, index: int) -> np.ndarray:
    rank = 1 if argument.rank is None else argument.rank
    return draw_numbers((4, 3, 2, 5)[:rank], argument.dtype, argument.name, False)


def clamp(argument: Argument, value: float) -> float:
    """The value, or one near it that is within the argument's limits."""
    lower = [b for b in (argument.minimum, argument.above) if b is not None]
    upper = [b for b in (argument.maximum, argument.below) if b is not None]
    low, high = max(lower, default=None), min(upper, default=None)
    inside = (low is None or value > low) and (high is None or value < high)
    if inside:
        return value
    if low is not None and high is not None:
        middle = (low + high) / 2
        return int(np.ceil(middle)) if argument.type == "int" else middle
    return low + 1 if low is not None else (high or 0) - 1


_LEFT_OUT = Guess(lambda _, __: None)

GUESSES: Mapping[str, Guess] = {
    "bool": Guess(_default_or(True), lambda _: (True, False)),
    "int": Guess(_integer),
    "float": Guess(_float),
    "str": Guess(_default_or("text")),
    "choice": Guess(lambda a, _: a.default or a.choices[0], lambda a: a.choices),
    "data_format": Guess(lambda a, _: a.default or a.choices[0], lambda a: a.choices),
    "dtype": Guess(lambda a, _: DTYPES[dtype_kind(a.dtype)][0]),
    "axis": Guess(_default_or(-1)),
    "axes": Guess(_default_or(-1)),
    "ints": Guess(_several),
    "shape": Guess(_several),
    "array": Guess(_array),
    "seed": Guess(lambda _, __: 7),
    "initializer": _LEFT_OUT,
    "regularizer": _LEFT_OUT,
    "constraint": _LEFT_OUT,
    "activation": Guess(lambda a, _: "silu" if a.default == "tanh" else "tanh"),
}

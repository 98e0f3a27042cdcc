"""Argument -> values that it takes, and whether it takes one: as the constructor does.

Of two versions of an argument, a value that one takes and the other refuses is what
shows that it was narrowed.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import Argument, KerasObject
from layergen.lower.argument_types import normalize, refuse_value, type_of
from layergen.lower.literal import LIMITS

_LONGEST = 4
"""Items of the longest tuple that is tried, and the highest rank."""

_NUMERIC = frozenset({"int", "float", "axis", "axes", "ints", "seed"})
_KINDS = {ir.Kind.BOOL: "b", ir.Kind.INT: "iu", ir.Kind.FLOAT: "biuf"}
"""The kinds of arrays that an array argument of each kind takes."""


def takes(argument: Argument, value: Any) -> bool:
    """Whether the constructor takes a value."""
    if argument.type == "array":
        return value is not None and _takes_array(argument, np.asarray(value))
    if isinstance(value, np.ndarray):
        return False
    if type_of(argument).is_object:
        return value is None or isinstance(value, KerasObject)
    if isinstance(value, bool) and argument.type in _NUMERIC:
        value = int(value)  # as `isinstance` sees it
    if argument.type == "axes" and isinstance(value, tuple):
        value = tuple(dict.fromkeys(value))  # the constructor takes an axis twice
    return refuse_value(argument, value) is None


def _takes_array(argument: Argument, array: Any) -> bool:
    if argument.rank is not None and array.ndim != argument.rank:
        return False
    if array.dtype.kind not in _KINDS[dtype_kind(argument.dtype)]:
        return False
    if argument.dtype not in LIMITS or not array.size:
        return True
    least, most = LIMITS[argument.dtype]
    return bool(least <= array.min() and array.max() <= most)


def kept(argument: Argument, value: Any) -> Any:
    """The value that the config then holds."""
    if value is None:
        return None if argument.stays_none else _FOUND.get(argument.type)
    if argument.type == "array":
        return np.asarray(value, np.dtype(_dtype(argument)))
    if isinstance(value, bool) and argument.type in _NUMERIC:
        value = int(value)  # as `isinstance` sees it
    value = normalize(argument, value)
    if isinstance(value, tuple):
        return tuple(map(int, value))
    return value


_FOUND = {"seed": 7, "data_format": "channels_last", "activation": "linear"}
"""What the constructor finds for None."""


def adapted(argument: Argument, value: Any) -> Any:
    """The value as who mends the call gives it: a number for a list of it."""
    if isinstance(value, tuple) and len(set(value)) == 1 and takes(argument, value[0]):
        is_number = not isinstance(kept(argument, value[0]), tuple)
        return value[0] if is_number else value
    return value


def _dtype(argument: Argument) -> str:
    return "float64" if argument.dtype == "float" else argument.dtype


def candidates(*arguments: Argument) -> Iterator[Any]:
    """Values of the types and about the limits of versions of an argument."""
    yield None
    if all(type_of(argument).is_object for argument in arguments):
        return
    yield from (argument.default for argument in arguments)
    yield "text"
    for argument in arguments:
        yield from argument.choices
    numbers = sorted({number for each in arguments for number in _about(each)})
    yield from numbers
    yield from (True, False, "")
    for length in range(_LONGEST + 1):
        for number in (n for n in numbers if isinstance(n, int)):
            yield tuple(number + i for i in range(length))
    for dtype in ("float64", "int64", "bool"):
        for rank in range(_LONGEST + 1):
            yield np.ones((2,) * rank, dtype)


def _about(argument: Argument) -> Iterator[float]:
    yield from (-1, 0, 1, 2, 3, 0.5)
    limits = (argument.minimum, argument.maximum, argument.above, argument.below)
    for limit in limits:
        if limit is not None:
            yield from (limit - 1, limit - 0.25, limit, limit + 0.25, limit + 1)
            yield from (int(limit), int(limit) - 1, int(limit) + 1)


def refused(before: Argument, after: Argument) -> Iterator[Any]:
    """Values that a config may hold and that are refused after."""
    for value in candidates(before, after):
        if takes(before, value) and not takes(after, kept(before, value)):
            yield kept(before, value)


def refuses_given(before: Argument, after: Argument) -> bool:
    """Whether callers may give a value that is refused after."""
    values = candidates(before, after)
    return any(takes(before, v) and not takes(after, v) for v in values)

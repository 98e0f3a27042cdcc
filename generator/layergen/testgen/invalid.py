"""Layer -> what its constructor must refuse, for its tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from layergen.layer import Argument, Layer
from layergen.passes.place import stored_arguments


def invalid_arguments(layer: Layer) -> Iterator[tuple[dict[str, Any], str]]:
    """Values that an argument must refuse, and what its message says."""
    stored = stored_arguments(layer)
    for argument in layer.arguments:
        name = argument.name
        if name in stored:
            yield {name: None}, "must be given"
        for value in WRONG[argument.type](argument):
            if name not in stored or np.ndim(value) != argument.rank:
                yield {name: value}, f"`{name}`"


def _these(*values: Any) -> Callable[[Argument], Sequence[Any]]:
    return lambda _: values


def _wrong_integers(argument: Argument) -> Sequence[Any]:
    return ["two", 2.5, *_outside(argument)]


def _wrong_numbers(argument: Argument) -> Sequence[Any]:
    return ["two", *_outside(argument)]


def _wrong_ints(argument: Argument) -> Iterator[Any]:
    count = argument.length or 1
    yield "two"
    yield [0.5] * count
    if argument.length:
        yield [1] * (count + 1)
    yield from ([value] * count for value in _outside(argument))


def _wrong_shape(argument: Argument) -> Iterator[Any]:
    count = 2 if argument.length is None else argument.length
    yield 3
    if argument.length is not None:
        yield [1] * (count + 1)
    if count:
        yield [0.5] * count
        yield [0] * count
        yield [-1] * count if argument.infer and count > 1 else [-2] * count


def _wrong_arrays(argument: Argument) -> Iterator[Any]:
    if argument.rank is not None:
        yield np.zeros((1,) * (argument.rank + 1)).tolist()
    if not argument.dtype.startswith("float"):
        yield np.full((1,) * (argument.rank or 1), 0.5).tolist()


def _outside(argument: Argument) -> Iterator[float]:
    step = 0.5 if argument.type == "float" else 1
    for bound, sign in ((argument.minimum, -step), (argument.maximum, step)):
        if bound is not None:
            yield bound + sign
    for bound in (argument.above, argument.below):
        if bound is not None:
            yield bound


WRONG: Mapping[str, Callable[[Argument], Sequence[Any] | Iterator[Any]]] = {
    "bool": _these("yes"),
    "int": _wrong_integers,
    "float": _wrong_numbers,
    "str": _these(3),
    "choice": _these(3),
    "data_format": _these("channels"),
    "dtype": lambda argument: ["bool"],
    "axis": _these("last", 0.5),
    "axes": _these("last", [], [0.5]),
    "ints": _wrong_ints,
    "shape": _wrong_shape,
    "array": _wrong_arrays,
    "seed": _these(0.5),
    "initializer": _these(),
    "regularizer": _these(),
    "constraint": _these(),
}
"""Values of each type that its constructor must refuse."""

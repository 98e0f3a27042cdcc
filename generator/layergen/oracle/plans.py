"""Layer -> what to try it with: arguments, and input shapes of distinct prime sizes.

Sizes that are all different, and prime, show what equal ones hide: a transposed
matrix, a reshape that mixes two axes, a declared output that fits by chance.
"""

from collections.abc import Iterator, Mapping
from itertools import count, islice
from typing import Any

import numpy as np

from layergen.layer import BATCH, ELLIPSIS, Argument, Input, Layer
from layergen.oracle.draw import draw_numbers
from layergen.oracle.tensors import Shape, first_shape, shapes_of

_RANKS = (0, 1, 2)
"""Axes that `...` stands for, one probe each."""

_LARGEST_SIZE = 64
"""A default above it may be a size, and tests with a smaller one show as much."""

_MOST_FLAGS = 4
"""Flags and choices that are tried one by one."""


def plans(
    layer: Layer,
) -> Iterator[tuple[dict[str, Any], dict[str, Shape]]]:
    """Arguments and input shapes to try; an input without a shape is left out."""
    base = _base_arguments(layer)
    ranks = _RANKS if any(member.has_ellipsis for member in layer.inputs) else (0, 0)
    lowest = 1 if all(size == ELLIPSIS for m in layer.inputs for size in m.shape) else 0
    for i, rank in enumerate(ranks):
        yield base, _shapes(layer, base, rank + lowest, start=i)
    for argument in _varied(layer.arguments):
        for value in _others(argument, base.get(argument.name, argument.default)):
            arguments = {**base, argument.name: value}
            yield arguments, _shapes(layer, arguments, ranks[-1], start=1)
    shapes = _shapes(layer, base, ranks[-1], start=1)
    for absent in _left_out(layer):
        yield base, {n: shape for n, shape in shapes.items() if n not in absent}


def _left_out(layer: Layer) -> Iterator[set[str]]:
    """The optional inputs that a call leaves out: each alone, then all."""
    optional = [member.name for member in layer.inputs if member.optional]
    yield from ({name} for name in optional)
    if len(optional) > 1:
        yield set(optional)


def other_flags(layer: Layer) -> Iterator[dict[str, Any]]:
    """Flags to call a layer with, each at another value than its default."""
    for flag in layer.flags[:_MOST_FLAGS]:
        values = _others(flag, flag.default)
        if flag.type == "int":
            values = [
                v for v in (flag.default + 1, flag.default - 1) if _is_in(flag, v)
            ]
        yield from ({flag.name: value} for value in values[:1])


def _is_in(flag: Argument, value: int) -> bool:
    least, most = flag.minimum, flag.maximum
    return (least is None or value >= least) and (most is None or value <= most)


def _varied(arguments: tuple[Argument, ...]) -> list[Argument]:
    """The arguments that are likely to choose between branches."""
    few = [a for a in arguments if a.optional or a.type in ("bool", "choice")]
    return few[:_MOST_FLAGS]


def _others(argument: Argument, value: Any) -> list[Any]:
    """The values to try besides the one of the base."""
    others: list[Any] = list(argument.choices)
    if argument.type == "bool":
        others = [True, False]
    if argument.optional:
        others.append(None)
    return [other for other in others if other != value]


def _base_arguments(layer: Layer) -> dict[str, Any]:
    """The first example's arguments and other floats, or values made from the types."""
    if layer.examples:
        given = dict(layer.examples[0].arguments)
        floats = [a for a in layer.arguments if a.type == "float"]
        return given | {a.name: _value_for(a, 0) for a in floats if a.name not in given}
    values: dict[str, Any] = {}
    for i, argument in enumerate(layer.arguments):
        value = _value_for(argument, i)
        if value is not None:
            values[argument.name] = value
    return values


def _value_for(argument: Argument, index: int) -> Any:
    """A value that is not the default, if the limits allow one."""
    match argument.type:
        case "bool":
            return argument.default if argument.default is not None else True
        case "choice":
            return argument.default or argument.choices[0]
        case "str":
            return argument.default if argument.default is not None else "text"
        case "seed":
            return 7
        case "axis" | "axes":
            return argument.default if argument.default is not None else -1
        case "ints":
            count = 2 if argument.length is None else argument.length
            start = max(int(argument.minimum or 1), 1)
            return tuple(start + 1 + i for i in range(count))
        case "int":
            default = argument.default or 0
            made_up = argument.required or abs(default) > _LARGEST_SIZE
            wanted = 4 + 2 * index if made_up else default + 1  # no prime
            return int(_clamp(argument, wanted))
        case "float":
            wanted_float = 0.5 if argument.default in (None, 0.0, 1.0) else 0.9
            return float(_clamp(argument, wanted_float))
        case "array":
            rank = 1 if argument.rank is None else argument.rank
            return draw_numbers(
                (4, 3, 2, 5)[:rank], argument.dtype, argument.name, False
            )
    raise AssertionError(argument.type)


def _clamp(argument: Argument, value: float) -> float:
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


def _shapes(
    layer: Layer, arguments: Mapping[str, Any], rank: int, start: int
) -> dict[str, Shape]:
    """A shape for every input; named sizes are primes that occur nowhere else."""
    given = {a.name: a.default for a in layer.arguments} | dict(arguments)
    taken = {value for value in given.values() if isinstance(value, int)}
    sizes = {BATCH: next(_primes(taken))}
    names = [name for name in layer.dims if name != BATCH]
    free = list(islice(_primes({*taken, *sizes.values()}), len(names) + 1 + 2 * rank))
    start = start % 2
    for i, name in enumerate(names):
        sizes[name] = free[i + start]
    if layer.examples and any(a.type == "array" for a in layer.arguments):
        sizes.update(_example_sizes(layer, names))
    others = [prime for prime in free if prime not in sizes.values()]
    rest = tuple(others[:rank])
    shapes: dict[str, Shape] = {}
    for member in layer.inputs:
        shape = _shape_of(member, sizes, rest)
        number = member.count or max(member.least, 2) + start
        shapes[member.name] = [shape] * number if member.is_list else shape
    return shapes


def _primes(taken: set[int]) -> Iterator[int]:
    """Primes in order, without those that are taken."""
    for number in count(2):
        if number not in taken and all(number % d for d in range(2, number)):
            yield number


def _example_sizes(layer: Layer, names: list[str]) -> dict[str, int]:
    """Sizes that go with an array that only the example knows."""
    inputs = layer.examples[0].inputs
    given = {m.name: m for m in layer.inputs if m.name in inputs}
    shapes = {name: first_shape(m, shapes_of(inputs)) for name, m in given.items()}
    read = [layer.dims[name] for name in names]
    return {dim.name: shapes[dim.input][dim.axis] for dim in read if dim.input in given}


def _shape_of(
    member: Input, sizes: Mapping[str, int], rest: tuple[int, ...]
) -> tuple[int, ...]:
    shape: list[int] = []
    for size in member.shape:
        if isinstance(size, int):
            shape.append(size)
        elif size == ELLIPSIS:
            shape += rest
        else:
            shape.append(sizes[size])
    return tuple(shape)

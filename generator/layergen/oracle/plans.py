"""Layer -> what to try it with: arguments, and input shapes of distinct prime sizes.

Sizes that are all different, and prime, show what equal ones hide: a transposed
matrix, a reshape that mixes two axes, a declared output that fits by chance.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice
from typing import Any

from layergen.layer import BATCH, ELLIPSIS, Argument, Layer
from layergen.lower.argument_types import refuse_value
from layergen.oracle.guesses import (
    another_axis,
    another_number,
    branches,
    guess,
    is_large,
)
from layergen.oracle.places import reads_batch
from layergen.oracle.requirements import Plan
from layergen.oracle.search import meet
from layergen.oracle.tensors import first_shape, shapes_of

_RANKS = (0, 1, 2)
"""Axes that `...` stands for, one probe each."""

_MOST_FLAGS = 4
"""Flags and choices that are tried one by one."""


def plans(layer: Layer) -> Iterator[Plan]:
    """Arguments and sizes to try, which meet what the layer requires.

    Raises:
        EvaluationError: a condition that is required has no value.
    """
    base = _base_arguments(layer)
    ranks = _RANKS if any(member.has_ellipsis for member in layer.inputs) else (0, 0)
    lowest = 1 if all(size == ELLIPSIS for m in layer.inputs for size in m.shape) else 0
    for i, rank in enumerate(ranks):
        found = meet(layer, _plan(layer, base, rank + lowest, start=i))
        if found is not None and not reads_batch(layer, found):
            yield found
            base = dict(found.arguments)
    for argument in _varied(layer.arguments):
        usual = base.get(argument.name, argument.default)
        for value in (value for value in branches(argument) if value != usual):
            plan = _plan(layer, {**base, argument.name: value}, _rest(layer, 2))
            found = meet(layer, plan, frozenset({argument.name}))
            if found is not None:
                yield found
    plan = _plan(layer, base, _rest(layer, 2))
    for absent in _left_out(layer):
        found = meet(layer, replace(plan, absent=absent))
        if found is not None:
            yield found


def default_plan(layer: Layer) -> Plan | None:
    """The defaults, with which most callers make the layer; None if they cannot be."""
    base = _base_arguments(layer)
    usual = {
        a.name: a.default
        for a in layer.arguments
        if a.default is not None and not is_large(a.default)
    }
    plan = _plan(layer, {**base, **usual}, _rest(layer, 2))
    return meet(layer, plan, frozenset(usual))


def other_numbers(layer: Layer) -> Plan | None:
    """Other numbers than those that were tried; None if there are none to change."""
    return _other(layer, another_number, 2)


def other_axes(layer: Layer) -> Plan | None:
    """Other axes than those that were tried; None if there are none to change."""
    return _other(layer, another_axis, 3)


def _other(
    layer: Layer, another: Callable[[Argument, Any, int], Any], axes: int
) -> Plan | None:
    base, others = _base_arguments(layer), {}
    for i, argument in enumerate(layer.arguments):
        other = another(argument, base.get(argument.name, argument.default), i)
        if other is not None and refuse_value(argument, other) is None:
            others[argument.name] = other
    plan = _plan(layer, {**base, **others}, _rest(layer, axes))
    return meet(layer, plan, frozenset(others)) if others else None


def _rest(layer: Layer, axes: int) -> int:
    """How many axes `...` stands for where an input has so many in all."""
    fixed = [len(m.shape) - 1 for m in layer.inputs if m.has_ellipsis]
    return max(axes - min(fixed), 0) if fixed else 0


def _left_out(layer: Layer) -> Iterator[frozenset[str]]:
    """The optional inputs that a call leaves out: each alone, then all."""
    optional = [member.name for member in layer.inputs if member.optional]
    yield from (frozenset({name}) for name in optional)
    if len(optional) > 1:
        yield frozenset(optional)


def other_flags(layer: Layer) -> Iterator[dict[str, Any]]:
    """Flags to call a layer with, each at another value than its default."""
    for flag in layer.flags[:_MOST_FLAGS]:
        near = (flag.default + 1, flag.default - 1) if flag.type == "int" else ()
        values = [v for v in near if refuse_value(flag, v) is None]
        values += [v for v in branches(flag) if v != flag.default]
        yield from ({flag.name: value} for value in values[:1])


def _varied(arguments: tuple[Argument, ...]) -> list[Argument]:
    """The arguments that are likely to choose between branches."""
    return [argument for argument in arguments if branches(argument)][:_MOST_FLAGS]


def _base_arguments(layer: Layer) -> dict[str, Any]:
    """The first example's arguments and other floats, or values made from the types."""
    if layer.examples:
        given = dict(layer.examples[0].arguments)
        floats = [a for a in layer.arguments if a.type == "float"]
        return given | {a.name: guess(a, 0) for a in floats if a.name not in given}
    values: dict[str, Any] = {}
    for i, argument in enumerate(layer.arguments):
        value = guess(argument, i)
        if value is not None:
            values[argument.name] = value
    return values


def _plan(layer: Layer, arguments: dict[str, Any], rank: int, start: int = 0) -> Plan:
    """A size for every axis: primes that occur nowhere else."""
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
    counts = {
        member.name: member.count or max(member.least, 2) + start
        for member in layer.inputs
        if member.is_list
    }
    return Plan(arguments, sizes, tuple(others[:rank]), counts=counts)


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

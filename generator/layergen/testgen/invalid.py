"""Layer -> what its constructor and `build` must refuse, for its tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from layergen.emit.requirements import read_axes
from layergen.expr import ir
from layergen.layer import BATCH, Argument, Layer
from layergen.oracle.requirements import Plan, holds
from layergen.oracle.search import violate
from layergen.oracle.tensors import Shape, each_shape, shapes_of
from layergen.oracle.trial import Trial
from layergen.passes.place import stored_arguments
from layergen.testgen.symbolic import hide_sizes


def invalid_values(
    layer: Layer, argument: Argument
) -> Iterator[tuple[dict[str, Any], str]]:
    """Values that an argument or a flag must refuse, and what its message says."""
    name = argument.name
    is_stored = name in stored_arguments(layer)
    if is_stored:
        yield {name: None}, "must be given"
    for value in WRONG[argument.type](argument):
        if not is_stored or np.ndim(value) != argument.rank:
            yield {name: value}, f"Argument `{name}` must be"


def unmet_arguments(layer: Layer, trial: Trial) -> Iterator[tuple[dict[str, Any], str]]:
    """Arguments that do not meet a requirement among themselves, and its message."""
    for requirement in layer.requires:
        if requirement.test.known is ir.Known.CONFIG:
            found = violate(layer, plan_of(trial), requirement)
            if found is not None:
                yield _changes(found, trial), requirement.message


def invalid_builds(
    layer: Layer, trial: Trial
) -> Iterator[tuple[dict[str, Any], dict[str, Shape], str]]:
    """Arguments and shapes of inputs that `build` refuses, and what it says."""
    for axis in read_axes(layer):
        yield from _beyond(layer, trial, axis)
    for requirement in layer.requires:
        if requirement.test.known is ir.Known.BUILD:
            found = violate(layer, plan_of(trial), requirement)
            if found is not None:
                shapes = _symbolic(layer, found)
                yield _changes(found, trial), shapes, requirement.message


def _beyond(
    layer: Layer, trial: Trial, axis: ir.Name
) -> Iterator[tuple[dict[str, Any], dict[str, Shape], str]]:
    """An axis past the last or before the first, if the constructor takes it."""
    plan = plan_of(trial)
    shapes = plan.shapes(layer)
    most = max(len(s) for m in layer.inputs for s in each_shape(m, shapes))
    early = [r for r in layer.requires if r.test.known is ir.Known.CONFIG]
    for place in (most, -most - 1):
        beyond = replace(plan, arguments={**plan.arguments, axis.symbol.name: place})
        if all(holds(layer, requirement, beyond) for requirement in early):
            message = f"`{axis}` must be an axis"
            yield _changes(beyond, trial), _symbolic(layer, beyond), message


def plan_of(trial: Trial) -> Plan:
    """What the trial tries."""
    shapes = shapes_of(trial.inputs)
    inputs = trial.instance.layer.inputs
    absent = frozenset(member.name for member in inputs) - shapes.keys()
    counts = {m.name: len(shapes[m.name]) for m in inputs if m.is_list}
    sizes, rest = trial.instance.sizes, trial.instance.rest
    return Plan(trial.given, sizes, rest, absent, counts)


def _changes(plan: Plan, trial: Trial) -> dict[str, Any]:
    """The arguments that differ from those of a trial."""
    before = trial.instance.arguments
    return {n: v for n, v in plan.arguments.items() if v is not before[n]}


def _symbolic(layer: Layer, plan: Plan) -> dict[str, Shape]:
    """The shapes of a plan's inputs, batch unknown."""
    shapes = plan.shapes(layer)
    given = [member for member in layer.inputs if member.name in shapes]
    return {m.name: hide_sizes(m, shapes, {BATCH}) for m in given}


def _these(*values: Any) -> Callable[[Argument], Sequence[Any]]:
    return lambda _: values


def _wrong_integers(argument: Argument) -> Sequence[Any]:
    return ["two", 2.5, *_outside(argument)]


def _wrong_numbers(argument: Argument) -> Sequence[Any]:
    return ["two", *_outside(argument)]


def _wrong_axes(argument: Argument) -> Sequence[Any]:
    return ["last", [], [0.5], [1, 0.5], {1: 1}]


def _wrong_ints(argument: Argument) -> Iterator[Any]:
    count = argument.length or 2
    usual = max(int(argument.minimum or 1), 1)
    yield "two"
    yield [*([usual] * (count - 1)), 0.5]
    yield dict.fromkeys(range(usual, usual + count), 1)
    if argument.length:
        yield [usual] * (count + 1)
    yield from ([value] * count for value in _outside(argument))


def _wrong_shape(argument: Argument) -> Iterator[Any]:
    count = 2 if argument.length is None else argument.length
    yield 3
    if argument.length is not None:
        yield [1] * (count + 1)
    if count:
        yield [*([1] * (count - 1)), 0.5]
        yield [*([1] * (count - 1)), 0]
    if argument.infer and count > 1:
        yield [-1] * count


def _wrong_arrays(argument: Argument) -> Iterator[Any]:
    if argument.rank is not None:
        yield np.zeros((1,) * (argument.rank + 1)).tolist()
    if not argument.dtype.startswith("float"):
        yield np.full((1,) * (argument.rank or 1), 0.5).tolist()
    if argument.dtype in ("int32", "uint8"):
        yield np.full((1,) * (argument.rank or 1), 2**31).tolist()


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
    "axes": _wrong_axes,
    "ints": _wrong_ints,
    "shape": _wrong_shape,
    "array": _wrong_arrays,
    "seed": _these(0.5),
    "initializer": _these(),
    "regularizer": _these(),
    "constraint": _these(),
    "activation": _these(),
}
"""Values of each type that its constructor must refuse."""

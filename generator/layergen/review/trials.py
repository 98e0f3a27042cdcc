"""Pair of Layers -> Trials: instances of the layer before, and what becomes of them.

What a saved model holds is an instance: arguments, all of them, and the shapes of its
inputs. Each is tried on the layer after as Keras would: arguments by name, inputs by
position, variables by their place.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import Any, TypeAlias

import numpy as np

from layergen.codes import numbers
from layergen.emit.shapes import read_sizes
from layergen.expr import ir
from layergen.layer import ELLIPSIS, Argument, Input, Layer, Weight, snake_case
from layergen.lower.argument_types import type_of
from layergen.oracle.children import Child
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instance import Instance, instantiate, run
from layergen.oracle.plans import plans
from layergen.oracle.tensors import Shape, first_shape, shapes_of
from layergen.passes.place import place_parameters
from layergen.review.match import Matched
from layergen.review.values import candidates, kept, takes

_MOST = 100
"""Instances that are tried."""

Shapes: TypeAlias = Mapping[str, Shape]


@dataclass(frozen=True)
class Variable:
    """A variable of the layer as Keras stores it; named as in the layer after."""

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, eq=False)
class Trial:
    """An instance of the layer before, and what becomes of it.

    Attributes:
        before: the instance.
        shapes: of its inputs.
        after: the instance that loading it makes; None if none can be made.
        shapes_after: of the inputs of `after`.
        is_loaded: whether all that it holds is taken as it is.
        problem: why it cannot be made.
        is_unmet: whether it cannot because what is required does not hold.
    """

    before: Instance
    shapes: Shapes
    after: Instance | None
    shapes_after: Shapes
    is_loaded: bool
    problem: str = ""
    is_unmet: bool = False


def make_instances(
    layer: Layer, arguments: Matched[Argument]
) -> tuple[tuple[Instance, Shapes], ...]:
    """Instances of the layer before that work, and the shapes of their inputs."""
    found = []
    for given, shapes in islice(_plans(layer, arguments), _MOST):
        with suppress(EvaluationError):
            instance = instantiate(layer, given, shapes)
            _call(instance, shapes)
            found.append((instance, shapes))
    return tuple(found)


def _plans(
    layer: Layer, arguments: Matched[Argument]
) -> Iterator[tuple[Mapping[str, Any], Shapes]]:
    """Arguments and shapes: of examples, of probes, and about every limit."""
    for example in layer.examples:
        yield example.arguments, shapes_of(example.inputs)
    planned = list(planned_of(layer))
    yield from planned
    if not planned:
        return
    given, shapes = planned[0]
    versions = {old.name: (old, new) for old, new in arguments.pairs}
    turns = [_values(versions.get(a.name, (a,))) for a in layer.arguments]
    for values in zip_longest(*turns):
        for name, value in filter(None, values):
            yield {**given, name: value}, shapes


def planned_of(layer: Layer) -> Iterator[tuple[Mapping[str, Any], Shapes]]:
    """The arguments and shapes that the layer is tried with."""
    with suppress(EvaluationError):
        for plan in plans(layer):
            yield plan.arguments, plan.shapes(layer)


def _values(versions: tuple[Argument, ...]) -> Iterator[tuple[str, Any]]:
    """Values that a config may hold of the first version of an argument."""
    before = versions[0]
    if type_of(before).is_object:
        return
    for value in candidates(*versions):
        if takes(before, value):
            yield before.name, kept(before, value)


def make_trials(
    instances: tuple[tuple[Instance, Shapes], ...],
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
) -> tuple[Trial, ...]:
    """What becomes of the instances.

    If some load, these. If all are refused, weights could still be loaded into a layer
    that is made with other arguments: then all, with values put in for those refused.
    """
    nothing: tuple[Mapping[str, Any], Shapes] = ({}, {})
    guess = next(planned_of(after), nothing)
    trials = [_load(*each, after, arguments, inputs, guess) for each in instances]
    return tuple(trial for trial in trials if trial.is_loaded) or tuple(trials)


def _load(
    old: Instance,
    shapes: Shapes,
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
    guess: tuple[Mapping[str, Any], Shapes],
) -> Trial:
    """What loading the instance makes; `guess` is put in for what is missing."""
    given = {a.name: guess[0].get(a.name) for a in arguments.added if a.required}
    is_loaded = not given
    for one, other in arguments.pairs:
        if type_of(other).is_object:
            continue
        value = old.arguments[one.name]
        if takes(other, value):
            given[other.name] = kept(other, value)
        else:
            is_loaded = False
            given[other.name] = guess[0].get(other.name, other.default)
    shapes_after, fitting = _shapes_after(old, shapes, after, inputs, guess[1])
    is_loaded = is_loaded and fitting
    try:
        new = instantiate(after, given, shapes_after)
    except EvaluationError as error:
        is_unmet = error.code is numbers.UNMET
        problem = error.message
        return Trial(old, shapes, None, shapes_after, is_loaded, problem, is_unmet)
    return Trial(old, shapes, new, shapes_after, is_loaded)


def _shapes_after(
    old: Instance, shapes: Shapes, after: Layer, inputs: Matched[Input], guess: Shapes
) -> tuple[Shapes, bool]:
    """The shapes by the names after, and whether they are those before."""
    before = {new.name: old.name for old, new in inputs.pairs}
    found: dict[str, Shape] = {}
    fitting = True
    for member in after.inputs:
        shape = shapes.get(before.get(member.name, ""))
        if shape is not None and fits(member, shape):
            found[member.name] = shape
        elif shape is not None or not member.optional:
            fitting = False
            if member.name in guess:
                found[member.name] = _resized(member, old, guess[member.name])
    return found, fitting


def _resized(member: Input, old: Instance, guess: Shape) -> Shape:
    """The guess, with the sizes that the instance before has names for."""
    if member.is_list:
        return [_with_sizes(member, old, shape) for shape in guess]
    return _with_sizes(member, old, guess)


def _with_sizes(member: Input, old: Instance, guess: Shape) -> tuple[int, ...]:
    shape = list(guess)
    for position, size in enumerate(member.shape):
        if isinstance(size, str) and size in old.sizes:
            shape[member.axis(position)] = old.sizes[size]
    return tuple(shape)


def fits(member: Input, shape: Shape) -> bool:
    """Whether an input of this shape is declared; of a list, the shapes of all."""
    if not member.is_list:
        return isinstance(shape, tuple) and _fits_one(member, shape)
    if not isinstance(shape, list) or len(shape) < member.least:
        return False
    if member.count is not None and len(shape) != member.count:
        return False
    return all(_fits_one(member, each) for each in shape)


def _fits_one(member: Input, shape: Sequence[int | None]) -> bool:
    if len(shape) < member.min_rank:
        return False
    if not member.has_ellipsis and len(shape) != member.min_rank:
        return False
    return all(
        not isinstance(size, int) or shape[member.axis(position)] in (size, None)
        for position, size in enumerate(member.shape)
    )


def stores(
    instance: Instance, names: Mapping[str, str] | None = None
) -> dict[str, tuple[Variable, ...]]:
    """What Keras saves of a layer and of each that it owns, by the place of each.

    Keras finds a sublayer by its attribute, one of a list by its class and number too.

    Args:
        instance: the layer, built.
        names: other names for its parameters.
    """
    found = {"": _own_variables(instance, names or {})}
    numbers: Counter[str] = Counter()
    for child in instance.children:
        place = child.sublayer.name
        if child.sublayer.count is not None:
            number = numbers[place]
            numbers[place] += 1
            place = f"{place}/{snake_case(child.instance.layer.name)}_{number}"
        for inner, variables in stores(child.instance).items():
            path = f"{place}/{inner}" if inner else place
            found[path] = tuple(replace(v, name=f"{place}/{v.name}") for v in variables)
    return found


def _own_variables(
    instance: Instance, names: Mapping[str, str]
) -> tuple[Variable, ...]:
    """In Keras's order: what is trained, then the rest."""
    places = place_parameters(instance.layer)
    saved = []
    for parameter in instance.layer.parameters:
        name = parameter.name
        shape = shape_of(instance, name)
        if places[name].is_saved and shape is not None:
            variable = Variable(names.get(name, name), shape, parameter.dtype)
            trained = isinstance(parameter, Weight) and parameter.trainable
            saved.append((not trained, variable))
    return tuple(variable for _, variable in sorted(saved, key=lambda pair: pair[0]))


def shape_of(instance: Instance, name: str) -> tuple[int, ...] | None:
    """The shape of a parameter; None if it does not exist."""
    if name in instance.constants:
        return tuple(np.shape(instance.constants[name]))
    return instance.shapes.get(name)


def call_problem(trial: Trial) -> str:
    """Why the layer after cannot be called on the shapes; empty if it can."""
    if trial.after is None:
        return trial.problem
    try:
        _call(trial.after, trial.shapes_after)
    except EvaluationError as error:
        return error.message
    return ""


def _call(instance: Instance, shapes: Shapes) -> None:
    """Call an instance on some numbers.

    Raises:
        EvaluationError: when it cannot be called.
    """
    inputs = draw_inputs(instance, shapes, "review", positive=True)
    run(instance, inputs, draw_weights(instance, "review"), training=False)


def needed(instance: Instance, shapes: Shapes) -> set[tuple[str, int]]:
    """The inputs and axes whose sizes must be known when the layer is built."""
    layer = instance.layer
    ranks = {
        m.name: len(first_shape(m, shapes)) for m in layer.inputs if m.name in shapes
    }
    found = set()
    for name in layer.required_dims:
        dim = layer.dims[name]
        if dim.input in ranks:
            found.add((dim.input, dim.axis % ranks[dim.input]))
    for child in instance.children:
        found |= set(_needed_by(child, layer, ranks))
    evaluator = Evaluator({**instance.arguments, **instance.sizes}, shapes=shapes)
    for read in read_sizes(layer):
        assert isinstance(read, ir.Subscript)
        assert not isinstance(read.index, ir.Slice)
        axis = evaluator.value(read.index)
        for symbol in ir.symbols(read.value):
            if symbol.origin is ir.Origin.INPUT and symbol.name in ranks:
                found.add((symbol.name, axis % ranks[symbol.name]))
    return found


def _needed_by(
    child: Child, layer: Layer, ranks: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """The inputs and axes of a layer that one it owns needs to know."""
    for name, axis in needed(child.instance, child.shapes):
        shape = child.sublayer.shapes[name]
        if shape.like is not None:
            yield shape.like, axis % ranks[shape.like]
            continue
        at = axis - len(child.shapes[name]) if ELLIPSIS in shape.sizes else axis
        for symbol in ir.symbols(_expr(shape.sizes[at])) if at else ():
            if (
                symbol.origin is ir.Origin.DIM
                and layer.dims[symbol.name].input in ranks
            ):
                dim = layer.dims[symbol.name]
                yield dim.input, dim.axis % ranks[dim.input]


def _expr(size: ir.Expr | str) -> ir.Expr:
    assert not isinstance(size, str)
    return size

"""Pair of Layers -> Trials: instances of the layer before, and what becomes of them.

What a saved model holds is an instance: arguments, all of them, and the shapes of its
inputs. Each is tried on the layer after as Keras would: arguments by name, inputs by
position, variables by their place.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, TypeAlias

import numpy as np

from layergen.emit.shapes import read_sizes
from layergen.expr import ir
from layergen.layer import Argument, Input, Layer, Weight
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instance import Instance, instantiate, run
from layergen.oracle.plans import plans
from layergen.passes.place import place_parameters
from layergen.review.match import Matched
from layergen.review.values import candidates, kept, takes

_MOST = 150
"""Instances that are tried."""

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]


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
        problem: why it cannot be made or called, where the arguments are taken.
    """

    before: Instance
    shapes: Shapes
    after: Instance | None
    shapes_after: Shapes
    problem: str = ""


def make_instances(
    layer: Layer, arguments: Matched[Argument]
) -> tuple[tuple[Instance, Shapes], ...]:
    """Instances of the layer before, and the shapes of their inputs."""
    found = []
    for given, shapes in islice(_plans(layer, arguments), _MOST):
        with suppress(EvaluationError):
            found.append((instantiate(layer, given, shapes), shapes))
    return tuple(found)


def _plans(
    layer: Layer, arguments: Matched[Argument]
) -> Iterator[tuple[Mapping[str, Any], Shapes]]:
    """Arguments and shapes: of examples, of probes, and about every limit."""
    for example in layer.examples:
        shapes = {name: np.shape(value) for name, value in example.inputs.items()}
        yield example.arguments, shapes
    planned = list(plans(layer))
    yield from planned
    given, shapes = planned[0]
    versions = {old.name: (old, new) for old, new in arguments.pairs}
    turns = [_values(versions.get(a.name, (a,))) for a in layer.arguments]
    for values in zip_longest(*turns):
        for name, value in filter(None, values):
            yield {**given, name: value}, shapes


def _values(versions: tuple[Argument, ...]) -> Iterator[tuple[str, Any]]:
    """Values that a config may hold of the first version of an argument."""
    before = versions[0]
    for value in candidates(*versions):
        if takes(before, value):
            yield before.name, kept(before, value)


def make_trials(
    instances: tuple[tuple[Instance, Shapes], ...],
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
) -> tuple[Trial, ...]:
    """What becomes of the instances that are not refused."""
    guess = next(iter(plans(after)), ({}, {}))
    loaded = (_load(*each, after, arguments, inputs, guess) for each in instances)
    return tuple(trial for trial in loaded if trial is not None)


def _load(
    old: Instance,
    shapes: Shapes,
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
    guess: tuple[Mapping[str, Any], Shapes],
) -> Trial | None:
    """What loading the instance makes; None where an argument or input is refused.

    Those have rules of their own.
    """
    given = {a.name: guess[0].get(a.name) for a in arguments.added if a.required}
    for one, other in arguments.pairs:
        value = old.arguments[one.name]
        if not takes(other, value):
            return None
        given[other.name] = kept(other, value)
    shapes_after = _shapes_after(old, shapes, inputs, guess[1])
    if shapes_after is None:
        return None
    try:
        new = instantiate(after, given, shapes_after)
    except EvaluationError as error:
        return Trial(old, shapes, None, shapes_after, error.message)
    return Trial(old, shapes, new, shapes_after)


def _shapes_after(
    old: Instance, shapes: Shapes, inputs: Matched[Input], guess: Shapes
) -> Shapes | None:
    """The shapes by the names after; None if one is not taken any more."""
    found = dict.fromkeys((m.name for m in inputs.added if not m.optional), ())
    found = {name: guess[name] for name in found if name in guess}
    for one, other in inputs.pairs:
        if one.name in shapes:
            if not fits(other, shapes[one.name]):
                return None
            found[other.name] = shapes[one.name]
        elif not other.optional:
            return None
    return found


def fits(member: Input, shape: tuple[int | None, ...]) -> bool:
    """Whether an input of this shape is declared."""
    if len(shape) < member.min_rank:
        return False
    if not member.has_ellipsis and len(shape) != member.min_rank:
        return False
    return all(
        not isinstance(size, int) or shape[member.axis(position)] in (size, None)
        for position, size in enumerate(member.shape)
    )


def variables(
    instance: Instance, names: Mapping[str, str] | None = None
) -> tuple[Variable, ...]:
    """What Keras saves, in its order: what is trained, then the rest.

    Args:
        instance: the layer, built.
        names: other names for its parameters.
    """
    layer, names = instance.layer, names or {}
    places = place_parameters(layer)
    saved = []
    for parameter in layer.parameters:
        name = parameter.name
        shape = instance.shapes.get(name)
        if name in instance.constants:
            shape = np.shape(instance.constants[name])
        if places[name].is_saved and shape is not None:
            variable = Variable(names.get(name, name), shape, parameter.dtype)
            trained = isinstance(parameter, Weight) and parameter.trainable
            saved.append((not trained, variable))
    return tuple(variable for _, variable in sorted(saved, key=lambda pair: pair[0]))


def call_problem(trial: Trial) -> str:
    """Why the layer after cannot be called on the shapes; empty if it can."""
    if trial.after is None:
        return trial.problem
    try:
        inputs = draw_inputs(trial.after, trial.shapes_after, "review", positive=True)
        weights = draw_weights(trial.after, "review")
        run(trial.after, inputs, weights, training=False)
    except EvaluationError as error:
        return error.message
    return ""


def needed(instance: Instance, shapes: Shapes) -> set[tuple[str, int]]:
    """The inputs and axes whose sizes must be known when the layer is built."""
    layer = instance.layer
    found = set()
    for name in layer.required_dims:
        dim = layer.dims[name]
        if dim.input in shapes:
            found.add((dim.input, dim.axis % len(shapes[dim.input])))
    evaluator = Evaluator({**instance.arguments, **instance.sizes}, shapes=shapes)
    for read in read_sizes(layer):
        axis = evaluator.value(read.index)
        for symbol in ir.symbols(read.value):
            if symbol.origin is ir.Origin.INPUT and symbol.name in shapes:
                found.add((symbol.name, axis % len(shapes[symbol.name])))
    return found

"""Pair of Layers -> Trials: instances of the layer before, and what becomes of them.

What a saved model holds is an instance: arguments, all of them, and the shapes of its
inputs. Each is tried on the layer after as Keras would: arguments by name, inputs by
position, variables by their place.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, TypeAlias

from layergen.codes import numbers
from layergen.layer import Argument, Input, Layer
from layergen.lower.argument_types import type_of
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance
from layergen.oracle.instantiate import instantiate
from layergen.oracle.outputs import output_shape, present_outputs
from layergen.oracle.plans import plans
from layergen.oracle.run import run
from layergen.oracle.tensors import Shape, shapes_of
from layergen.review.fitting import conflicts, fits
from layergen.review.match import Matched
from layergen.review.values import candidates, kept, takes

_MOST = 100
"""Instances that are tried."""

Shapes: TypeAlias = Mapping[str, Shape]
Plan: TypeAlias = tuple[Mapping[str, Any], Shapes]


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
    layer: Layer, arguments: Matched[Argument], others: Iterable[Plan] = ()
) -> tuple[tuple[Instance, Shapes], ...]:
    """Instances of the layer before that work, and the shapes of their inputs.

    Args:
        layer: the layer before.
        arguments: its arguments and those of the layer after.
        others: further arguments and shapes to try.
    """
    found = []
    for given, shapes in islice(_plans(layer, arguments, others), _MOST):
        with suppress(EvaluationError):
            instance = instantiate(layer, given, shapes)
            _call(instance, shapes)
            found.append((instance, shapes))
    return tuple(found)


def _plans(
    layer: Layer, arguments: Matched[Argument], others: Iterable[Plan]
) -> Iterator[Plan]:
    """Arguments and shapes: of examples, of probes, and about every limit."""
    for example in layer.examples:
        yield example.arguments, shapes_of(example.inputs)
    planned = list(planned_of(layer))
    yield from planned
    if not planned:
        return
    given, shapes = planned[0]
    seen = {repr(plan) for plan in planned}
    more = (({**given, **some}, each) for some, each in others)
    yield from (plan for plan in more if repr(plan) not in seen)
    versions = {old.name: (old, new) for old, new in arguments.pairs}
    turns = [_values(versions.get(a.name, (a,))) for a in layer.arguments]
    for values in zip_longest(*turns):
        for name, value in filter(None, values):
            yield {**given, name: value}, shapes


def planned_of(layer: Layer) -> Iterator[Plan]:
    """The arguments and shapes that the layer is tried with."""
    with suppress(EvaluationError):
        for plan in plans(layer):
            yield plan.arguments, plan.shapes(layer)


def plans_for(
    before: Layer, after: Layer, arguments: Matched[Argument], inputs: Matched[Input]
) -> Iterator[Plan]:
    """What the layer after is tried with, as far as the layer before takes it.

    With its shapes alone, and with its arguments too: of a layer whose sizes must be
    equal now, these are the instances that still load.
    """
    for given, shapes in planned_of(after):
        found = {
            old.name: shapes[new.name]
            for old, new in inputs.pairs
            if new.name in shapes and fits(old, shapes[new.name])
        }
        if found.keys() >= {member.name for member in before.required_inputs}:
            yield {}, found
            values = ((old, given.get(new.name)) for old, new in arguments.pairs)
            yield {old.name: v for old, v in values if takes(old, v)}, found


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
    nothing: Plan = ({}, {})
    guess = next(planned_of(after), nothing)
    trials = [_load(*each, after, arguments, inputs, guess) for each in instances]
    return tuple(trial for trial in trials if trial.is_loaded) or tuple(trials)


def _load(
    old: Instance,
    shapes: Shapes,
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
    guess: Plan,
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
    is_unmet = False
    try:
        new = instantiate(after, given, shapes_after, checked=False)
        problem = next(conflicts(after, new.arguments, shapes_after), "")
    except EvaluationError as error:
        is_unmet, problem = error.code is numbers.UNMET, error.message
    except (IndexError, KeyError):
        problem = "an input has too few axes"
    if problem:
        return Trial(old, shapes, None, shapes_after, is_loaded, problem, is_unmet)
    return Trial(old, shapes, new, shapes_after, is_loaded)


def _shapes_after(
    old: Instance, shapes: Shapes, after: Layer, inputs: Matched[Input], guess: Shapes
) -> tuple[Shapes, bool]:
    """The shapes by the names after, and whether Keras takes those before.

    It asks for the number of axes, and for sizes, of the first input only.
    """
    before = {new.name: old.name for old, new in inputs.pairs}
    found: dict[str, Shape] = {}
    fitting = True
    for member in after.inputs:
        shape = shapes.get(before.get(member.name, ""))
        passed = member is not after.inputs[0] and isinstance(shape, list) is (
            member.is_list
        )
        if shape is not None and (fits(member, shape) or passed):
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


def load_problem(trial: Trial) -> str:
    """Why the layer after cannot be made, or cannot tell the shape of its output.

    More Keras does not ask when it loads a layer: it does not call it.
    """
    if trial.after is None:
        return trial.problem
    try:
        for output in present_outputs(trial.after, {}):
            output_shape(trial.after, output, trial.shapes_after)
    except EvaluationError as error:
        return error.message
    except (IndexError, KeyError):
        return "an input has too few axes"
    return ""


def call_problem(trial: Trial) -> str:
    """Why the layer after cannot be called on the shapes; empty if it can."""
    if trial.after is None:
        return trial.problem
    for member in trial.after.layer.inputs:
        shape = trial.shapes_after.get(member.name)
        if shape is not None and not fits(member, shape):
            return f"`{member.name}` of this shape is not what `call` takes"
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

"""Layer -> Samples: instances of it that work, as saved models may hold them.

What a saved model holds is an instance: arguments, all of them, and the shapes of its
inputs. Each is called on some numbers; what it yields is kept, to compare with.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, TypeAlias

from layergen.layer import Argument, Array, Input, Layer, Tensors
from layergen.lower.argument_types import type_of
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance
from layergen.oracle.instantiate import instantiate
from layergen.oracle.plans import plans
from layergen.oracle.run import run
from layergen.oracle.tensors import Shape, shapes_of
from layergen.review.fitting import fits
from layergen.review.match import Matched
from layergen.review.thresholds import NO_THRESHOLDS, Thresholds, vary
from layergen.review.values import candidates, kept, takes

_MOST = 100
"""Instances that are tried."""

_MOST_VARIED = 6
"""Plans of which one number at a time is made another: the first branches."""

Shapes: TypeAlias = Mapping[str, Shape]
Plan: TypeAlias = tuple[Mapping[str, Any], Shapes]


@dataclass(frozen=True, eq=False)
class Sample:
    """An instance of a layer, and a call of it.

    Attributes:
        instance: the instance.
        shapes: of its inputs.
        inputs: the numbers that it is called on.
        weights: those of its weights and drawn constants.
        outputs: what the call yields, in inference.
    """

    instance: Instance
    shapes: Shapes
    inputs: Mapping[str, Tensors]
    weights: Mapping[str, Array | None]
    outputs: tuple[Array, ...]

    def yields(self, *, training: bool) -> tuple[Array, ...]:
        """What a call yields.

        Raises:
            EvaluationError: it cannot be called so.
        """
        if not training:
            return self.outputs
        return run(self.instance, self.inputs, self.weights, training=True).arrays


def call(instance: Instance, shapes: Shapes) -> Sample:
    """Call an instance on some numbers.

    Raises:
        EvaluationError: when it cannot be called.
    """
    inputs = draw_inputs(instance, shapes, "review", positive=True)
    weights = draw_weights(instance, "review")
    outputs = run(instance, inputs, weights, training=False).arrays
    return Sample(instance, shapes, inputs, weights, outputs)


def make_samples(
    layer: Layer,
    arguments: Matched[Argument],
    others: Iterable[Plan] = (),
    thresholds: Thresholds = NO_THRESHOLDS,
) -> tuple[Sample, ...]:
    """Instances of the layer before that work.

    Args:
        layer: the layer before.
        arguments: its arguments and those of the layer after.
        others: further arguments and shapes to try.
        thresholds: numbers and texts to try arguments and sizes with.
    """
    found = []
    planned = _plans(layer, arguments, others, thresholds)
    for given, shapes in islice(planned, _MOST):
        with suppress(EvaluationError):
            found.append(call(instantiate(layer, given, shapes), shapes))
    return tuple(found)


def _plans(
    layer: Layer,
    arguments: Matched[Argument],
    others: Iterable[Plan],
    thresholds: Thresholds,
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
    turns: list[Iterator[Plan]] = [
        (
            ({**given, name: value}, shapes)
            for name, value in _values(versions.get(a.name, (a,)))
        )
        for a in layer.arguments
    ]
    turns += [vary(layer, *plan, thresholds) for plan in planned[:_MOST_VARIED]]
    for some in zip_longest(*turns):
        yield from filter(None, some)


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

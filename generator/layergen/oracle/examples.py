"""Layer + an example of its spec -> a trial, or what is wrong with the example."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from layergen.codes import numbers
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import ELLIPSIS, Example, Input, Layer
from layergen.nearest import nearest
from layergen.oracle.draw import draw_weights
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.expected import check_output_mask, check_outputs
from layergen.oracle.instance import Instance, walk_instances
from layergen.oracle.instantiate import instantiate
from layergen.oracle.requirements import describe_plan, example_plan, holds
from layergen.oracle.tensors import Shape, each_shape, shapes_of
from layergen.oracle.trial import Trial, make_trial, notes_on
from layergen.source import Span


def try_example(
    layer: Layer, example: Example, name: str, found: Diagnostics
) -> Trial | None:
    """Run an example; what is wrong with it goes to `found`."""
    try:
        shapes = shapes_of(example.inputs)
        _check_sizes(layer, example)
        _check_requirements(layer, example)
        instance = instantiate(layer, example.arguments, shapes)
        weights = {**draw_weights(instance, name), **example.weights}
        _check_weights(instance, example, found)
        given = (example.inputs, weights, (example.flags, example.masks))
        trial = make_trial(name, example.arguments, instance, *given)
    except EvaluationError as error:
        if any((d.code, d.span) == (error.code, error.span) for d in found):
            return None  # an earlier example has shown it
        line = layer.document.span(*example.path).line
        is_own = error.code in (numbers.WRONG_EXAMPLE, numbers.UNMET)
        note = "" if is_own else f"seen with the example of line {line}"
        notes = (*error.notes, *notes_on(layer, error))
        found.add(error.code, error.message, error.span, *notes, note)
        return None
    varied = bool(example.flags or example.masks)
    outcome = trial.variants[0].outcome if varied else trial.outcome
    check_outputs(layer, example, outcome, found)
    if example.output_mask is not None:
        check_output_mask(layer, example, trial.variants, found)
    return trial


def _check_sizes(layer: Layer, example: Example) -> None:
    """Refuse inputs in which one named size has two values.

    Raises:
        EvaluationError: at the second of them.
    """
    sizes: dict[str, tuple[int, str]] = {}
    shapes = shapes_of(example.inputs)
    for member in (m for m in layer.inputs if m.name in shapes):
        for i, shape in enumerate(each_shape(member, shapes)):
            shown = f"{member.name}[{i}]" if member.is_list else member.name
            for name, size in _named(member, shape):
                before, where = sizes.setdefault(name, (size, shown))
                if before != size:
                    message = f"`{name}` is {size} here and {before} in `{where}`"
                    span = _input_span(layer, example, member, i)
                    raise EvaluationError(numbers.WRONG_EXAMPLE, message, span)


def _named(member: Input, shape: Shape) -> Iterator[tuple[str, int]]:
    """The named sizes of a tensor."""
    for position, name in enumerate(member.shape):
        if isinstance(name, str) and name != ELLIPSIS:
            yield name, shape[member.axis(position)]


def _input_span(layer: Layer, example: Example, member: Input, i: int) -> Span:
    """Where an example gives an input, or one of a list."""
    path: tuple[str | int, ...] = (*example.path, "inputs")
    if layer.document.has(*path, member.name):
        path = (*path, member.name)
    return layer.document.span(*path, *([i] if member.is_list else []))


def _check_requirements(layer: Layer, example: Example) -> None:
    """Refuse an example that does not meet what the layer requires.

    Raises:
        EvaluationError: at the first argument that the condition is about.
    """
    plan = example_plan(layer, example)
    for requirement in layer.requires:
        if holds(layer, requirement, plan):
            continue
        names = [symbol.name for symbol in ir.symbols(requirement.test)]
        given = [name for name in names if name in example.arguments]
        span = layer.document.key_span(*example.path, "inputs")
        if given:
            span = layer.document.span(*example.path, "arguments", given[0])
        message = f"`{requirement.test}` does not hold"
        values = describe_plan(layer, requirement, plan)
        raise EvaluationError(numbers.UNMET, message, span, values)


def _check_weights(instance: Instance, example: Example, found: Diagnostics) -> None:
    shapes = {
        f"{prefix}{key}": shape
        for prefix, owned in walk_instances(instance)
        for key, shape in owned.shapes.items()
    }
    for name, value in example.weights.items():
        if name not in shapes:
            raise EvaluationError(*_unknown_weight(instance, name, example, shapes))
        wanted = shapes[name]
        if wanted != np.shape(value):
            span = instance.layer.document.span(*example.path, "weights", name)
            message = f"`{name}` does not exist with these arguments"
            if wanted is not None:
                given = list(np.shape(value))
                message = f"`{name}` has the shape {list(wanted)}, this is {given}"
            raise EvaluationError(numbers.WRONG_EXAMPLE, message, span)


def _unknown_weight(
    instance: Instance, name: str, example: Example, shapes: Mapping[str, Any]
) -> tuple[Any, ...]:
    """What is wrong with the path of a sublayer's weight."""
    span = instance.layer.document.key_span(*example.path, "weights", name)
    meant = nearest(name, shapes)
    note = f"did you mean `{meant}`?" if meant else f"there are {', '.join(shapes)}"
    return numbers.WRONG_EXAMPLE, f"there is no weight `{name}`", span, note

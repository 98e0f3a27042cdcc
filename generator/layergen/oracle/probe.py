"""Layer -> trials: the layer run on its examples and on inputs of distinct prime sizes.

Sizes that are all different, and prime, show what equal ones hide: a transposed
matrix, a reshape that mixes two axes, a declared output that fits by chance.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from layergen.codes import language, numbers, roles
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import (
    ELLIPSIS,
    Array,
    Computed,
    Example,
    Input,
    Layer,
    Tensors,
)
from layergen.nearest import nearest
from layergen.oracle.children import walk_instances
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.expected import check_output_mask, check_outputs
from layergen.oracle.instance import Instance, Outcome, instantiate, run_varied
from layergen.oracle.plans import more_plans, plans
from layergen.oracle.requirements import (
    Plan,
    check_defaults,
    describe_plan,
    example_plan,
    holds,
)
from layergen.oracle.tensors import Shape, each_array, each_shape, shapes_of
from layergen.oracle.variants import Variant, notes_on_absence, try_variants
from layergen.source import Span

_MOST_NUMBERS = 20_000
"""Numbers that the tests of a layer may hold: they stand in a file."""

_MOST_MADE = 10_000_000
"""Elements that probes may make before no other is tried."""

_SHOWN = 10_000
"""Numbers of a stored constant that a generated test may hold."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A run of the layer on given numbers.

    Attributes:
        id: `example 1`, `probe 2`, ...
        given: the constructor arguments that are passed.
        instance: the layer, built.
        inputs: the inputs' values.
        weights: the values of weights and drawn constants; None if not there.
        outcome: what a call yields without `training`.
        trained: what it yields in training, if the layer tells the two apart.
        variants: what it yields with other flags.
        is_guess: whether the layer need not work with such arguments.
    """

    id: str
    given: Mapping[str, Any]
    instance: Instance
    inputs: Mapping[str, Tensors]
    weights: Mapping[str, Array | None]
    outcome: Outcome
    trained: Outcome | None
    variants: tuple[Variant, ...] = ()
    is_guess: bool = False

    @property
    def size(self) -> int:
        """How many numbers the inputs, weights and outputs have."""
        given = [*each_array(self.inputs.values()), *self.weights.values()]
        given += self.outcome.arrays
        return sum(np.size(array) for array in given if array is not None)


def probe(layer: Layer, found: Diagnostics) -> tuple[Trial, ...]:
    """Try a layer out; what does not hold goes to `found`."""
    trials = []
    for i, example in enumerate(layer.examples):
        trial = _try_example(layer, example, f"example {i + 1}", found)
        if trial is not None:
            trials.append(trial)
    if sum(trial.size for trial in trials) > _MOST_NUMBERS:
        span = layer.document.key_span("examples")
        message = f"the examples hold more than {_MOST_NUMBERS} numbers in all"
        found.add(language.TOO_LARGE, message, span, "give smaller ones")
    if found.has_errors:
        return ()
    made = 0
    for number, plan in enumerate(_plans(layer, found)):
        trial = _try_plan(layer, f"probe {number + 1}", plan, found)
        if trial is None:
            break
        trials.append(trial)
        made += trial.outcome.made
        if made > _MOST_MADE:
            break  # more of it would take too long
    with suppress(EvaluationError):
        for plan in more_plans(layer) if not found.has_errors else ():
            trial = _try(layer, f"probe {len(trials)}", plan)
            trials.append(replace(trial, is_guess=True))
    if trials and min(trial.size for trial in trials) > _MOST_NUMBERS:
        message = f"a test of the layer would hold more than {_MOST_NUMBERS} numbers"
        note = "give an example with small arguments"
        found.add(language.TOO_LARGE, message, _call_span(layer), note)
    _check_stored(layer, trials, found)
    return tuple(trials)


def _check_stored(layer: Layer, trials: list[Trial], found: Diagnostics) -> None:
    """Computed constants among the weights must be small enough for a test to show."""
    for constant in layer.constants:
        computed = isinstance(constant.source, Computed)
        sizes = [np.size(t.instance.constants.get(constant.name, 0)) for t in trials]
        if computed and constant.storage == "weight" and max(sizes, default=0) > _SHOWN:
            message = f"`{constant.name}` has {max(sizes)} numbers, too many for a test"
            note = "save them in an `.npy` file and name it under `file`"
            span = layer.document.span("parameters", constant.name, "storage")
            found.add(roles.BAD_STORAGE, message, span, note)


def _try_example(
    layer: Layer, example: Example, name: str, found: Diagnostics
) -> Trial | None:
    try:
        shapes = shapes_of(example.inputs)
        _check_sizes(layer, example)
        _check_requirements(layer, example)
        instance = instantiate(layer, example.arguments, shapes)
        weights = {**draw_weights(instance, name), **example.weights}
        _check_weights(instance, example, found)
        given = (example.inputs, weights, (example.flags, example.masks))
        trial = _trial(name, example.arguments, instance, *given)
    except EvaluationError as error:
        if any((d.code, d.span) == (error.code, error.span) for d in found):
            return None  # an earlier example has shown it
        line = layer.document.span(*example.path).line
        is_own = error.code in (numbers.WRONG_EXAMPLE, numbers.UNMET)
        note = "" if is_own else f"seen with the example of line {line}"
        notes = (*error.notes, *_notes_on(layer, error))
        found.add(error.code, error.message, error.span, *notes, note)
        return None
    varied = bool(example.flags or example.masks)
    outcome = trial.variants[0].outcome if varied else trial.outcome
    check_outputs(layer, example, outcome, found)
    if example.output_mask is not None:
        check_output_mask(layer, example, trial.variants, found)
    return trial


def _notes_on(layer: Layer, error: EvaluationError) -> Iterator[str]:
    """What the layer knows of the expression that is blamed."""
    if error.code is numbers.MISSING:
        yield from notes_on_absence(layer, error.span.text)
        for parameter in (*layer.parameters, *layer.sublayers):
            when = getattr(parameter, "when", None)
            if parameter.name == error.span.text and when is not None:
                yield f"it is there only if `{when}`: use it within `if {when}:`"


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


def _plans(layer: Layer, found: Diagnostics) -> Iterator[Plan]:
    """What to try; that there is nothing, or why not, goes to `found`."""
    is_met = False
    try:
        check_defaults(layer, found)
        for plan in plans(layer):
            is_met = True
            yield plan
    except EvaluationError as error:
        found.add(error.code, error.message, error.span, *error.notes)
        return
    if not is_met and not layer.examples:
        message = "nothing was found that meets `requires`: give an example"
        span = layer.document.key_span("requires")
        found.add(numbers.NO_PROBE, message, span)


def _try_plan(
    layer: Layer,
    name: str,
    plan: Plan,
    found: Diagnostics,
) -> Trial | None:
    arguments, shapes = plan.arguments, plan.shapes(layer)
    try:
        return _try(layer, name, plan)
    except EvaluationError as error:
        note = f"tried with {_describe(layer, arguments, shapes)}"
        if _is_guessed(layer) and error.code is not language.TOO_LARGE:
            message = "the layer cannot be tried out: give an example"
            reason = f"a guess failed: {error.message} ({error.span})"
            found.add(numbers.NO_PROBE, message, _call_span(layer), reason, note)
        else:
            notes = (*error.notes, *_notes_on(layer, error), note)
            found.add(error.code, error.message, error.span, *notes)
        return None


def _try(layer: Layer, name: str, plan: Plan) -> Trial:
    """Call the layer on numbers that are drawn, positive ones if others do not do.

    Raises:
        EvaluationError: an expression has no value, or the output is not as declared.
    """
    arguments, shapes = plan.arguments, plan.shapes(layer)
    instance = instantiate(layer, arguments, shapes)
    for positive in (False, True):
        inputs = draw_inputs(instance, shapes, name, positive=positive)
        weights = draw_weights(instance, name)
        trial = _trial(name, arguments, instance, inputs, weights, ({}, {}))
        if _is_finite(trial):
            return trial
    what = "the output or a loss" if layer.adds_loss else "the output"
    message = f"{what} is not finite"
    raise EvaluationError(numbers.NOT_FINITE, message, _call_span(layer))


def _is_guessed(layer: Layer) -> bool:
    """Whether values had to be made up that may not suit the layer."""
    return not layer.examples and any(
        a.type in ("array", "str") for a in layer.arguments
    )


def _call_span(layer: Layer) -> Any:
    return layer.document.key_span("call")


def _describe(
    layer: Layer, arguments: Mapping[str, Any], shapes: Mapping[str, Shape]
) -> str:
    parts = []
    for name, value in arguments.items():
        shape = np.shape(value)
        parts.append(
            f"`{name}` of shape {list(shape)}" if shape else f"`{name}` {value}"
        )
    for member in (m for m in layer.inputs if m.name in shapes):
        listed = [str(list(shape)) for shape in each_shape(member, shapes)]
        noun = "shapes" if member.is_list else "shape"
        parts.append(f"`{member.name}` of {noun} {' and '.join(listed)}")
    return ", ".join(parts)


def _trial(
    name: str,
    given: Mapping[str, Any],
    instance: Instance,
    inputs: Mapping[str, Tensors],
    weights: Mapping[str, Array | None],
    called: tuple[Mapping[str, Any], Mapping[str, Array]],
) -> Trial:
    outcome = run_varied(instance, inputs, weights, training=False)
    trained = None
    if instance.layer.uses_training:
        trained = run_varied(instance, inputs, weights, training=True)
    variants = try_variants(instance, inputs, weights, called)
    return Trial(name, given, instance, inputs, weights, outcome, trained, variants)


def _is_finite(trial: Trial) -> bool:
    outcomes = [trial.outcome, *(variant.outcome for variant in trial.variants)]
    outcomes += [trial.trained] if trial.trained else []
    arrays = [each for outcome in outcomes for each in outcome.arrays]
    losses = [loss for outcome in outcomes for loss in outcome.losses]
    return all(np.all(np.isfinite(each)) for each in [*arrays, np.array(losses)])

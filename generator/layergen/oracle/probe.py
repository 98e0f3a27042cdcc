"""Layer -> trials: the layer run on its examples and on inputs of distinct prime sizes.

Sizes that are all different, and prime, show what equal ones hide: a transposed
matrix, a reshape that mixes two axes, a declared output that fits by chance.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from layergen.codes import language, numbers, roles
from layergen.diagnostics import Diagnostics
from layergen.layer import Computed, Layer
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.examples import try_example
from layergen.oracle.instantiate import instantiate
from layergen.oracle.plans import default_plan, other_axes, other_numbers, plans
from layergen.oracle.requirements import Plan, check_defaults
from layergen.oracle.tensors import Shape, each_shape
from layergen.oracle.trial import Trial, is_finite, make_trial, notes_on

_MOST_NUMBERS = 20_000
"""Numbers that the tests of a layer may hold: they stand in a file."""

_MOST_MADE = 10_000_000
"""Elements that probes may make before no other is tried."""

_SHOWN = 10_000
"""Numbers of a stored constant that a generated test may hold."""


def probe(layer: Layer, found: Diagnostics) -> tuple[Trial, ...]:
    """Try a layer out; what does not hold goes to `found`."""
    trials = []
    for i, example in enumerate(layer.examples):
        trial = try_example(layer, example, f"example {i + 1}", found)
        if trial is not None:
            trials.append(trial)
    if sum(trial.size for trial in trials) > _MOST_NUMBERS:
        span = layer.document.key_span("examples")
        message = f"the examples hold more than {_MOST_NUMBERS} numbers in all"
        found.add(language.TOO_LARGE, message, span, "give smaller ones")
    if found.has_errors:
        return ()
    made, told = 0, tuple(found)
    for number, plan in enumerate(_plans(layer, found)):
        trial = _try_plan(layer, f"probe {number + 1}", plan, found)
        if trial is None:
            break
        trials.append(trial)
        made += trial.outcome.made
        if made > _MOST_MADE:
            break  # more of it would take too long
    if tuple(found) == told:
        number = sum(not trial.is_example for trial in trials)
        trials += _try_guesses(layer, number, found)
    if trials and min(trial.size for trial in trials) > _MOST_NUMBERS:
        message = f"a test of the layer would hold more than {_MOST_NUMBERS} numbers"
        note = "give an example with small arguments"
        found.add(language.TOO_LARGE, message, _call_span(layer), note)
    _check_stored(layer, trials, found)
    return tuple(trials)


def _try_guesses(layer: Layer, number: int, found: Diagnostics) -> Iterator[Trial]:
    """Trials with arguments that nothing in the spec names.

    All numbers should do that `requires` lets through, unless they must go with an
    array that was not made for them; all axes need not.
    """
    is_sure = not any(argument.type == "array" for argument in layer.arguments)
    if is_sure and not _do_defaults(layer, found):
        return
    with suppress(EvaluationError):
        for make, hint in ((other_numbers, _SOME * is_sure), (other_axes, "")):
            plan = make(layer)
            if plan is None:
                continue
            number += 1
            name = f"probe {number}"
            if hint:
                trial = _try_plan(layer, name, plan, found, hint)
            else:
                trial = _try(layer, name, plan)
            if trial is None:
                return
            yield replace(trial, is_guess=True)


def _do_defaults(layer: Layer, found: Diagnostics) -> bool:
    """Whether the defaults do, where they can be tried."""
    plan = None
    with suppress(EvaluationError):
        plan = default_plan(layer)
    if plan is None:
        return True
    return _try_plan(layer, "defaults", plan, found, "these are defaults") is not None


_SOME = "if only some numbers can work, say which under `requires`"


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
    if not is_met and not layer.examples and not layer.requires:
        message = "the layer could be built for a batch of one size only"
        note = "a parameter or an attribute reads `shape[0]`: read another axis"
        span = layer.document.key_span("parameters")
        found.add(language.KNOWN_TOO_LATE, message, span, note)
    elif not is_met and not layer.examples:
        message = "nothing was found that meets `requires`: give an example"
        span = layer.document.key_span("requires")
        found.add(numbers.NO_PROBE, message, span)


def _try_plan(
    layer: Layer,
    name: str,
    plan: Plan,
    found: Diagnostics,
    hint: str = "",
) -> Trial | None:
    arguments, shapes = plan.arguments, plan.shapes(layer)
    try:
        return _try(layer, name, plan)
    except EvaluationError as error:
        note = f"tried with {_describe(layer, arguments, shapes)}"
        if _is_guessed(layer, arguments) and error.code is not language.TOO_LARGE:
            message = "the layer cannot be tried out: give an example"
            reason = f"a guess failed: {error.message} ({error.span})"
            found.add(numbers.NO_PROBE, message, _call_span(layer), reason, note)
        else:
            notes = (*error.notes, *notes_on(layer, error), note, hint)
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
        trial = make_trial(name, arguments, instance, inputs, weights, ({}, {}))
        if is_finite(trial):
            return trial
    what = "the output or a loss" if layer.adds_loss else "the output"
    message = f"{what} is not finite"
    raise EvaluationError(numbers.NOT_FINITE, message, _call_span(layer))


def _is_guessed(layer: Layer, arguments: Mapping[str, Any]) -> bool:
    """Whether values had to be made up that may not suit the layer."""
    return not layer.examples and any(
        a.type == "array"
        or (a.type == "str" and arguments.get(a.name, a.default) != a.default)
        for a in layer.arguments
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

"""Layer + trials -> the cases of its test file."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from layergen.emit.array_argument import array_dtype
from layergen.layer import (
    Array,
    Computed,
    Constant,
    Layer,
    Tensors,
)
from layergen.lower.argument_types import type_of
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.outcome import Outcome
from layergen.oracle.trial import Trial
from layergen.oracle.variants import Variant
from layergen.passes.place import Place, Placement, stored_arguments
from layergen.testgen.case import Case, CaseVariant
from layergen.testgen.data import Data
from layergen.testgen.numbers import is_shown, short, typed
from layergen.testgen.saved import drawn_of, initial_of, weights_of
from layergen.testgen.symbolic import symbolic_shapes


def make_case(layer: Layer, trial: Trial, places: Mapping[str, Placement]) -> Case:
    """A case: what to build, what to call it with, what to expect."""
    state = trial.trained.updates if trial.trained else trial.outcome.updates
    given = [member for member in layer.inputs if member.name in trial.inputs]
    return Case(
        id=trial.id,
        arguments={a.name: _given(trial, a.name) for a in _passed(layer, trial)},
        config=dict(_config(layer, trial)),
        inputs={m.name: _tensors(trial.inputs[m.name], m.dtype) for m in given},
        weights=dict(weights_of(trial)),
        absent=list(_absent(layer, trial)),
        initial=dict(initial_of(trial)),
        drawn=dict(drawn_of(trial)),
        constants=dict(_constants(layer, trial, places)),
        attributes=trial.instance.attributes,
        outputs=_outputs(layer, trial.outcome),
        shapes=symbolic_shapes(layer, trial),
        training_outputs=_outputs(layer, trial.trained) if trial.trained else None,
        losses=_losses(trial.outcome),
        training_losses=[] if trial.trained is None else _losses(trial.trained),
        draws=list(_draws(trial)),
        state={name: short(value) for name, value in state.items()},
        variants=[_variant(layer, variant) for variant in trial.variants],
    )


def _variant(layer: Layer, variant: Variant) -> CaseVariant:
    outputs = _outputs(layer, variant.outcome)
    return CaseVariant(outputs, variant.flags, variant.masks, variant.mask)


def _outputs(layer: Layer, outcome: Outcome) -> Data:
    """What a call returns: several outputs in a tuple, those of a count in a list."""
    dtypes = {output.name: output.dtype for output in layer.outputs}
    values = [_tensors(v, dtypes[name]) for name, v in outcome.outputs.items()]
    return values[0] if len(values) == 1 else tuple(values)


def _losses(outcome: Outcome) -> list[Array]:
    return [short(loss) for loss in outcome.losses]


def _draws(trial: Trial) -> Iterator[bool]:
    """The values of `training` with which a call draws."""
    if trial.outcome.draws:
        yield False
    if trial.trained is not None and trial.trained.draws:
        yield True


def _passed(layer: Layer, trial: Trial) -> Iterator[Any]:
    """The arguments that a case gives: those of the trial, and what would be found."""
    for argument in layer.arguments:
        if argument.name in trial.given or type_of(argument).finds:
            yield argument


def _given(trial: Trial, name: str) -> Any:
    value = trial.given.get(name, trial.instance.arguments[name])
    return value.tolist() if isinstance(value, np.ndarray) else value


def _config(layer: Layer, trial: Trial) -> Iterator[tuple[str, Any]]:
    stored = stored_arguments(layer)
    for argument in layer.arguments:
        value = trial.instance.arguments[argument.name]
        if type_of(argument).is_object:
            continue
        if argument.name in stored:
            yield f"{argument.name}_shape", list(np.shape(value))
        elif isinstance(value, np.ndarray):
            kept = value.astype(array_dtype(argument.dtype))
            yield argument.name, _plain(kept)
        else:
            yield argument.name, _plain(value)


def _plain(value: Any) -> Any:
    """A value as the config has it, in JSON's terms."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def _tensors(value: Tensors, dtype: str) -> Data:
    if isinstance(value, tuple):
        return [typed(each, dtype) for each in value]
    return typed(value, dtype)


def _absent(layer: Layer, trial: Trial) -> Iterator[str]:
    """What `when` leaves out: weights and sublayers."""
    made = {child.sublayer.name for child in trial.instance.children}
    for weight in layer.weights:
        if weight.when is not None and trial.weights[weight.name] is None:
            yield weight.name
    for sublayer in layer.sublayers:
        if sublayer.when is not None and sublayer.name not in made:
            yield sublayer.name


def _constants(
    layer: Layer, trial: Trial, places: Mapping[str, Placement]
) -> Iterator[tuple[str, Array]]:
    instance = trial.instance
    values = instance.values
    values |= {name: x for name, x in trial.inputs.items() if isinstance(x, tuple)}
    for constant in layer.constants:
        placement, source = places[constant.name], constant.source
        if constant.name not in values and isinstance(source, Computed):
            # hoisted out of the call, which the oracle knows nothing of
            values[constant.name] = Evaluator(values).value(source.expr)
        value = values.get(constant.name)
        if placement.place in (Place.ATTRIBUTE, Place.ARGUMENT) and is_shown(value):
            yield placement.attribute, _kept(value, constant)


def _kept(value: Any, constant: Constant) -> Array:
    return np.asarray(value).astype(array_dtype(constant.dtype))

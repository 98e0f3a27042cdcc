"""Layer + trials -> the cases of its test file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layergen.emit.array_argument import array_dtype
from layergen.emit.arrays import data_file
from layergen.emit.doc import call, quote
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import (
    Array,
    Computed,
    Constant,
    Drawn,
    KerasObject,
    Layer,
    Loaded,
    Parameter,
    Tensors,
    Weight,
)
from layergen.lower.argument_types import type_of
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.instance import Instance, walk_instances
from layergen.oracle.outcome import Outcome
from layergen.oracle.tensors import each_array, each_shape, shapes_of
from layergen.oracle.trial import Trial
from layergen.oracle.variants import Variant
from layergen.passes.place import Place, Placement, place_parameters, stored_arguments
from layergen.testgen.case import Case, CaseVariant
from layergen.testgen.data import Data
from layergen.testgen.symbolic import symbolic_shapes

_MOST_NUMBERS = 150
"""Numbers that a case may hold, so that the file stays readable."""

_MOST_TELLING = 600
"""Numbers that a case may hold if it shows what smaller ones hide."""

_MOST_CONSTANTS = 2_000
"""Numbers that a constant may have to be compared one by one."""

_LARGE = 10.0
"""Larger than most numbers that are drawn, and what is computed from them."""

_DIGITS = 13
"""Significant digits that expected numbers are written with."""


def choose_trials(layer: Layer, trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """The trials that become cases: all examples, and the probes that are small.

    Each flag and choice that was tried, and which inputs a call gives, is shown in
    any case; what small sizes hide, if that takes not too many numbers. The most
    telling one comes first: with every weight and input, and few defaults.
    """
    examples = [trial for trial in trials if trial.is_example]
    probes = [trial for trial in trials if not trial.is_example]
    small = [trial for trial in probes if _count(trial) <= _MOST_NUMBERS]
    chosen = examples + (small or ([] if examples else sorted(probes, key=_count)[:1]))
    shown = {key for trial in chosen for key in _shown(layer, trial)}
    for trial in sorted(probes, key=_count):
        is_small = _count(trial) <= _MOST_TELLING
        new = set((_shown if is_small else _branches)(layer, trial)) - shown
        if new:
            chosen.append(trial)
            shown.update(_shown(layer, trial))
    return tuple(sorted(chosen, key=lambda trial: _rank(layer, trial)))


def _branches(layer: Layer, trial: Trial) -> Iterator[tuple[str, Any]]:
    """What may choose between branches: inputs that are there, flags, choices."""
    yield "", frozenset(trial.inputs)
    for argument in layer.arguments:
        value = trial.instance.arguments[argument.name]
        if isinstance(value, bool | str | None):
            yield argument.name, value


def _shown(layer: Layer, trial: Trial) -> Iterator[tuple[str, Any]]:
    """What a case shows: branches, more axes, distinct sizes, and factors beside 1."""
    yield from _branches(layer, trial)
    yield "sizes", "as in the spec" if trial.is_example else "distinct"
    shapes = shapes_of(trial.inputs)
    for member in layer.inputs:
        for shape in each_shape(member, shapes) if member.name in shapes else ():
            yield member.name, len(shape) > member.min_rank
    for argument in layer.arguments:
        value = trial.instance.arguments[argument.name]
        if argument.type == "int" and value is not None:
            yield argument.name, "many" if value > 1 else "one"


def _count(trial: Trial) -> int:
    arrays = [*each_array(trial.inputs.values()), *trial.weights.values()]
    arrays += trial.outcome.arrays
    arrays += [each for variant in trial.variants for each in variant.outcome.arrays]
    return sum(np.size(array) for array in arrays if array is not None)


def _rank(layer: Layer, trial: Trial) -> tuple[bool, int, int, int]:
    weights = sum(value is not None for value in trial.weights.values())
    defaults = sum(
        a.name not in trial.given or _same(trial.given[a.name], a.default)
        for a in layer.arguments
    )
    # large numbers come of products, which half precision computes badly; none at all
    # show nothing
    arrays = trial.outcome.arrays
    poor = any(np.any(np.abs(array) > _LARGE) or not array.size for array in arrays)
    return poor, -weights, -len(trial.inputs), defaults


def _same(value: Any, default: Any) -> bool:
    return not isinstance(value, np.ndarray) and value == default


def make_case(layer: Layer, trial: Trial, places: Mapping[str, Placement]) -> Case:
    """A case: what to build, what to call it with, what to expect."""
    state = trial.trained.updates if trial.trained else trial.outcome.updates
    given = [member for member in layer.inputs if member.name in trial.inputs]
    return Case(
        id=trial.id,
        arguments={a.name: _given(trial, a.name) for a in _passed(layer, trial)},
        config=dict(_config(layer, trial)),
        inputs={m.name: _tensors(trial.inputs[m.name], m.dtype) for m in given},
        weights=dict(_weights(trial)),
        absent=list(_absent(layer, trial)),
        initial=dict(_initial(trial)),
        drawn=dict(_drawn(trial)),
        constants=dict(_constants(layer, trial, places)),
        attributes=trial.instance.attributes,
        outputs=_outputs(layer, trial.outcome),
        shapes=symbolic_shapes(layer, trial),
        training_outputs=_outputs(layer, trial.trained) if trial.trained else None,
        losses=_losses(trial.outcome),
        training_losses=[] if trial.trained is None else _losses(trial.trained),
        draws=list(_draws(trial)),
        state={name: _short(value) for name, value in state.items()},
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
    return [_short(loss) for loss in outcome.losses]


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
        return [_typed(each, dtype) for each in value]
    return _typed(value, dtype)


def _typed(value: Array, dtype: str) -> Array:
    kind = dtype_kind(dtype)
    if kind is ir.Kind.FLOAT:
        return _short(value)
    return np.asarray(value).astype("int32" if kind is ir.Kind.INT else "bool")


def _short(value: Any) -> Array:
    """An array of double precision, each number with few digits."""
    array = np.asarray(value)
    if array.dtype.kind != "f":
        return array.astype("int32") if array.dtype.kind == "i" else array
    digits = [float(f"{number:.{_DIGITS}g}") for number in array.ravel().tolist()]
    return np.array(digits, dtype="float64").reshape(array.shape)


@dataclass(frozen=True)
class Saved:
    """A parameter that lives in the checkpoint, of the layer or of a sublayer.

    Attributes:
        path: its path below the layer.
        parameter: the parameter.
        place: where it lives.
        instance: the layer that has it.
    """

    path: str
    parameter: Parameter
    place: Place
    instance: Instance


def saved_parameters(trial: Trial) -> Iterator[Saved]:
    """All that a trial has in the checkpoint, sublayers' weights too."""
    for prefix, instance in walk_instances(trial.instance):
        places = place_parameters(instance.layer)
        for parameter in instance.layer.parameters:
            path, placement = f"{prefix}{parameter.name}", places[parameter.name]
            is_there = path not in trial.weights or trial.weights[path] is not None
            if placement.is_saved and is_there:
                yield Saved(path, parameter, placement.place, instance)


def _weights(trial: Trial) -> Iterator[tuple[str, Data]]:
    for saved in saved_parameters(trial):
        value = trial.weights.get(saved.path)
        yield saved.path, _stored(saved) if value is None else _short(value)


def _initial(trial: Trial) -> Iterator[tuple[str, Data]]:
    for saved in saved_parameters(trial):
        parameter = saved.parameter
        if saved.place is Place.STORED:
            yield saved.path, _stored(saved)
        elif saved.path in trial.outcome.updates:
            continue  # the call that builds the layer has changed it
        elif parameter.name in saved.instance.initial:
            yield saved.path, _short(saved.instance.initial[parameter.name])
        elif isinstance(parameter, Weight):
            value = _first_value(_initializer(saved.instance, parameter))
            shape = saved.instance.shapes[parameter.name]
            if value is not None and shape is not None:
                dtype = "float64" if parameter.dtype.startswith("float") else None
                filled = np.full(shape, value, dtype)
                yield saved.path, _typed(filled, parameter.dtype)


def _stored(saved: Saved) -> Data:
    """The value of a stored constant; a large one is read from its file."""
    constant, instance = saved.parameter, saved.instance
    assert isinstance(constant, Constant)
    value = instance.constants[constant.name]
    if isinstance(constant.source, Loaded) and not _is_shown(value):
        file = data_file(instance.layer, constant)
        return call("np.load", [f"FOLDER / {quote(file)}"])
    return _short(value)


def initializers(trial: Trial) -> Iterator[tuple[str, KerasObject]]:
    """Weights that are drawn, by path, and the initializer of each."""
    for saved in saved_parameters(trial):
        if isinstance(saved.parameter, Weight):
            initializer = _initializer(saved.instance, saved.parameter)
            is_computed = saved.parameter.name in saved.instance.initial
            if not is_computed and _first_value(initializer) is None:
                yield saved.path, initializer


def _initializer(instance: Instance, weight: Weight) -> KerasObject:
    """What fills a weight: its owner may have chosen it."""
    name = dict(weight.settings).get("initializer")
    given = instance.arguments.get(name) if name else None
    return given if isinstance(given, KerasObject) else weight.initializer


def _first_value(initializer: KerasObject) -> float | None:
    """The value that an initializer fills with, if it is one value."""
    parameters = dict(initializer.parameters)
    return {"zeros": 0.0, "ones": 1.0, "constant": parameters.get("value")}.get(
        initializer.name
    )


def _absent(layer: Layer, trial: Trial) -> Iterator[str]:
    """What `when` leaves out: weights and sublayers."""
    made = {child.sublayer.name for child in trial.instance.children}
    for weight in layer.weights:
        if weight.when is not None and trial.weights[weight.name] is None:
            yield weight.name
    for sublayer in layer.sublayers:
        if sublayer.when is not None and sublayer.name not in made:
            yield sublayer.name


def _drawn(trial: Trial) -> Iterator[tuple[str, Any]]:
    for saved in saved_parameters(trial):
        source = getattr(saved.parameter, "source", None)
        if isinstance(source, Drawn):
            config = dict(source.initializer.parameters)
            if source.seed is not None:
                seed = saved.instance.arguments[source.seed.name]
                config["seed"] = seed + source.offset
            name = source.initializer.path.rpartition(".")[2]
            yield saved.path, {"class_name": name, "config": config}


def _constants(
    layer: Layer, trial: Trial, places: Mapping[str, Placement]
) -> Iterator[tuple[str, Array]]:
    instance = trial.instance
    values = {**instance.arguments, **instance.sizes, **instance.constants}
    values |= {name: x for name, x in trial.inputs.items() if isinstance(x, tuple)}
    for constant in layer.constants:
        placement, source = places[constant.name], constant.source
        if constant.name not in values and isinstance(source, Computed):
            # hoisted out of the call, which the oracle knows nothing of
            values[constant.name] = Evaluator(values).value(source.expr)
        value = values.get(constant.name)
        if placement.place in (Place.ATTRIBUTE, Place.ARGUMENT) and _is_shown(value):
            yield placement.attribute, _kept(value, constant)


def _is_shown(value: Any) -> bool:
    """Whether it is an array that a file can show; outputs tell of larger ones."""
    return isinstance(value, np.ndarray | tuple) and np.size(value) <= _MOST_CONSTANTS


def _kept(value: Any, constant: Constant) -> Array:
    return np.asarray(value).astype(array_dtype(constant.dtype))

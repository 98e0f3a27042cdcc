"""Layer + trial -> what its constructor must accept, and its defaults, for its tests.

Numbers of NumPy are accepted as Python's are, and kept as these: a config must be JSON.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from layergen.emit.doc import call, literal
from layergen.keras_tables.objects import find_activation
from layergen.layer import Argument, KerasObject, Layer
from layergen.lower.argument_types import normalize, refuse_value, type_of
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instantiate import instantiate
from layergen.oracle.requirements import holds
from layergen.oracle.trial import Trial
from layergen.passes.place import stored_arguments
from layergen.testgen.data import Data
from layergen.testgen.invalid import plan_of

_LARGEST = 1_000
"""A larger bound may be a size, which a test had better not try."""

_SHORT = 20
"""Entries of an array that is spelled twice."""

_INSIDE = 0.125
"""How far from a bound that is excluded; short in binary, as float32 must hold it."""

Accepted = tuple[dict[str, Data], dict[str, Any]]


def valid_arguments(layer: Layer, trial: Trial) -> Iterator[Accepted]:
    """Pairs: what to put over the trial's arguments, and its form in the config."""
    stored = stored_arguments(layer)
    for argument in layer.arguments:
        name = argument.name
        usual = trial.instance.arguments[name]
        if name in stored:
            sizes = np.shape(usual)
            spelled = [_numpy("int64", size) for size in sizes]
            shape = f"{name}_shape"
            yield {name: None, shape: spelled}, {shape: list(sizes)}
            continue
        values = VALID.get(argument.type, _none)
        for spelling, value in values(argument, usual):
            fits = refuse_value(argument, value) is None
            if fits and _is_possible(layer, trial, {name: value}):
                yield {name: spelling}, {name: _in_config(argument, value)}


def defaults(layer: Layer, trial: Trial) -> Iterator[tuple[str, Any]]:
    """The arguments that may be left out, and what the config then holds."""
    for argument in layer.arguments:
        name, default = argument.name, argument.default
        is_plain = not isinstance(default, np.ndarray | KerasObject)
        kind = type_of(argument)
        if argument.type == "activation" and not argument.required:
            found = find_activation(default or "linear")  # Keras's name for none
            assert found
            yield name, found.identifier
        if argument.required or kind.finds or kind.is_object or not is_plain:
            continue
        if _is_possible(layer, trial, {name: default}):
            yield name, _in_config(argument, default)


def _in_config(argument: Argument, value: Any) -> Any:
    kept = normalize(argument, value)
    if isinstance(kept, np.ndarray):
        return kept.tolist()
    return list(kept) if isinstance(kept, tuple) else kept


def _is_possible(layer: Layer, trial: Trial, changed: Mapping[str, Any]) -> bool:
    """Whether the trial's layer can be made with other arguments."""
    plan = plan_of(trial)
    plan = replace(plan, arguments={**trial.instance.arguments, **changed})
    try:
        instantiate(layer, plan.arguments, plan.shapes(layer))
        return all(holds(layer, requirement, plan) for requirement in layer.requires)
    except EvaluationError:
        return False


def _none(argument: Argument, value: Any) -> Iterator[tuple[Data, Any]]:
    yield from ()


def _integers(argument: Argument, value: Any) -> Iterator[tuple[Data, int]]:
    bounds = [b for b in (argument.minimum, argument.maximum) if b is not None]
    for bound in [int(b) for b in bounds] or [3 if value is None else value]:
        if abs(bound) < _LARGEST:
            yield _numpy("int64", bound), bound


def _numbers(argument: Argument, value: Any) -> Iterator[tuple[Data, float]]:
    low = argument.minimum if argument.above is None else argument.above + _INSIDE
    high = argument.maximum if argument.below is None else argument.below - _INSIDE
    ends = [end for end in (low, high) if end is not None] or [0.5]
    for end in ends:
        if _is_short(end):
            yield _numpy("float32", end), end
    whole = [x for end in ends for x in (math.ceil(end), math.floor(end))]
    for integer in [x for x in whole if refuse_value(argument, x) is None][:1]:
        yield integer, integer
        yield _numpy("int64", integer), integer


def _is_short(number: float) -> bool:
    with np.errstate(over="ignore"):
        return float(np.float32(number)) == number


def _tuples(argument: Argument, value: Any) -> Iterator[tuple[Data, Any]]:
    least = (value or (0,))[0] if argument.minimum is None else int(argument.minimum)
    yield _numpy("int64", least), least
    items = [_numpy("int64", least)] * (argument.length or 1)
    yield items, (least,) * (argument.length or 1)


def _shapes(argument: Argument, value: Any) -> Iterator[tuple[Data, Any]]:
    usual = () if value is None else tuple(value)
    for sizes in dict.fromkeys([usual, (1,) * len(usual)]):
        yield [_numpy("int64", size) for size in sizes], sizes


def _dtypes(argument: Argument, value: Any) -> Iterator[tuple[Data, Any]]:
    yield call("np.dtype", [literal(value)]), value


def _arrays(argument: Argument, value: Any) -> Iterator[tuple[Data, Any]]:
    if argument.dtype.startswith("float") and np.size(value) <= _SHORT:
        whole = np.round(value)
        yield whole.astype(int).tolist(), whole + 0.0


def _numpy(dtype: str, value: float) -> Data:
    return call(f"np.{dtype}", [literal(value)])


VALID: Mapping[str, Callable[[Argument, Any], Iterator[tuple[Data, Any]]]] = {
    "int": _integers,
    "seed": _integers,
    "axis": _integers,
    "float": _numbers,
    "ints": _tuples,
    "axes": _tuples,
    "shape": _shapes,
    "dtype": _dtypes,
    "array": _arrays,
}
"""Values of each type, as a test spells them, and as Python's numbers."""

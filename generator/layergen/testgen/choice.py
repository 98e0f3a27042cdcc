"""Trials -> those that become cases of a test file, the most telling one first."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from layergen.layer import (
    Layer,
)
from layergen.oracle.tensors import each_array, each_shape, shapes_of
from layergen.oracle.trial import Trial

_MOST_NUMBERS = 150
"""Numbers that a case may hold, so that the file stays readable."""

_MOST_TELLING = 600
"""Numbers that a case may hold if it shows what smaller ones hide."""

_LARGE = 10.0
"""Larger than most numbers that are drawn, and what is computed from them."""


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

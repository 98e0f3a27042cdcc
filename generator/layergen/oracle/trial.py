"""Instance + numbers -> a trial: what calls of the layer yield."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from layergen.codes import numbers
from layergen.layer import Array, Layer, Tensors
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance
from layergen.oracle.outcome import Outcome
from layergen.oracle.run import run_varied
from layergen.oracle.tensors import each_array
from layergen.oracle.variants import Variant, notes_on_absence, try_variants


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
    def is_example(self) -> bool:
        """Whether the spec gives it."""
        return self.id.startswith("example")

    @property
    def size(self) -> int:
        """How many numbers the inputs, weights and outputs have."""
        given = [*each_array(self.inputs.values()), *self.weights.values()]
        given += self.outcome.arrays
        return sum(np.size(array) for array in given if array is not None)


def make_trial(
    name: str,
    given: Mapping[str, Any],
    instance: Instance,
    inputs: Mapping[str, Tensors],
    weights: Mapping[str, Array | None],
    called: tuple[Mapping[str, Any], Mapping[str, Array]],
) -> Trial:
    """Call the layer in all the ways that it can be called with these numbers.

    Raises:
        EvaluationError: an expression has no value, or an output is not as declared.
    """
    outcome = run_varied(instance, inputs, weights, training=False)
    trained = None
    if instance.layer.uses_training:
        trained = run_varied(instance, inputs, weights, training=True)
    variants = try_variants(instance, inputs, weights, called)
    return Trial(name, given, instance, inputs, weights, outcome, trained, variants)


def is_finite(trial: Trial) -> bool:
    """Whether all outputs and losses of a trial are finite."""
    outcomes = [trial.outcome, *(variant.outcome for variant in trial.variants)]
    outcomes += [trial.trained] if trial.trained else []
    arrays = [each for outcome in outcomes for each in outcome.arrays]
    losses = [loss for outcome in outcomes for loss in outcome.losses]
    return all(np.all(np.isfinite(each)) for each in [*arrays, np.array(losses)])


def notes_on(layer: Layer, error: EvaluationError) -> Iterator[str]:
    """What the layer knows of the expression that is blamed."""
    if error.code is numbers.MISSING:
        yield from notes_on_absence(layer, error.span.text)
        for parameter in (*layer.parameters, *layer.sublayers):
            when = getattr(parameter, "when", None)
            if parameter.name == error.span.text and when is not None:
                yield f"it is there only if `{when}`: use it within `if {when}:`"

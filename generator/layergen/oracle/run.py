"""Instance + inputs + weights -> what a call of the layer yields."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from layergen.layer import Array, Input, Tensors
from layergen.oracle.activations import activation
from layergen.oracle.calls import Calls
from layergen.oracle.draws import DRAWS, OTHER_DRAWS
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.instance import Instance, named_sizes
from layergen.oracle.instantiate import read_sizes
from layergen.oracle.outcome import Outcome
from layergen.oracle.outputs import read_outputs
from layergen.oracle.tensors import shapes_of


def run_varied(
    instance: Instance,
    inputs: Mapping[str, Tensors],
    weights: Mapping[str, Array | None],
    *,
    training: bool,
) -> Outcome:
    """Like `run`, and find out whether the outcome depends on what is drawn."""
    outcome = run(instance, inputs, weights, training=training)
    if not instance.layer.random_ops and not instance.layer.draws_freely:
        return outcome
    others = (
        run(instance, inputs, weights, training=training, draws=draws)
        for draws in OTHER_DRAWS
    )
    varies = any(
        not np.array_equal(one, another)
        for other in others
        for one, another in zip(outcome.arrays, other.arrays, strict=True)
    )
    return replace(outcome, draws=varies)


def run(
    instance: Instance,
    inputs: Mapping[str, Tensors],
    weights: Mapping[str, Array | None],
    *,
    training: bool,
    flags: Mapping[str, Any] | None = None,
    masks: Mapping[str, Array] | None = None,
    draws: Mapping[str, Callable[..., Any]] = DRAWS,
) -> Outcome:
    """Call the layer, and check what it returns against `outputs`.

    Args:
        instance: the layer.
        inputs: the values of the inputs; optional ones may be left out.
        weights: the value of every weight and drawn constant; None if it is not there.
        training: the flag of that name.
        flags: the other flags, where they are not at their defaults.
        masks: the masks that come with the inputs, by the inputs' names.
        draws: the kernels of the ops that draw.

    Raises:
        EvaluationError: an expression has no value, or the output is not as declared.
    """
    layer = instance.layer
    instance = _sized_by(instance, inputs)
    values: dict[str, Any] = dict.fromkeys([*layer.dims, *_names(layer.inputs)])
    values |= instance.values
    values |= activations_of(instance)
    values |= {flag.name: flag.default for flag in layer.flags} | dict(flags or {})
    values |= {layer.mask_names[m.name]: None for m in layer.inputs}
    values |= {layer.mask_names[name]: mask for name, mask in (masks or {}).items()}
    values |= {**inputs, **weights, "training": training}
    sizes = named_sizes(instance)
    evaluator = Evaluator(values, sizes, draws=draws)
    losses: list[float] = []
    calls = Calls(weights, evaluator.updates, losses, training, draws, run, sizes)
    for sublayer in layer.sublayers:
        children = [c for c in instance.children if c.sublayer is sublayer]
        evaluator.values[sublayer.name] = calls.value(sublayer, children)
    with np.errstate(all="ignore"):
        value = evaluator.run(layer.body)
    returned = evaluator.returned or layer.document.key_span("call")
    shapes = shapes_of(inputs)
    outputs = read_outputs(instance, value, returned, shapes, flags or {}, sizes)
    # Keras has a layer's own losses first.
    return Outcome(
        outputs, evaluator.updates, (*evaluator.losses, *losses), evaluator.made
    )


def _sized_by(instance: Instance, inputs: Mapping[str, Tensors]) -> Instance:
    """The layer with the sizes of a call: a sublayer may meet another batch."""
    there = tuple(m for m in instance.layer.inputs if m.name in inputs)
    sizes, rest = read_sizes(there, shapes_of(inputs))
    return replace(instance, sizes={**instance.sizes, **sizes}, rest=rest)


def activations_of(instance: Instance) -> dict[str, Any]:
    """The functions that the arguments of that type name."""
    arguments = (a for a in instance.layer.arguments if a.type == "activation")
    return {a.name: activation(instance.arguments[a.name]) for a in arguments}


def _names(inputs: tuple[Input, ...]) -> list[str]:
    return [member.name for member in inputs]

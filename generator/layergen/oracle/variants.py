"""Instance -> its calls with other flags than the defaults, and with masks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from layergen.layer import Array, Layer, Tensors
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance
from layergen.oracle.masks import Masks, draw_masks, output_mask
from layergen.oracle.outcome import Outcome
from layergen.oracle.plans import other_flags
from layergen.oracle.run import run


@dataclass(frozen=True, eq=False)
class Variant:
    """A call, without `training`, that gives more than the inputs.

    Attributes:
        flags: the flags that are given.
        masks: the masks that come with the inputs, by the inputs' names.
        outcome: what it yields.
        mask: the mask of the output.
    """

    flags: Mapping[str, Any]
    masks: Masks
    outcome: Outcome
    mask: Array | None


def try_variants(
    instance: Instance,
    inputs: Mapping[str, Tensors],
    weights: Mapping[str, Array | None],
    given: tuple[Mapping[str, Any], Masks],
) -> tuple[Variant, ...]:
    """The calls of an instance with other flags, and with masks.

    Args:
        instance: the layer.
        inputs: the inputs' values.
        weights: the weights' values.
        given: flags and masks of an example, whose call comes first; may be empty.

    Raises:
        EvaluationError: one of them yields nothing.
    """
    calls: list[tuple[Mapping[str, Any], Masks]] = [given] if any(given) else []
    masked = list(draw_masks(instance.layer, inputs))
    for flags in other_flags(instance.layer):
        calls += [(flags, {}), *((flags, masks) for masks in masked[:1] if masks)]
    calls += [({}, masks) for masks in masked]
    return tuple(_try(instance, inputs, weights, *call) for call in calls)


def _try(
    instance: Instance,
    inputs: Mapping[str, Tensors],
    weights: Mapping[str, Array | None],
    flags: Mapping[str, Any],
    masks: Masks,
) -> Variant:
    try:
        outcome = run(
            instance, inputs, weights, training=False, flags=flags, masks=masks
        )
        mask = output_mask(instance, inputs, masks, outcome.arrays[0])
    except EvaluationError as error:
        called = ", ".join(_describe(flags, masks))
        note = f"called with {called}" if called else ""
        raise EvaluationError(
            error.code, error.message, error.span, *error.notes, note
        ) from None
    return Variant(flags, masks, outcome, mask)


def _describe(flags: Mapping[str, Any], masks: Masks) -> Iterator[str]:
    for name, value in flags.items():
        yield f"`{name}` {value}"
    for name, mask in masks.items():
        yield f"a mask of `{name}` of shape {list(np.shape(mask))}"


def notes_on_absence(layer: Layer, name: str) -> Iterator[str]:
    """How to use an optional input, or a size of one, only where it is there."""
    dim = layer.dims.get(name)
    source = name if dim is None else dim.input
    for member in layer.inputs:
        if member.optional and member.name == source:
            test = f"if {source} is not None:"
            yield f"`{source}` may be left out: use it within `{test}`"
    if name in layer.mask_names.values():
        test = f"if {name} is not None:"
        yield f"an input may come without a mask: use it within `{test}`"

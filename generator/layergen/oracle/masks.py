"""Instance -> masks: which to call it with, and which its output then has."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from layergen.codes import language, numbers
from layergen.layer import Array, Input, Layer, Tensors
from layergen.oracle.draw import draw_numbers
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instance import Instance, named_sizes
from layergen.oracle.shown import show_shape

Masks = Mapping[str, Array]
"""Masks by the names of the inputs that they come with."""


def draw_masks(layer: Layer, inputs: Mapping[str, Tensors]) -> Iterator[Masks]:
    """The masks to call a layer with: all, each alone, and none if one is produced."""
    drawn = {}
    for member in layer.inputs:
        value = inputs.get(member.name)
        if isinstance(value, np.ndarray) and _has_mask(layer, member):
            drawn[member.name] = _draw(member.mask_shape(value.shape), member.name)
    if drawn:
        yield drawn
    if len(drawn) > 1:
        yield from ({name: mask} for name, mask in drawn.items())
    if layer.masking.kind == "produces":
        yield {}


def _has_mask(layer: Layer, member: Input) -> bool:
    """Whether it matters that a mask comes with an input."""
    goes_on = layer.masking.kind in ("passes", "produces")
    return member.takes_mask or (goes_on and member is layer.inputs[0])


def _draw(shape: tuple[int, ...], name: str) -> Array:
    """A mask in which the first step of each sample is kept, and the last is not."""
    mask = draw_numbers(shape, "bool", f"mask/{name}", False).copy()
    if mask.ndim and mask.size:
        mask[..., -1] = False
        mask[..., 0] = True
    return mask


def output_mask(
    instance: Instance, inputs: Mapping[str, Tensors], masks: Masks, output: Array
) -> Array | None:
    """The mask of the output.

    Raises:
        EvaluationError: it has no value, or does not cover the output's first axes.
    """
    layer, first = instance.layer, instance.layer.inputs[0]
    mask = masks.get(first.name)
    expr = layer.masking.mask
    if expr is not None:
        values: dict[str, Any] = {**instance.arguments, **instance.sizes, **inputs}
        values[layer.mask_names[first.name]] = mask
        mask = Evaluator(values, named_sizes(instance)).value(expr)
    elif layer.masking.kind != "passes":
        return None
    if mask is None:
        return None
    span = layer.document.span("masking")
    if not isinstance(mask, np.ndarray) or mask.dtype.kind != "b":
        message = "a mask must be true or false, element by element"
        raise EvaluationError(language.WRONG_TYPE, message, span)
    if mask.shape != output.shape[: mask.ndim]:
        sizes = named_sizes(instance)
        shown = show_shape(mask.shape, sizes), show_shape(output.shape, sizes)
        message = f"the mask that goes on is {shown[0]}, the output {shown[1]}"
        note = "a mask covers the first axes of its tensor"
        raise EvaluationError(numbers.WRONG_OUTPUT, message, span, note)
    return mask

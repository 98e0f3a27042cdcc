"""The masks of an example."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import Array, Example, Input, Masking
from layergen.loading import spec as forms
from layergen.loading.load import Document
from layergen.lower.given import report_unknown
from layergen.lower.literal import array_of

_GOES_ON = ("passes", "produces")
"""What may be done with a mask so that the output has one."""


def read_masks(
    given: Mapping[str, Any],
    path: tuple[str | int, ...],
    document: Document,
    inputs: tuple[Input, ...],
    masking: Masking,
    found: Diagnostics,
) -> dict[str, Array]:
    """The masks that come with the inputs, by the inputs' names."""
    first = inputs[:1] if masking.kind in _GOES_ON and not inputs[0].is_list else ()
    known = {m.name: m for m in inputs if m.takes_mask or m in first}
    masks = {}
    for name, value in given.items():
        where = (*path, "masks", name)
        if name not in known:
            what = "input with a mask"
            report_unknown(what, name, known, document.key_span(*where), found)
            continue
        array = array_of(value, "bool", document, where, found)
        if array is not None:
            masks[name] = array
    return masks


def read_output_mask(
    form: forms.Example,
    path: tuple[str | int, ...],
    document: Document,
    masking: Masking,
    found: Diagnostics,
) -> Array | None:
    """The expected mask of the output."""
    if form.output_mask is None:
        return None
    if masking.kind not in _GOES_ON:
        message = "the output has no mask"
        note = "add `masking: passes`, or `masking: {produces: ...}`"
        span = document.key_span(*path, "output_mask")
        found.add(codes.BAD_EXAMPLE, message, span, note)
    return array_of(form.output_mask, "bool", document, (*path, "output_mask"), found)


def check_mask_shapes(
    example: Example,
    document: Document,
    inputs: tuple[Input, ...],
    found: Diagnostics,
) -> None:
    """Record masks that do not cover their inputs."""
    for member in inputs:
        value, mask = example.inputs.get(member.name), example.masks.get(member.name)
        if mask is None or isinstance(value, tuple):
            continue
        span = document.span(*example.path, "masks", member.name)
        if value is None:
            message = f"the example has a mask of `{member.name}`, but not the tensor"
            found.add(codes.BAD_EXAMPLE, message, span)
        elif mask.shape != (wanted := member.mask_shape(np.shape(value))):
            shown = f"{list(wanted)}, this is {list(mask.shape)}"
            message = f"the mask of `{member.name}` has the shape {shown}"
            found.add(codes.BAD_EXAMPLE, message, span)

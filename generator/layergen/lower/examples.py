"""The instances that a spec gives."""

from collections.abc import Mapping
from typing import Any

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import (
    Argument,
    Array,
    Example,
    Input,
    Masking,
    Output,
    Parameter,
    Weight,
)
from layergen.loading.load import Document
from layergen.lower.argument_types import normalize, refuse_value
from layergen.lower.expected import read_outputs
from layergen.lower.given import read_inputs, report_unknown
from layergen.lower.literal import array_of
from layergen.lower.masked import check_mask_shapes, read_masks, read_output_mask


def lower_examples(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    flags: tuple[Argument, ...],
    outputs: tuple[Output, ...],
    masking: Masking,
    parameters: tuple[Parameter, ...],
    found: Diagnostics,
) -> tuple[Example, ...]:
    """The examples whose parts fit the layer; the mistakes of others go to `found`."""
    examples = []
    for i, form in enumerate(document.spec.examples):
        path = ("examples", i)
        mistakes = Diagnostics()
        given = read_inputs(form.inputs, path, document, inputs, flags, mistakes)
        lowered = Example(
            arguments=_arguments(form.arguments, path, document, arguments, mistakes),
            inputs=given[0],
            flags=given[1],
            masks=read_masks(form.masks, path, document, inputs, masking, mistakes),
            weights=_weights(form.weights, path, document, parameters, mistakes),
            outputs=read_outputs(form.outputs, path, document, outputs, mistakes),
            output_mask=read_output_mask(form, path, document, masking, mistakes),
            path=path,
        )
        check_mask_shapes(lowered, document, inputs, mistakes)
        found.extend(mistakes)
        if not mistakes.has_errors:
            examples.append(lowered)
    return tuple(examples)


def _arguments(
    given: Mapping[str, Any],
    path: tuple[str | int, ...],
    document: Document,
    arguments: tuple[Argument, ...],
    found: Diagnostics,
) -> dict[str, Any]:
    known = {argument.name: argument for argument in arguments}
    values: dict[str, Any] = {}
    for name, value in given.items():
        where = (*path, "arguments", name)
        if name not in known:
            report_unknown("argument", name, known, document.key_span(*where), found)
            continue
        argument = known[name]
        if argument.type == "array" and value is not None:
            array = array_of(value, argument.dtype, document, where, found)
            if array is not None:
                values[name] = array
                _check_rank(argument, array, document, where, found)
        elif reason := refuse_value(argument, value):
            message = f"`{name}` cannot be `{document.span(*where).text}`: {reason}"
            if value is None:
                message = f"`{name}` cannot be `None`"
            found.add(codes.BAD_EXAMPLE, message, document.span(*where))
        else:
            values[name] = normalize(argument, value)
    for argument in arguments:
        if (
            argument.required
            and argument.name not in given
            and set(given) <= set(known)
        ):
            message = f"the example lacks the argument `{argument.name}`"
            span = document.key_span(*path, "arguments" if given else "inputs")
            found.add(codes.BAD_EXAMPLE, message, span)
    return values


def _check_rank(
    argument: Argument,
    array: Array,
    document: Document,
    where: tuple[str | int, ...],
    found: Diagnostics,
) -> None:
    if argument.rank is not None and array.ndim != argument.rank:
        message = f"`{argument.name}` has rank {argument.rank}, this has {array.ndim}"
        found.add(codes.BAD_EXAMPLE, message, document.span(*where))


def _weights(
    given: Mapping[str, Any],
    path: tuple[str | int, ...],
    document: Document,
    parameters: tuple[Parameter, ...],
    found: Diagnostics,
) -> dict[str, Array]:
    known = {p.name: p for p in parameters if isinstance(p, Weight)}
    owned = {name.rstrip("0123456789").rstrip("_") for name in document.spec.sublayers}
    values = {}
    for name, value in given.items():
        where = (*path, "weights", name)
        if name.partition("/")[0].rstrip("0123456789").rstrip("_") in owned:
            array = array_of(value, None, document, where, found)
            if array is not None:
                values[name] = array  # the path is looked up when the layer is built
            continue
        if name not in known:
            report_unknown("weight", name, known, document.key_span(*where), found)
            continue
        array = array_of(value, known[name].dtype, document, where, found)
        if array is not None:
            values[name] = array
    return values

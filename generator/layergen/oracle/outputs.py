"""What a forward pass returns + what `outputs` says -> the outputs by name."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from layergen.codes import numbers
from layergen.expr import ir
from layergen.layer import INDEX, Array, Output, Tensors
from layergen.oracle.counts import each_place
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instance import Instance
from layergen.oracle.shown import show_declared, show_shape
from layergen.oracle.tensors import Shape, first_shape
from layergen.source import Span

_DTYPES = {"b": "bool", "i": "int32", "f": "float"}


def present_outputs(
    instance: Instance, flags: Mapping[str, Any], inputs: Collection[str]
) -> tuple[Output, ...]:
    """The outputs that a call with these flags and inputs has."""
    layer = instance.layer
    defaults = {flag.name: flag.default for flag in layer.flags}
    there = {m.name: True if m.name in inputs else None for m in layer.inputs}
    evaluator = Evaluator({**instance.arguments, **there, **defaults, **flags})
    return tuple(
        output
        for output in layer.outputs
        if output.when is None or evaluator.value(output.when)
    )


def output_shape(
    instance: Instance, output: Output, inputs: Mapping[str, Shape]
) -> Shape:
    """The declared shape of an output; of a list, a list of shapes.

    Raises:
        EvaluationError: a size has no value, or there is no such number of tensors.
    """
    layer = instance.layer
    lists = {m.name: inputs[m.name] for m in layer.inputs if m.is_list}
    values = {**instance.arguments, **instance.sizes, **lists}
    evaluator = Evaluator(values, shapes=inputs)
    if output.count is None:
        return _shape(instance, output, inputs, evaluator)
    return [
        _shape(instance, output, inputs, evaluator)
        for _ in each_place(evaluator, output.count, "tensors")
    ]


def _shape(
    instance: Instance,
    output: Output,
    inputs: Mapping[str, Shape],
    evaluator: Evaluator,
) -> tuple[int, ...]:
    if output.like is not None:
        members = {member.name: member for member in instance.layer.inputs}
        return first_shape(members[output.like], inputs)
    sizes: list[int] = []
    for size in output.shape:
        sizes += instance.rest if isinstance(size, str) else evaluator.sizes_of(size)
    return tuple(sizes)


def read_outputs(
    instance: Instance,
    value: Any,
    returned: Span,
    inputs: Mapping[str, Shape],
    flags: Mapping[str, Any],
    sizes: Mapping[str, int],
) -> dict[str, Tensors]:
    """The outputs of a call by name, each as it is declared.

    Args:
        instance: the layer.
        value: what its forward pass has returned.
        returned: where that is written.
        inputs: the shapes of the inputs.
        flags: the flags of the call.
        sizes: the named sizes, for messages.

    Raises:
        EvaluationError: they are not as declared.
    """
    outputs = present_outputs(instance, flags, inputs)
    values = _separate(instance, value, outputs, returned)
    read: dict[str, Tensors] = {}
    for output, part in zip(outputs, values, strict=True):
        wanted = output_shape(instance, output, inputs)
        if output.count is None:
            array = _array(output, part)
            _check(instance, output, array, tuple(wanted), sizes)
            read[output.name] = array
            continue
        arrays = _arrays(output, part, len(wanted), returned)
        for i, (array, shape) in enumerate(zip(arrays, wanted, strict=True)):
            _check(instance, output, array, shape, sizes, i)
        read[output.name] = arrays
    return read


def _separate(
    instance: Instance, value: Any, outputs: tuple[Output, ...], returned: Span
) -> tuple[Any, ...]:
    """What is returned for each of the outputs."""
    if len(outputs) == 1:
        is_one = not isinstance(value, tuple | list) or outputs[0].count is not None
        if is_one or len(instance.layer.outputs) == 1:
            return (value,)
    elif isinstance(value, tuple | list) and len(value) == len(outputs):
        return tuple(value)
    number = "1 value"
    if isinstance(value, tuple | list):
        number = f"{len(value)} value{'' if len(value) == 1 else 's'}"
    names = ", ".join(f"`{output.name}`" for output in outputs)
    message = f"`call` returns {number}, here it has {len(outputs)}: {names}"
    notes = _conditions(instance.layer.outputs, outputs)
    raise EvaluationError(numbers.WRONG_OUTPUT, message, returned, *notes)


def _conditions(
    outputs: tuple[Output, ...], present: tuple[Output, ...]
) -> Iterator[str]:
    for output in outputs:
        if output.when is not None:
            verb = "holds" if output in present else "does not hold"
            yield f"`{output.name}` is there if `{output.when}`, which {verb} here"


def _array(output: Output, value: Any) -> Array:
    if isinstance(value, np.ndarray | bool | int | float):
        return np.asarray(value)
    message = f"`{output.name}` is no tensor"
    if len(output.path) == 1:
        message = "`call` returns no tensor"
    assert output.span is not None
    raise EvaluationError(numbers.WRONG_OUTPUT, message, output.span)


def _arrays(
    output: Output, value: Any, count: int, returned: Span
) -> tuple[Array, ...]:
    """The tensors of a list."""
    name = f"`{output.name}`"
    if not isinstance(value, tuple | list):
        message = f"{name} must be a list of tensors, this is one tensor"
        raise EvaluationError(numbers.WRONG_OUTPUT, message, returned)
    if len(value) != count:
        has = f"{len(value)} tensor{'' if len(value) == 1 else 's'}"
        says = f"{count} by `count`"
        written = str(output.count)
        note = "" if written == str(count) else f"`{written}` is {count} here"
        message = f"{name} has {has}, and {says}"
        raise EvaluationError(numbers.WRONG_OUTPUT, message, returned, note)
    return tuple(_array(output, each) for each in value)


def _check(
    instance: Instance,
    output: Output,
    array: Array,
    wanted: tuple[int, ...],
    sizes: Mapping[str, int],
    place: int | None = None,
) -> None:
    """Compare a tensor with what is declared of it."""
    document = instance.layer.document
    named = len(output.path) > 1
    item = output.name if place is None else f"{output.name}[{place}]"
    subject = f"`{item}` is" if named else "`call` returns"
    where = f"`{'.'.join(output.path)}`"
    if array.shape != wanted:
        returned = show_shape(array.shape, sizes)
        message = f"{subject} {returned}, {where} says {show_declared(output)}"
        note = f"that is {list(array.shape)} and {list(wanted)}"
        if place is not None and _uses_index(output):
            note += f", where `{INDEX.name}` is {place}"
        span = document.span(*output.path, "shape")
        raise EvaluationError(numbers.WRONG_OUTPUT, message, span, note)
    dtype = _DTYPES.get(array.dtype.kind, array.dtype.name)
    if dtype != output.dtype:
        message = f"{subject} {dtype}, {where} says {output.dtype}"
        note = f"write `dtype: {dtype}` in {where}, or `cast` what is returned"
        span = document.key_span(*output.path)
        if document.has(*output.path, "dtype"):
            span = document.span(*output.path, "dtype")
        raise EvaluationError(numbers.WRONG_OUTPUT, message, span, note)


def _uses_index(output: Output) -> bool:
    return any(s == INDEX for e in output.expressions for s in ir.symbols(e))

"""Layer + arguments + input shapes -> the layer built: constants, shapes, children."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from layergen.codes import language, numbers, roles
from layergen.layer import (
    ELLIPSIS,
    Argument,
    Computed,
    Constant,
    Drawn,
    Input,
    Layer,
    Weight,
)
from layergen.lower.argument_types import normalize
from layergen.lower.literal import refuse_numbers
from layergen.oracle.children import REST, build_children
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instance import Instance
from layergen.oracle.kernels import TooLargeError, guard_size
from layergen.oracle.shown import describe_values
from layergen.oracle.tensors import Shape, each_shape, first_shape

FOUND: Mapping[str, Any] = {
    "seed": 0,
    "data_format": "channels_last",
    "activation": "linear",
}
"""What stands for None where the constructor would find a value."""


def instantiate(
    layer: Layer,
    arguments: Mapping[str, Any],
    shapes: Mapping[str, Shape],
    *,
    checked: bool = True,
) -> Instance:
    """Build a layer for inputs of the given shapes.

    Args:
        layer: the layer.
        arguments: those of its constructor; others are at their defaults.
        shapes: of its inputs.
        checked: whether what is declared is held against what there is. The generated
            class does not ask: it reads a size where it finds it first.

    Raises:
        EvaluationError: a constant or a shape has no value, or not the declared one;
            what is required does not hold.
    """
    filled = fill_arguments(layer, arguments)
    given = tuple(m for m in layer.inputs if m.name in shapes)
    sizes, rest = read_sizes(given, shapes, checked=checked)
    sizes = _own_sizes(layer, filled, sizes, checked=checked)
    lists = {m.name: shapes[m.name] for m in given if m.is_list}
    evaluator = Evaluator({**filled, **sizes, **lists}, shapes=shapes)
    for member in given:
        assert member.span is not None
        for each in each_shape(member, shapes):
            evaluator.spend(math.prod(each), member.span)
    for requirement in layer.requires:
        if not evaluator.value(requirement.test):
            message = f"`{requirement.test}` does not hold"
            note = describe_values(requirement.test, evaluator.values, shapes)
            raise EvaluationError(numbers.UNMET, message, requirement.test.span, note)
    constants: dict[str, Any] = {}
    initial: dict[str, Any] = {}
    weight_shapes: dict[str, tuple[int, ...] | None] = {}
    for parameter in layer.parameters:
        exists = (
            not isinstance(parameter, Weight)
            or parameter.when is None
            or bool(evaluator.value(parameter.when))
        )
        shape = _shape(evaluator, parameter) if exists else None
        if isinstance(parameter, Weight) or isinstance(parameter.source, Drawn):
            weight_shapes[parameter.name] = shape
            first = parameter.first if isinstance(parameter, Weight) else None
            if first is not None and exists:
                declared = replace(first, shape=parameter.shape)
                initial[parameter.name] = _constant(
                    evaluator, declared, shape, checked=checked
                )
        else:
            value = _constant(evaluator, parameter, shape, checked=checked)
            constants[parameter.name] = evaluator.values[parameter.name] = value
    attributes = {a.name: evaluator.value(a.value) for a in layer.attributes}
    evaluator.values[REST] = rest
    firsts = {member.name: first_shape(member, shapes) for member in given}
    build = partial(instantiate, checked=checked)
    children = tuple(
        child
        for sublayer in layer.sublayers
        for child in build_children(sublayer, evaluator, firsts, build)
    )
    return Instance(
        layer,
        filled,
        sizes,
        rest,
        constants,
        weight_shapes,
        attributes,
        children,
        initial,
    )


def fill_arguments(layer: Layer, given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every constructor argument, defaults filled in."""
    return {argument.name: _filled(argument, given) for argument in layer.arguments}


def _filled(argument: Argument, given: Mapping[str, Any]) -> Any:
    value = given.get(argument.name, argument.default)
    if value is None:
        return FOUND.get(argument.type)
    return normalize(argument, value)


def read_sizes(
    inputs: tuple[Input, ...], shapes: Mapping[str, Shape], *, checked: bool = True
) -> tuple[dict[str, int], tuple[int, ...]]:
    """The values of the named sizes, and what `...` stands for.

    Raises:
        EvaluationError: a name has several values; the first counts if not `checked`.
    """
    sizes: dict[str, int] = {}
    rest: tuple[int, ...] = ()
    pairs = (
        (member, shape) for member in inputs for shape in each_shape(member, shapes)
    )
    for member, shape in pairs:
        for position, size in enumerate(member.shape):
            if size == ELLIPSIS:
                after = len(member.shape) - position - 1
                rest = rest or tuple(shape[position : len(shape) - after])
            elif isinstance(size, str):
                axis = member.axis(position)
                if not checked and not -len(shape) <= axis < len(shape):
                    continue
                actual = shape[axis]
                if sizes.setdefault(size, actual) != actual and checked:
                    message = (
                        f"`{size}` is {sizes[size]} in one input, {actual} in another"
                    )
                    assert member.span is not None
                    raise EvaluationError(numbers.SHAPES, message, member.span)
    return sizes, rest


def _own_sizes(
    layer: Layer,
    arguments: Mapping[str, Any],
    sizes: Mapping[str, int],
    *,
    checked: bool,
) -> dict[str, int]:
    """The sizes that are no arguments; those that are have the arguments' values."""
    for member in layer.inputs if checked else ():
        for name in sizes.keys() & arguments.keys() & set(member.shape):
            if sizes[name] != arguments[name]:
                message = (
                    f"`{name}` is {arguments[name]}, but {sizes[name]} in"
                    f" `{member.name}`"
                )
                assert member.span is not None
                raise EvaluationError(numbers.SHAPES, message, member.span)
    return {name: size for name, size in sizes.items() if name not in arguments}


def _shape(
    evaluator: Evaluator, parameter: Weight | Constant
) -> tuple[int, ...] | None:
    if parameter.shape is None:
        return None
    sizes: list[int] = []
    for expr in parameter.shape:
        for size in evaluator.sizes_of(expr):
            if not isinstance(size, int) or size < 0:
                message = f"`{expr}` is {size} here, which is no size"
                raise EvaluationError(numbers.FAILED, message, expr.span)
            sizes.append(size)
    if not sizes:
        return ()
    first, last = parameter.shape[0].span, parameter.shape[-1].span
    span = first.source.span(first.start, last.end)
    try:
        evaluator.spend(guard_size(sizes), span)
    except TooLargeError as error:
        message = f"`{parameter.name}` is too large: {error}"
        raise EvaluationError(language.TOO_LARGE, message, span) from None
    return tuple(sizes)


def _constant(
    evaluator: Evaluator,
    constant: Constant,
    shape: tuple[int, ...] | None,
    *,
    checked: bool,
) -> Any:
    source = constant.source
    assert not isinstance(source, Drawn)
    assert constant.span is not None
    if isinstance(source, Computed):
        value, span = evaluator.value(source.expr), source.expr.span
    else:
        value, span = source.array, constant.span
    if isinstance(value, tuple):
        value = np.asarray(value)
    if not checked:
        return value
    if shape is not None and np.shape(value) != shape:
        says = f"[{', '.join(map(str, constant.shape or ()))}]"
        has = list(np.shape(value))
        message = f"`{constant.name}` has the shape {has}, its `shape` says {says}"
        note = "" if says == str(list(shape)) else f"{says} is {list(shape)} here"
        raise EvaluationError(numbers.WRONG_CONSTANT, message, span, note)
    if isinstance(source, Computed) and not np.all(
        np.isfinite(np.asarray(value, float))
    ):
        message = f"`{source.expr}` is not finite"
        raise EvaluationError(numbers.FAILED, message, span)
    misfit = refuse_numbers(np.asarray(value), constant.dtype)
    if misfit:
        message = f"{constant.dtype} holds no {misfit}, as `{constant.name}` has"
        raise EvaluationError(roles.BAD_LITERAL, message, span, _OTHER_DTYPE)
    return value


_OTHER_DTYPE = "give it a `dtype` that holds its numbers"

"""Sublayer + values of its owner -> the layers that the owner has of it, built."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from layergen.codes import numbers
from layergen.expr import ir
from layergen.layer import BATCH, Layer, LayerShape, Sublayer
from layergen.lower.argument_types import refuse_value, type_of
from layergen.oracle.counts import each_place
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instance import Child, Instance

Shape: TypeAlias = tuple[int, ...]
Build: TypeAlias = Callable[..., Instance]


def build_children(
    sublayer: Sublayer, evaluator: Evaluator, shapes: Mapping[str, Shape], build: Build
) -> tuple[Child, ...]:
    """The layers of one sublayer: none, one or several.

    Args:
        sublayer: what is built.
        evaluator: knows the arguments, sizes and constants of the owner.
        shapes: the shapes of the owner's inputs.
        build: makes an instance.

    Raises:
        EvaluationError: one of them cannot be built.
    """
    if sublayer.when is not None and not evaluator.value(sublayer.when):
        return ()
    if sublayer.count is None:
        return (_build(sublayer, sublayer.name, evaluator, shapes, build),)
    return tuple(
        _build(sublayer, f"{sublayer.name}_{i}", evaluator, shapes, build)
        for i in each_place(evaluator, sublayer.count, "layers")
    )


def _build(
    sublayer: Sublayer,
    name: str,
    evaluator: Evaluator,
    shapes: Mapping[str, Shape],
    build: Build,
) -> Child:
    arguments = {k: evaluator.value(v) for k, v in sublayer.arguments.items()}
    built = {
        key: _shape(sublayer, shape, evaluator, shapes)
        for key, shape in sublayer.shapes.items()
    }
    settings = {a.name for a in sublayer.layer.arguments}
    given = {k: v for k, v in arguments.items() if k in settings}
    given |= sublayer.objects
    _check_arguments(sublayer, name, given)
    assert sublayer.span is not None
    try:
        instance = build(sublayer.layer, given, built)
    except EvaluationError as error:
        message = f"`{name}` cannot be built: {_reason(sublayer.layer, error)}"
        raise EvaluationError(
            error.code, message, sublayer.span, *error.notes
        ) from None
    free = {
        key: tuple(
            None if _is_batch(sublayer.shapes[key], i) else size
            for i, size in enumerate(sizes)
        )
        for key, sizes in built.items()
    }
    return Child(name, sublayer, instance, free)


def _reason(layer: Layer, error: EvaluationError) -> str:
    """Why a layer cannot be built: what it says itself, if it requires something."""
    said = (r.message for r in layer.requires if r.test.span == error.span)
    reason = next((message.rstrip(".") for message in said), error.message)
    return f"{reason[:1].lower()}{reason[1:]}"


def _check_arguments(sublayer: Sublayer, name: str, given: Mapping[str, Any]) -> None:
    """Refuse what its constructor would: `units` of 0.

    Raises:
        EvaluationError: a value is out of bounds.
    """
    for argument in sublayer.layer.arguments:
        if argument.name in given and not type_of(argument).is_object:
            value, expr = given[argument.name], sublayer.arguments[argument.name]
            if reason := refuse_value(argument, value):
                message = f"`{name}` cannot be made: `{argument.name}` is {value} here"
                raise EvaluationError(numbers.FAILED, message, expr.span, reason)


def _shape(
    sublayer: Sublayer,
    shape: LayerShape,
    evaluator: Evaluator,
    shapes: Mapping[str, Shape],
) -> Shape:
    if shape.like is not None:
        return tuple(shapes[shape.like])
    rest: Shape = evaluator.values[REST]
    sizes: list[int] = []
    for size in shape.sizes:
        value = rest if isinstance(size, str) else (evaluator.value(size),)
        sizes += value
        if not isinstance(size, str) and not (type(value[0]) is int and value[0] > 0):
            message = f"`{size}` is {value[0]} here, which is no size"
            raise EvaluationError(numbers.FAILED, message, size.span)
    return tuple(sizes)


REST = "..."
"""The name under which an evaluator knows the sizes that `...` stands for."""


def _is_batch(shape: LayerShape, axis: int) -> bool:
    first = shape.sizes[axis] if axis < len(shape.sizes) else None
    named = isinstance(first, ir.Name) and first.symbol.name == BATCH
    return axis == 0 and (shape.like is not None or named)

"""Sublayers of an instance: they are instances too, with weights by path.

The path of a weight below its layer is that of Keras: `kernel`, `reduce/kernel`,
`blocks_0/kernel`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from layergen.codes import language, numbers
from layergen.expr import ir
from layergen.layer import BATCH, INDEX, Array, Layer, LayerShape, Sublayer
from layergen.lower.argument_types import refuse_value, type_of
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.shown import show_shape
from layergen.source import Span

if TYPE_CHECKING:
    from layergen.oracle.instance import Instance
    from layergen.oracle.run import Outcome

_MOST_LAYERS = 100
"""Layers that one list may have."""

Shape: TypeAlias = tuple[int, ...]
Build: TypeAlias = "Callable[..., Instance]"
Run: TypeAlias = "Callable[..., Outcome]"


@dataclass(frozen=True, eq=False)
class Child:
    """A layer that an instance owns, built.

    Attributes:
        name: the name that it has in Keras: `reduce`, or `blocks_0` of a list.
        sublayer: what it is one of.
        instance: the layer itself.
        shapes: the shapes that it was built for; None stands for the batch.
    """

    name: str
    sublayer: Sublayer
    instance: "Instance"
    shapes: Mapping[str, tuple[int | None, ...]]


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
    count = evaluator.value(sublayer.count)
    if not isinstance(count, int) or count < 0:
        message = f"`{sublayer.count}` is {count} here, which is no number of layers"
        raise EvaluationError(numbers.FAILED, message, sublayer.count.span)
    if count > _MOST_LAYERS:
        message = f"a list of more than {_MOST_LAYERS} layers"
        raise EvaluationError(language.TOO_LARGE, message, sublayer.count.span)
    children = []
    for i in range(count):
        evaluator.values[INDEX.name] = i
        name = f"{sublayer.name}_{i}"
        children.append(_build(sublayer, name, evaluator, shapes, build))
    return tuple(children)


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


@dataclass(frozen=True, eq=False)
class Calls:
    """How the children of one run are called.

    Attributes:
        weights: the values of all weights, by path.
        updates: takes the new values of states, by path.
        losses: takes what they add to the loss.
        training: the flag of that name.
        draws: the kernels of the ops that draw.
        run: calls an instance.
        sizes: the named sizes of the owner, for messages.
    """

    weights: Mapping[str, Array | None]
    updates: dict[str, Any]
    losses: list[float]
    training: bool
    draws: Mapping[str, Callable[..., Any]]
    run: Run
    sizes: Mapping[str, int]

    def value(self, sublayer: Sublayer, children: Sequence[Child]) -> Any:
        """What the name of a sublayer stands for in the call."""
        functions = tuple(self._function(child) for child in children)
        if sublayer.count is not None:
            return functions
        return functions[0] if functions else None

    def _function(self, child: Child) -> Callable[..., Any]:
        def apply(args: Sequence[Any], named: Mapping[str, Any], span: Span) -> Any:
            layer = child.instance.layer
            names = [member.name for member in layer.inputs]
            given = {**dict(zip(names, args, strict=False)), **named}
            there = [n for n in names if given.get(n) is not None]
            inputs = {n: np.asarray(given[n]) for n in there}
            self._check(child, inputs, span)
            masks = {n: given.get(layer.mask_names[n]) for n in inputs}
            present = {n: np.asarray(m) for n, m in masks.items() if m is not None}
            self._check_masks(child, inputs, present, span)
            return self._call(child, inputs, present, span)

        return apply

    def _check(self, child: Child, inputs: Mapping[str, Array], span: Span) -> None:
        """Refuse a tensor of another shape than the layer was built for."""
        for name, built in child.shapes.items():
            shape = inputs[name].shape if name in inputs else ()
            fits = len(shape) == len(built) and all(
                size in (None, actual)
                for size, actual in zip(built, shape, strict=True)
            )
            if not fits:
                known = {**self.sizes}
                plain = tuple(-1 if size is None else size for size in built)
                says = show_shape(plain, {**known, BATCH: -1}).replace("-1", BATCH)
                has = show_shape(shape, known)
                message = f"`{child.name}` is built for {says}, this is {has}"
                note = f"that is {list(shape)}"
                raise EvaluationError(numbers.SHAPES, message, span, note)

    def _check_masks(
        self,
        child: Child,
        inputs: Mapping[str, Array],
        masks: Mapping[str, Array],
        span: Span,
    ) -> None:
        """Refuse a mask that does not cover its tensor."""
        members = {member.name: member for member in child.instance.layer.inputs}
        for name, mask in masks.items():
            wanted = members[name].mask_shape(inputs[name].shape)
            if mask.shape != wanted:
                shown = [
                    show_shape(shape, self.sizes) for shape in (wanted, mask.shape)
                ]
                message = f"the mask of `{name}` is {shown[0]}, this is {shown[1]}"
                note = f"that is {list(mask.shape)}"
                raise EvaluationError(numbers.SHAPES, message, span, note)

    def _call(
        self,
        child: Child,
        inputs: Mapping[str, Array],
        masks: Mapping[str, Array],
        span: Span,
    ) -> Any:
        weights = below({**self.weights, **self.updates}, child.name)
        try:
            outcome = self.run(
                child.instance,
                inputs,
                weights,
                training=self.training,
                masks=masks,
                draws=self.draws,
            )
        except EvaluationError as error:
            message = f"`{child.name}` cannot take this: {error.message}"
            raise EvaluationError(error.code, message, span, *error.notes) from None
        self.losses.extend(outcome.losses)
        for key, value in outcome.updates.items():
            self.updates[f"{child.name}/{key}"] = value
        return outcome.value


def below(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The entries whose path begins with a name, by the rest of their paths."""
    start = f"{name}/"
    return {k.removeprefix(start): v for k, v in values.items() if k.startswith(start)}


def walk_instances(
    instance: "Instance", prefix: str = ""
) -> "Iterator[tuple[str, Instance]]":
    """An instance and all that it owns, each with the beginning of its weights' paths.

    In the order of Keras: a layer's own weights, then those of its sublayers.
    """
    yield prefix, instance
    for child in instance.children:
        yield from walk_instances(child.instance, f"{prefix}{child.name}/")

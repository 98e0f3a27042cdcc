"""Layer + arguments + input shapes -> its constants, its weights' shapes, its runs."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from layergen.codes import language, numbers
from layergen.layer import (
    ELLIPSIS,
    Argument,
    Array,
    Computed,
    Constant,
    Drawn,
    Input,
    Layer,
    Tensors,
    Weight,
)
from layergen.lower.argument_types import normalize
from layergen.oracle.activations import activation
from layergen.oracle.children import REST, Calls, Child, build_children
from layergen.oracle.draws import DRAWS, OTHER_DRAWS
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.kernels import TooLargeError, guard_size
from layergen.oracle.outputs import read_outputs
from layergen.oracle.shown import describe_values
from layergen.oracle.tensors import (
    Shape,
    each_array,
    each_shape,
    first_shape,
    shapes_of,
)

FOUND: Mapping[str, Any] = {
    "seed": 0,
    "data_format": "channels_last",
    "activation": "linear",
}
"""What stands for None where the constructor would find a value."""


@dataclass(frozen=True, eq=False)
class Instance:
    """A layer that is built.

    Attributes:
        layer: the layer.
        arguments: every constructor argument's value, defaults filled in.
        sizes: the named sizes.
        rest: the sizes that `...` stands for.
        constants: the value of every constant, but of those that are drawn.
        shapes: the shape of every weight and drawn constant; None if `when` says that
            it does not exist.
        attributes: the value of every public attribute.
        children: the layers that it owns.
        initial: the first values of weights for which they are computed.
    """

    layer: Layer
    arguments: Mapping[str, Any]
    sizes: Mapping[str, int]
    rest: tuple[int, ...]
    constants: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...] | None]
    attributes: Mapping[str, Any]
    children: tuple[Child, ...] = ()
    initial: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run yields.

    Attributes:
        outputs: what the call returns, by the names of the outputs that there are.
        updates: the new values of states.
        losses: what `add_loss` was given, in order.
        made: how many elements were made.
        draws: whether other random numbers yield something else.
    """

    outputs: Mapping[str, Tensors]
    updates: Mapping[str, Array]
    losses: tuple[float, ...] = ()
    made: int = 0
    draws: bool = False

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All that the call returns, tensor by tensor."""
        return tuple(each_array(self.outputs.values()))

    @property
    def value(self) -> Any:
        """What the call returns, as the language has it."""
        values = tuple(self.outputs.values())
        return values[0] if len(values) == 1 else values


def instantiate(
    layer: Layer, arguments: Mapping[str, Any], shapes: Mapping[str, Shape]
) -> Instance:
    """Build a layer for inputs of the given shapes.

    Raises:
        EvaluationError: a constant or a shape has no value, or not the declared one;
            what is required does not hold.
    """
    filled = fill_arguments(layer, arguments)
    given = tuple(m for m in layer.inputs if m.name in shapes)
    sizes, rest = read_sizes(given, shapes)
    sizes = _check_given(layer, filled, sizes)
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
                initial[parameter.name] = _constant(evaluator, declared, shape)
        else:
            value = _constant(evaluator, parameter, shape)
            constants[parameter.name] = evaluator.values[parameter.name] = value
    attributes = {a.name: evaluator.value(a.value) for a in layer.attributes}
    evaluator.values[REST] = rest
    firsts = {member.name: first_shape(member, shapes) for member in given}
    children = tuple(
        child
        for sublayer in layer.sublayers
        for child in build_children(sublayer, evaluator, firsts, instantiate)
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
    values |= {**instance.arguments, **instance.sizes, **instance.constants}
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


def named_sizes(instance: Instance) -> dict[str, int]:
    """The sizes that have names: dimensions, and arguments that are integers."""
    arguments = {n: v for n, v in instance.arguments.items() if type(v) is int}
    return {**arguments, **instance.sizes}


def fill_arguments(layer: Layer, given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every constructor argument, defaults filled in."""
    return {argument.name: _filled(argument, given) for argument in layer.arguments}


def _names(inputs: tuple[Input, ...]) -> list[str]:
    return [member.name for member in inputs]


def _filled(argument: Argument, given: Mapping[str, Any]) -> Any:
    value = given.get(argument.name, argument.default)
    if value is None:
        return FOUND.get(argument.type)
    return normalize(argument, value)


def read_sizes(
    inputs: tuple[Input, ...], shapes: Mapping[str, Shape]
) -> tuple[dict[str, int], tuple[int, ...]]:
    """The values of the named sizes, and what `...` stands for."""
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
                actual = shape[member.axis(position)]
                if sizes.setdefault(size, actual) != actual:
                    message = (
                        f"`{size}` is {sizes[size]} in one input, {actual} in another"
                    )
                    assert member.span is not None
                    raise EvaluationError(numbers.SHAPES, message, member.span)
    return sizes, rest


def _check_given(
    layer: Layer, arguments: Mapping[str, Any], sizes: Mapping[str, int]
) -> dict[str, int]:
    """The sizes that are no arguments; those that are have the arguments' values."""
    for member in layer.inputs:
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
    evaluator: Evaluator, constant: Constant, shape: tuple[int, ...] | None
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
    return value

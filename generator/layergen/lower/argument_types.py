"""The types of constructor arguments: what their values are.

One row a type. Beside it stand a row in `oracle/guesses.py` (values to try), one in
`emit/argument_types.py` (how the constructor spells it) and one in
`testgen/invalid.py` (values that it must refuse).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.keras_tables.objects import find_activation, usable_activations
from layergen.layer import Argument
from layergen.nearest import nearest

DATA_FORMATS = ("channels_last", "channels_first")

DTYPES: Mapping[ir.Kind, tuple[str, ...]] = {
    ir.Kind.FLOAT: ("float32", "float64"),
    ir.Kind.INT: ("int32", "int64", "uint8"),
}
"""The dtypes of each kind that a spec can try out, the usual one first.

A caller may name others; what they round away is not modelled.
"""

Refusal = str | None
"""Why a value does not do (a clause); None if it does."""


@dataclass(frozen=True)
class ArgumentType:
    """What the values of one type are; each function takes the argument first.

    Attributes:
        language: their type in expressions.
        refuse: why a value that is not None is none of them.
        normalize: the value as the layer keeps it.
        finds: whether None stands for a value that the constructor finds by itself.
        is_object: whether it is an object of Keras, for weights only.
    """

    language: Callable[[Argument], ir.Type]
    refuse: Callable[[Argument, Any], Refusal]
    normalize: Callable[[Argument, Any], Any] = lambda _, value: value
    finds: bool = False
    is_object: bool = False


def type_of(argument: Argument) -> ArgumentType:
    """The row of an argument's type."""
    return TYPES[argument.type]


def refuse_value(argument: Argument, value: Any) -> Refusal:
    """Why an argument cannot take a value (a clause); None if it can."""
    if value is None:
        found = argument.optional or type_of(argument).finds
        return None if found else "it is `None`"
    return type_of(argument).refuse(argument, value)


def normalize(argument: Argument, value: Any) -> Any:
    """The value as the layer keeps it: `axes` and `ints` are tuples."""
    return None if value is None else type_of(argument).normalize(argument, value)


def _is(of_type: ir.Type) -> Callable[[Argument], ir.Type]:
    return lambda _: of_type


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse_bool(argument: Argument, value: Any) -> Refusal:
    return None if isinstance(value, bool) else "it is no bool"


def _refuse_integer(argument: Argument, value: Any) -> Refusal:
    if not _whole(value):
        return "it is no integer"
    if not -(2**63) <= value < 2**63:
        return "it has more than 64 bits"
    return _out_of_bounds(argument, value)


def _refuse_number(argument: Argument, value: Any) -> Refusal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "it is no number"
    if not math.isfinite(value):
        return "it is not finite"
    return _out_of_bounds(argument, value)


def _refuse_text(argument: Argument, value: Any) -> Refusal:
    return None if isinstance(value, str) else "it is no text"


def _refuse_choice(argument: Argument, value: Any) -> Refusal:
    if value in argument.choices:
        return None
    return "it is none of " + ", ".join(f"`{c}`" for c in argument.choices)


def _refuse_axes(argument: Argument, value: Any) -> Refusal:
    if not isinstance(value, list | tuple):
        return _refuse_integer(argument, value)
    if not value:
        return "it is empty"
    twice = "it has an axis twice" if len(set(value)) < len(value) else None
    return _refuse_items(argument, value) or twice


def _refuse_ints(argument: Argument, value: Any) -> Refusal:
    if isinstance(value, list | tuple):
        return _refuse_items(argument, value)
    if argument.length is None:
        return "it is no list"
    return _refuse_integer(argument, value)


def _refuse_shape(argument: Argument, value: Any) -> Refusal:
    if not isinstance(value, list | tuple):
        return "it is no list"
    if not argument.infer or -1 not in value:
        return _refuse_items(argument, value)
    if value.count(-1) > 1:
        return "it has -1 twice"
    return _refuse_items(argument, [1 if size == -1 else size for size in value])


def _refuse_items(argument: Argument, values: Sequence[Any]) -> Refusal:
    if argument.length is not None and len(values) != argument.length:
        return f"it has {len(values)} items, not {argument.length}"
    for value in values:
        if not _whole(value):
            return "it has an item that is no integer"
        if reason := _out_of_bounds(argument, value):
            return f"an item {reason.removeprefix('it ')}"
    return None


def _out_of_bounds(argument: Argument, value: float) -> Refusal:
    if argument.minimum is not None and not value >= argument.minimum:
        return f"it is less than {argument.minimum}"
    if argument.maximum is not None and not value <= argument.maximum:
        return f"it is greater than {argument.maximum}"
    if argument.above is not None and not value > argument.above:
        return f"it is not greater than {argument.above}"
    if argument.below is not None and not value < argument.below:
        return f"it is not less than {argument.below}"
    return None


def _identifier(argument: Argument, value: str) -> str:
    entry = find_activation(value)
    assert entry is not None, value
    return entry.identifier


def _refuse_activation(argument: Argument, value: Any) -> Refusal:
    if not isinstance(value, str):
        return "it is no name of an activation"
    entry = find_activation(value)
    if entry is None or entry.identifier not in usable_activations():
        meant = nearest(value, usable_activations())
        also = f"; `{meant}` is" if meant else ""
        return f"it is no activation of Keras that keeps the shape{also}"
    return None


def _refuse_dtype(argument: Argument, value: Any) -> Refusal:
    known = DTYPES[dtype_kind(argument.dtype)]
    if isinstance(value, str) and value in known:
        return None
    return "it is none of " + ", ".join(f"`{dtype}`" for dtype in known)


def _tuple_of_integers(argument: Argument) -> ir.Type:
    if argument.length is None:
        return ir.SHAPE
    return ir.TupleType((ir.INT,) * argument.length)


def _repeat(argument: Argument, value: Any) -> tuple[int, ...]:
    """Integers as a tuple: one stands for all of them."""
    return (value,) * (argument.length or 1) if _whole(value) else tuple(value)


def _object(word: str) -> ArgumentType:
    """An object of Keras, which examples cannot give: they give weights' values."""
    of_type = ir.ObjectType(word)
    refusal = "examples give `weights` their values"
    return ArgumentType(_is(of_type), lambda _, __: refusal, is_object=True)


TYPES: Mapping[str, ArgumentType] = {
    "bool": ArgumentType(_is(ir.BOOL), _refuse_bool),
    "int": ArgumentType(_is(ir.INT), _refuse_integer),
    "float": ArgumentType(_is(ir.FLOAT), _refuse_number, lambda _, value: float(value)),
    "str": ArgumentType(_is(ir.STR), _refuse_text),
    "choice": ArgumentType(_is(ir.STR), _refuse_choice),
    "data_format": ArgumentType(_is(ir.STR), _refuse_choice, finds=True),
    "dtype": ArgumentType(lambda a: ir.DtypeType(dtype_kind(a.dtype)), _refuse_dtype),
    "axis": ArgumentType(_is(ir.INT), _refuse_integer),
    "axes": ArgumentType(_is(ir.SHAPE), _refuse_axes, _repeat),
    "ints": ArgumentType(_tuple_of_integers, _refuse_ints, _repeat),
    "shape": ArgumentType(_tuple_of_integers, _refuse_shape, lambda _, v: tuple(v)),
    "array": ArgumentType(
        lambda a: ir.ArrayType(dtype_kind(a.dtype)), lambda _, __: None
    ),
    "seed": ArgumentType(_is(ir.INT), _refuse_integer, finds=True),
    "initializer": _object("initializer"),
    "regularizer": _object("regularizer"),
    "constraint": _object("constraint"),
    "activation": ArgumentType(
        _is(ir.CallableType("an activation", ("x",), 1, ir.ArrayType(ir.Kind.FLOAT))),
        _refuse_activation,
        _identifier,
        finds=True,
    ),
}

"""What an example gives to `call`."""

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr.op import dtype_kind
from layergen.layer import ELLIPSIS, Argument, Array, Input, Tensors
from layergen.loading.load import Document
from layergen.lower.argument_types import refuse_value
from layergen.lower.literal import array_of
from layergen.nearest import nearest

_MOST_DRAWN = 10_000
"""Numbers that an example may ask to be drawn."""

_DRAWN = "an input is drawn by `{shape: [2, 3], seed: 1}`"


def report_unknown(
    what: str, name: str, known: Mapping[str, object], span: Any, found: Diagnostics
) -> None:
    """Record a name that the layer does not have."""
    near = nearest(name, known)
    note = f"did you mean `{near}`?" if near else ""
    found.add(codes.BAD_EXAMPLE, f"the layer has no {what} `{name}`", span, note)


def read_inputs(
    given: Any,
    path: tuple[str | int, ...],
    document: Document,
    inputs: tuple[Input, ...],
    flags: tuple[Argument, ...],
    found: Diagnostics,
) -> tuple[dict[str, Tensors], dict[str, Any]]:
    """The tensors of an example, and the flags that it sets."""
    known: dict[str, Input | Argument] = {member.name: member for member in inputs}
    known |= {flag.name: flag for flag in flags}
    by_name = isinstance(given, dict) and not _is_drawn(given, known)
    if not by_name and len(inputs) > 1:
        message = "a layer with several inputs takes a mapping from names to values"
        found.add(codes.BAD_EXAMPLE, message, document.span(*path, "inputs"))
        return {}, {}
    pairs = given if by_name else {inputs[0].name: given}
    arrays: dict[str, Tensors] = {}
    chosen: dict[str, Any] = {}
    for name, value in pairs.items():
        where = (*path, "inputs", name) if by_name else (*path, "inputs")
        match known.get(name):
            case None:
                report_unknown("input", name, known, document.key_span(*where), found)
            case Argument() as flag:
                if reason := refuse_value(flag, value):
                    shown = document.span(*where).text
                    message = f"`{name}` cannot be `{shown}`: {reason}"
                    found.add(codes.BAD_EXAMPLE, message, document.span(*where))
                chosen[name] = value
            case Input(is_list=True) as member:
                tensors = _input_list(member, value, where, document, found)
                if tensors is not None:
                    arrays[name] = tensors
            case Input() as member:
                array = _input_array(member, value, where, document, found)
                if array is not None:
                    arrays[name] = array
    for member in inputs:
        lacks = not member.optional and member.name not in pairs
        if lacks and pairs.keys() <= known.keys():
            message = f"the example lacks the input `{member.name}`"
            found.add(codes.BAD_EXAMPLE, message, document.span(*path, "inputs"))
    return arrays, {f.name: chosen[f.name] for f in flags if f.name in chosen}


def _is_drawn(value: Any, known: Collection[str]) -> bool:
    """Whether a mapping says how to draw, and is not one from inputs to values."""
    return isinstance(value, dict) and "shape" in value and "shape" not in known


def _input_list(
    member: Input,
    value: Any,
    where: tuple[str | int, ...],
    document: Document,
    found: Diagnostics,
) -> tuple[Array, ...] | None:
    """The tensors of a list; None if one of them, or their number, does not fit."""
    span = document.span(*where)
    number = member.number
    if not isinstance(value, list):
        message = f"`{member.name}` needs a list of {number}"
        found.add(codes.BAD_EXAMPLE, message, span)
        return None
    least = member.count or member.least
    if len(value) < least or len(value) > (member.count or len(value)):
        given = "1 tensor" if len(value) == 1 else f"{len(value)} tensors"
        message = f"`{member.name}` has {given}, it needs {number}"
        found.add(codes.BAD_EXAMPLE, message, span)
        return None
    arrays = [
        _input_array(member, each, (*where, i), document, found)
        for i, each in enumerate(value)
    ]
    fitting = tuple(array for array in arrays if array is not None)
    return fitting if len(fitting) == len(arrays) else None


def _input_array(
    member: Input,
    value: Any,
    where: tuple[str | int, ...],
    document: Document,
    found: Diagnostics,
) -> Array | None:
    span = document.span(*where)
    if isinstance(value, dict):
        reason = _refuse_draw(value)
        if reason is not None:
            found.add(codes.BAD_EXAMPLE, reason, span, _DRAWN)
            return None
        array = _draw(member, value)
    elif isinstance(value, list | bool | int | float):
        dtype = None if member.dtype == "float" and _is_empty(value) else member.dtype
        read = array_of(value, dtype, document, where, found)
        if read is None:
            return None
        array = read
    else:
        message = f"`{member.name}` needs numbers, or a `shape` and a `seed`"
        found.add(codes.BAD_EXAMPLE, message, span)
        return None
    if not _fits(member, array.shape):
        shown = ", ".join(str(size) for size in member.shape)
        message = (
            f"`{member.name}` has the shape [{shown}], this is {list(array.shape)}"
        )
        found.add(codes.BAD_EXAMPLE, message, span)
        return None
    return array


def _is_empty(value: Any) -> bool:
    return isinstance(value, list) and not value


def _refuse_draw(value: Mapping[str, Any]) -> str | None:
    """Why an input cannot be drawn; None if it can."""
    sizes, seed = value.get("shape"), value.get("seed", 0)
    unknown = next((key for key in value if key not in ("shape", "seed")), None)
    if unknown is not None:
        return f"an input that is drawn has no `{unknown}`"
    if type(seed) is not int or seed < 0:
        return "`seed` must be an integer of at least 0"
    if not isinstance(sizes, list) or not all(
        type(size) is int and size > 0 for size in sizes
    ):
        return "`shape` must be a list of integers of at least 1"
    if math.prod(sizes) > _MOST_DRAWN:
        return f"more than {_MOST_DRAWN} numbers"
    return None


def _draw(member: Input, value: Mapping[str, Any]) -> Array:
    sizes = value["shape"]
    random = np.random.default_rng(value.get("seed", 0))
    match dtype_kind(member.dtype):
        case "bool":
            return np.asarray(random.random(sizes) < 0.5)
        case "int":
            return np.asarray(random.integers(0, 2, sizes))
    return np.asarray(random.normal(size=sizes)).round(2)


def _fits(member: Input, shape: tuple[int, ...]) -> bool:
    if len(shape) < member.min_rank:
        return False
    if not member.has_ellipsis and len(shape) != member.min_rank:
        return False
    return all(
        not isinstance(size, int) or shape[member.axis(i)] == size
        for i, size in enumerate(member.shape)
        if size != ELLIPSIS
    )

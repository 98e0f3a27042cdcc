"""Instance -> numbers for its inputs and weights: short, random, always the same."""

import math
import zlib
from collections.abc import Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

import numpy as np

from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind
from layergen.layer import Array, Constant, Drawn, Input, Tensors, Weight
from layergen.oracle.instance import Instance, walk_instances
from layergen.oracle.tensors import Shape

_SMALL = 1000
"""Elements of an array up to which it is kept: to make a generator takes longest."""


def draw_inputs(
    instance: Instance,
    shapes: Mapping[str, Shape],
    name: str,
    *,
    positive: bool,
) -> dict[str, Tensors]:
    """A value for every input that has a shape.

    Whole numbers are indices of the shortest array argument, or 0 and 1.
    """
    arrays = [v for v in instance.arguments.values() if isinstance(v, np.ndarray)]
    most = min((len(array) for array in arrays if array.ndim), default=2)
    drawn: dict[str, Tensors] = {}
    given = (m for m in instance.layer.inputs if m.name in shapes)
    for member in given:
        key, draw = f"{name}/{member.name}", partial(_draw, member, most, positive)
        if member.is_list:
            listed = enumerate(shapes[member.name])
            drawn[member.name] = tuple(draw(f"{key}/{i}", s) for i, s in listed)
        else:
            drawn[member.name] = draw(key, shapes[member.name])
    return drawn


def _draw(member: Input, most: int, positive: bool, key: str, shape: Any) -> Array:
    values = draw_numbers(shape, member.dtype, key, positive)
    is_index = dtype_kind(member.dtype) is Kind.INT
    return values % max(most, 1) if is_index else values


def draw_weights(
    instance: Instance,
    name: str,
    known: Mapping[str, Array | None] = MappingProxyType({}),
) -> dict[str, Array | None]:
    """A value for every weight and drawn constant; None for one that is not there.

    Args:
        instance: the layer.
        name: what the numbers depend on, beside the weights' own names.
        known: values by name that need not be drawn.
    """
    drawn: dict[str, Array | None] = {}
    for prefix, owned in walk_instances(instance):
        parameters = {p.name: p for p in owned.layer.parameters}
        for key, shape in owned.shapes.items():
            path, parameter = f"{prefix}{key}", parameters[key]
            drawn[path] = known.get(path)
            if path not in known and shape is not None:
                positive = _must_be_positive(parameter)
                drawn[path] = draw_numbers(
                    shape, parameter.dtype, f"{name}/{path}", positive
                )
    return drawn


def _must_be_positive(parameter: Weight | Constant) -> bool:
    """Scales and variances are drawn positive, so that roots and quotients exist."""
    source = parameter.initializer if isinstance(parameter, Weight) else None
    if isinstance(parameter, Constant) and isinstance(parameter.source, Drawn):
        source = parameter.source.initializer
    return source is not None and source.name == "ones"


def draw_numbers(shape: tuple[int, ...], dtype: str, key: str, positive: bool) -> Array:
    """Short random numbers that depend on nothing but `key` and the shape.

    They cannot be written to: those that were drawn before are given again.
    """
    draw = _draw_again if math.prod(shape) <= _SMALL else _draw_numbers
    return draw(tuple(shape), dtype, key, positive)


def _draw_numbers(
    shape: tuple[int, ...], dtype: str, key: str, positive: bool
) -> Array:
    values = _random_numbers(shape, dtype, key, positive)
    values.setflags(write=False)
    return values


_draw_again = lru_cache(maxsize=1024)(_draw_numbers)


def _random_numbers(
    shape: tuple[int, ...], dtype: str, key: str, positive: bool
) -> Array:
    random = np.random.default_rng(zlib.crc32(key.encode()))
    match dtype_kind(dtype):
        case Kind.BOOL:
            return random.random(shape) < 0.5
        case Kind.INT:
            return random.integers(0, 100, shape)
    low = 0.25 if positive else -1.5
    values: Array = np.round(random.uniform(low, 1.5, shape), 2)
    return np.where(np.abs(values) < 0.1, 0.37, values)

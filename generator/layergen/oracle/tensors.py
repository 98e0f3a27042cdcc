"""Values of inputs, which are arrays or lists of arrays, and their shapes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from layergen.layer import Array, Input, Tensors

Shape: TypeAlias = Sequence[Any]
"""Sizes of an input: a tuple; of a list of tensors, a list of such tuples."""


def shape_of(value: Tensors) -> Shape:
    """The shape of an input's value."""
    if isinstance(value, tuple):
        return [each.shape for each in value]
    return np.shape(value)


def shapes_of(inputs: Mapping[str, Tensors]) -> dict[str, Shape]:
    """The shapes of the inputs' values."""
    return {name: shape_of(value) for name, value in inputs.items()}


def each_array(values: Iterable[Tensors]) -> Iterator[Array]:
    """The arrays of inputs, those of lists one by one."""
    for value in values:
        yield from value if isinstance(value, tuple) else (value,)


def each_shape(member: Input, shapes: Mapping[str, Shape]) -> Sequence[tuple[Any, ...]]:
    """The shapes of an input's tensors: one, if it is no list."""
    shape = shapes[member.name]
    return list(shape) if member.is_list else [tuple(shape)]


def first_shape(member: Input, shapes: Mapping[str, Shape]) -> tuple[Any, ...]:
    """The shape of an input; of a list, that of its first tensor."""
    return each_shape(member, shapes)[0]

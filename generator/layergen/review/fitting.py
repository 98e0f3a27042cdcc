"""Inputs + shapes -> whether they are declared to take them, and whether Keras asks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from layergen.layer import Input, Layer
from layergen.oracle.tensors import Shape, each_shape, first_shape


def fits(member: Input, shape: Shape) -> bool:
    """Whether an input of this shape is declared; of a list, the shapes of all."""
    if not member.is_list:
        return isinstance(shape, tuple) and _fits_one(member, shape)
    if not isinstance(shape, list) or len(shape) < member.least:
        return False
    if member.count is not None and len(shape) != member.count:
        return False
    return all(_fits_one(member, each) for each in shape)


def _fits_one(member: Input, shape: Sequence[int | None]) -> bool:
    if len(shape) < member.min_rank:
        return False
    if not member.has_ellipsis and len(shape) != member.min_rank:
        return False
    return all(
        not isinstance(size, int) or shape[member.axis(position)] in (size, None)
        for position, size in enumerate(member.shape)
    )


def conflicts(
    layer: Layer,
    arguments: Mapping[str, Any],
    shapes: Mapping[str, Shape],
    called: Shape | None = None,
) -> Iterator[str]:
    """Why the class refuses shapes whose ranks and numbers are those declared.

    Its `input_spec`, which is about the first input, says which sizes are those of
    arguments, and which were needed to build it.

    Args:
        layer: the layer.
        arguments: their values.
        shapes: of the inputs for which it is built.
        called: the first shape with which it is called, if it is another.
    """
    first = layer.inputs[0]
    asked = shapes if called is None else {first.name: called}
    for position, size in enumerate(first.shape):
        axis = first.axis(position)
        for shape in each_shape(first, asked):
            if size in arguments and shape[axis] != arguments[str(size)]:
                yield f"`{size}` is {arguments[str(size)]}, but {shape[axis]} there"
            if size in layer.required_dims:
                found = _size(layer, str(size), shapes)
                if shape[axis] != found:
                    yield f"`{size}` is {found} in one place, {shape[axis]} in another"


def _size(layer: Layer, name: str, shapes: Mapping[str, Shape]) -> int:
    """The size of this name, where the class reads it."""
    dim = layer.dims[name]
    member = next(m for m in layer.inputs if m.name == dim.input)
    size: int = first_shape(member, shapes)[dim.axis]
    return size

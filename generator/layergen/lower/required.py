"""Sublayers -> the sizes that must be known when they are made and built."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from layergen.expr import ir
from layergen.expr.reads import UNKNOWN, ShapeReader
from layergen.layer import BATCH, ELLIPSIS, Input, LayerShape, Sublayer, Weight
from layergen.lower.argument_types import normalize


def required_sizes(sublayers: Iterable[Sublayer], inputs: Iterable[Input]) -> set[str]:
    """The names of the sizes without which the sublayers cannot be made or built."""
    members = {member.name: member for member in inputs}
    needed: set[str] = set()
    for sublayer in sublayers:
        exprs = [*sublayer.arguments.values(), sublayer.count, sublayer.when]
        for name, shape in sublayer.shapes.items():
            sizes = _sizes(shape, members)
            axes = _axes(sublayer, name, sizes)
            exprs += [size for size in _at(sizes, axes) if not isinstance(size, str)]
            needed |= {size for size in _at(sizes, axes) if isinstance(size, str)}
        needed |= {s.name for e in exprs if e is not None for s in ir.symbols(e)}
    return needed - {BATCH, ELLIPSIS}


def _sizes(
    shape: LayerShape, members: Mapping[str, Input]
) -> tuple[ir.Expr | str, ...]:
    """The sizes of a shape; those of an input by their names, but numbers are known."""
    if shape.like is None:
        return shape.sizes
    return tuple(str(size) for size in members[shape.like].shape)


def _axes(
    sublayer: Sublayer, name: str, sizes: tuple[ir.Expr | str, ...]
) -> set[int] | None:
    """The axes of an input whose sizes a layer needs; None if any may be needed."""
    layer = sublayer.layer
    dims = (layer.dims[dim] for dim in layer.required_dims)
    rank = None if ELLIPSIS in sizes else len(sizes)
    reader = ShapeReader(name, rank, dict(_known_arguments(sublayer)))
    for parameter in layer.parameters:
        when = parameter.when if isinstance(parameter, Weight) else None
        if when is None or reader.read(when):
            for size in parameter.shape or ():
                reader.read(size)
    for requirement in layer.requires:
        reader.read(requirement.test)
    if reader.reads_all:
        return None
    return {dim.axis for dim in dims if dim.input == name} | reader.axes


def _known_arguments(sublayer: Sublayer) -> Iterator[tuple[str, Any]]:
    """The arguments whose values do not depend on the owner, and their values."""
    reader = ShapeReader("", None, {})
    for argument in sublayer.layer.arguments:
        given = sublayer.arguments.get(argument.name)
        if given is None:
            yield argument.name, normalize(argument, argument.default)
        elif (value := reader.read(given)) is not UNKNOWN:
            yield argument.name, normalize(argument, value)


def _at(
    sizes: tuple[ir.Expr | str, ...], axes: set[int] | None
) -> Iterable[ir.Expr | str]:
    """The sizes of the given axes; all of them where `...` hides which they are."""
    if axes is None:
        return sizes
    if ELLIPSIS in sizes:
        before = sizes.index(ELLIPSIS)
        after = len(sizes) - before - 1
        if any(not -after <= axis < before for axis in axes):
            return sizes
    return [sizes[axis] for axis in axes if -len(sizes) <= axis < len(sizes)]

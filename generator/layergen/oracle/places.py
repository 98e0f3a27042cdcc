"""Layer + plan -> the sizes that `build` reads by place, as `inputs.shape[axis]`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from layergen.expr import ir
from layergen.expr.reads import ShapeReader
from layergen.layer import BATCH, ELLIPSIS, Computed, Layer
from layergen.oracle.instantiate import fill_arguments
from layergen.oracle.requirements import Plan


@dataclass(frozen=True)
class Axis:
    """A size of the inputs: a name, or a place in what `...` stands for."""

    name: str
    place: int = 0


def read_axes(layer: Layer, plan: Plan) -> Iterator[Axis]:
    """The sizes that `build` reads by place, as `inputs.shape[axis]`."""
    known = _known(layer, plan)
    exprs = [size for p in layer.parameters for size in p.shape or ()]
    exprs += [requirement.test for requirement in layer.requires]
    for member in layer.inputs:
        named: list[Axis] = []
        for size in member.shape:
            rest = [Axis(ELLIPSIS, i) for i in range(len(plan.rest))]
            named += rest if size == ELLIPSIS else [Axis(str(size))]
        reader = ShapeReader(member.name, len(named), known)
        for expr in exprs:
            if any(symbol.name == member.name for symbol in ir.symbols(expr)):
                reader.read(expr)
        axes = range(len(named)) if reader.reads_all else reader.axes
        yield from (named[axis] for axis in axes if -len(named) <= axis < len(named))


def _known(layer: Layer, plan: Plan) -> dict[str, Any]:
    """The values of arguments, and of constants that follow from them."""
    known = fill_arguments(layer, plan.arguments)
    for constant in layer.constants:
        if isinstance(constant.source, Computed):
            no_tensor = ShapeReader("", None, known)
            known[constant.name] = no_tensor.read(constant.source.expr)
    return known


def reads_batch(layer: Layer, plan: Plan) -> bool:
    """Whether such a layer can only be built for a batch of a known size."""
    return Axis(BATCH) in read_axes(layer, plan)

"""Sizes that must be known when the layer is built."""

from collections.abc import Iterator, Mapping

from layergen.codes.review import identity
from layergen.emit.shapes import read_sizes
from layergen.expr import ir
from layergen.layer import ELLIPSIS, Layer
from layergen.oracle.children import Child
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.instance import Instance
from layergen.oracle.tensors import Shape, first_shape
from layergen.review.change import Change, Side, Witness
from layergen.review.pair import Pair
from layergen.review.row import Changes
from layergen.review.trials import Trial


def find_sizes(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Sizes that must be known when the layer is built, or need not any more."""
    gained: dict[tuple[str, int], tuple[Trial, tuple[str, int]]] = {}
    lost: set[tuple[str, int]] = set()
    names = pair.inputs.names
    for trial in () if pair.is_built_alike else pair.trials:
        if trial.after is None:
            continue
        old = {
            (names.get(name, name), axis)
            for name, axis in needed(trial.before, trial.shapes)
        }
        new = needed(trial.after, trial.shapes_after)
        back = {after: before for before, after in names.items()}
        for name, axis in new - old:
            if name in back:
                size = f"axis {axis} of `{name}`"
                gained.setdefault((size, 0), (trial, (back[name], axis)))
        lost |= old - new
    for (size, _), (trial, (name, axis)) in gained.items():
        shapes = dict(trial.shapes)
        yield Change(
            identity.SIZE_NEEDED,
            f"the size of {size} must be known when the layer is built",
            pair.span("parameters", side=Side.AFTER),
            breaks=identity.SIZE_NEEDED.breaks,
            notes=("models that were saved with an unknown size there no longer load",),
            witness=Witness(
                dict(trial.before.arguments),
                {**shapes, name: _unknown(shapes[name], axis)},
            ),
        )
    if lost and not gained:
        name, axis = min(lost)
        yield Change(
            identity.SIZE_FREE,
            f"the size of axis {axis} of `{name}` need not be known any more",
            pair.span("inputs", name),
        )


def _unknown(shape: Shape, axis: int) -> Shape:
    """The shape with an unknown size; in the first of a list."""
    if isinstance(shape, list):
        return [_unknown(shape[0], axis), *shape[1:]]
    return (*shape[:axis], None, *shape[axis + 1 :])


def needed(instance: Instance, shapes: Mapping[str, Shape]) -> set[tuple[str, int]]:
    """The inputs and axes whose sizes must be known when the layer is built."""
    layer = instance.layer
    ranks = {
        m.name: len(first_shape(m, shapes)) for m in layer.inputs if m.name in shapes
    }
    found = set()
    for name in layer.required_dims:
        dim = layer.dims[name]
        if dim.input in ranks:
            found.add((dim.input, dim.axis % ranks[dim.input]))
    for child in instance.children:
        found |= set(_needed_by(child, layer, ranks))
    evaluator = Evaluator({**instance.arguments, **instance.sizes}, shapes=shapes)
    for read in read_sizes(layer):
        assert isinstance(read, ir.Subscript)
        assert not isinstance(read.index, ir.Slice)
        axis = evaluator.value(read.index)
        for symbol in ir.symbols(read.value):
            if symbol.origin is ir.Origin.INPUT and symbol.name in ranks:
                found.add((symbol.name, axis % ranks[symbol.name]))
    return found


def _needed_by(
    child: Child, layer: Layer, ranks: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """The inputs and axes of a layer that one it owns needs to know."""
    for name, axis in needed(child.instance, child.shapes):
        shape = child.sublayer.shapes[name]
        if shape.like is not None:
            yield shape.like, axis % ranks[shape.like]
            continue
        at = axis - len(child.shapes[name]) if ELLIPSIS in shape.sizes else axis
        for symbol in ir.symbols(_expr(shape.sizes[at])) if at else ():
            if (
                symbol.origin is ir.Origin.DIM
                and layer.dims[symbol.name].input in ranks
            ):
                dim = layer.dims[symbol.name]
                yield dim.input, dim.axis % ranks[dim.input]


def _expr(size: ir.Expr | str) -> ir.Expr:
    assert not isinstance(size, str)
    return size

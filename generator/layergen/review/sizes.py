"""Sizes that must be known when the layer is built."""

from collections.abc import Iterator, Mapping, Sequence

from layergen.codes.review import identity
from layergen.emit.shapes import built_from
from layergen.expr import ir
from layergen.layer import ELLIPSIS, Layer
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.instance import Child, Instance
from layergen.oracle.tensors import Shape, first_shape
from layergen.review.change import Change, Side, Witness
from layergen.review.pair import Pair
from layergen.review.row import Changes
from layergen.review.trials import Trial


def find_sizes(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Sizes that must be known when the layer is built, or need not any more."""
    gained: dict[tuple[str, int], Trial] = {}
    lost: set[tuple[str, int]] = set()
    names = dict(pair.inputs.names)
    back = {new: old for old, new in names.items()}
    if len(built_from(after)) == 1:
        # `build` gets the first shape, whatever its input is called.
        old_first, new_first = before.inputs[0].name, after.inputs[0].name
        names[old_first], back[new_first] = new_first, old_first
    for trial in () if pair.is_built_alike else pair.trials:
        if trial.after is None:
            continue
        old = {
            (names.get(name, name), axis)
            for name, axis in needed(trial.before, trial.shapes)
        }
        new = needed(trial.after, trial.shapes_after)
        for name, axis in new - old:
            if name in back:
                gained.setdefault((name, axis), trial)
        lost |= old - new
    for (name, axis), trial in gained.items():
        shapes, unknown = dict(trial.shapes), back[name]
        size = f"axis {axis} of `{name}`"
        yield Change(
            identity.SIZE_NEEDED,
            f"the size of {size} must be known when the layer is built",
            pair.span("parameters", side=Side.AFTER),
            breaks=identity.SIZE_NEEDED.breaks,
            name=name,
            notes=("models that were saved with an unknown size there no longer load",),
            witness=Witness(
                dict(trial.before.arguments),
                {**shapes, unknown: _unknown(shapes[unknown], axis)},
            ),
        )
    if lost and not gained:
        name, axis = min(lost)
        yield Change(
            identity.SIZE_FREE,
            f"the size of axis {axis} of `{name}` need not be known any more",
            pair.span("inputs", name),
            name=name,
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
    values = instance.values
    evaluator = Evaluator(values, shapes=shapes)
    exprs = [size for parameter in layer.parameters for size in parameter.shape or ()]
    for expr in (*exprs, *(requirement.test for requirement in layer.requires)):
        found |= set(_read_axes(expr, evaluator, ranks))
    return found


def _read_axes(
    expr: ir.Expr, evaluator: Evaluator, ranks: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """The inputs and axes that an expression reads by place: `inputs.shape[axis]`."""
    match expr:
        case ir.Builtin(name="len"):
            return
        case ir.Comprehension(targets=(target,), iterable=iterable):
            for value in evaluator.value(iterable):
                evaluator.values[target.name] = value
                for part in ir.children(expr):
                    yield from _read_axes(part, evaluator, ranks)
        case ir.Subscript(value=value, index=index) if _input_of(value) in ranks:
            name = _input_of(value)
            axes = _axes(index, evaluator, ranks[name])
            yield from ((name, axis) for axis in axes)
        case _ if _input_of(expr) in ranks:
            name = _input_of(expr)
            yield from ((name, axis) for axis in range(ranks[name]))
        case _:
            for part in ir.children(expr):
                yield from _read_axes(part, evaluator, ranks)


def _input_of(expr: ir.Expr) -> str:
    """The input whose shape an expression is; empty for any other."""
    match expr:
        case ir.Attribute(value=ir.Name(symbol=symbol), name="shape"):
            return symbol.name if symbol.origin is ir.Origin.INPUT else ""
    return ""


def _axes(index: ir.Expr | ir.Slice, evaluator: Evaluator, rank: int) -> Sequence[int]:
    if not isinstance(index, ir.Slice):
        return [evaluator.value(index) % rank]
    ends = (index.start, index.stop, index.step)
    start, stop, step = (None if end is None else evaluator.value(end) for end in ends)
    return range(rank)[start:stop:step]


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

"""Layer + trial -> input shapes with unknown sizes, and the shapes of the outputs."""

from collections.abc import Mapping, Sequence

from layergen.emit.shapes import read_sizes
from layergen.expr import ir
from layergen.layer import BATCH, ELLIPSIS, INDEX, Input, Layer, Output
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.tensors import Shape, each_shape, first_shape, shapes_of
from layergen.oracle.trial import Trial
from layergen.testgen.data import Data


def symbolic_shapes(layer: Layer, trial: Trial) -> list[tuple[dict[str, Shape], Data]]:
    """Input shapes with unknown sizes, and the output's."""
    given = [member for member in layer.inputs if member.name in trial.inputs]
    known = shapes_of(trial.inputs)
    batch = {m.name: hide_sizes(m, known, {BATCH}) for m in given}
    free = {name for name in layer.dims if name not in layer.required_dims}
    most = {m.name: hide_sizes(m, known, {*free, ELLIPSIS}) for m in given}
    each = [batch]
    if batch != most and not any(True for _ in read_sizes(layer)):
        each.append(most)
        computed = any(output.like is None for output in layer.outputs)
        for hidden in sorted(free) if computed else ():
            alone = {m.name: hide_sizes(m, known, {BATCH, hidden}) for m in given}
            each += [alone] if alone not in each else []
    return [(shapes, _output_shapes(layer, trial, shapes)) for shapes in each]


def unknown_shapes(layer: Layer, trial: Trial) -> tuple[dict[str, Shape], Data] | None:
    """Input shapes that `build` refuses, since no size is known, and the output's.

    None where no size of an output is computed from one that `build` needs.
    """
    sizes = [size for output in layer.outputs for size in output.shape]
    computed = [s for s in sizes if not isinstance(s, str | ir.Name)]
    names = {symbol.name for size in computed for symbol in ir.symbols(size)}
    if names.isdisjoint(layer.required_dims) or any(True for _ in read_sizes(layer)):
        return None
    known = shapes_of(trial.inputs)
    given = [member for member in layer.inputs if member.name in trial.inputs]
    hidden = {*layer.dims, BATCH, ELLIPSIS}
    shapes = {m.name: hide_sizes(m, known, hidden) for m in given}
    return shapes, _output_shapes(layer, trial, shapes)


def hide_sizes(member: Input, known: Mapping[str, Shape], hidden: set[str]) -> Shape:
    """An input's shape in which the hidden names' sizes are None."""
    shapes = [_hide_sizes(member, s, hidden) for s in each_shape(member, known)]
    return shapes if member.is_list else shapes[0]


def _hide_sizes(member: Input, shape: Sequence[int], hidden: set[str]) -> Shape:
    sizes: list[int | None] = []
    rest = len(shape) - member.min_rank
    for size in member.shape:
        width = rest if size == ELLIPSIS else 1
        at = len(sizes)
        part = list(shape[at : at + width])
        first_axis = at == 0 and size == ELLIPSIS
        if size in hidden:
            sizes += [None] * width
        elif first_axis and part:
            sizes += [None, *part[1:]]  # the batch has no name of its own here
        else:
            sizes += part
    return tuple(sizes)


def _output_shapes(layer: Layer, trial: Trial, shapes: Mapping[str, Shape]) -> Data:
    """The shapes of the outputs, as `compute_output_shape` returns them."""
    names = trial.outcome.outputs.keys()
    present = [output for output in layer.outputs if output.name in names]
    found: list[Data] = [_of_output(layer, trial, o, shapes) for o in present]
    return found[0] if len(found) == 1 else tuple(found)


def _of_output(
    layer: Layer, trial: Trial, output: Output, shapes: Mapping[str, Shape]
) -> Data:
    count = trial.outcome.outputs[output.name]
    if not isinstance(count, tuple):
        return _output_shape(layer, trial, output, shapes, 0)
    return [_output_shape(layer, trial, output, shapes, i) for i in range(len(count))]


def _output_shape(
    layer: Layer, trial: Trial, output: Output, shapes: Mapping[str, Shape], place: int
) -> Shape:
    """The shape of an output; of a list, of the tensor at a place."""
    given = [member for member in layer.inputs if member.name in shapes]
    first = {member.name: first_shape(member, shapes) for member in given}
    if output.like is not None:
        return first[output.like]
    sizes: dict[str, int | None] = {INDEX.name: place}
    for dim in layer.dims.values():
        if dim.input in first:
            sizes[dim.name] = first[dim.input][dim.axis]
    lists = {member.name: shapes[member.name] for member in given if member.is_list}
    evaluator = Evaluator({**trial.instance.arguments, **sizes, **lists})
    result: list[int | None] = []
    for size in output.shape:
        if isinstance(size, str):
            result += _rest(layer, first)
        elif _reads_unknown(chosen := _chosen(size, sizes, evaluator), sizes):
            result.append(None)
        else:
            result += evaluator.sizes_of(chosen)
    return tuple(result)


def _reads_unknown(expr: ir.Expr, sizes: Mapping[str, int | None]) -> bool:
    return any(sizes.get(symbol.name, 0) is None for symbol in ir.symbols(expr))


def _chosen(
    size: ir.Expr, sizes: Mapping[str, int | None], evaluator: Evaluator
) -> ir.Expr:
    """The branch of a size that counts: what the other one reads may be unknown."""
    while isinstance(size, ir.Conditional) and not _reads_unknown(size.test, sizes):
        size = size.then if evaluator.value(size.test) else size.otherwise
    return size


def _rest(layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    member = next(m for m in layer.required_inputs if m.has_ellipsis)
    shape, at = shapes[member.name], member.shape.index(ELLIPSIS)
    return shape[at : len(shape) - (len(member.shape) - at - 1)]


def reshaped(
    layer: Layer, trial: Trial, name: str, axis: int, size: int | None
) -> dict[str, Shape]:
    """The trial's input shapes, batch unknown, with one size changed."""
    shapes = symbolic_shapes(layer, trial)[0][0]
    member = next(m for m in layer.inputs if m.name == name)
    changed = [list(shape) for shape in each_shape(member, shapes)]
    changed[-1][axis] = size
    tuples = [tuple(shape) for shape in changed]
    return {**shapes, name: tuples if member.is_list else tuples[0]}

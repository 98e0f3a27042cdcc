"""Elements chosen by place or by order."""

from layergen.expr import results
from layergen.expr.ops.row import row

PICKING = (
    row(
        "take",
        "x: tensor, indices: index, axis: axis = None",
        results.same,
        "entries of x at indices",
        early=True,
        gathers=True,
    ),
    row(
        "take_along_axis",
        "x: tensor, indices: index, axis: axis = None",
        results.same,
        "entries of x at indices, by line along an axis",
        early=True,
    ),
    row(
        "sort",
        "x: tensor, axis: axis = -1",
        results.same,
        "elements in rising order",
        early=True,
    ),
    row(
        "argsort",
        "x: tensor, axis: axis = -1",
        results.ints,
        "places of the elements in rising order",
        early=True,
    ),
    row(
        "top_k",
        "x: tensor, k: int, sorted: bool = True",
        results.values_and_places,
        "the k greatest of the last axis, and their places",
        converts=True,
    ),
    row(
        "searchsorted",
        "sorted_sequence: tensor, values: tensor, side: left|right = left",
        results.ints,
        "where values belong into a vector in order",
        early=True,
    ),
    row(
        "one_hot",
        "x: index, num_classes: int, axis: axis = -1",
        results.floats,
        "1 at the place that x says, else 0",
        creates=True,
    ),
    row(
        "multi_hot",
        "inputs: index, num_classes: int, axis: axis = -1",
        results.floats,
        "1 at all places that a row says, else 0; a row lies along axis 1",
        creates=True,
    ),
    row(
        "segment_sum",
        "data: tensor, segment_ids: index, num_segments: int",
        results.same,
        "sum of the rows of each segment",
    ),
    row(
        "scatter_update",
        "inputs: tensor, indices: index, updates: tensor",
        results.same,
        "inputs with other elements at indices",
    ),
)

"""Elements chosen by place or by order, in NumPy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import MisfitError, guard_size
from layergen.oracle.kernels.wrap import Kernel


def _guard_places(places: Any, size: int, least: int) -> None:
    """Refuse a place that is not there: what happens then depends on the backend."""
    highest, lowest = int(np.max(places, initial=0)), int(np.min(places, initial=0))
    if highest >= size:
        raise IndexError(f"index {highest} of {size} entries")
    if lowest < least:
        raise IndexError(f"index {lowest} of {size} entries")


def _take(x: Any, indices: Any, axis: int | None = None) -> Any:
    size = np.size(x) if axis is None else np.shape(x)[axis]
    _guard_places(indices, size, -size)
    rest = () if axis is None else np.delete(np.shape(x), axis).tolist()
    guard_size((np.size(indices), *rest))
    return np.take(x, indices, axis)


def _take_along_axis(x: Any, indices: Any, axis: int | None = None) -> Any:
    size = np.size(x) if axis is None else np.shape(x)[axis]
    _guard_places(indices, size, -size)
    if axis is None:
        return np.take_along_axis(np.ravel(x), np.ravel(indices), 0)
    if np.ndim(indices) != np.ndim(x):
        raise MisfitError(f"the indices have {np.ndim(indices)} axes")
    shapes = [np.delete(np.shape(a), axis).tolist() for a in (x, indices)]
    guard_size((*np.broadcast_shapes(*shapes), np.shape(indices)[axis]))
    return np.take_along_axis(x, indices, axis)


def _sort(x: Any, axis: int = -1) -> Any:
    return np.sort(x, axis)


def _argsort(x: Any, axis: int = -1) -> Any:
    return np.argsort(x, axis, stable=True)


def _top_k(x: Any, k: int, sorted: bool = True) -> Any:
    size = np.shape(x)[-1]
    if not 0 < k <= size:
        raise MisfitError(f"{k} of {size} elements")
    places = np.argsort(-np.asarray(x, float), -1, stable=True)[..., :k]
    return np.take_along_axis(x, places, -1), places


def _searchsorted(sorted_sequence: Any, values: Any, side: Any = "left") -> Any:
    if np.any(np.diff(sorted_sequence) < 0):
        raise MisfitError("the vector is not in rising order")
    return np.searchsorted(sorted_sequence, values, side)


def _one_hot(x: Any, num_classes: int, axis: int = -1) -> Any:
    _guard_places(x, num_classes, -(2**63))
    guard_size((np.size(x), num_classes))
    hot = np.asarray(x)[..., None] == np.arange(num_classes)
    return np.moveaxis(hot, -1, axis).astype(float)


def _multi_hot(inputs: Any, num_classes: int, axis: int = -1) -> Any:
    along = 1 if np.ndim(inputs) > 1 else 0
    return np.max(_one_hot(inputs, num_classes, axis), axis=along)


def _segment_sum(data: Any, segment_ids: Any, num_segments: int) -> Any:
    if np.shape(segment_ids) != np.shape(data)[:1]:
        raise MisfitError("there must be one number of a segment for each row")
    _guard_places(segment_ids, num_segments, 0)
    guard_size((num_segments, *np.shape(data)[1:]))
    total = np.zeros((num_segments, *np.shape(data)[1:]), np.asarray(data).dtype)
    np.add.at(total, segment_ids, data)
    return total


def _scatter_update(inputs: Any, indices: Any, updates: Any) -> Any:
    result, places = np.array(inputs), np.moveaxis(np.asarray(indices), -1, 0)
    if np.ndim(indices) != 2 or len(places) > result.ndim:
        raise MisfitError("`indices` has one row for each update: its place by axis")
    if np.shape(updates) != (places.shape[1], *result.shape[len(places) :]):
        raise MisfitError(f"`updates` has the shape {np.shape(updates)}")
    for axis, along in enumerate(places):
        _guard_places(along, result.shape[axis], 0)
    if len({tuple(row) for row in np.asarray(indices).tolist()}) < len(indices):
        raise MisfitError("two updates are for the same place")
    result[tuple(places)] = updates
    return result


PICKING: Mapping[str, Kernel] = {
    "argsort": _argsort,
    "multi_hot": _multi_hot,
    "one_hot": _one_hot,
    "scatter_update": _scatter_update,
    "searchsorted": _searchsorted,
    "segment_sum": _segment_sum,
    "sort": _sort,
    "take": _take,
    "take_along_axis": _take_along_axis,
    "top_k": _top_k,
}

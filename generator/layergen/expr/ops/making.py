"""Arrays made of numbers, or like another."""

from layergen.expr import results
from layergen.expr.ops.row import row

MAKING = (
    row(
        "full",
        "shape: shape, fill_value: tensor",
        results.of_fill_value,
        "an array of one value",
        early=True,
        creates=True,
    ),
    row(
        "zeros",
        "shape: shape",
        results.of_fill_value,
        "an array of zeros",
        early=True,
        creates=True,
    ),
    row(
        "ones",
        "shape: shape",
        results.of_fill_value,
        "an array of ones",
        early=True,
        creates=True,
    ),
    row(
        "full_like",
        "x: tensor, fill_value: number",
        results.same,
        "one value in the same shape",
        early=True,
        converts=True,
    ),
    row(
        "zeros_like",
        "x: tensor",
        results.same,
        "zeros of the same shape",
        early=True,
        converts=True,
    ),
    row(
        "ones_like",
        "x: tensor",
        results.same,
        "ones of the same shape",
        early=True,
        converts=True,
    ),
    row(
        "arange",
        "start: number, stop: number = None, step: number = None",
        results.of_range,
        "numbers at even steps, the last one excluded",
        early=True,
        creates=True,
    ),
    row(
        "linspace",
        "start: tensor, stop: tensor, num: int = 50",
        results.floats,
        "num numbers from start to stop, both included",
        early=True,
        creates=True,
    ),
    row(
        "eye",
        "N: int, M: int = None",
        results.floats,
        "an identity matrix",
        early=True,
        creates=True,
    ),
    row(
        "meshgrid",
        "*x: tensor, indexing: xy|ij = xy",
        results.one_each,
        "coordinates of a grid, one array for each vector",
        early=True,
    ),
)

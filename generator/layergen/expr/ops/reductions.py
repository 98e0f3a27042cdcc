"""Functions that take axes away, and that run along one."""

from layergen.expr import results
from layergen.expr.op import Op
from layergen.expr.ops.row import Result, row

_OVER = "x: tensor, axis: axes = None, *, keepdims: bool = False"


def _reduction(
    name: str, doc: str, result: Result, *, early: bool = True, converts: bool = False
) -> Op:
    return row(name, _OVER, result, doc, early=early, converts=converts)


REDUCTIONS = (
    _reduction("sum", "sum over axes", results.counted),
    _reduction("mean", "mean over axes", results.floats),
    _reduction("max", "greatest over axes", results.same),
    _reduction("min", "least over axes", results.same),
    _reduction("prod", "product over axes", results.counted),
    _reduction("std", "standard deviation over axes", results.floats),
    _reduction("var", "variance over axes", results.floats),
    _reduction(
        "logsumexp", "log of the sum of exp over axes", results.floats, early=False
    ),
    _reduction("all", "whether all over axes hold", results.bools, converts=True),
    _reduction("any", "whether one over axes holds", results.bools, converts=True),
    row(
        "argmax",
        "x: tensor, axis: axis = None, *, keepdims: bool = False",
        results.ints,
        "place of the greatest along an axis",
        early=True,
    ),
    row(
        "argmin",
        "x: tensor, axis: axis = None, *, keepdims: bool = False",
        results.ints,
        "place of the least along an axis",
        early=True,
    ),
    row(
        "norm",
        "x: tensor, ord: number = None, axis: axes = None, keepdims: bool = False",
        results.floats,
        "norm of vectors, or of matrices over two axes",
        early="np.linalg.norm",
    ),
    row(
        "moments",
        "x: tensor, axes: axes, keepdims: bool = False",
        results.two_floats,
        "mean and variance over axes",
        converts=True,
    ),
    row(
        "trace",
        "x: tensor, offset: int = 0, axis1: axis = 0, axis2: axis = 1",
        results.counted,
        "sum over a diagonal",
        early=True,
    ),
    row(
        "cumsum",
        "x: tensor, axis: axis = None",
        results.counted,
        "running sum along an axis",
        early=True,
    ),
    row(
        "cumprod",
        "x: tensor, axis: axis = None",
        results.counted,
        "running product along an axis",
        early=True,
    ),
    row(
        "diff",
        "a: tensor, n: int = 1, axis: axis = -1",
        results.counted,
        "differences of neighbours, n times",
        early=True,
    ),
)

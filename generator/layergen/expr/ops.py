"""The functions of the language: how each is called, what it yields, how it is spelled.

One row an op. The oracle holds the meaning (`oracle/kernels.py`), under the same keys.
"""

from collections.abc import Callable, Mapping

from layergen.expr import results
from layergen.expr.ir import Expr, Type
from layergen.expr.op import Op
from layergen.expr.random_ops import RANDOM_ROWS


def _unary(
    name: str,
    doc: str,
    result: Callable[[Mapping[str, Expr]], Type] = results.floats,
    *,
    numpy: str | None = "",
    math: str | None = None,
    converts: bool = False,
) -> Op:
    """An op on every element."""
    spelled = f"np.{name}" if numpy == "" else numpy
    return Op(
        name,
        "x: tensor",
        result,
        doc,
        f"ops.{name}",
        numpy=spelled,
        math=math,
        converts=converts,
    )


def _reduction(
    name: str,
    doc: str,
    result: Callable[[Mapping[str, Expr]], Type],
    *,
    numpy: str | None = "",
) -> Op:
    """An op that takes axes away."""
    return Op(
        name,
        "x: tensor, axis: axes = None, keepdims: bool = False",
        result,
        doc,
        f"ops.{name}",
        numpy=f"np.{name}" if numpy == "" else numpy,
    )


_ROWS = (
    # Elements
    _unary("abs", "absolute value", results.same, math="abs"),
    _unary("cos", "cosine", math="math.cos"),
    _unary("exp", "exponential", math="math.exp"),
    _unary("floor", "largest integer not above", math="math.floor"),
    _unary("log", "natural logarithm", math="math.log"),
    _unary("log1p", "natural logarithm of 1 + x", math="math.log1p"),
    _unary("relu", "the positive part", results.same, numpy=None),
    _unary("rsqrt", "reciprocal square root", numpy=None),
    _unary("sigmoid", "1 / (1 + exp(-x))", numpy=None),
    _unary("sign", "-1, 0 or 1", results.same),
    _unary("silu", "x * sigmoid(x)", numpy=None),
    _unary("sin", "sine", math="math.sin"),
    _unary("softplus", "log(1 + exp(x))", numpy=None),
    _unary("sqrt", "square root", math="math.sqrt"),
    _unary("square", "x * x", results.same),
    _unary("tanh", "hyperbolic tangent", math="math.tanh"),
    _unary(
        "stop_gradient", "x, through which no gradient flows", results.same, numpy=None
    ),
    _unary("logical_not", "elementwise not", results.bools),
    _unary("zeros_like", "zeros of the same shape", results.same),
    _unary("ones_like", "ones of the same shape", results.same),
    Op(
        "gelu",
        "x: tensor, approximate: bool = True",
        results.floats,
        "Gaussian error linear unit",
        "ops.gelu",
    ),
    Op(
        "clip",
        "x: tensor, x_min: tensor, x_max: tensor",
        results.same,
        "x kept between two bounds",
        "ops.clip",
        "np.clip",
        converts=True,
    ),
    Op(
        "maximum",
        "x1: tensor, x2: tensor",
        results.promoted,
        "the greater of two, elementwise",
        "ops.maximum",
        "np.maximum",
        "max",
    ),
    Op(
        "minimum",
        "x1: tensor, x2: tensor",
        results.promoted,
        "the lesser of two, elementwise",
        "ops.minimum",
        "np.minimum",
        "min",
    ),
    Op(
        "logical_and",
        "x1: tensor, x2: tensor",
        results.bools,
        "elementwise and",
        "ops.logical_and",
        "np.logical_and",
    ),
    Op(
        "logical_or",
        "x1: tensor, x2: tensor",
        results.bools,
        "elementwise or",
        "ops.logical_or",
        "np.logical_or",
    ),
    Op(
        "where",
        "condition: mask, x1: tensor, x2: tensor",
        results.of_branches,
        "x1 where the condition holds, else x2",
        "ops.where",
        "np.where",
        converts=True,
    ),
    Op(
        "cast",
        "x: tensor, dtype: dtype",
        results.of_dtype,
        "x in another dtype",
        "ops.cast",
    ),
    # Reductions
    _reduction("sum", "sum over axes", results.counted),
    _reduction("mean", "mean over axes", results.floats),
    _reduction("max", "greatest over axes", results.same),
    _reduction("min", "least over axes", results.same),
    _reduction("var", "variance over axes", results.floats),
    _reduction(
        "logsumexp", "log of the sum of exp over axes", results.floats, numpy=None
    ),
    Op(
        "moments",
        "x: tensor, axes: axes, keepdims: bool = False",
        results.two_floats,
        "mean and variance over axes",
        "ops.moments",
    ),
    Op(
        "softmax",
        "x: tensor, axis: axes = -1",
        results.floats,
        "exp(x), scaled to sum to 1 over an axis",
        "ops.softmax",
    ),
    # Products
    Op(
        "matmul",
        "x1: tensor, x2: tensor",
        results.promoted,
        "matrix product over the last axes",
        "ops.matmul",
        "np.matmul",
    ),
    # Shapes
    Op(
        "reshape",
        "x: tensor, newshape: shape",
        results.same,
        "the same elements in another shape",
        "ops.reshape",
        "np.reshape",
    ),
    Op(
        "transpose",
        "x: tensor, axes: axes = None",
        results.same,
        "the axes in another order",
        "ops.transpose",
        "np.transpose",
    ),
    Op(
        "expand_dims",
        "x: tensor, axis: axes",
        results.same,
        "a new axis of size 1",
        "ops.expand_dims",
        "np.expand_dims",
    ),
    Op(
        "squeeze",
        "x: tensor, axis: axes = None",
        results.same,
        "without an axis of size 1",
        "ops.squeeze",
        "np.squeeze",
    ),
    Op(
        "concatenate",
        "xs: tensors, axis: axis = 0",
        results.same,
        "tensors joined along an axis",
        "ops.concatenate",
        "np.concatenate",
    ),
    Op(
        "stack",
        "x: tensors, axis: axis = 0",
        results.same,
        "tensors joined along a new axis",
        "ops.stack",
        "np.stack",
        converts=True,
    ),
    Op(
        "take",
        "x: tensor, indices: index, axis: axis = None",
        results.same,
        "entries of x at indices",
        "ops.take",
        "np.take",
        gathers=True,
    ),
    Op(
        "flip",
        "x: tensor, axis: axes = None",
        results.same,
        "the elements of an axis in reverse",
        "ops.flip",
        "np.flip",
    ),
    Op(
        "cumsum",
        "x: tensor, axis: axis = None",
        results.counted,
        "running sum along an axis",
        "ops.cumsum",
        "np.cumsum",
    ),
    # Arrays made from numbers
    Op(
        "full",
        "shape: shape, fill_value: tensor",
        results.of_fill_value,
        "an array of one value",
        "ops.full",
        "np.full",
        creates=True,
    ),
    Op(
        "zeros",
        "shape: shape",
        results.of_fill_value,
        "an array of zeros",
        "ops.zeros",
        "np.zeros",
        creates=True,
    ),
    Op(
        "ones",
        "shape: shape",
        results.of_fill_value,
        "an array of ones",
        "ops.ones",
        "np.ones",
        creates=True,
    ),
    Op(
        "arange",
        "start: tensor, stop: tensor = None, step: tensor = None",
        results.of_range,
        "numbers at even steps, the last one excluded",
        "ops.arange",
        "np.arange",
        creates=True,
    ),
    Op(
        "linspace",
        "start: tensor, stop: tensor, num: int = 50",
        results.floats,
        "num numbers from start to stop, both included",
        "ops.linspace",
        "np.linspace",
        creates=True,
    ),
    Op(
        "eye",
        "N: int, M: int = None",
        results.floats,
        "an identity matrix",
        "ops.eye",
        "np.eye",
        creates=True,
    ),
    Op(
        "outer",
        "x1: tensor, x2: tensor",
        results.promoted,
        "every product of two vectors' elements",
        "ops.outer",
        "np.outer",
        converts=True,
    ),
    Op(
        "tril",
        "x: tensor, k: int = 0",
        results.same,
        "the lower triangle",
        "ops.tril",
        "np.tril",
        converts=True,
    ),
    Op(
        "triu",
        "x: tensor, k: int = 0",
        results.same,
        "the upper triangle",
        "ops.triu",
        "np.triu",
        converts=True,
    ),
)

OPS: Mapping[str, Op] = {op.name: op for op in (*_ROWS, *RANDOM_ROWS)}

GROUPS = frozenset(name.split(".")[0] for name in OPS if "." in name)
"""What stands before the dot of a function's name."""

NUMBERS: Mapping[str, float] = {"pi": 3.141592653589793, "e": 2.718281828459045}
"""Numbers with a name."""

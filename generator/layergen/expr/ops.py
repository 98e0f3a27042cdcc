"""The functions of the language: how each is called, what it yields, how it is spelled.

One row an op. The oracle holds the meaning (`oracle/kernels.py`), under the same keys.
A signature lists parameters as Python does; after the colon stands what may be passed:
`tensor` (a tensor or a number), `tensors`, `index` (whole numbers), `mask` (true or
false), `int`, `bool`, `axis`, `axes`, `shape`, `dtype`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from layergen.expr.ir import ArrayType, Expr, Kind, Literal, ScalarType, TupleType, Type


@dataclass(frozen=True)
class Parameter:
    """A parameter of an op: what it accepts, and whether it may be left out."""

    name: str
    accepts: str
    required: bool


@dataclass(frozen=True)
class Op:
    """A function of the language.

    Attributes:
        name: as specs write it.
        signature: see the module.
        result: the kind that it yields: the function from the bound arguments.
        doc: what it does, in a few words.
        keras: how `call` spells it.
        numpy: how values known before the call are computed; None when NumPy has no
            function for it, and then the op stays in `call`.
        math: how a Python number is computed, when all arguments are numbers.
        converts: whether Keras Variables must be made tensors first, because a backend
            fails on them.
        creates: whether it makes an array out of numbers. In `call` it needs a dtype:
            Keras would take float32 whatever the layer's policy says.
        gathers: whether it reads a few entries of its first argument, so that a large
            table is better cast after than before.
    """

    name: str
    signature: str
    result: Callable[[Mapping[str, Expr]], Type]
    doc: str
    keras: str
    numpy: str | None = None
    math: str | None = None
    converts: bool = False
    creates: bool = False
    gathers: bool = False

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, in order."""
        found = []
        for part in self.signature.split(", "):
            name, _, rest = part.partition(": ")
            accepts, _, default = rest.partition(" = ")
            found.append(Parameter(name, accepts, required=not default))
        return tuple(found)


_ORDER = (Kind.BOOL, Kind.INT, Kind.FLOAT)


def _kind(expr: Expr) -> Kind:
    """The kind of a number or tensor; of a tuple, the widest of its elements."""
    match expr.type:
        case ArrayType(kind=kind) | ScalarType(kind=kind):
            return kind if kind in _ORDER else Kind.FLOAT
        case TupleType(items=items) if items:
            kinds = [t.kind for t in items if isinstance(t, ArrayType | ScalarType)]
            return max(kinds, key=_ORDER.index) if kinds else Kind.FLOAT
    return Kind.FLOAT


def _widest(*exprs: Expr) -> Kind:
    return max((_kind(expr) for expr in exprs), key=_ORDER.index)


def _same(args: Mapping[str, Expr]) -> Type:
    return ArrayType(_kind(next(iter(args.values()))))


def _number(args: Mapping[str, Expr]) -> Type:
    """Like `_same`, but counting: a sum of booleans is an integer."""
    kind = _kind(next(iter(args.values())))
    return ArrayType(Kind.INT if kind is Kind.BOOL else kind)


def _float(args: Mapping[str, Expr]) -> Type:
    return ArrayType(Kind.FLOAT)


def _int(args: Mapping[str, Expr]) -> Type:
    return ArrayType(Kind.INT)


def _bool(args: Mapping[str, Expr]) -> Type:
    return ArrayType(Kind.BOOL)


def _promoted(args: Mapping[str, Expr]) -> Type:
    return ArrayType(_widest(*args.values()))


def _branches(args: Mapping[str, Expr]) -> Type:
    return ArrayType(_widest(args["x1"], args["x2"]))


def _two_floats(args: Mapping[str, Expr]) -> Type:
    return TupleType((ArrayType(Kind.FLOAT), ArrayType(Kind.FLOAT)))


def _filled(args: Mapping[str, Expr]) -> Type:
    value = args.get("fill_value")
    return ArrayType(_kind(value)) if value is not None else ArrayType(Kind.FLOAT)


def _range(args: Mapping[str, Expr]) -> Type:
    return ArrayType(_widest(*args.values()))


def _cast(args: Mapping[str, Expr]) -> Type:
    dtype = args["dtype"]
    name = str(dtype.value) if isinstance(dtype, Literal) else "float"
    return ArrayType(dtype_kind(name))


def dtype_kind(dtype: str) -> Kind:
    """The kind of a dtype's name: `int32` is INT, `float` and `bfloat16` are FLOAT."""
    if dtype == "bool":
        return Kind.BOOL
    return Kind.INT if dtype.startswith(("int", "uint")) else Kind.FLOAT


def _unary(
    name: str,
    doc: str,
    result: Callable[[Mapping[str, Expr]], Type] = _float,
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
    _unary("abs", "absolute value", _same, math="abs"),
    _unary("cos", "cosine", math="math.cos"),
    _unary("exp", "exponential", math="math.exp"),
    _unary("floor", "largest integer not above", math="math.floor"),
    _unary("log", "natural logarithm", math="math.log"),
    _unary("log1p", "natural logarithm of 1 + x", math="math.log1p"),
    _unary("relu", "the positive part", _same, numpy=None),
    _unary("rsqrt", "reciprocal square root", numpy=None),
    _unary("sigmoid", "1 / (1 + exp(-x))", numpy=None),
    _unary("sign", "-1, 0 or 1", _same),
    _unary("silu", "x * sigmoid(x)", numpy=None),
    _unary("sin", "sine", math="math.sin"),
    _unary("softplus", "log(1 + exp(x))", numpy=None),
    _unary("sqrt", "square root", math="math.sqrt"),
    _unary("square", "x * x", _same),
    _unary("tanh", "hyperbolic tangent", math="math.tanh"),
    _unary("stop_gradient", "x, through which no gradient flows", _same, numpy=None),
    _unary("logical_not", "elementwise not", _bool),
    _unary("zeros_like", "zeros of the same shape", _same),
    _unary("ones_like", "ones of the same shape", _same),
    Op(
        "gelu",
        "x: tensor, approximate: bool = True",
        _float,
        "Gaussian error linear unit",
        "ops.gelu",
    ),
    Op(
        "clip",
        "x: tensor, x_min: tensor, x_max: tensor",
        _same,
        "x kept between two bounds",
        "ops.clip",
        "np.clip",
        converts=True,
    ),
    Op(
        "maximum",
        "x1: tensor, x2: tensor",
        _promoted,
        "the greater of two, elementwise",
        "ops.maximum",
        "np.maximum",
        "max",
    ),
    Op(
        "minimum",
        "x1: tensor, x2: tensor",
        _promoted,
        "the lesser of two, elementwise",
        "ops.minimum",
        "np.minimum",
        "min",
    ),
    Op(
        "logical_and",
        "x1: tensor, x2: tensor",
        _bool,
        "elementwise and",
        "ops.logical_and",
        "np.logical_and",
    ),
    Op(
        "logical_or",
        "x1: tensor, x2: tensor",
        _bool,
        "elementwise or",
        "ops.logical_or",
        "np.logical_or",
    ),
    Op(
        "where",
        "condition: mask, x1: tensor, x2: tensor",
        _branches,
        "x1 where the condition holds, else x2",
        "ops.where",
        "np.where",
        converts=True,
    ),
    Op("cast", "x: tensor, dtype: dtype", _cast, "x in another dtype", "ops.cast"),
    # Reductions
    _reduction("sum", "sum over axes", _number),
    _reduction("mean", "mean over axes", _float),
    _reduction("max", "greatest over axes", _same),
    _reduction("min", "least over axes", _same),
    _reduction("var", "variance over axes", _float),
    _reduction("logsumexp", "log of the sum of exp over axes", _float, numpy=None),
    Op(
        "moments",
        "x: tensor, axes: axes, keepdims: bool = False",
        _two_floats,
        "mean and variance over axes",
        "ops.moments",
    ),
    Op(
        "softmax",
        "x: tensor, axis: axes = -1",
        _float,
        "exp(x), scaled to sum to 1 over an axis",
        "ops.softmax",
    ),
    # Products
    Op(
        "matmul",
        "x1: tensor, x2: tensor",
        _promoted,
        "matrix product over the last axes",
        "ops.matmul",
        "np.matmul",
    ),
    # Shapes
    Op(
        "reshape",
        "x: tensor, newshape: shape",
        _same,
        "the same elements in another shape",
        "ops.reshape",
        "np.reshape",
    ),
    Op(
        "transpose",
        "x: tensor, axes: axes = None",
        _same,
        "the axes in another order",
        "ops.transpose",
        "np.transpose",
    ),
    Op(
        "expand_dims",
        "x: tensor, axis: axes",
        _same,
        "a new axis of size 1",
        "ops.expand_dims",
        "np.expand_dims",
    ),
    Op(
        "squeeze",
        "x: tensor, axis: axes = None",
        _same,
        "without an axis of size 1",
        "ops.squeeze",
        "np.squeeze",
    ),
    Op(
        "concatenate",
        "xs: tensors, axis: axis = 0",
        _same,
        "tensors joined along an axis",
        "ops.concatenate",
        "np.concatenate",
    ),
    Op(
        "stack",
        "x: tensors, axis: axis = 0",
        _same,
        "tensors joined along a new axis",
        "ops.stack",
        "np.stack",
        converts=True,
    ),
    Op(
        "take",
        "x: tensor, indices: index, axis: axis = None",
        _same,
        "entries of x at indices",
        "ops.take",
        "np.take",
        gathers=True,
    ),
    Op(
        "flip",
        "x: tensor, axis: axes = None",
        _same,
        "the elements of an axis in reverse",
        "ops.flip",
        "np.flip",
    ),
    Op(
        "cumsum",
        "x: tensor, axis: axis = None",
        _number,
        "running sum along an axis",
        "ops.cumsum",
        "np.cumsum",
    ),
    # Arrays made from numbers
    Op(
        "full",
        "shape: shape, fill_value: tensor",
        _filled,
        "an array of one value",
        "ops.full",
        "np.full",
        creates=True,
    ),
    Op(
        "zeros",
        "shape: shape",
        _filled,
        "an array of zeros",
        "ops.zeros",
        "np.zeros",
        creates=True,
    ),
    Op(
        "ones",
        "shape: shape",
        _filled,
        "an array of ones",
        "ops.ones",
        "np.ones",
        creates=True,
    ),
    Op(
        "arange",
        "start: tensor, stop: tensor = None, step: tensor = None",
        _range,
        "numbers at even steps, the last one excluded",
        "ops.arange",
        "np.arange",
        creates=True,
    ),
    Op(
        "linspace",
        "start: tensor, stop: tensor, num: int = 50",
        _float,
        "num numbers from start to stop, both included",
        "ops.linspace",
        "np.linspace",
        creates=True,
    ),
    Op(
        "eye",
        "N: int, M: int = None",
        _float,
        "an identity matrix",
        "ops.eye",
        "np.eye",
        creates=True,
    ),
    Op(
        "outer",
        "x1: tensor, x2: tensor",
        _promoted,
        "every product of two vectors' elements",
        "ops.outer",
        "np.outer",
        converts=True,
    ),
    Op(
        "tril",
        "x: tensor, k: int = 0",
        _same,
        "the lower triangle",
        "ops.tril",
        "np.tril",
        converts=True,
    ),
    Op(
        "triu",
        "x: tensor, k: int = 0",
        _same,
        "the upper triangle",
        "ops.triu",
        "np.triu",
        converts=True,
    ),
)

OPS: Mapping[str, Op] = {op.name: op for op in _ROWS}

NUMBERS: Mapping[str, float] = {"pi": 3.141592653589793, "e": 2.718281828459045}
"""Numbers with a name."""

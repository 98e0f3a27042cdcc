"""Functions of every element."""

from layergen.expr import results, sizes
from layergen.expr.op import Op, Sizes
from layergen.expr.ops.row import Result, row


def _each(
    name: str,
    doc: str,
    result: Result = results.floats,
    *,
    early: bool = True,
    math: str | None = None,
    known: Sizes | None = None,
) -> Op:
    return row(name, "x: tensor", result, doc, early=early, math=math, sizes=known)


def _pair(
    name: str, doc: str, result: Result = results.promoted, *, math: str | None = None
) -> Op:
    return row(name, "x1: tensor, x2: tensor", result, doc, early=True, math=math)


ELEMENTS = (
    _each("abs", "absolute value", results.same, math="abs"),
    _each("arccos", "inverse of the cosine", math="math.acos"),
    _each("arccosh", "inverse of the hyperbolic cosine", math="math.acosh"),
    _each("arcsin", "inverse of the sine", math="math.asin"),
    _each("arcsinh", "inverse of the hyperbolic sine", math="math.asinh"),
    _each("arctan", "inverse of the tangent", math="math.atan"),
    _pair(
        "arctan2",
        "angle of the point (x2, x1)",
        results.floats,
        math="math.atan2",
    ),
    _each("arctanh", "inverse of the hyperbolic tangent", math="math.atanh"),
    _each("ceil", "smallest integer not below", math="math.ceil"),
    row(
        "clip",
        "x: tensor, x_min: tensor, x_max: tensor",
        results.same,
        "x kept between two bounds",
        early=True,
        converts=True,
    ),
    _each("cos", "cosine", math="math.cos"),
    _each("cosh", "hyperbolic cosine", math="math.cosh"),
    _each("erf", "error function", early=False, math="math.erf"),
    _each("exp", "exponential", math="math.exp"),
    _each("exp2", "2 ** x", math="math.exp2"),
    _each("expm1", "exp(x) - 1", math="math.expm1"),
    _each("floor", "largest integer not above", math="math.floor"),
    _each("log", "natural logarithm", math="math.log"),
    _each("log10", "logarithm to base 10", math="math.log10"),
    _each("log1p", "natural logarithm of 1 + x", math="math.log1p"),
    _each("log2", "logarithm to base 2", math="math.log2"),
    _pair("logaddexp", "log(exp(x1) + exp(x2))", results.floats),
    _pair("maximum", "the greater of two, elementwise", math="max"),
    _pair("minimum", "the lesser of two, elementwise", math="min"),
    row(
        "nan_to_num",
        "x: tensor, *, nan: number = 0.0, posinf: number, neginf: number",
        results.same,
        "numbers in the place of NaN and the infinities",
        early=True,
    ),
    row(
        "round",
        "x: tensor, decimals: int = 0",
        results.floats,
        "nearest number of so many decimals, the even one of two",
        early=True,
    ),
    _each("rsqrt", "reciprocal square root", early=False),
    _each("sign", "-1, 0 or 1", results.same),
    _each("sin", "sine", math="math.sin"),
    _each("sinh", "hyperbolic sine", math="math.sinh"),
    _each("sqrt", "square root", math="math.sqrt"),
    _each("square", "x * x", results.same),
    row("stop_gradient", "variable: tensor", results.same, "x, without a gradient"),
    _each("tan", "tangent", math="math.tan"),
    _each("tanh", "hyperbolic tangent", math="math.tanh"),
    row(
        "cast",
        "x: tensor, dtype: dtype",
        results.of_dtype,
        "x in another dtype",
    ),
)

CONDITIONS = (
    row(
        "where",
        "condition: mask, x1: tensor, x2: tensor",
        results.of_branches,
        "x1 where the condition holds, else x2",
        early=True,
        converts=True,
    ),
    _pair("logical_and", "elementwise and", results.bools),
    _each("logical_not", "elementwise not", results.bools),
    _pair("logical_or", "elementwise or", results.bools),
    _pair("logical_xor", "one of two, but not both", results.bools),
    _each(
        "isfinite",
        "neither NaN nor infinite",
        results.bools,
        known=sizes.ALL_OF_INTEGERS,
    ),
    _each("isinf", "infinite", results.bools, known=sizes.ALL_OF_INTEGERS),
    _each("isnan", "NaN", results.bools, known=sizes.ALL_OF_INTEGERS),
)

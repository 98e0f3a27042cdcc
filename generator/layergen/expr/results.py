"""Bound arguments of an op -> the type of what it yields.

Only kinds are inferred; shapes are checked by evaluating.
"""

from collections.abc import Mapping

from layergen.expr.ir import (
    ArrayType,
    DtypeType,
    Expr,
    Kind,
    Literal,
    ScalarType,
    TupleType,
    Type,
)
from layergen.expr.op import dtype_kind

_MOST_PARTS = 1000
"""Parts of a tensor whose types are told one by one."""

_ORDER = (Kind.BOOL, Kind.INT, Kind.FLOAT)


def _kind(expr: Expr) -> Kind:
    """The kind of a number or tensor; of a tuple, the widest of its elements."""
    match expr.type:
        case ArrayType(kind=kind) | ScalarType(kind=kind):
            return kind if kind in _ORDER else Kind.FLOAT
        case TupleType(items=items) if items:
            kinds = [t.kind for t in items if isinstance(t, ArrayType | ScalarType)]
            numbers = [kind for kind in kinds if kind in _ORDER]
            return max(numbers, key=_ORDER.index, default=Kind.FLOAT)
    return Kind.FLOAT


def _widest(*exprs: Expr) -> Kind:
    return max((_kind(expr) for expr in exprs), key=_ORDER.index)


def same(args: Mapping[str, Expr]) -> Type:
    """The kind of the first argument."""
    return ArrayType(_kind(next(iter(args.values()))))


def counted(args: Mapping[str, Expr]) -> Type:
    """Like `same`, but counting: a sum of booleans is an integer."""
    kind = _kind(next(iter(args.values())))
    return ArrayType(Kind.INT if kind is Kind.BOOL else kind)


def floats(args: Mapping[str, Expr]) -> Type:
    """Floats, whatever comes in."""
    return ArrayType(Kind.FLOAT)


def ints(args: Mapping[str, Expr]) -> Type:
    """Whole numbers, whatever comes in."""
    return ArrayType(Kind.INT)


def bools(args: Mapping[str, Expr]) -> Type:
    """True or false."""
    return ArrayType(Kind.BOOL)


def promoted(args: Mapping[str, Expr]) -> Type:
    """The widest kind of all arguments."""
    return ArrayType(_widest(*args.values()))


def of_branches(args: Mapping[str, Expr]) -> Type:
    """The widest kind of the two branches of `where`."""
    return ArrayType(_widest(args["x1"], args["x2"]))


def two_floats(args: Mapping[str, Expr]) -> Type:
    """Two tensors of floats."""
    return TupleType((ArrayType(Kind.FLOAT), ArrayType(Kind.FLOAT)))


def values_and_places(args: Mapping[str, Expr]) -> Type:
    """Elements of the first argument, and where they were."""
    return TupleType((same(args), ArrayType(Kind.INT)))


def of_pair(args: Mapping[str, Expr]) -> Type:
    """The widest kind of two tensors."""
    return ArrayType(_widest(args["x1"], args["x2"]))


def of_operands(args: Mapping[str, Expr]) -> Type:
    """The widest kind of the tensors that follow a text."""
    return ArrayType(_widest(*list(args.values())[1:]))


def one_each(args: Mapping[str, Expr]) -> Type:
    """One tensor for each that comes in."""
    tensors = [value for name, value in args.items() if name.endswith("]")]
    return TupleType(tuple(ArrayType(_kind(value)) for value in tensors))


def parts(args: Mapping[str, Expr]) -> Type:
    """Tensors of the first one's kind, as many as a number that is written out says."""
    match args["indices_or_sections"]:
        case Literal(value=int(count)) if 0 < count <= _MOST_PARTS:
            return TupleType((same(args),) * count)
        case expr if isinstance(expr.type, TupleType) and expr.type.items is not None:
            return TupleType((same(args),) * (len(expr.type.items) + 1))
    return TupleType(None, same(args))


def of_fill_value(args: Mapping[str, Expr]) -> Type:
    """The kind of the value that fills, floats if there is none."""
    value = args.get("fill_value")
    return ArrayType(_kind(value)) if value is not None else ArrayType(Kind.FLOAT)


def of_range(args: Mapping[str, Expr]) -> Type:
    """The kind of the bounds."""
    return ArrayType(_widest(*args.values()))


def of_dtype(args: Mapping[str, Expr]) -> Type:
    """The kind of the dtype that is asked for."""
    dtype = args["dtype"]
    if isinstance(dtype.type, DtypeType):
        return ArrayType(dtype.type.kind)
    name = str(dtype.value) if isinstance(dtype, Literal) else "float"
    return ArrayType(dtype_kind(name))


def state_and_outputs(args: Mapping[str, Expr]) -> Type:
    """The last state, and the outputs of all steps, which are like the state."""
    return TupleType((args["init"].type,) * 2)


def state_and_part(args: Mapping[str, Expr]) -> tuple[Type, ...]:
    """What each step is given: the state, and its part of the sequences."""
    xs = args.get("xs")
    return args["init"].type, ScalarType(Kind.NONE) if xs is None else xs.type

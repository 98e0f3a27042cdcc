"""Types -> types: what operators yield, what a branch joins, what a parameter takes."""

from functools import reduce

from layergen.expr import ir
from layergen.expr.language import DTYPES

ORDER = (ir.Kind.BOOL, ir.Kind.INT, ir.Kind.FLOAT)
"""Kinds of numbers; of two, the later is wider."""


def arithmetic(operator: str, left: ir.Type, right: ir.Type) -> ir.Type:
    """The type of `left operator right`, for operands that are numbers or tensors."""
    if ir.ANY in (left, right):
        return ir.ANY
    kinds = [
        t.kind for t in (left, right) if isinstance(t, ir.ArrayType | ir.ScalarType)
    ]
    widest = max(
        (k for k in kinds if k in ORDER), key=ORDER.index, default=ir.Kind.FLOAT
    )
    if operator == "/":
        widest = ir.Kind.FLOAT
    elif widest is ir.Kind.BOOL:
        widest = ir.Kind.INT
    if isinstance(left, ir.ArrayType) or isinstance(right, ir.ArrayType):
        return ir.ArrayType(widest)
    return ir.ScalarType(widest)


def join(left: ir.Type, right: ir.Type) -> ir.Type:
    """The type of a value that is one of two."""
    if left == right or right == ir.NONE:
        return left
    if left == ir.NONE:
        return right
    if isinstance(left, ir.ArrayType) and isinstance(right, ir.ArrayType):
        return ir.ArrayType(max(left.kind, right.kind, key=ORDER.index))
    if isinstance(left, ir.ArrayType) and isinstance(right, ir.ScalarType):
        return left
    if isinstance(right, ir.ArrayType) and isinstance(left, ir.ScalarType):
        return right
    if isinstance(left, ir.TupleType) and isinstance(right, ir.TupleType):
        return _join_tuples(left, right)
    if {left, right} == {ir.INT, ir.FLOAT}:
        return ir.FLOAT
    return ir.ANY


def _join_tuples(left: ir.TupleType, right: ir.TupleType) -> ir.Type:
    """Tuples of one length keep the type of each element; others share one."""
    if left.items is None or right.items is None or len(left.items) != len(right.items):
        parts = [element(side) for side in (left, right) if side.items != ()]
        return ir.TupleType(None, reduce(join, parts))
    return ir.TupleType(tuple(map(join, left.items, right.items)))


def element(of_type: ir.Type) -> ir.Type:
    """The type that all elements of a tuple share; what is no tuple has any."""
    match of_type:
        case ir.TupleType(items=None, element=shared):
            return shared or ir.ANY
        case ir.TupleType(items=items) if items:
            return reduce(join, items)
    return ir.ANY


def _is_tensor(of_type: ir.Type) -> bool:
    """Whether it is a tensor or a number."""
    is_array = isinstance(of_type, ir.ArrayType | ir.AnyType)
    return is_array or of_type in (ir.BOOL, ir.INT, ir.FLOAT)


def _are_tensors(types: tuple[ir.Type, ...] | None) -> bool:
    """Whether there are some, and all are tensors."""
    is_tensor = (isinstance(t, ir.ArrayType | ir.AnyType) for t in types or ())
    return bool(types) and all(is_tensor)


def _holds_ints(of_type: ir.Type) -> bool:
    """Whether it is a tuple of integers."""
    if not isinstance(of_type, ir.TupleType):
        return False
    types = (element(of_type),) if of_type.items is None else of_type.items
    return all(item in (ir.INT, ir.ANY) for item in types)


def fits(accepts: str, value: ir.Expr) -> bool:
    """Whether a value may be passed where a signature says `accepts`."""
    numbers = (ir.BOOL, ir.INT, ir.FLOAT)
    match value.type, accepts:
        case ir.AnyType(), _:
            return True
        case ir.ArrayType(), "tensor":
            return True
        case ir.ArrayType(kind=kind) | ir.ScalarType(kind=kind), "index":
            return kind is ir.Kind.INT
        case ir.ArrayType(kind=kind) | ir.ScalarType(kind=kind), "mask":
            return kind is ir.Kind.BOOL
        case ir.TupleType(items=items), "index":
            return items != () and _holds_ints(value.type)
        case ir.ScalarType(), "tensor":
            return value.type in numbers
        case ir.TupleType(items=None), "tensors":
            return _is_tensor(element(value.type))
        case ir.FunctionType(), "function":
            return True
        case ir.ArrayType(), "state" | "sequence":
            return True
        case ir.TupleType(items=items), "state":
            return isinstance(value, ir.Display) and _are_tensors(items)
        case ir.TupleType(items=items), "sequence":
            return _are_tensors(items)
        case ir.TupleType(items=items), "tensors":
            return bool(items) and all(map(_is_tensor, items or ()))
        case (
            ir.ScalarType(kind=ir.Kind.INT),
            "int" | "axis" | "axes" | "ints" | "nested" | "number",
        ):
            return True
        case ir.ScalarType(kind=ir.Kind.FLOAT), "number":
            return True
        case ir.ScalarType(kind=ir.Kind.BOOL), "bool":
            return True
        case ir.TupleType(), "axes" | "ints" | "shape":
            return _holds_ints(value.type)
        case ir.TupleType(items=items), "pairs":
            types = (element(value.type),) if items is None else items
            return all(map(_holds_ints, types))
        case ir.TupleType(items=items), "nested":
            types = (element(value.type),) if items is None else items
            return all(t in (ir.INT, ir.ANY) or _holds_ints(t) for t in types)
        case ir.TupleType(items=items), "noise_shape":
            types = (element(value.type),) if items is None else items
            return all(of_type in (ir.INT, ir.NONE, ir.ANY) for of_type in types)
        case ir.DtypeType(), "dtype":
            return True
        case ir.ScalarType(kind=ir.Kind.STR), "text":
            return True
        case ir.ScalarType(kind=ir.Kind.STR), _ if "|" in accepts:
            choices = accepts.split("|")
            return not isinstance(value, ir.Literal) or value.value in choices
        case ir.ScalarType(kind=ir.Kind.STR), "dtype":
            return isinstance(value, ir.Literal) and value.value in DTYPES
    return False

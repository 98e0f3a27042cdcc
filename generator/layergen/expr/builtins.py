"""The functions of Python that the language has, on Python values only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layergen.expr import ir

MOST_ELEMENTS = 10_000
"""Elements that a Python sequence of a spec may have."""


@dataclass(frozen=True)
class Builtin:
    """A function of Python.

    Attributes:
        usage: how it is called.
        least: how few arguments it takes.
        most: how many.
        result: the type that it yields, from the arguments.
        compute: the function itself; sequences come out as tuples.
    """

    usage: str
    least: int
    most: int
    result: Callable[[Sequence[ir.Expr]], ir.Type]
    compute: Callable[..., Any]


def _element(expr: ir.Expr) -> ir.Type:
    match expr.type:
        case ir.TupleType(items=None, element=element):
            return element or ir.ANY
        case ir.TupleType(items=items) if items:
            return items[0] if len(set(items)) == 1 else ir.ANY
    return ir.ANY


def _ints(args: Sequence[ir.Expr]) -> ir.Type:
    return ir.SHAPE


def _same(args: Sequence[ir.Expr]) -> ir.Type:
    return args[0].type


def _pairs(args: Sequence[ir.Expr]) -> ir.Type:
    return ir.TupleType(None, ir.TupleType(tuple(_element(arg) for arg in args)))


def _numbered(args: Sequence[ir.Expr]) -> ir.Type:
    return ir.TupleType(None, ir.TupleType((ir.INT, _element(args[0]))))


def _range(*bounds: int) -> tuple[int, ...]:
    numbers = range(*bounds)
    if len(numbers) > MOST_ELEMENTS:
        raise OverflowError(f"a range of more than {MOST_ELEMENTS} numbers")
    return tuple(numbers)


def _zip(*sequences: Any) -> tuple[Any, ...]:
    return tuple(zip(*sequences, strict=True))


BUILTINS: Mapping[str, Builtin] = {
    "enumerate": Builtin(
        "enumerate(xs)", 1, 1, _numbered, lambda xs: tuple(enumerate(xs))
    ),
    "float": Builtin("float(x)", 1, 1, lambda args: ir.FLOAT, float),
    "int": Builtin("int(x)", 1, 1, lambda args: ir.INT, int),
    "len": Builtin("len(xs)", 1, 1, lambda args: ir.INT, len),
    "range": Builtin("range(start, stop, step)", 1, 3, _ints, _range),
    "reversed": Builtin("reversed(xs)", 1, 1, _same, lambda xs: tuple(reversed(xs))),
    "tuple": Builtin("tuple(xs)", 1, 1, _same, tuple),
    "zip": Builtin("zip(xs, ys)", 2, 4, _pairs, _zip),
}

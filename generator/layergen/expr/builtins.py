"""The functions of Python that the language has, on Python values only."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layergen.expr import ir
from layergen.expr.promote import element

MOST_ELEMENTS = 10_000
"""Elements that a Python sequence of a spec may have."""

_MOST_NUMBERS = 100
"""Numbers of which the greatest is asked, one by one."""


@dataclass(frozen=True)
class Builtin:
    """A function of Python.

    Attributes:
        usage: how it is called.
        least: how few arguments it takes.
        most: how many.
        needs: what each argument must be, in words.
        accepts: whether an argument may have a type.
        result: the type that it yields, from the arguments.
        compute: the function itself; sequences come out as tuples.
        spelled: how generated code calls it, if not by its name.
    """

    usage: str
    least: int
    most: int
    needs: str
    accepts: Callable[[ir.Type], bool]
    result: Callable[[Sequence[ir.Expr]], ir.Type]
    compute: Callable[..., Any]
    spelled: str = ""


def _ints(args: Sequence[ir.Expr]) -> ir.Type:
    return ir.SHAPE


def _same(args: Sequence[ir.Expr]) -> ir.Type:
    return args[0].type


def _reversed(args: Sequence[ir.Expr]) -> ir.Type:
    of_type = args[0].type
    if isinstance(of_type, ir.TupleType) and of_type.items is not None:
        return ir.TupleType(of_type.items[::-1])
    return of_type


def _pairs(args: Sequence[ir.Expr]) -> ir.Type:
    return ir.TupleType(None, ir.TupleType(tuple(element(arg.type) for arg in args)))


def _numbered(args: Sequence[ir.Expr]) -> ir.Type:
    return ir.TupleType(None, ir.TupleType((ir.INT, element(args[0].type))))


def _number(args: Sequence[ir.Expr]) -> ir.Type:
    """One of several numbers, or what they make together."""
    types = [element(args[0].type)] if len(args) == 1 else [a.type for a in args]
    if ir.ANY in types:
        return ir.ANY
    return ir.FLOAT if ir.FLOAT in types else ir.INT


def _total(args: Sequence[ir.Expr]) -> ir.Type:
    """What tensors of one kind, or numbers, add up to."""
    of_type = element(args[0].type)
    return of_type if isinstance(of_type, ir.ArrayType) else _number(args)


def _range(*bounds: int) -> tuple[int, ...]:
    numbers = range(*bounds)
    if len(numbers) > MOST_ELEMENTS:
        raise OverflowError(f"a range of more than {MOST_ELEMENTS} numbers")
    return tuple(numbers)


def _zip(*sequences: Any) -> tuple[Any, ...]:
    lengths = [len(sequence) for sequence in sequences]
    if len(set(lengths)) > 1:
        shown = " and ".join(map(str, lengths))
        raise ValueError(f"the sequences have {shown} elements")
    return tuple(zip(*sequences, strict=True))


def _is_number(of_type: ir.Type) -> bool:
    return of_type in (ir.BOOL, ir.INT, ir.FLOAT)


def _is_int(of_type: ir.Type) -> bool:
    return of_type == ir.INT


def _is_sequence(of_type: ir.Type) -> bool:
    return isinstance(of_type, ir.TupleType)


def _on_sequences(
    usage: str,
    result: Callable[[Sequence[ir.Expr]], ir.Type],
    compute: Callable[..., Any],
    most: int = 1,
) -> Builtin:
    least = 1 if most == 1 else 2
    return Builtin(usage, least, most, "a tuple", _is_sequence, result, compute)


def _of_numbers(
    usage: str, compute: Callable[..., Any], most: int = 1, spelled: str = ""
) -> Builtin:
    needs = "a tuple of numbers"
    return Builtin(
        usage, 1, most, needs, lambda of_type: True, _number, compute, spelled
    )


REDUCING: Final = frozenset({"max", "min", "prod", "sum"})
"""Functions that make one number of a sequence."""

BUILTINS: Mapping[str, Builtin] = {
    "enumerate": _on_sequences(
        "enumerate(xs)", _numbered, lambda xs: tuple(enumerate(xs))
    ),
    "float": Builtin(
        "float(x)", 1, 1, "a number", _is_number, lambda args: ir.FLOAT, float
    ),
    "int": Builtin("int(x)", 1, 1, "a number", _is_number, lambda args: ir.INT, int),
    "len": _on_sequences("len(xs)", lambda args: ir.INT, len),
    "max": _of_numbers("max(xs)", max, _MOST_NUMBERS),
    "min": _of_numbers("min(xs)", min, _MOST_NUMBERS),
    "prod": _of_numbers("prod(xs)", math.prod, spelled="math.prod"),
    "range": Builtin(
        "range(start, stop, step)", 1, 3, "an integer", _is_int, _ints, _range
    ),
    "reversed": _on_sequences("reversed(xs)", _reversed, lambda xs: tuple(xs[::-1])),
    "sum": Builtin("sum(xs)", 1, 1, "a tuple", lambda of_type: True, _total, sum),
    "list": _on_sequences("list(xs)", _same, tuple),  # bound as `tuple`
    "tuple": _on_sequences("tuple(xs)", _same, tuple),
    "zip": _on_sequences("zip(xs, ys)", _pairs, _zip, most=4),
}

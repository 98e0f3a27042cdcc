"""Numbers and nested lists of a spec -> arrays of float64, int64 or bool."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind
from layergen.layer import Array
from layergen.loading.load import Document

Index = tuple[int, ...]
Path = tuple[str | int, ...]

LIMITS = {
    "uint8": (0, 2**8 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
"""The least and the greatest number of each integer dtype."""

_WIDE = {Kind.BOOL: np.bool_, Kind.INT: np.int64, Kind.FLOAT: np.float64}


def array_of(
    value: Any, dtype: str | None, document: Document, where: Path, found: Diagnostics
) -> Array | None:
    """A literal as an array of the widest type of its kind; None if it has a mistake.

    Args:
        value: a number, or nested lists of numbers.
        dtype: what must hold the numbers; None if their own kind decides.
        document: the spec.
        where: where the value stands in it.
        found: takes the mistake.
    """
    mistake = _find_uneven(value, ()) or _find_misfit(value, dtype)
    if mistake is not None:
        index, message, note = mistake
        span = document.span(*where, *index)
        found.add(codes.BAD_LITERAL, message, span, note)
        return None
    array = np.array(value)
    kinds = {"b": Kind.BOOL, "i": Kind.INT, "u": Kind.INT}
    own = kinds.get(array.dtype.kind, Kind.FLOAT)
    return array.astype(_WIDE[own if dtype is None else dtype_kind(dtype)])


def _find_uneven(value: Any, index: Index) -> tuple[Index, str, str] | None:
    """The first row that has another shape than the first row beside it."""
    if not isinstance(value, list):
        return None
    for i, row in enumerate(value):
        inner = _find_uneven(row, (*index, i))
        if inner is not None:
            return inner
    shapes = [_shape_of(row) for row in value]
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            message = "rows of different lengths"
            note = f"this one has the shape {list(shape)}, the first {list(shapes[0])}"
            return (*index, i), message, note
    return None


def _shape_of(value: Any) -> Index:
    if not isinstance(value, list):
        return ()
    return (len(value), *(_shape_of(value[0]) if value else ()))


def _find_misfit(value: Any, dtype: str | None) -> tuple[Index, str, str] | None:
    """The first leaf that is no number, or that the dtype does not hold."""
    leaves = list(_leaves(value, ()))
    flags = bool(leaves) and isinstance(leaves[0][1], bool)
    for index, leaf in leaves:
        if not isinstance(leaf, bool | int | float):
            return index, f"`{leaf}` is no number", ""
        if isinstance(leaf, bool) is not flags:
            return index, "flags and numbers in one array", "give all as one of the two"
        if isinstance(leaf, int) and not _holds("int64", leaf):
            return index, "an integer of more than 64 bits", ""
        reason = _refuse_leaf(leaf, dtype)
        if reason is not None:
            return index, *reason
    return None


def _leaves(value: Any, index: Index) -> Iterator[tuple[Index, Any]]:
    if not isinstance(value, list):
        yield index, value
        return
    for i, inner in enumerate(value):
        yield from _leaves(inner, (*index, i))


def _refuse_leaf(leaf: Any, dtype: str | None) -> tuple[str, str] | None:
    """Why a dtype does not hold a number, and what to do; None if it does."""
    if dtype is None:
        if isinstance(leaf, int) and not _holds("int32", leaf):
            return f"int32 does not hold `{leaf}`", ""
        return None
    shown, kind = str(leaf), dtype_kind(dtype)
    if isinstance(leaf, bool):
        return None if kind is Kind.BOOL else (f"`{shown.lower()}` is no number", "")
    if kind is Kind.BOOL:
        return f"`{shown}` is no flag", "write `true` or `false`"
    if kind is Kind.INT and isinstance(leaf, float):
        note = f"write `{int(leaf)}`" if leaf.is_integer() else ""
        return f"{dtype} does not hold `{shown}`", note
    if kind is Kind.INT and not _holds(dtype, int(leaf)):
        return f"{dtype} does not hold `{shown}`", ""
    return None


def _holds(dtype: str, number: int) -> bool:
    low, high = LIMITS[dtype]
    return low <= number <= high


def refuse_numbers(array: Array, dtype: str) -> str:
    """What there is in an array that a dtype does not hold; nothing if it holds all."""
    kind, given = dtype_kind(dtype), array.dtype.kind
    if (kind is Kind.BOOL) is not (given == "b"):
        return "flags" if given == "b" else "numbers"
    if kind is not Kind.INT or not array.size:
        return ""
    if given == "f" and np.any(array != np.round(array)):
        return "fractions"
    low, high = LIMITS[dtype]
    return "" if low <= array.min() and array.max() <= high else "numbers so large"

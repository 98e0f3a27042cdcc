"""Shapes and expressions -> the words in which a finding shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from layergen.expr import ir
from layergen.layer import BATCH, Output

_LONGEST = 60

_FROM_BATCH = frozenset({ir.Origin.INPUT, ir.Origin.MASK, ir.Origin.LOCAL})
"""What may have the batch as its first axis."""


def show_expr(expr: ir.Expr) -> str:
    """An expression in backticks; only a word if it is long."""
    text = str(expr)
    return f"`{text}`" if len(text) <= _LONGEST else "this"


def show_shape(
    shape: tuple[int, ...], sizes: Mapping[str, int], *, batch: bool = True
) -> str:
    """A shape by the names of its sizes: `[batch, features]`.

    Args:
        shape: the sizes.
        sizes: the sizes that have names. One that two names have is shown as a number.
        batch: whether the first axis may be the batch.
    """
    shown = []
    for i, size in enumerate(shape):
        names = [n for n, s in sizes.items() if s == size and n != BATCH]
        if batch and i == 0 and sizes.get(BATCH) == size:
            names = [BATCH]
        shown.append(names[0] if len(names) == 1 else str(size))
    return f"[{', '.join(shown)}]"


def describe_operand(
    expr: ir.Expr, shape: tuple[int, ...], sizes: Mapping[str, int]
) -> str:
    """An operand and its shape, as a note."""
    batch = any(symbol.origin in _FROM_BATCH for symbol in ir.symbols(expr))
    named = show_shape(shape, sizes, batch=batch)
    numbers = str(list(shape))
    here = "" if named == numbers else f", here {numbers}"
    return f"{show_expr(expr)} has the shape {named}{here}"


def show_declared(output: Output) -> str:
    """The declared shape of an output."""
    if output.like is not None:
        return f"the shape of `{output.like}`"
    return f"[{', '.join(str(size) for size in output.shape)}]"


def describe_values(
    expr: ir.Expr, values: Mapping[str, Any], shapes: Mapping[str, Sequence[Any]]
) -> str:
    """What the names in an expression stand for, as a note."""
    parts = []
    names = (symbol.name for symbol in dict.fromkeys(ir.symbols(expr)))
    for name in (name for name in names if name in shapes or name in values):
        shape = shapes[name] if name in shapes else np.shape(values[name])
        if name in shapes or isinstance(values[name], np.ndarray):
            parts.append(f"`{name}` has the shape {list(shape)}")
        else:
            parts.append(f"`{name}` is {values[name]!r}")
    return f"here {' and '.join(parts)}"

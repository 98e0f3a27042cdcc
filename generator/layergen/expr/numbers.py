"""Python numbers, and what a spec says in place of those that only a call knows."""

from collections.abc import Sequence
from typing import Final

from layergen.expr import ir
from layergen.expr.promote import element

OF_NUMBERS: Final = frozenset({"float", "int", "max", "min"})
"""Functions of Python that take no size which only a call knows."""

_OF_TENSORS = {"max": "maximum", "min": "minimum"}


def unknown_size(value: ir.Expr) -> ir.Name | None:
    """A named size in a value that a graph may not know."""
    sizes = (
        node
        for node in ir.walk(value)
        if isinstance(node, ir.Name) and node.symbol.origin is ir.Origin.DIM
    )
    return next((size for size in sizes if size.known is ir.Known.CALL), None)


def instead_of_number(name: str, size: ir.Name) -> str:
    """How a function is taken of such a size: as a tensor."""
    cast = f'cast({size}, "float")'
    if name in ("float", "int"):
        return f"write `{cast}`"
    rest = ", ..." if name in _OF_TENSORS else ""
    return f"write `{_OF_TENSORS.get(name, name)}({cast}{rest})`"


def are_numbers(args: Sequence[ir.Expr]) -> bool:
    """Whether values are Python numbers, or one tuple of them."""
    types = [arg.type for arg in args]
    if len(args) == 1 and isinstance(types[0], ir.TupleType):
        types = [element(types[0])] if types[0].items != () else []
    elif len(args) < 2:
        return False
    return bool(types) and all(t in (ir.INT, ir.FLOAT, ir.ANY) for t in types)


def are_tensors(args: Sequence[ir.Expr]) -> bool:
    """Whether a function is given one tuple of tensors, of one kind of numbers."""
    if len(args) != 1 or not isinstance(args[0].type, ir.TupleType):
        return False
    items = args[0].type.items
    types = {element(args[0].type)} if items is None else set(items)
    return types in ({ir.ArrayType(ir.Kind.FLOAT)}, {ir.ArrayType(ir.Kind.INT)})

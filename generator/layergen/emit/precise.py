"""Body -> the arrays that it casts alike at every use, and the body without the casts.

Such an array becomes a tensor of that dtype at once. Made one of the compute dtype
first, it would be rounded to half precision, and the cast would come too late.
"""

from collections.abc import Iterator, Mapping, Set

from layergen.expr import ir
from layergen.expr.op import dtype_kind


def precise_dtypes(body: ir.Body, arrays: Set[str]) -> Mapping[str, str]:
    """The dtype of each array of floats that every use casts to this dtype."""
    uses: dict[str, set[str]] = {}
    for statement in ir.statements(body):
        for name, dtype in _uses(ir.expression(statement)):
            uses.setdefault(name, set()).add(dtype)
    return {
        name: dtype
        for name in sorted(arrays & uses.keys())
        for dtype in uses[name]
        if len(uses[name]) == 1 and dtype
    }


def drop_casts(body: ir.Body, names: Set[str]) -> ir.Body:
    """The body without the casts of some arrays."""

    def change(expr: ir.Expr) -> ir.Expr | None:
        cast = _cast(expr)
        return cast[0] if cast and cast[0].symbol.name in names else None

    return ir.rewrite_body(body, change) if names else body


def _uses(expr: ir.Expr) -> Iterator[tuple[str, str]]:
    """Every name that is read, and the dtype to which it is cast, or nothing."""
    if cast := _cast(expr):
        yield cast[0].symbol.name, cast[1]
        return
    if isinstance(expr, ir.Name):
        yield expr.symbol.name, ""
    for child in ir.children(expr):
        yield from _uses(child)


def _cast(expr: ir.Expr) -> tuple[ir.Name, str] | None:
    """What is cast, and to which dtype of floats that no policy chooses."""
    match expr:
        case ir.Call(op="cast", args=(ir.Name() as name, ir.Literal(value=str(dtype)))):
            is_fixed = dtype != "float" and dtype_kind(dtype) is ir.Kind.FLOAT
            return (name, dtype) if is_fixed else None
    return None

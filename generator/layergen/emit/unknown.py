"""Body -> the Python numbers that may be tensors: sizes that only a call knows.

In a graph of TensorFlow such a size is an integer tensor, which meets no tensor of
floats without a cast.
"""

from collections.abc import Set

from layergen.expr import ir


def size_variables(body: ir.Body) -> frozenset[str]:
    """The variables that hold such sizes, or numbers made of them."""
    names: set[str] = set()
    found = -1
    while found != len(names):
        found = len(names)
        for statement in ir.statements(body):
            if isinstance(statement, ir.Assign) and _holds_size(statement.value, names):
                names.update(symbol.name for symbol in statement.targets)
            if isinstance(statement, ir.For) and _holds_size(statement.iterable, names):
                names.update(symbol.name for symbol in statement.targets)
    return frozenset(names)


def is_unknown_size(expr: ir.Expr, variables: Set[str]) -> bool:
    """Whether a Python number is made of a size that only the call knows."""
    return isinstance(expr.type, ir.ScalarType) and _holds_size(expr, variables)


def _holds_size(expr: ir.Expr, variables: Set[str]) -> bool:
    match expr:
        case ir.Name(symbol=symbol):
            is_size = symbol.origin is ir.Origin.DIM and expr.known is ir.Known.CALL
            return is_size or symbol.name in variables
        case ir.Attribute(name="shape"):
            return expr.known is ir.Known.CALL
        case ir.Compare() | ir.Logical() | ir.Builtin(name="len" | "range"):
            return False
    if isinstance(expr.type, ir.ArrayType):
        return False
    return any(_holds_size(child, variables) for child in ir.children(expr))

"""Body -> which Python numbers may be tensors, and which floats have a fixed dtype.

In a graph of TensorFlow a size that only the call knows is an integer tensor, which
meets no tensor of floats without a cast to the dtype of these.
"""

from collections.abc import Mapping, Set

from layergen.expr import ir
from layergen.expr.numbers import OF_NUMBERS
from layergen.expr.op import dtype_kind
from layergen.expr.ops import OPS


def size_variables(body: ir.Body) -> frozenset[str]:
    """The variables that hold such sizes, or numbers made of them."""
    names: set[str] = set()
    found = -1
    while found != len(names):
        found = len(names)
        for statement in ir.statements(body):
            if isinstance(statement, ir.Assign) and holds_size(statement.value, names):
                names.update(symbol.name for symbol in statement.targets)
            if isinstance(statement, ir.For) and holds_size(statement.iterable, names):
                names.update(symbol.name for symbol in statement.targets)
    return frozenset(names)


def is_unknown_size(expr: ir.Expr, variables: Set[str]) -> bool:
    """Whether a Python number is made of a size that only the call knows."""
    return isinstance(expr.type, ir.ScalarType) and holds_size(expr, variables)


def holds_size(expr: ir.Expr, variables: Set[str]) -> bool:
    """Whether a Python value is, or is made of, a size that only the call knows."""
    match expr:
        case ir.Name(symbol=symbol):
            is_size = symbol.origin is ir.Origin.DIM and expr.known is ir.Known.CALL
            return is_size or symbol.name in variables
        case ir.Attribute(name="shape"):
            return expr.known is ir.Known.CALL
        case ir.Compare() | ir.Logical() | ir.Builtin(name="len" | "range"):
            return False
        case ir.Builtin(name=name) if name in OF_NUMBERS:
            return False  # of sizes that must be known
        case ir.Call(op=name) if OPS[name].math is not None:
            return False
    if isinstance(expr.type, ir.ArrayType):
        return False
    return any(holds_size(child, variables) for child in ir.children(expr))


def fixed_dtypes(body: ir.Body) -> dict[str, str]:
    """The variables whose floats have a dtype that no policy chooses."""
    names: dict[str, str] = {}
    found = -1
    while found != len(names):
        found = len(names)
        for statement in ir.statements(body):
            if isinstance(statement, ir.Assign):
                dtype = fixed_dtype(statement.value, names)
                if dtype:
                    names.update((s.name, dtype) for s in statement.targets)
    return names


def fixed_dtype(expr: ir.Expr, variables: Mapping[str, str]) -> str:
    """The dtype to which a part of floats is cast, since all of them must share it."""
    match expr:
        case ir.Call(op="cast", args=(_, ir.Literal(value=str(dtype)))):
            is_float = dtype_kind(dtype) is ir.Kind.FLOAT
            return dtype if is_float and dtype != "float" else ""
        case ir.Name(symbol=symbol):
            return variables.get(symbol.name, "")
        case ir.Call(op="cast") | ir.Compare() | ir.Attribute():
            return ""
    found = (fixed_dtype(child, variables) for child in ir.children(expr))
    return next((dtype for dtype in found if dtype), "")

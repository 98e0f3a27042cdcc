"""Body -> which Python numbers may be tensors, and which floats have a fixed dtype.

In a graph of TensorFlow a size that only the call knows is an integer tensor, which
meets no tensor of floats without a cast to the dtype of these.
"""

from collections.abc import Iterator, Mapping, Set
from typing import TypeAlias

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


Dtypes: TypeAlias = Mapping[str, Set[ir.Expr | None]]
"""For each variable the dtypes of its floats; None is that of the layer."""


def fixed_dtypes(body: ir.Body) -> Dtypes:
    """The variables whose floats have a dtype that no policy chooses, at least once."""
    names: dict[str, set[ir.Expr | None]] = {}
    found = -1
    while found != (found := sum(map(len, names.values()))):
        for symbol, value in _assigned(body):
            names.setdefault(symbol.name, set()).add(fixed_dtype(value, names))
    return {name: dtypes for name, dtypes in names.items() if dtypes != {None}}


def _assigned(body: ir.Body) -> Iterator[tuple[ir.Symbol, ir.Expr]]:
    """Variables, and the tensors that they become."""
    for statement in ir.statements(body):
        match statement:
            case ir.Assign(targets=targets, value=ir.Display(items=items)) if len(
                targets
            ) == len(items):
                yield from zip(targets, items, strict=True)
            case ir.Assign(targets=targets, value=value) if not isinstance(
                value.type, ir.ScalarType
            ):
                yield from ((target, value) for target in targets)


def fixed_dtype(expr: ir.Expr, variables: Dtypes) -> ir.Expr | None:
    """The dtype to which a part of floats is cast, since all of them must share it."""
    match expr:
        case ir.Call(op="cast", args=(_, ir.Literal(value=str(dtype)) as literal)):
            is_float = dtype_kind(dtype) is ir.Kind.FLOAT
            return literal if is_float and dtype != "float" else None
        case ir.Name():
            return _dtype_of(expr, variables.get(expr.symbol.name, frozenset()))
        case ir.Call(op="cast") | ir.Compare() | ir.Attribute():
            return None
        case ir.Apply(callee=callee) if not _is_function(callee):
            return None  # Keras casts what a sublayer is given
    found = (fixed_dtype(child, variables) for child in ir.children(expr))
    return next((dtype for dtype in found if dtype is not None), None)


def _is_function(callee: ir.Expr) -> bool:
    return isinstance(callee, ir.Name) and callee.symbol.origin is ir.Origin.FUNCTION


def _dtype_of(name: ir.Name, dtypes: Set[ir.Expr | None]) -> ir.Expr | None:
    """The dtype of a variable: the tensor is asked where it may be one or another."""
    match tuple(dtypes):
        case () | (None,):
            return None
        case (ir.Literal() as dtype,):
            return dtype
    if not isinstance(name.type, ir.ArrayType):
        return next((each for each in dtypes if isinstance(each, ir.Literal)), None)
    of_type = ir.DtypeType(ir.Kind.FLOAT)
    return ir.Attribute(name.span, of_type, name.known, name, "dtype")

"""Layer -> Layer: what does not depend on the call leaves the call.

Arrays that are known before the call become constants: they are computed once, in
NumPy and double precision. Only whole values move (a statement's, or the largest
known part of an expression), and only from statements that are always reached, so
that nothing is computed that the author put behind a condition.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count

from layergen.expr import ir
from layergen.expr.ops import OPS
from layergen.keras_tables.names import refuse_name
from layergen.layer import Computed, Constant, Layer


def hoist(layer: Layer) -> Layer:
    """The same layer, with the constants that its forward pass contains named."""
    hoisting = _Hoisting(layer)
    body = hoisting.body(layer.body)
    if not hoisting.constants:
        return layer
    parameters = (*layer.parameters, *hoisting.constants)
    return replace(layer, body=body, parameters=parameters)


@dataclass
class _Hoisting:
    layer: Layer
    constants: list[Constant] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.written = Counter(s.name for s in ir.targets(self.layer.body))
        layer = self.layer
        for function in layer.functions:
            self.written.update(symbol.name for symbol in function.parameters)
        self.moved: set[str] = set()
        self.taken = {*self.written, *layer.dims}
        self.taken.update(function.symbol.name for function in layer.functions)
        for group in (layer.arguments, layer.inputs, layer.flags, layer.parameters):
            self.taken.update(member.name for member in group)
        for owned in (layer.sublayers, layer.attributes):
            self.taken.update(member.name for member in owned)

    def body(self, body: ir.Body) -> ir.Body:
        kept: list[ir.Statement] = []
        for i, statement in enumerate(body):
            if i and _may_return(body[i - 1]):
                return (*kept, *body[i:])  # what follows may never be reached
            match statement:
                case ir.Assign(targets=(symbol,), value=value) if self._moves(
                    symbol, value
                ):
                    self._name(symbol.name, value)
                    self.moved.add(symbol.name)
                case ir.Assign() | ir.Return() | ir.Update() | ir.Loss():
                    kept.append(replace(statement, value=self.expr(statement.value)))
                case ir.If() | ir.For() | ir.Function():
                    kept.append(statement)
        return tuple(kept)

    def _moves(self, symbol: ir.Symbol, value: ir.Expr) -> bool:
        once = self.written[symbol.name] == 1 and refuse_name(symbol.name) is None
        return once and self._is_known_array(value)

    def expr(self, expr: ir.Expr) -> ir.Expr:
        """The expression, in which known arrays are names of constants."""
        return ir.rewrite(expr, self._change)

    def _change(self, expr: ir.Expr) -> ir.Expr | None:
        if isinstance(expr, ir.Conditional | ir.Logical | ir.Comprehension):
            return expr  # a part of it may never be reached, or differs by round
        if isinstance(expr, ir.Name) or not self._is_known_array(expr):
            return None
        if _is_plain(expr):
            return expr
        symbol = self._name(self._new_name(expr), expr)
        return ir.Name(expr.span, expr.type, symbol.known, symbol)

    def _name(self, name: str, value: ir.Expr) -> ir.Symbol:
        kind = (
            value.type.kind if isinstance(value.type, ir.ArrayType) else ir.Kind.FLOAT
        )
        dtype = {ir.Kind.BOOL: "bool", ir.Kind.INT: "int32"}.get(kind, "float")
        constant = Constant(name, None, Computed(value), dtype, None, span=value.span)
        self.constants.append(constant)
        return ir.Symbol(name, ir.Origin.CONSTANT, value.type, value.known)

    def _new_name(self, expr: ir.Expr) -> str:
        """A free name, after the function or what the expression is made of."""
        stem = f"{expr.op}_array" if isinstance(expr, ir.Call) else "array"
        match expr:
            case ir.Index(value=ir.Name() as value):
                stem = f"{value}_part"
            case ir.Call(op=op, args=(ir.Name() as value, *_)):
                stem = f"{op}_{value}"
        names = (stem if i == 0 else f"{stem}_{i}" for i in count())
        name = next(n for n in names if n not in self.taken)
        self.taken.add(name)
        return name

    def _is_known_array(self, expr: ir.Expr) -> bool:
        """Whether an array can be computed before the call.

        Of the variables only those that have moved are there before the call.
        """
        if not isinstance(expr.type, ir.ArrayType) or expr.known is ir.Known.CALL:
            return False
        own = {
            symbol.name
            for node in ir.walk(expr)
            if isinstance(node, ir.Comprehension)
            for symbol in node.targets
        }
        own -= self.written.keys()
        return all(self._is_there(node, own) for node in ir.walk(expr))

    def _is_there(self, node: ir.Expr, own: set[str]) -> bool:
        match node:
            case ir.Call(op=op):
                is_number = isinstance(node.type, ir.ScalarType)
                return is_number or OPS[op].numpy is not None
            case ir.Name(symbol=symbol):
                is_local = symbol.origin is ir.Origin.LOCAL
                return not is_local or symbol.name in self.moved | own
        return True


def _is_plain(expr: ir.Expr) -> bool:
    """Whether an array costs the call no more than a constant would, and reads better.

    A part of a constant, or an array of one value; places are whole numbers.
    """
    match expr:
        case ir.Index(value=ir.Name()):
            return True
        case ir.Call(op="arange"):
            return expr.type == ir.ArrayType(ir.Kind.INT)
        case ir.Call(op=op):
            return op in _FILLS
    return False


_FILLS = frozenset({"zeros", "ones", "full"})


def _may_return(statement: ir.Statement) -> bool:
    if isinstance(statement, ir.Function):
        return False  # it returns to where it is called
    inner = ir.statements((statement,))
    return any(isinstance(each, ir.Return) for each in inner)

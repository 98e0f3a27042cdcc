"""Python `ast` + the names in scope -> typed tree.

`bind_expression` binds the expressions of shapes and constants, `bind_body`
(`expr/body.py`) the statements of a forward pass. What is not in the language is
refused at its own place; all mistakes of one text are reported together.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from layergen.codes import language as codes
from layergen.diagnostics import Code, Diagnostics
from layergen.expr import ir
from layergen.expr.ops import NUMBERS, OPS, Op, Parameter
from layergen.expr.parse import Parsed
from layergen.nearest import nearest

OPERATORS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Not: "not",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.And: "and",
    ast.Or: "or",
}

ATTRIBUTES: Final[Mapping[str, ir.Type]] = {"shape": ir.SHAPE, "ndim": ir.INT}

_ORDER = (ir.Kind.BOOL, ir.Kind.INT, ir.Kind.FLOAT)

_INSTEAD: Final[Mapping[type[ast.AST], str]] = {
    ast.MatMult: "write `matmul(a, b)`",
    ast.Lambda: "a forward pass has no functions of its own",
    ast.JoinedStr: "text is not computed in a spec",
    ast.NamedExpr: "give the value a name in a line of its own",
    ast.AugAssign: "write `x = x + y`; a state takes `state.assign(...)`",
    ast.BitAnd: "write `logical_and(a, b)`",
    ast.BitOr: "write `logical_or(a, b)`",
    ast.Invert: "write `logical_not(a)`",
    ast.ListComp: "comprehensions are not supported yet",
    ast.GeneratorExp: "comprehensions are not supported yet",
    ast.For: "loops are not supported yet",
    ast.While: "a loop must be over a range that is known before the call",
    ast.FunctionDef: "a forward pass has no functions of its own",
    ast.Import: "the functions of the language need no import",
    ast.ImportFrom: "the functions of the language need no import",
    ast.Starred: "unpacking with `*` is not supported yet",
}

_WHAT: Final[Mapping[type[ast.AST], str]] = {
    ast.MatMult: "the operator `@`",
    ast.Lambda: "`lambda`",
    ast.JoinedStr: "a formatted string",
    ast.NamedExpr: "`:=`",
    ast.AugAssign: "an assignment with an operator",
    ast.BitAnd: "the operator `&`",
    ast.BitOr: "the operator `|`",
    ast.BitXor: "the operator `^`",
    ast.LShift: "the operator `<<`",
    ast.RShift: "the operator `>>`",
    ast.Invert: "the operator `~`",
    ast.In: "the operator `in`",
    ast.NotIn: "the operator `not in`",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a generator expression",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.Dict: "a dictionary",
    ast.Set: "a set",
    ast.For: "`for`",
    ast.While: "`while`",
    ast.FunctionDef: "`def`",
    ast.ClassDef: "`class`",
    ast.Import: "`import`",
    ast.ImportFrom: "`import`",
    ast.Delete: "`del`",
    ast.Raise: "`raise`",
    ast.Try: "`try`",
    ast.With: "`with`",
    ast.Assert: "`assert`",
    ast.Global: "`global`",
    ast.Pass: "`pass`",
    ast.Break: "`break`",
    ast.Continue: "`continue`",
    ast.Starred: "`*`",
    ast.Slice: "a slice",
    ast.Await: "`await`",
    ast.Yield: "`yield`",
    ast.AnnAssign: "an annotation",
}


@dataclass
class Scope:
    """The names that an expression may use.

    Attributes:
        symbols: each name and what it stands for.
        latest: the latest time at which a value may be known here.
        place: what is being bound, for messages: `a shape`, `the value of a constant`.
    """

    symbols: dict[str, ir.Symbol]
    latest: ir.Known
    place: str
    locals: dict[str, ir.Symbol] = field(default_factory=dict)

    def find(self, name: str) -> ir.Symbol | None:
        """What a name stands for."""
        return self.symbols.get(name) or self.locals.get(name)

    def names(self) -> list[str]:
        """All names that may be used."""
        return [*self.symbols, *self.locals]


def bind_expression(parsed: Parsed, scope: Scope, found: Diagnostics) -> ir.Expr:
    """The typed tree of one expression; mistakes go to `found`."""
    return Binder(parsed, scope, found).expr(parsed.expression)


class Binder:
    """Binds the expressions of one text."""

    def __init__(self, parsed: Parsed, scope: Scope, found: Diagnostics) -> None:
        self.parsed = parsed
        self.scope = scope
        self.found = found

    def error(
        self,
        code: Code,
        message: str,
        node: ast.expr | ast.stmt | ast.keyword,
        *notes: str,
    ) -> None:
        """Record a mistake at a node."""
        self.found.add(code, message, self.parsed.span(node), *notes)

    def refuse(self, node: ast.expr | ast.stmt, part: ast.AST | None = None) -> None:
        """Record that a node (or its operator) does not belong to the language."""
        kind = type(part or node)
        what = _WHAT.get(kind, "this")
        message = f"{what} is not part of the language"
        self.error(codes.NOT_IN_LANGUAGE, message, node, _INSTEAD.get(kind, ""))

    def invalid(self, node: ast.expr) -> ir.Expr:
        """What stands for an expression that has a mistake."""
        return ir.Literal(self.parsed.span(node), ir.ANY, ir.Known.CONFIG, None)

    def expr(self, node: ast.expr) -> ir.Expr:
        """Bind an expression and all inside it."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Call():
                return self._call(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                return self._logical(node)
            case ast.IfExp():
                return self._conditional(node)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return self._display(node, elts)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Attribute():
                return self._attribute(node)
        self.refuse(node)
        return self.invalid(node)

    def _constant(self, node: ast.Constant) -> ir.Expr:
        types: dict[type, ir.Type] = {
            bool: ir.BOOL,
            int: ir.INT,
            float: ir.FLOAT,
            str: ir.STR,
            type(None): ir.NONE,
        }
        value = node.value
        if type(value) not in types:
            message = f"a {type(value).__name__} is not part of the language"
            self.error(codes.NOT_IN_LANGUAGE, message, node)
            return self.invalid(node)
        if isinstance(value, int) and abs(value) >= 2**63:
            self.error(codes.TOO_LARGE, "an integer of more than 64 bits", node)
            return self.invalid(node)
        assert value is None or isinstance(value, bool | int | float | str)
        span = self.parsed.span(node)
        return ir.Literal(span, types[type(value)], ir.Known.CONFIG, value)

    def _name(self, node: ast.Name) -> ir.Expr:
        symbol = self.scope.find(node.id)
        if symbol is None:
            if node.id in NUMBERS:
                symbol = ir.Symbol(node.id, ir.Origin.NUMBER, ir.FLOAT, ir.Known.CONFIG)
            else:
                self._unknown_name(node)
                return self.invalid(node)
        if symbol.known > self.scope.latest:
            self._too_late(node, symbol)
            return self.invalid(node)
        return ir.Name(self.parsed.span(node), symbol.type, symbol.known, symbol)

    def _unknown_name(self, node: ast.Name) -> None:
        if node.id in OPS:
            message = f"`{node.id}` is a function: call it"
            self.error(codes.UNKNOWN_NAME, message, node)
            return
        known = nearest(node.id, [*self.scope.names(), *NUMBERS])
        note = f"did you mean `{known}`?" if known else ""
        self.error(codes.UNKNOWN_NAME, f"unknown name `{node.id}`", node, note)

    def _too_late(self, node: ast.Name, symbol: ir.Symbol) -> None:
        when = {
            ir.Known.BUILD: "only once the layer has seen an input's shape",
            ir.Known.CALL: "only when the layer is called",
        }[symbol.known]
        message = f"`{symbol.name}` is known {when}, too late for {self.scope.place}"
        note = ""
        if symbol.origin is ir.Origin.DIM:
            note = "a batch may have any size, another one at every call"
        self.error(codes.KNOWN_TOO_LATE, message, node, note)

    def _unary(self, node: ast.UnaryOp) -> ir.Expr:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            self.refuse(node, node.op)
            return self.invalid(node)
        operand = self.expr(node.operand)
        span = self.parsed.span(node)
        if operator == "not":
            self.require_python(node.operand, operand, "`not`")
            return ir.Unary(span, ir.BOOL, operand.known, operator, operand)
        self._require_number(node.operand, operand, f"`{operator}`")
        return ir.Unary(span, operand.type, operand.known, operator, operand)

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            self.refuse(node, node.op)
            return self.invalid(node)
        left, right = self.expr(node.left), self.expr(node.right)
        self._require_number(node.left, left, f"`{operator}`")
        self._require_number(node.right, right, f"`{operator}`")
        result = _arithmetic(operator, left.type, right.type)
        known = max(left.known, right.known)
        return ir.Binary(self.parsed.span(node), result, known, operator, left, right)

    def _compare(self, node: ast.Compare) -> ir.Expr:
        parts: list[ir.Expr] = []
        nodes = [node.left, *node.comparators]
        values = [self.expr(part) for part in nodes]
        for i, op in enumerate(node.ops):
            operator = OPERATORS.get(type(op))
            if operator is None:
                self.refuse(node, op)
                return self.invalid(node)
            left, right = values[i], values[i + 1]
            if operator in ("is", "is not") and right.type not in (ir.NONE, ir.ANY):
                message = f"`{operator}` compares with `None` only"
                self.error(codes.WRONG_TYPE, message, nodes[i + 1])
            tensor = any(isinstance(v.type, ir.ArrayType) for v in (left, right))
            tensor = tensor and operator not in ("is", "is not")
            result = ir.ArrayType(ir.Kind.BOOL) if tensor else ir.BOOL
            known = max(left.known, right.known)
            span = self.parsed.span(node)
            parts.append(ir.Compare(span, result, known, operator, left, right))
        if len(parts) == 1:
            return parts[0]
        return self._joined(node, "and", parts)

    def _logical(self, node: ast.BoolOp) -> ir.Expr:
        values = [self.expr(value) for value in node.values]
        return self._joined(node, OPERATORS[type(node.op)], values)

    def _joined(self, node: ast.expr, operator: str, values: list[ir.Expr]) -> ir.Expr:
        for value in values:
            if isinstance(value.type, ir.ArrayType):
                message = f"`{operator}` needs Python values, this is {value.type}"
                note = f"write `logical_{operator}(a, b)`"
                self.found.add(codes.WRONG_TYPE, message, value.span, note)
        known = max(value.known for value in values)
        span = self.parsed.span(node)
        return ir.Logical(span, ir.BOOL, known, operator, tuple(values))

    def _conditional(self, node: ast.IfExp) -> ir.Expr:
        test = self.condition(node.test)
        then, otherwise = self.expr(node.body), self.expr(node.orelse)
        known = max(test.known, then.known, otherwise.known)
        result = join(then.type, otherwise.type)
        span = self.parsed.span(node)
        return ir.Conditional(span, result, known, test, then, otherwise)

    def condition(self, node: ast.expr) -> ir.Expr:
        """Bind the test of a branch: a tensor cannot decide it."""
        test = self.expr(node)
        if isinstance(test.type, ir.ArrayType):
            message = f"a condition must be a Python value, this is {test.type}"
            note = "to choose element by element, write `where(condition, x1, x2)`"
            self.error(codes.TENSOR_CONDITION, message, node, note)
        return test

    def _display(self, node: ast.expr, elements: list[ast.expr]) -> ir.Expr:
        items = tuple(self.expr(element) for element in elements)
        known = max((item.known for item in items), default=ir.Known.CONFIG)
        result = ir.TupleType(tuple(item.type for item in items))
        return ir.Display(self.parsed.span(node), result, known, items)

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value = self.expr(node.value)
        if isinstance(value.type, ir.ArrayType):
            note = "use `take(x, index, axis=...)`"
            message = "indexing a tensor is not supported yet"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        index = self.expr(node.slice)
        if index.type not in (ir.INT, ir.ANY):
            self.error(codes.WRONG_TYPE, "an index must be an integer", node.slice)
            return self.invalid(node)
        if value.type != ir.ANY and not isinstance(value.type, ir.TupleType):
            self.error(codes.WRONG_TYPE, f"{value.type} has no elements", node.value)
            return self.invalid(node)
        result = self._element(node, value.type, index)
        known = max(value.known, index.known)
        return ir.Subscript(self.parsed.span(node), result, known, value, index)

    def _element(self, node: ast.Subscript, outer: ir.Type, index: ir.Expr) -> ir.Type:
        if not isinstance(outer, ir.TupleType):
            return ir.ANY
        if outer.items is None:
            return ir.INT
        position = literal_int(index)
        if position is None:
            return outer.items[0] if len(set(outer.items)) == 1 else ir.ANY
        if not -len(outer.items) <= position < len(outer.items):
            message = f"there are {len(outer.items)} elements, none at {position}"
            self.error(codes.WRONG_TYPE, message, node.slice)
            return ir.ANY
        return outer.items[position]

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        value = self.expr(node.value)
        result = ATTRIBUTES.get(node.attr)
        if result is None or not isinstance(value.type, ir.ArrayType | ir.AnyType):
            message = f"`.{node.attr}` is not part of the language"
            known = nearest(node.attr, ATTRIBUTES)
            note = f"did you mean `.{known}`?" if known else ""
            if node.attr == "dtype":
                note = "`cast(x, dtype)` takes the name of a dtype"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        return ir.Attribute(
            self.parsed.span(node), result, value.known, value, node.attr
        )

    def _call(self, node: ast.Call) -> ir.Expr:
        args = [self.expr(arg) for arg in node.args]
        keywords = [(k, self.expr(k.value)) for k in node.keywords]
        if not isinstance(node.func, ast.Name):
            self._refuse_callee(node)
            return self.invalid(node)
        op = OPS.get(node.func.id)
        if op is None:
            self._unknown_function(node.func)
            return self.invalid(node)
        bound = self._match(node, op, args, keywords)
        if bound is None:
            return self.invalid(node)
        known = max((value.known for value in bound.values()), default=ir.Known.CONFIG)
        result = op.result(bound) if bound else ir.ArrayType(ir.Kind.FLOAT)
        if op.math is not None and all(
            isinstance(value.type, ir.ScalarType) for value in bound.values()
        ):
            result = ir.ScalarType(getattr(result, "kind", ir.Kind.FLOAT))
        if any(value.type == ir.ANY for value in bound.values()):
            result = ir.ANY
        positional, named = _ordered(op, bound, len(args))
        span = self.parsed.span(node)
        return ir.Call(span, result, known, op.name, positional, named)

    def _refuse_callee(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "assign":
            message = "`.assign(...)` is a statement: it has no value"
            self.error(codes.BAD_UPDATE, message, node)
            return
        message = "only the functions of the language can be called"
        note = ""
        if isinstance(node.func, ast.Attribute) and node.func.attr in OPS:
            note = f"write `{node.func.attr}(...)`"
        self.error(codes.UNKNOWN_FUNCTION, message, node.func, note)

    def _unknown_function(self, node: ast.Name) -> None:
        if self.scope.find(node.id):
            message = f"`{node.id}` is not a function"
            self.error(codes.UNKNOWN_FUNCTION, message, node)
            return
        known = nearest(node.id, OPS)
        note = f"did you mean `{known}`?" if known else ""
        self.error(codes.UNKNOWN_FUNCTION, f"unknown function `{node.id}`", node, note)

    def _match(
        self,
        node: ast.Call,
        op: Op,
        args: list[ir.Expr],
        keywords: list[tuple[ast.keyword, ir.Expr]],
    ) -> dict[str, ir.Expr] | None:
        """The arguments by the op's parameters; None when they do not fit."""
        parameters = {parameter.name: parameter for parameter in op.parameters}
        if len(args) > len(parameters):
            message = f"`{op.name}` takes {len(parameters)} arguments, got {len(args)}"
            self.error(codes.BAD_CALL, message, node.args[len(parameters)], usage(op))
            return None
        bound = dict(zip(parameters, args, strict=False))
        for keyword, value in keywords:
            if keyword.arg is None or keyword.arg not in parameters:
                given = "**" if keyword.arg is None else keyword.arg
                message = f"`{op.name}` has no parameter `{given}`"
                self.error(codes.BAD_CALL, message, keyword, usage(op))
                return None
            if keyword.arg in bound:
                message = f"`{keyword.arg}` is given twice"
                self.error(codes.BAD_CALL, message, keyword, usage(op))
                return None
            bound[keyword.arg] = value
        missing = [p.name for p in op.parameters if p.required and p.name not in bound]
        if missing:
            message = f"`{op.name}` needs `{missing[0]}`"
            self.error(codes.BAD_CALL, message, node, usage(op))
            return None
        fits = [self._accept(op, parameters[name], bound[name]) for name in bound]
        return bound if all(fits) else None

    def _accept(self, op: Op, parameter: Parameter, value: ir.Expr) -> bool:
        wanted = _ACCEPTS[parameter.accepts]
        if _fits(parameter.accepts, value) or (
            not parameter.required and value.type == ir.NONE
        ):
            return True
        message = (
            f"`{parameter.name}` of `{op.name}` must be {wanted}, this is {value.type}"
        )
        self.found.add(codes.WRONG_TYPE, message, value.span, usage(op))
        return False

    def require_python(self, node: ast.expr, value: ir.Expr, what: str) -> None:
        """Record a mistake if a tensor stands where a Python value must."""
        if isinstance(value.type, ir.ArrayType):
            message = f"{what} needs a Python value, this is {value.type}"
            self.error(codes.WRONG_TYPE, message, node, "write `logical_not(x)`")

    def _require_number(self, node: ast.expr, value: ir.Expr, what: str) -> None:
        match value.type:
            case ir.ScalarType(kind=ir.Kind.STR | ir.Kind.NONE) | ir.TupleType():
                message = f"{what} needs numbers or tensors, this is {value.type}"
                self.error(codes.WRONG_TYPE, message, node)


_ACCEPTS: Final[Mapping[str, str]] = {
    "tensor": "a tensor or a number",
    "tensors": "a list of tensors",
    "index": "whole numbers",
    "mask": "true or false, element by element",
    "int": "a Python int",
    "bool": "`True` or `False`",
    "axis": "an axis",
    "axes": "an axis or a tuple of axes",
    "shape": "a tuple of sizes",
    "dtype": "the name of a dtype",
}

DTYPES: Final = ("float", "bool", "int32", "int64", "uint8", "float32", "float64")
"""What `dtype` may name. `float` is the layer's compute dtype."""


def _fits(accepts: str, value: ir.Expr) -> bool:
    numbers = (ir.BOOL, ir.INT, ir.FLOAT)
    match value.type, accepts:
        case ir.AnyType(), _:
            return True
        case ir.ArrayType(), "tensor":
            return True
        case ir.ArrayType(kind=kind) | ir.ScalarType(kind=kind), "index":
            return kind is ir.Kind.INT
        case ir.ArrayType(kind=kind) | ir.ScalarType(kind=kind), "mask":
            return kind is ir.Kind.BOOL
        case ir.ScalarType(), "tensor":
            return value.type in numbers
        case ir.TupleType(items=items), "tensors":
            return items is not None and len(items) > 0
        case ir.ScalarType(kind=ir.Kind.INT), "int" | "axis" | "axes":
            return True
        case ir.ScalarType(kind=ir.Kind.BOOL), "bool":
            return True
        case ir.TupleType(items=items), "axes" | "shape":
            return items is None or all(item in (ir.INT, ir.ANY) for item in items)
        case ir.ScalarType(kind=ir.Kind.STR), "dtype":
            return isinstance(value, ir.Literal) and value.value in DTYPES
    return False


def _ordered(
    op: Op, bound: dict[str, ir.Expr], given: int
) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str, ir.Expr], ...]]:
    """Required arguments by position; optional ones as the author gave them.

    So a call is spelled alike for `keras.ops` and for NumPy, whose first parameters
    have other names.
    """
    positional: list[ir.Expr] = []
    for i, parameter in enumerate(op.parameters):
        if parameter.name not in bound or not (parameter.required or i < given):
            break
        positional.append(bound[parameter.name])
    rest = [p.name for p in op.parameters[len(positional) :] if p.name in bound]
    return tuple(positional), tuple((name, bound[name]) for name in rest)


def _arithmetic(operator: str, left: ir.Type, right: ir.Type) -> ir.Type:
    if ir.ANY in (left, right):
        return ir.ANY
    kinds = [
        t.kind for t in (left, right) if isinstance(t, ir.ArrayType | ir.ScalarType)
    ]
    widest = max(
        (k for k in kinds if k in _ORDER), key=_ORDER.index, default=ir.Kind.FLOAT
    )
    if operator == "/":
        widest = ir.Kind.FLOAT
    elif widest is ir.Kind.BOOL:
        widest = ir.Kind.INT
    if isinstance(left, ir.ArrayType) or isinstance(right, ir.ArrayType):
        return ir.ArrayType(widest)
    return ir.ScalarType(widest)


def join(left: ir.Type, right: ir.Type) -> ir.Type:
    """The type of a value that is one of two."""
    if left == right or right == ir.NONE:
        return left
    if left == ir.NONE:
        return right
    if isinstance(left, ir.ArrayType) and isinstance(right, ir.ArrayType):
        return ir.ArrayType(max(left.kind, right.kind, key=_ORDER.index))
    if isinstance(left, ir.ArrayType) and isinstance(right, ir.ScalarType):
        return left
    if isinstance(right, ir.ArrayType) and isinstance(left, ir.ScalarType):
        return right
    if {left, right} == {ir.INT, ir.FLOAT}:
        return ir.FLOAT
    return ir.ANY


def literal_int(expr: ir.Expr) -> int | None:
    """The value of an integer that is written out, with its sign."""
    match expr:
        case ir.Literal(value=int(value)) if not isinstance(value, bool):
            return value
        case ir.Unary(operator="-", operand=ir.Literal(value=int(value))):
            return -value
    return None


def usage(op: Op) -> str:
    """How an op is called, for a note."""
    shown = [p.name if p.required else f"{p.name}=..." for p in op.parameters]
    return f"`{op.name}({', '.join(shown)})`: {op.doc}"

"""Python `ast` + the names in scope -> typed tree.

`bind_expression` binds the expressions of shapes and constants, `bind_body`
(`expr/body.py`) the statements of a forward pass. What is not in the language is
refused at its own place; all mistakes of one text are reported together. The binder is
made in layers: `scope`, `names`, `sequences`, `functions`, and here the operators.
"""

import ast

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.functions import FunctionBinder
from layergen.expr.language import OPERATORS
from layergen.expr.parse import Parsed
from layergen.expr.promote import arithmetic, element, join
from layergen.expr.scope import Scope

_MOST_PARTS = 10_000
"""Values that a tuple may be written with, those of tuples inside it counted too."""


def bind_expression(parsed: Parsed, scope: Scope, found: Diagnostics) -> ir.Expr:
    """The typed tree of one expression; mistakes go to `found`."""
    return Binder(parsed, scope, found).expr(parsed.expression)


def bind_sizes(parsed: Parsed, scope: Scope, found: Diagnostics) -> ir.Expr:
    """The typed tree of one size of a shape, or of several, `*xs`."""
    node, binder = parsed.expression, Binder(parsed, scope, found)
    return binder.spread(node) if isinstance(node, ast.Starred) else binder.expr(node)


def _of_tuples(operator: str, left: ir.Type, right: ir.Type) -> str:
    """What Python's operators on tuples are in the language."""
    match operator, left, right:
        case "+", ir.TupleType(), ir.TupleType():
            return "write `(*xs, *ys)`"
        case "*", ir.TupleType(), ir.ScalarType(kind=ir.Kind.INT):
            return "write `[x for _ in range(n)]`"
    return ""


class Binder(FunctionBinder):
    """Binds every kind of expression."""

    def expr(self, node: ast.expr) -> ir.Expr:
        """Bind an expression and all inside it."""
        bound = self._bind(node)
        if isinstance(bound.type, ir.TupleType) and bound.type.size > _MOST_PARTS:
            message = f"a tuple of more than {_MOST_PARTS} parts"
            self.error(codes.TOO_COMPLEX, message, node)
            return self.invalid(node)
        return bound

    def _bind(self, node: ast.expr) -> ir.Expr:
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
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node)
        self.refuse(node)
        return self.invalid(node)

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
        self._require_number(operand, f"`{operator}`")
        if operator == "+" and isinstance(operand.type, ir.ArrayType):
            message, note = "`+` before a tensor does nothing", "leave it out"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
        return ir.Unary(span, operand.type, operand.known, operator, operand)

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            self.refuse(node, node.op)
            return self.invalid(node)
        left, right = self.expr(node.left), self.expr(node.right)
        return self.binary(node, operator, left, right)

    def binary(
        self, node: ast.expr | ast.stmt, operator: str, left: ir.Expr, right: ir.Expr
    ) -> ir.Expr:
        """Two values joined by an arithmetic operator."""
        known = max(left.known, right.known)
        span = self.parsed.span(node)
        meant = _of_tuples(operator, left.type, right.type)
        if meant:
            message = f"`{operator}` needs numbers or tensors, this is {left.type}"
            self.found.add(codes.WRONG_TYPE, message, left.span, meant)
            return ir.Binary(span, ir.ANY, known, operator, left, right)
        for side in (left, right):
            self._require_number(side, f"`{operator}`")
            if operator == "@" and isinstance(side.type, ir.ScalarType):
                message = f"`@` multiplies matrices, this is {side.type}"
                self.found.add(codes.WRONG_TYPE, message, side.span, "write `x * y`")
        result = arithmetic(operator, left.type, right.type)
        return ir.Binary(span, result, known, operator, left, right)

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
            if operator in ("in", "not in"):
                self._require_member(node, left.type, right)
                known = max(left.known, right.known)
                span = self.parsed.span(node)
                parts.append(ir.Compare(span, ir.BOOL, known, operator, left, right))
                continue
            if operator in ("is", "is not") and right.type not in (ir.NONE, ir.ANY):
                message = f"`{operator}` compares with `None` only"
                note = "write `x` or `not x`" if right.type == ir.BOOL else ""
                self.error(codes.WRONG_TYPE, message, nodes[i + 1], note)
            elif operator in ("is", "is not") and not isinstance(nodes[i], ast.Name):
                message = f"`{operator} None` is asked of a name only"
                self.error(codes.WRONG_TYPE, message, nodes[i])
            self._require_alike(node, operator, left.type, right.type)
            tensor = any(isinstance(v.type, ir.ArrayType) for v in (left, right))
            tensor = tensor and operator not in ("is", "is not")
            result = ir.ArrayType(ir.Kind.BOOL) if tensor else ir.BOOL
            known = max(left.known, right.known)
            span = self.parsed.span(node)
            parts.append(ir.Compare(span, result, known, operator, left, right))
        if len(parts) == 1:
            return parts[0]
        if any(isinstance(part.type, ir.ArrayType) for part in parts):
            message = "a chain of comparisons needs Python values, this has a tensor"
            note = "write `logical_and(a < x, x < b)`"
            self.error(codes.WRONG_TYPE, message, node, note)
            return self.invalid(node)
        return self.joined(node, "and", parts)

    def _require_member(self, node: ast.expr, left: ir.Type, right: ir.Expr) -> None:
        """Record a mistake if `in` has no plain value and tuple of such."""
        if ir.ANY in (left, right.type):
            return
        if not isinstance(right.type, ir.TupleType):
            message = f"`in` looks into a tuple, this is {right.type}"
            self.found.add(codes.WRONG_TYPE, message, right.span)
            return
        inner = element(right.type)
        if not isinstance(left, ir.ScalarType) or not isinstance(
            inner, ir.ScalarType | ir.AnyType
        ):
            message = "`in` looks for a number or a text among such"
            self.error(codes.WRONG_TYPE, message, node)
        elif inner != ir.ANY and (left == ir.STR) is not (inner == ir.STR):
            message = f"`in` looks for {left} among values that are {inner}"
            self.error(codes.WRONG_TYPE, message, node)

    def _require_alike(
        self, node: ast.expr, operator: str, left: ir.Type, right: ir.Type
    ) -> None:
        """Record a comparison of text with something else: it never holds."""
        neutral = (ir.ANY, ir.NONE)
        for side in (left, right):
            inside = side.items if isinstance(side, ir.TupleType) else None
            inside = (element(side),) if inside is None else inside
            if any(isinstance(item, ir.TupleType | ir.ArrayType) for item in inside):
                message = f"`{operator}` compares numbers, texts and plain tuples"
                self.error(codes.WRONG_TYPE, message, node)
                return
        if (left == ir.STR) is not (right == ir.STR) and not (
            left in neutral or right in neutral
        ):
            message = f"`{operator}` compares {left} with {right}"
            self.error(codes.WRONG_TYPE, message, node)

    def _logical(self, node: ast.BoolOp) -> ir.Expr:
        values = [self.expr(value) for value in node.values]
        return self.joined(node, OPERATORS[type(node.op)], values)

    def joined(self, node: ast.expr, operator: str, values: list[ir.Expr]) -> ir.Expr:
        """Values joined by `and` or `or`: true or false, never tensors."""
        tensors = [v for v in values if isinstance(v.type, ir.ArrayType)]
        if tensors:
            message = f"`{operator}` needs Python values, this has {tensors[0].type}"
            note = f"write `logical_{operator}(a, b)`"
            self.error(codes.WRONG_TYPE, message, node, note)
            return self.invalid(node)
        for value in values:
            if value.type not in (ir.BOOL, ir.ANY):
                message = f"`{operator}` needs true or false, this is {value.type}"
                note = "compare it with something"
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
            if isinstance(test, ir.Name) and test.symbol.origin is ir.Origin.MASK:
                note = f"whether there is one is `{test} is not None`"
            self.error(codes.TENSOR_CONDITION, message, node, note)
        return test

    def require_python(self, node: ast.expr, value: ir.Expr, what: str) -> None:
        """Record a mistake if a tensor stands where a Python value must."""
        if isinstance(value.type, ir.ArrayType):
            message = f"{what} needs a Python value, this is {value.type}"
            self.error(codes.WRONG_TYPE, message, node, "write `logical_not(x)`")

    def _require_number(self, value: ir.Expr, what: str) -> None:
        note = ""
        match value.type:
            case (
                ir.ScalarType(kind=ir.Kind.STR | ir.Kind.NONE)
                | ir.TupleType()
                | ir.DtypeType()
                | ir.CallableType()
            ):
                message = f"{what} needs numbers or tensors, this is {value.type}"
            case ir.ArrayType(kind=ir.Kind.BOOL):
                message = f"{what} needs numbers, this is {value.type}"
                note = 'write `cast(x, "float")`'
            case ir.ScalarType(kind=ir.Kind.BOOL):
                message = f"{what} needs numbers, this is {value.type}"
                note = "write `1.0 if x else 0.0`"
            case _:
                return
        self.found.add(codes.WRONG_TYPE, message, value.span, note)

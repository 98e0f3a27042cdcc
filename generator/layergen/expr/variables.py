"""Names that a body gives a value: assignments, and which of them are read."""

import ast

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.effects import EffectBinder
from layergen.expr.language import OPERATORS
from layergen.expr.parse import Parsed
from layergen.expr.scope import Scope
from layergen.expr.stores import first_lines
from layergen.nearest import nearest


class VariableBinder(EffectBinder):
    """Binds assignments and the names that they make.

    Attributes:
        nodes: the statements.
        written: where each variable is written first.
        beside: the variables that share out a tuple with each.
        maybe: the variables that have a value on some paths only.
        looped: those of them that a loop gives a value.
        lines: the line where each name of the body gets its first value.
    """

    def __init__(
        self,
        parsed: Parsed,
        nodes: list[ast.stmt],
        scope: Scope,
        states: frozenset[str],
        found: Diagnostics,
    ) -> None:
        super().__init__(parsed, scope, states, found)
        self.nodes = nodes
        self.written: dict[str, ast.expr] = {}
        self.beside: dict[str, set[str]] = {}
        self.maybe: set[str] = set()
        self.looped: set[str] = set()
        self.lines = first_lines(nodes)

    def expr(self, node: ast.expr) -> ir.Expr:
        """Bind an expression, and note which variables it reads."""
        if isinstance(node, ast.Name):
            self.read.add(node.id)
            if node.id in self.maybe:
                message = f"`{node.id}` has a value on some paths only"
                note = "give it a value in every branch"
                if node.id in self.looped:
                    note = "give it a value before the loop, which may have no rounds"
                self.error(codes.UNASSIGNED, message, node, note)
                return self.invalid(node)
            if self.function(node) is not None:
                message = f"`{node.id}` is a function: call it"
                self.error(codes.UNKNOWN_NAME, message, node)
                return self.invalid(node)
        return super().expr(node)

    def meaning(self, name: str) -> str:
        """A variable hides a function in the whole call, as in Python."""
        is_variable = name in self.lines
        return super().meaning(name) or str(ir.Origin.LOCAL) * is_variable

    def _unknown_name(self, node: ast.Name) -> None:
        line = self.lines.get(node.id, 0)
        if line <= node.lineno:
            super()._unknown_name(node)
            return
        message = f"`{node.id}` has no value yet"
        note = "it gets its first value further down"
        self.error(codes.UNASSIGNED, message, node, note)

    def _unknown_function(self, node: ast.expr, name: str) -> None:
        if name not in self.lines or self.lines[name] <= node.lineno:
            super()._unknown_function(node, name)
            return
        message, note = f"`{name}` has no value yet", "it is defined further down"
        self.error(codes.UNASSIGNED, message, node, note)

    def assign(
        self, node: ast.stmt, target: ast.expr, value_node: ast.expr
    ) -> ir.Statement | None:
        """`x = value`, or `x, y = value`."""
        value = self.expr(value_node)
        if isinstance(target, ast.Name) and target.id == "_":
            message = "`_` stands for elements of a tuple that are not used"
            self.error(codes.UNUSED_VALUE, message, node, "leave the line out")
            return None
        targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        types = [value.type]
        if isinstance(target, ast.Tuple | ast.List):
            types = self.unpacked(target, value.type)
        bound = [
            self.declare(part, of_type, value.known)
            for part, of_type in zip(targets, types, strict=True)
        ]
        symbols = tuple(symbol for symbol in bound if symbol is not None)
        for symbol, part in zip(bound, targets, strict=True):
            if symbol is not None:
                if symbol.name != "_":
                    self.written.setdefault(symbol.name, part)
                others = self.beside.setdefault(symbol.name, set())
                others.update(s.name for s in symbols)
        if len(symbols) != len(targets):
            return None
        return ir.Assign(self.parsed.span(node), symbols, value)

    def augment(
        self, node: ast.stmt, target: ast.expr, op: ast.operator, value_node: ast.expr
    ) -> ir.Statement | None:
        """`x += value`: the same as `x = x + value`."""
        operator = OPERATORS.get(type(op))
        if operator is None:
            self.refuse(node, op)
            return None
        value = self.expr(value_node)
        if not isinstance(target, ast.Name) or self.scope.symbols.get(target.id):
            self.declare(target, ir.ANY, value.known)
            return None
        changed = self.binary(node, operator, self.expr(target), value)
        symbol = self.declare(target, changed.type, changed.known)
        if symbol is None:
            return None
        self.written.setdefault(symbol.name, target)
        return ir.Assign(self.parsed.span(node), (symbol,), changed)

    def declare(
        self, node: ast.expr, of_type: ir.Type, known: ir.Known
    ) -> ir.Symbol | None:
        """A variable, which may have had a value before."""
        before = self.scope.locals.get(node.id) if isinstance(node, ast.Name) else None
        if before is not None and before.origin is ir.Origin.FUNCTION:
            message = f"`{before.name}` is a function and cannot be assigned to"
            self.error(codes.BAD_TARGET, message, node, "choose another name")
            return None
        if before is not None:
            known = max(known, before.known)
        symbol = super().declare(node, of_type, known)
        if symbol is not None:
            self.maybe.discard(symbol.name)
        return symbol

    def loop_targets(self, node: ast.expr, iterable: ir.Expr) -> tuple[ir.Symbol, ...]:
        """The variables of a loop, which nothing need read: it may only repeat."""
        targets = super().loop_targets(node, iterable)
        self.read.update(symbol.name for symbol in targets)
        return targets

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> ir.Expr:
        """Outside of it, its variables are what they were."""
        maybe = set(self.maybe)
        bound = super()._comprehension(node)
        self.maybe = maybe
        return bound

    def refuse_target(self, node: ast.Name, taken: ir.Symbol) -> None:
        """Record that a name of the spec cannot be assigned to; a state has a way."""
        if node.id not in self.states:
            super().refuse_target(node, taken)
            return
        message = f"`{node.id}` is {taken.origin} and cannot be assigned to"
        note = f"a state takes a new value by `{node.id}.assign(value)`"
        self.error(codes.BAD_TARGET, message, node, note)

    def warn_unused(self) -> None:
        """Warn of variables that nothing reads, nor others of the same tuple."""
        for name, node in self.written.items():
            if not self.beside.get(name, {name}) & self.read:
                meant = nearest(name, self.read & self.written.keys())
                note = f"did you mean `{meant}`?" if meant else ""
                message = f"`{name}` is never used"
                self.error(codes.UNUSED_VARIABLE, message, node, note)

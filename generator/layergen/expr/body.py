"""Parsed statements + the names in scope -> the typed body of a forward pass."""

import ast
from dataclasses import replace

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.effects import EffectBinder
from layergen.expr.language import OPERATORS
from layergen.expr.parse import Parsed
from layergen.expr.promote import join
from layergen.expr.returns import Returned, check_returned, seeming_result
from layergen.expr.scope import Scope, is_invalid
from layergen.nearest import nearest

_MOST_LOOPS = 4
"""Loops that may stand within one another."""

_ROUNDS = 3
"""Times that a loop's body is bound, until its variables' types no longer change."""


def bind_body(
    parsed: Parsed,
    scope: Scope,
    states: frozenset[str],
    outputs: tuple[Returned, ...],
    found: Diagnostics,
) -> ir.Body:
    """The typed body of `call`; mistakes go to `found`.

    Args:
        parsed: the statements.
        scope: the names of the spec.
        states: names of the weights that `.assign` may change.
        outputs: what it must return.
        found: takes the mistakes.
    """
    mistakes = Diagnostics()
    binder = _BodyBinder(parsed, scope, states, outputs, mistakes)
    body, returns = binder.body(list(parsed.body))
    has_told = any(mistake.code is codes.NO_RETURN for mistake in mistakes)
    if not returns and parsed.body and not has_told:
        nodes = (node for statement in parsed.body for node in ast.walk(statement))
        message = "`call` has no `return`"
        if any(isinstance(node, ast.Return) for node in nodes):
            message = "not every path through `call` ends with `return`"
        note = "" if mistakes.has_errors else seeming_result(parsed)
        binder.error(codes.NO_RETURN, message, parsed.body[-1], note)
    if not mistakes.has_errors:  # else what is not read may be so by mistake
        binder.warn_unused()
    found.extend(mistakes)
    return body


class _BodyBinder(EffectBinder):
    def __init__(
        self,
        parsed: Parsed,
        scope: Scope,
        states: frozenset[str],
        outputs: tuple[Returned, ...],
        found: Diagnostics,
    ) -> None:
        super().__init__(parsed, scope, states, found)
        self.outputs = outputs
        self.written: dict[str, ast.expr] = {}
        self.beside: dict[str, set[str]] = {}
        self.maybe: set[str] = set()
        self.lines = _first_lines(parsed)
        self.loops = 0
        self.looped: set[str] = set()

    def body(self, nodes: list[ast.stmt]) -> tuple[ir.Body, bool]:
        """Bind statements; tell whether they always return."""
        bound: list[ir.Statement] = []
        for i, node in enumerate(nodes):
            statement, returns = self._statement(node)
            if statement is not None:
                bound.append(statement)
            if returns:
                if i + 1 < len(nodes):
                    message = "this is never reached"
                    self.error(codes.UNREACHABLE, message, nodes[i + 1])
                return tuple(bound), True
        return tuple(bound), False

    def _statement(self, node: ast.stmt) -> tuple[ir.Statement | None, bool]:
        match node:
            case ast.Assign(targets=[target], value=value):
                return self._assign(node, target, value), False
            case ast.AugAssign(target=target, op=op, value=value):
                return self._augment(node, target, op, value), False
            case ast.Assign():
                message = (
                    "an assignment to several names at once is not part of the language"
                )
                self.error(codes.NOT_IN_LANGUAGE, message, node)
            case ast.Return(value=None):
                self.error(codes.NO_RETURN, "`return` needs a value", node)
                return None, True
            case ast.Return(value=value) if value is not None:
                if self.loops:
                    message = "a loop cannot return"
                    note = "give the value a name, and return it after the loop"
                    self.error(codes.NO_RETURN, message, node, note)
                returned = self.expr(value)
                check_returned(returned, self.outputs, self.found)
                return ir.Return(self.parsed.span(node), returned), True
            case ast.If():
                return self._if(node)
            case ast.For(orelse=[first, *_]):
                message = "a loop has no `else`"
                note = "what follows a loop is written after it"
                self.error(codes.NOT_IN_LANGUAGE, message, first, note)
            case ast.For():
                return self._for(node), False
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="assign")) as call):
                return self.update(call), False
            case ast.Expr(value=ast.Call(func=ast.Name(id="add_loss")) as call):
                return self.loss(call), False
            case ast.Expr(value=ast.Constant(value=str())):
                message, note = "a text does nothing here", "begin a comment with `#`"
                self.error(codes.UNUSED_VALUE, message, node, note)
            case ast.Expr(value=value):
                is_result = node is self.parsed.body[-1]  # only `return` is missing
                if not is_invalid(self.expr(value)) and not is_result:
                    message = "the value of this expression is not used"
                    self.error(codes.UNUSED_VALUE, message, node, "give it a name")
            case _:
                self.refuse(node)
        return None, False

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

    def _assign(
        self, node: ast.stmt, target: ast.expr, value_node: ast.expr
    ) -> ir.Statement | None:
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

    def _augment(
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

    def _if(self, node: ast.If) -> tuple[ir.Statement | None, bool]:
        test = self.condition(node.test)
        before, maybe = dict(self.scope.locals), set(self.maybe)
        then, then_returns = self.body(node.body)
        after_then, maybe_then = self.scope.locals, self.maybe
        self.scope.locals, self.maybe = dict(before), set(maybe)
        otherwise, otherwise_returns = self.body(node.orelse)
        if then_returns and not otherwise_returns:
            pass  # what follows is reached through the other branch only
        elif otherwise_returns and not then_returns:
            self.scope.locals, self.maybe = after_then, maybe_then
        else:
            self._merge(after_then, maybe_then, test.known)
        statement = ir.If(self.parsed.span(node), test, then, otherwise)
        return statement, then_returns and otherwise_returns

    def _for(self, node: ast.For) -> ir.Statement | None:
        if self.loops == _MOST_LOOPS:
            message = f"more than {_MOST_LOOPS} loops within one another"
            self.error(codes.TOO_COMPLEX, message, node)
            return None
        iterable = self.expr(node.iter)
        before, maybe = dict(self.scope.locals), set(self.maybe)
        before |= _changed(node.body, before)
        start = before
        found = self.found
        self.loops += 1
        for last in (False,) * _ROUNDS + (True,):
            self.found = Diagnostics()
            self.scope.locals, self.maybe = dict(before), set(maybe)
            targets = self.loop_targets(node.target, iterable)
            body, _ = self.body(node.body)
            after = {
                name: _joined_symbol(symbol, self.scope.locals[name], last)
                for name, symbol in before.items()
            }
            if after == before:
                break
            before = after  # the next round starts from what this one leaves
        self.loops -= 1
        found.extend(self.found)
        self.found = found
        self._require_kinds(node, start, before)
        inside, maybe_inside = self.scope.locals, self.maybe
        self.scope.locals, self.maybe = dict(before), set(maybe)
        self._merge(inside, maybe_inside, iterable.known)
        self.looped |= self.maybe - maybe
        if not targets:
            return None
        return ir.For(self.parsed.span(node), targets, iterable, body)

    def _require_kinds(
        self,
        node: ast.For,
        before: dict[str, ir.Symbol],
        after: dict[str, ir.Symbol],
    ) -> None:
        """Record the tensors whose kind a loop changes: rounds would differ."""
        for name, symbol in before.items():
            left, right = symbol.type, after[name].type
            tensors = isinstance(left, ir.ArrayType) and isinstance(right, ir.ArrayType)
            if tensors and left != right:
                message = f"`{name}` is {left} before this loop, and {right} in it"
                note = f"make it one before the loop: `{name} = cast(...)`"
                self.error(codes.WRONG_TYPE, message, node, note)

    def _merge(
        self, then: dict[str, ir.Symbol], maybe: set[str], known: ir.Known
    ) -> None:
        """Join the variables of two branches, of which the second is in the scope."""
        other = self.scope.locals
        self.maybe |= maybe | (then.keys() ^ other.keys())
        for name in then.keys() | other.keys():
            left, right = then.get(name), other.get(name)
            if left is None or right is None:
                other[name] = left or right or other[name]
            elif left is not right:
                latest = max(left.known, right.known, known)
                of_type = join(left.type, right.type)
                other[name] = ir.Symbol(name, ir.Origin.LOCAL, of_type, latest)

    def warn_unused(self) -> None:
        """Warn of variables that nothing reads, nor others of the same tuple."""
        for name, node in self.written.items():
            if not self.beside.get(name, {name}) & self.read:
                meant = nearest(name, self.read & self.written.keys())
                note = f"did you mean `{meant}`?" if meant else ""
                message = f"`{name}` is never used"
                self.error(codes.UNUSED_VARIABLE, message, node, note)


def _changed(
    nodes: list[ast.stmt], before: dict[str, ir.Symbol]
) -> dict[str, ir.Symbol]:
    """The variables that a loop changes: known in the call, as rounds differ."""
    return {
        node.id: replace(before[node.id], known=ir.Known.CALL)
        for node in ast.walk(ast.Module(nodes, []))
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.id in before
    }


def _joined_symbol(before: ir.Symbol, after: ir.Symbol, last: bool) -> ir.Symbol:
    """A variable as a further round finds it; the last one settles for any type."""
    of_type = join(before.type, after.type)
    if last and of_type != before.type:
        of_type = ir.ANY
    return replace(before, type=of_type)


def _first_lines(parsed: Parsed) -> dict[str, int]:
    """For each name that is assigned to, the line where that happens first."""
    lines: dict[str, int] = {}
    for node in (node for statement in parsed.body for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return lines

"""Parsed statements + the names in scope -> the typed body of a forward pass."""

import ast

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.bind import Binder, Scope, is_invalid
from layergen.expr.ops import NUMBERS, OPS
from layergen.expr.parse import Parsed
from layergen.expr.promote import join
from layergen.keras_tables.names import USED_NAMES
from layergen.nearest import nearest


def bind_body(
    parsed: Parsed, scope: Scope, states: frozenset[str], found: Diagnostics
) -> ir.Body:
    """The typed body of `call`; mistakes go to `found`.

    Args:
        parsed: the statements.
        scope: the names of the spec.
        states: names of the weights that `.assign` may change.
        found: takes the mistakes.
    """
    mistakes = Diagnostics()
    binder = _BodyBinder(parsed, scope, states, mistakes)
    body, returns = binder.body(list(parsed.body))
    if not returns and parsed.body:
        nodes = (node for statement in parsed.body for node in ast.walk(statement))
        message = "`call` has no `return`"
        if any(isinstance(node, ast.Return) for node in nodes):
            message = "not every path through `call` ends with `return`"
        binder.error(codes.NO_RETURN, message, parsed.body[-1])
    if not mistakes.has_errors:  # else what is not read may be so by mistake
        binder.warn_unused()
    found.extend(mistakes)
    return body


class _BodyBinder(Binder):
    def __init__(
        self, parsed: Parsed, scope: Scope, states: frozenset[str], found: Diagnostics
    ) -> None:
        super().__init__(parsed, scope, found)
        self.states = states
        self.written: dict[str, ast.expr] = {}
        self.read: set[str] = set()
        self.maybe: set[str] = set()
        self.lines = _first_lines(parsed)

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
            case ast.Assign():
                message = (
                    "an assignment to several names at once is not part of the language"
                )
                self.error(codes.NOT_IN_LANGUAGE, message, node)
            case ast.Return(value=None):
                self.error(codes.NO_RETURN, "`return` needs a value", node)
                return None, True
            case ast.Return(value=value) if value is not None:
                returned = self.expr(value)
                self._require_tensor(value, returned.type)
                return ir.Return(self.parsed.span(node), returned), True
            case ast.If():
                return self._if(node)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="assign")) as call):
                return self._update(call), False
            case ast.Expr(value=ast.Constant(value=str())):
                message, note = "a text does nothing here", "begin a comment with `#`"
                self.error(codes.UNUSED_VALUE, message, node, note)
            case ast.Expr(value=value):
                if not is_invalid(self.expr(value)):
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
                self.error(codes.UNASSIGNED, message, node, note)
                return self.invalid(node)
        return super().expr(node)

    def _require_tensor(self, node: ast.expr, of_type: ir.Type) -> None:
        """Record a mistake if `call` would return something else than a tensor."""
        if isinstance(of_type, ir.ArrayType | ir.AnyType):
            return
        note = ""
        if isinstance(of_type, ir.TupleType):
            note = "a layer with several outputs is not supported yet"
        message = f"`call` must return a tensor, this is {of_type}"
        self.error(codes.WRONG_TYPE, message, node, note)

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
        targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        types = self._unpacked(target, value, len(targets))
        bound = [
            self._target(part, of_type, value.known)
            for part, of_type in zip(targets, types, strict=True)
        ]
        symbols = tuple(symbol for symbol in bound if symbol is not None)
        if len(symbols) != len(targets):
            return None
        return ir.Assign(self.parsed.span(node), symbols, value)

    def _unpacked(self, target: ast.expr, value: ir.Expr, count: int) -> list[ir.Type]:
        if not isinstance(target, ast.Tuple | ast.List):
            return [value.type]
        match value.type:
            case ir.AnyType():
                return [ir.ANY] * count
            case ir.TupleType(items=None):
                return [ir.INT] * count
            case ir.TupleType(items=items) if items is not None:
                if len(items) == count:
                    return list(items)
                message = f"{count} names for {len(items)} values"
            case _:
                message = f"{count} names for one value: {value.type}"
        self.error(codes.WRONG_TYPE, message, target)
        return [ir.ANY] * count

    def _target(
        self, node: ast.expr, of_type: ir.Type, known: ir.Known
    ) -> ir.Symbol | None:
        if not isinstance(node, ast.Name):
            message = "only a name can be assigned to"
            note = "a state takes `state.assign(value)`"
            self.error(codes.BAD_TARGET, message, node, note)
            return None
        taken = self.scope.symbols.get(node.id)
        if taken is not None:
            self._refuse_target(node, taken)
            return None
        known_names = (OPS, NUMBERS, USED_NAMES)
        if any(node.id in names for names in known_names) or not _plain_name(node.id):
            message = f"`{node.id}` cannot be the name of a variable"
            note = "the language or generated code has something of this name"
            if not _plain_name(node.id):
                note = "a name begins with a letter and has letters of ASCII only"
            self.error(codes.BAD_TARGET, message, node, note)
            unknown = ir.Symbol(node.id, ir.Origin.LOCAL, ir.ANY, known)
            self.scope.locals[node.id] = unknown
            return None
        before = self.scope.locals.get(node.id)
        if before is not None and before.known > known:
            known = before.known
        symbol = ir.Symbol(node.id, ir.Origin.LOCAL, of_type, known)
        self.scope.locals[node.id] = symbol
        self.maybe.discard(node.id)
        self.written.setdefault(node.id, node)
        return symbol

    def _refuse_target(self, node: ast.Name, taken: ir.Symbol) -> None:
        message = f"`{node.id}` is {taken.origin} and cannot be assigned to"
        note = "choose another name"
        if node.id in self.states:
            note = f"a state takes a new value by `{node.id}.assign(value)`"
        elif taken.origin is ir.Origin.CONSTANT:
            note = "what changes is a weight with `trainable: false`"
        self.error(codes.BAD_TARGET, message, node, note)

    def _update(self, call: ast.Call) -> ir.Statement | None:
        assert isinstance(call.func, ast.Attribute)
        target = call.func.value
        if len(call.args) != 1 or call.keywords:
            self.error(codes.BAD_UPDATE, "`.assign` takes one value", call)
            return None
        value = self.expr(call.args[0])
        if not isinstance(target, ast.Name) or target.id not in self.states:
            self._refuse_update(target)
            return None
        self.read.add(target.id)
        symbol = self.scope.symbols[target.id]
        return ir.Update(self.parsed.span(call), symbol, value)

    def _refuse_update(self, target: ast.expr) -> None:
        is_name = isinstance(target, ast.Name)
        symbol = self.scope.find(target.id) if isinstance(target, ast.Name) else None
        if is_name and symbol is None:
            self.expr(target)
            return
        message, note = "only a weight with `trainable: false` takes a new value", ""
        if symbol is not None:
            note = "what changes is a weight with `trainable: false`"
            message = f"`{symbol.name}` is {symbol.origin} and takes no new value"
        if symbol is not None and symbol.origin is ir.Origin.WEIGHT:
            message = f"`{symbol.name}` is trained, and takes no new value in the call"
            note = "to make it a state, add `trainable: false`"
        elif symbol is not None and symbol.origin is ir.Origin.LOCAL:
            note = f"write `{symbol.name} = value`"
        self.error(codes.BAD_UPDATE, message, target, note)

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
        """Warn of variables that nothing reads."""
        for name, node in self.written.items():
            if name not in self.read:
                meant = nearest(name, self.read & self.written.keys())
                note = f"did you mean `{meant}`?" if meant else ""
                message = f"`{name}` is never used"
                self.error(codes.UNUSED_VARIABLE, message, node, note)


def _first_lines(parsed: Parsed) -> dict[str, int]:
    """For each name that is assigned to, the line where that happens first."""
    lines: dict[str, int] = {}
    for node in (node for statement in parsed.body for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return lines


def _plain_name(name: str) -> bool:
    return name.isascii() and not name.startswith("_") and name != "self"

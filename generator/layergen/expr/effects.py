"""Statements that change something outside of the call: a state, or the loss."""

import ast

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.bind import Binder
from layergen.expr.parse import Parsed
from layergen.expr.scope import Scope

_FLOATS = ir.ArrayType(ir.Kind.FLOAT)


class EffectBinder(Binder):
    """Binds the statements that have an effect.

    Attributes:
        states: the weights that `.assign` may change.
        read: the names that are read.
    """

    def __init__(
        self, parsed: Parsed, scope: Scope, states: frozenset[str], found: Diagnostics
    ) -> None:
        super().__init__(parsed, scope, found)
        self.states = states
        self.read: set[str] = set()

    def loss(self, call: ast.Call) -> ir.Statement | None:
        """`add_loss(value)`; None if it has a mistake."""
        if len(call.args) != 1 or call.keywords:
            self.error(codes.BAD_CALL, "`add_loss` takes one value", call)
            return None
        value = self.expr(call.args[0])
        if value.type not in (_FLOATS, ir.ANY):
            message = f"a loss is a tensor of one float, this is {value.type}"
            self.error(codes.WRONG_TYPE, message, call.args[0])
        return ir.Loss(self.parsed.span(call), value)

    def update(self, call: ast.Call) -> ir.Statement | None:
        """`state.assign(value)`; None if it has a mistake."""
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

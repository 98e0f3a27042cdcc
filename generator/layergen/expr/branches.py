"""Branches and loops, and what variables are after them."""

import ast
from dataclasses import replace

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.promote import join
from layergen.expr.stores import variables
from layergen.expr.variables import VariableBinder

_MOST_LOOPS = 4
"""Loops that may stand within one another."""

_ROUNDS = 3
"""Times that a loop's body is bound, until its variables' types no longer change."""


class BranchBinder(VariableBinder):
    """Binds branches and loops."""

    loops = 0
    """Loops that what is being bound stands in."""

    def body(self, nodes: list[ast.stmt]) -> tuple[ir.Body, bool]:
        """Bind statements; tell whether they always return."""
        raise NotImplementedError

    def branch(self, node: ast.If) -> tuple[ir.Statement | None, bool]:
        """`if`, and whether both branches return."""
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

    def loop(self, node: ast.For) -> ir.Statement | None:
        """`for`, bound until the types of its variables stay as they are."""
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
                other[name] = replace(right, type=of_type, known=latest)


def _changed(
    nodes: list[ast.stmt], before: dict[str, ir.Symbol]
) -> dict[str, ir.Symbol]:
    """The variables that a loop changes: known in the call, as rounds differ."""
    names = before.keys() & variables(nodes)
    return {name: replace(before[name], known=ir.Known.CALL) for name in names}


def _joined_symbol(before: ir.Symbol, after: ir.Symbol, last: bool) -> ir.Symbol:
    """A variable as a further round finds it; the last one settles for any type."""
    of_type = join(before.type, after.type)
    if last and of_type != before.type:
        of_type = ir.ANY
    return replace(before, type=of_type)

"""Statements, one by one; what they return is for subclasses to judge."""

import ast

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.branches import BranchBinder
from layergen.expr.scope import is_invalid


class StatementBinder(BranchBinder):
    """Binds statements."""

    def returned(self, value: ir.Expr) -> ir.Expr:
        """What is returned, after it was judged."""
        raise NotImplementedError

    def define(self, node: ast.FunctionDef) -> ir.Statement | None:
        """Bind the definition of a function; None if it has a mistake."""
        raise NotImplementedError

    def whole(self, name: str, note: str = "") -> ir.Body:
        """All statements, of which the last ones must return.

        Args:
            name: whose statements they are.
            note: what may be meant by statements that do not return.
        """
        body, returns = self.body(self.nodes)
        last = self.parsed.span(self.nodes[-1])
        has_told = any(
            mistake.code is codes.NO_RETURN or mistake.span == last
            for mistake in self.found
        )
        if not returns and not has_told:
            nodes = (node for statement in self.nodes for node in ast.walk(statement))
            message = f"`{name}` has no `return`"
            if any(isinstance(node, ast.Return) for node in nodes):
                message = f"not every path through `{name}` ends with `return`"
            note = "" if self.found.has_errors else note
            self.error(codes.NO_RETURN, message, self.nodes[-1], note)
        return body

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
                return self.assign(node, target, value), False
            case ast.AugAssign(target=target, op=op, value=value):
                return self.augment(node, target, op, value), False
            case ast.Assign():
                message = (
                    "an assignment to several names at once is not part of the language"
                )
                self.error(codes.NOT_IN_LANGUAGE, message, node)
                self.declare_unknown(ast.Tuple(node.targets, ast.Store()))
            case ast.Return(value=None):
                self.error(codes.NO_RETURN, "`return` needs a value", node)
                return None, True
            case ast.Return(value=value) if value is not None:
                if self.loops:
                    message = "a loop cannot return"
                    note = "give the value a name, and return it after the loop"
                    self.error(codes.NO_RETURN, message, node, note)
                returned = self.returned(self.expr(value))
                return ir.Return(self.parsed.span(node), returned), True
            case ast.If():
                return self.branch(node)
            case ast.For(orelse=[first, *_]):
                message = "a loop has no `else`"
                note = "what follows a loop is written after it"
                self.error(codes.NOT_IN_LANGUAGE, message, first, note)
            case ast.For():
                return self.loop(node), False
            case ast.FunctionDef():
                return self.define(node), False
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="assign")) as call):
                return self.update(call), False
            case ast.Expr(value=ast.Call(func=ast.Name(id="add_loss")) as call):
                return self.loss(call), False
            case ast.Expr(value=ast.Constant(value=str())):
                message, note = "a text does nothing here", "begin a comment with `#`"
                self.error(codes.UNUSED_VALUE, message, node, note)
            case ast.Expr(value=value):
                is_result = node is self.nodes[-1]  # only `return` is missing
                if not is_invalid(self.expr(value)) and not is_result:
                    message = "the value of this expression is not used"
                    self.error(codes.UNUSED_VALUE, message, node, "give it a name")
            case ast.AnnAssign(target=target):
                self.refuse(node)
                self.declare_unknown(target)
            case _:
                self.refuse(node)
        return None, False

"""Calls of ops and of Python's functions, and attributes of tensors."""

import ast
from collections.abc import Mapping

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.builtins import BUILTINS
from layergen.expr.calls import match_application, match_call, order_arguments
from layergen.expr.elsewhere import INSTEAD_OF, LEFT_OUT
from layergen.expr.language import ATTRIBUTES, STATEMENTS
from layergen.expr.op import Op
from layergen.expr.ops import NUMBERS, OPS
from layergen.expr.scope import is_invalid
from layergen.expr.sequences import SequenceBinder
from layergen.nearest import nearest

_UPDATES = frozenset({"assign_add", "assign_sub", "add_", "sub_", "update", "add"})
"""Methods by which other libraries change a variable."""

_OF_TENSORS: Mapping[str, str] = {
    "float": 'write `cast(x, "float")`',
    "int": 'write `cast(x, "int32")`',
    "len": "write `x.shape[0]`",
}
"""What stands for a function of Python, of a tensor."""


class FunctionBinder(SequenceBinder):
    """Binds calls and attributes."""

    def _builtin(self, node: ast.Call, name: str, args: list[ir.Expr]) -> ir.Expr:
        """A function of Python on Python values."""
        builtin = BUILTINS[name]
        if node.keywords or not builtin.least <= len(args) <= builtin.most:
            message = f"`{name}` takes other arguments"
            self.error(codes.BAD_CALL, message, node, f"`{builtin.usage}`")
            return self.invalid(node)
        for arg in args:
            if isinstance(arg.type, ir.ArrayType):
                message = f"`{name}` needs a Python value, this is {arg.type}"
                note = _OF_TENSORS.get(name, "")
                self.found.add(codes.WRONG_TYPE, message, arg.span, note)
                return self.invalid(node)
        if not self._takes(node, name, args):
            return self.invalid(node)
        known = max((arg.known for arg in args), default=ir.Known.CONFIG)
        result = ir.ANY if any(a.type == ir.ANY for a in args) else builtin.result(args)
        return ir.Builtin(self.parsed.span(node), result, known, name, tuple(args))

    def _takes(self, node: ast.Call, name: str, args: list[ir.Expr]) -> bool:
        """Whether a function of Python can take values of these types."""
        builtin = BUILTINS[name]
        for written, arg in zip(node.args, args, strict=True):
            if arg.type != ir.ANY and not builtin.accepts(arg.type):
                message = f"`{name}` needs {builtin.needs}, this is {arg.type}"
                self.error(codes.WRONG_TYPE, message, written)
                return False
            if name == "range" and arg.known is ir.Known.CALL:
                message = "how often a loop runs must be known before the call"
                note = "`range` takes arguments, and sizes by name but for `batch`"
                self.error(codes.KNOWN_TOO_LATE, message, written, note)
                return False
        return True

    def _is_unknown(self, node: ast.expr) -> bool:
        """Whether it is a name, or an attribute of one, that nothing here has."""
        while isinstance(node, ast.Attribute):
            node = node.value
        known = [*OPS, *NUMBERS, *self.scope.later]
        is_name = isinstance(node, ast.Name) and node.id not in known
        return is_name and isinstance(node, ast.Name) and not self.scope.find(node.id)

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        if isinstance(node.value, ast.Name) and node.attr in ATTRIBUTES:
            symbol = self.scope.find(node.value.id)
            is_input = symbol is not None and symbol.origin is ir.Origin.INPUT
            if symbol is not None and is_input and not _is_list(symbol):
                return self._input_attribute(node, node.value, symbol)
        if self._op_name(node) in OPS:
            message = f"`{self.parsed.span(node).text}` is a function: call it"
            self.error(codes.UNKNOWN_NAME, message, node)
            return self.invalid(node)
        if self._is_unknown(node.value) and (
            node.attr in NUMBERS or self.scope.find(node.attr)
        ):
            message = f"`{self.parsed.span(node).text}` is not part of the language"
            note = f"write `{node.attr}`"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        value = self.expr(node.value)
        if is_invalid(value):
            return self.invalid(node)
        result = ATTRIBUTES.get(node.attr)
        if result is None or not isinstance(value.type, ir.ArrayType | ir.AnyType):
            message = f"`.{node.attr}` is not part of the language"
            known = nearest(node.attr, ATTRIBUTES)
            note = f"did you mean `.{known}`?" if known else ""
            if isinstance(value.type, ir.TupleType) and node.attr in ATTRIBUTES:
                name = self.parsed.span(node.value).text
                note = f"`{name}` is a list of tensors: take one, `{name}[0]`"
            elif node.attr == "dtype":
                note = "`cast(x, dtype)` takes the name of a dtype"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        return ir.Attribute(
            self.parsed.span(node), result, value.known, value, node.attr
        )

    def _input_attribute(
        self, node: ast.Attribute, name: ast.Name, symbol: ir.Symbol
    ) -> ir.Expr:
        """The rank of an input is known at build, and outside of `call` its shape too.

        In the call a size may be unknown until then.
        """
        value = ir.Name(self.parsed.span(name), symbol.type, symbol.known, symbol)
        early = node.attr == "ndim" or self.scope.latest < ir.Known.CALL
        known = ir.Known.BUILD if early else ir.Known.CALL
        span = self.parsed.span(node)
        return ir.Attribute(span, ATTRIBUTES[node.attr], known, value, node.attr)

    def _call(self, node: ast.Call) -> ir.Expr:
        unpacked: list[ast.expr] = [a for a in node.args if isinstance(a, ast.Starred)]
        unpacked += [k.value for k in node.keywords if k.arg is None]
        if unpacked:
            message = "unpacked arguments are not part of the language"
            note = "give every argument by itself"
            self.error(codes.NOT_IN_LANGUAGE, message, unpacked[0], note)
            return self.invalid(node)
        callee = self._callee(node.func)
        if (number := self._number_of_inputs(node)) is not None:
            return number
        args = [self.expr(arg) for arg in node.args]
        keywords = [(k, self.expr(k.value)) for k in node.keywords]
        if callee is not None:
            return self._apply(node, callee, args, keywords)
        name = self._op_name(node.func)
        if name is None:
            self._refuse_callee(node)
            return self.invalid(node)
        op = OPS.get(name)
        if op is None and name in BUILTINS and not self.scope.find(name):
            return self._builtin(node, name, args)
        if op is None:
            self._unknown_function(node.func, name)
            return self.invalid(node)
        if op.draws and self.scope.latest < ir.Known.CALL:
            self._drawn_too_late(node, op)
            return self.invalid(node)
        assert op is not None
        bound = match_call(op, node, args, keywords, self.error)
        if bound is None:
            return self.invalid(node)
        known = max((value.known for value in bound.values()), default=ir.Known.CONFIG)
        known = ir.Known.CALL if op.draws else known
        result = op.result(bound) if bound else ir.ArrayType(ir.Kind.FLOAT)
        if op.math is not None and all(
            isinstance(value.type, ir.ScalarType) for value in bound.values()
        ):
            result = ir.ScalarType(getattr(result, "kind", ir.Kind.FLOAT))
        if any(value.type == ir.ANY for value in bound.values()):
            result = ir.ANY
        positional, named = order_arguments(op, bound, len(args))
        span = self.parsed.span(node)
        return ir.Call(span, result, known, op.name, positional, named)

    def _op_name(self, callee: ast.expr) -> str | None:
        """The name of what is called, `f` or `random.f`; None if it is no such name."""
        match callee:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id=group), attr=name):
                is_group = group in _PREFIXES and not self.scope.find(group)
                return f"{group}.{name}" if is_group else None
        return None

    def _drawn_too_late(self, node: ast.Call, op: Op) -> None:
        message = f"`{op.name}` draws at every call, too late for {self.scope.place}"
        note = "a constant is drawn once, by `initializer: random_normal` and the like"
        self.error(codes.KNOWN_TOO_LATE, message, node.func, note)

    def _number_of_inputs(self, node: ast.Call) -> ir.Expr | None:
        """`len(xs)` of a list of inputs: known once the layer is built."""
        match node:
            case ast.Call(
                func=ast.Name(id="len"), args=[ast.Name() as name], keywords=[]
            ):
                symbol = self.scope.find(name.id)
                if symbol is None or not _is_list(symbol):
                    return None
                span = self.parsed.span(name)
                value = ir.Name(span, symbol.type, symbol.known, symbol)
                span = self.parsed.span(node)
                return ir.Builtin(span, ir.INT, ir.Known.BUILD, "len", (value,))
        return None

    def _callee(self, node: ast.expr) -> ir.Expr | None:
        """What is called, if it is something that the layer owns."""
        if isinstance(node, ast.Name):
            symbol = self.scope.find(node.id)
            if symbol is None or not isinstance(symbol.type, ir.CallableType):
                return None
        elif not isinstance(node, ast.Subscript):
            return None
        callee = self.expr(node)
        return callee if isinstance(callee.type, ir.CallableType) else None

    def _apply(
        self,
        node: ast.Call,
        callee: ir.Expr,
        args: list[ir.Expr],
        keywords: list[tuple[ast.keyword, ir.Expr]],
    ) -> ir.Expr:
        """A call of something that the layer owns."""
        assert isinstance(callee.type, ir.CallableType)
        named = match_application(callee, node, args, keywords, self.error)
        if named is None:
            return self.invalid(node)
        result = callee.type.result
        if any(value.type == ir.ANY for value in (*args, *named.values())):
            result = ir.ANY
        span, known = self.parsed.span(node), ir.Known.CALL
        return ir.Apply(span, result, known, callee, tuple(args), tuple(named.items()))

    def _refuse_callee(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "assign":
            message = "`.assign(...)` is a statement: it has no value"
            self.error(codes.BAD_UPDATE, message, node)
            return
        if isinstance(node.func, ast.Attribute) and node.func.attr in _UPDATES:
            message = f"`.{node.func.attr}` is not part of the language"
            note = "write `state.assign(value)`"
            self.error(codes.BAD_UPDATE, message, node.func, note)
            return
        message = "only the functions of the language can be called"
        note = ""
        if isinstance(node.func, ast.Attribute):
            known = _with_group(node.func.attr)
            note = f"write `{known}(...)`" if known else ""
        self.error(codes.UNKNOWN_FUNCTION, message, node.func, note)

    def _unknown_function(self, node: ast.expr, name: str) -> None:
        symbol = self.scope.find(name)
        if symbol is not None:
            message, note = f"`{name}` is not a function", ""
            if symbol.origin is ir.Origin.SUBLAYER:
                note = f"it is a list of layers: `for layer in {name}:`"
            self.error(codes.UNKNOWN_FUNCTION, message, node, note)
            return
        if name in STATEMENTS:
            message = f"`{name}(...)` is a statement: it has no value"
            self.error(codes.WRONG_TYPE, message, node)
            return
        note = ""
        if name in LEFT_OUT:
            note = LEFT_OUT[name]
        elif name in INSTEAD_OF:
            note = f"write `{INSTEAD_OF[name]}`"
        elif known := _with_group(name) or nearest(name, _CALLED):
            note = f"did you mean `{known}`?"
        self.error(codes.UNKNOWN_FUNCTION, f"unknown function `{name}`", node, note)


_CALLED = (*OPS, *BUILTINS, *STATEMENTS)

_PREFIXES = frozenset(name.split(".")[0] for name in OPS if "." in name)
"""What stands before the dot of a function's name."""


def _with_group(name: str) -> str | None:
    """The function of this name, with or without the group that it belongs to."""
    names = (name, *(f"{group}.{name}" for group in sorted(_PREFIXES)))
    return next((known for known in names if known in _CALLED), None)


def _is_list(symbol: ir.Symbol) -> bool:
    """Whether a name stands for a list of inputs."""
    is_input = symbol.origin is ir.Origin.INPUT
    return is_input and isinstance(symbol.type, ir.TupleType)

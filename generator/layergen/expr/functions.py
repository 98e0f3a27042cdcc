"""Calls of ops, of Python's functions and of what the layer owns."""

import ast
from collections.abc import Mapping

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.attributes import PREFIXES, AttributeBinder, is_list
from layergen.expr.builtins import BUILTINS
from layergen.expr.calls import match_application, match_call, order_arguments
from layergen.expr.elsewhere import INSTEAD_OF, LEFT_OUT
from layergen.expr.language import STATEMENTS
from layergen.expr.numbers import (
    OF_NUMBERS,
    are_numbers,
    are_tensors,
    instead_of_number,
    unknown_size,
)
from layergen.expr.op import Op
from layergen.expr.ops import OPS
from layergen.keras_tables.names import USED_NAMES
from layergen.nearest import nearest

_UPDATES = frozenset({"assign_add", "assign_sub", "add_", "sub_", "update", "add"})
"""Methods by which other libraries change a variable."""

_LAYERS = "a layer has a name under `sublayers`, and is called by it"

_OF_TENSORS: Mapping[str, str] = {
    "float": 'write `cast(x, "float")`',
    "int": 'write `cast(x, "int32")`',
    "len": "write `x.shape[0]`",
}
"""What stands for a function of Python, of a tensor."""


class FunctionBinder(AttributeBinder):
    """Binds calls."""

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
        name = "tuple" if name == "list" else name  # JAX takes no list of axes
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
            if name in OF_NUMBERS and not self._is_known_number(name, arg):
                return False
        return True

    def _is_known_number(self, name: str, value: ir.Expr) -> bool:
        """Whether Python can compute with a number: in a graph a size may be none."""
        size = unknown_size(value)
        if size is not None:
            message = f"`{name}` of a size must be known before the call"
            note = instead_of_number(name, size)
            self.found.add(codes.KNOWN_TOO_LATE, message, value.span, note)
        return size is None

    def _call(self, node: ast.Call) -> ir.Expr:
        unpacked: list[ast.expr] = [a for a in node.args if isinstance(a, ast.Starred)]
        unpacked += [k.value for k in node.keywords if k.arg is None]
        if unpacked:
            message = "unpacked arguments are not part of the language"
            note = "give every argument by itself"
            self.error(codes.NOT_IN_LANGUAGE, message, unpacked[0], note)
            return self.invalid(node)
        callee = self._callee(node.func)
        function = self.function(node.func)
        if (number := self._number_of_inputs(node)) is not None:
            return number
        name = self.op_name(node.func)
        repeats = name is not None and name in OPS and OPS[name].steps is not None
        args = [self._passed(arg, repeats) for arg in node.args]
        keywords = [(k, self._passed(k.value, repeats)) for k in node.keywords]
        if callee is not None:
            return self._apply(node, callee, args, keywords)
        if function is not None:
            return self.call_function(node, function, args, keywords)
        if self._is_hidden(node.func):
            return self.invalid(node)
        if name is None:
            self._refuse_callee(node)
            return self.invalid(node)
        is_python = name not in OPS or (not keywords and are_numbers(args))
        is_python |= name == "sum" and not keywords and are_tensors(args)
        if name in BUILTINS and is_python:
            return self._builtin(node, name, args)
        op = OPS.get(name)
        if op is None:
            self._unknown_function(node.func, name)
            return self.invalid(node)
        bound = match_call(op, node, args, keywords, self.error)
        if bound is None or (repeats and not self.repeat(node, op, bound)):
            return self.invalid(node)
        known = max((value.known for value in bound.values()), default=ir.Known.CONFIG)
        known = ir.Known.CALL if op.draws else known
        result = op.result(bound) if bound else ir.ArrayType(ir.Kind.FLOAT)
        if op.math is not None and all(
            isinstance(value.type, ir.ScalarType) for value in bound.values()
        ):
            if not all(self._is_known_number(name, v) for v in bound.values()):
                return self.invalid(node)
            result = ir.ScalarType(getattr(result, "kind", ir.Kind.FLOAT))
        if any(value.type == ir.ANY for value in bound.values()):
            result = ir.ANY
        elif self.scope.latest < ir.Known.CALL and not op.is_early(result):
            self._refuse_late(node, op)
            return self.invalid(node)
        positional, named = order_arguments(op, bound, len(args))
        span = self.parsed.span(node)
        return ir.Call(span, result, known, op.name, positional, named)

    def _passed(self, node: ast.expr, repeats: bool) -> ir.Expr:
        """An argument; what is repeated is passed by its name."""
        function = self.function(node) if repeats else None
        return self.expr(node) if function is None else function

    def function(self, node: ast.expr) -> ir.Name | None:
        """A function that the forward pass defines; nothing else has any."""
        return None

    def call_function(
        self,
        node: ast.Call,
        function: ir.Name,
        args: list[ir.Expr],
        keywords: list[tuple[ast.keyword, ir.Expr]],
    ) -> ir.Expr:
        """A call of such a function."""
        raise NotImplementedError

    def repeat(self, node: ast.Call, op: Op, bound: Mapping[str, ir.Expr]) -> bool:
        """Bind such a function, which an op repeats; whether it can be repeated."""
        self._refuse_late(node, op)
        return False

    def meaning(self, name: str) -> str:
        """What a name of the spec stands for; nothing if the spec has no such name."""
        symbol = self.scope.find(name)
        if symbol is not None:
            return str(symbol.origin)
        return str(ir.Origin.CONSTANT) if name in self.scope.later else ""

    def _is_hidden(self, callee: ast.expr) -> bool:
        """Whether a name of the spec stands before the function that is meant.

        Then that is recorded.
        """
        function = ast.unparse(callee)
        name = function.partition(".")[0]
        if function not in _CALLED or name in USED_NAMES or not self.meaning(name):
            return False
        symbol = self.scope.find(name)
        if symbol is not None and symbol.origin is ir.Origin.SUBLAYER:
            return False  # a list of them, which is told to be one
        meaning = self.meaning(name)
        message = f"`{name}` is {meaning} here, which hides the function `{function}`"
        noun = meaning.partition(" ")[2]
        note = f"to call the function, give the {noun} another name"
        self.error(codes.UNKNOWN_FUNCTION, message, callee, note)
        return True

    def _refuse_late(self, node: ast.Call, op: Op) -> None:
        does = "draws at every call" if op.draws else "is computed in the call"
        message = f"`{op.name}` {does}, too late for {self.scope.place}"
        note = "write it in `call`, or use functions that docs/spec.md calls *early*"
        if op.draws:
            note = (
                "a constant is drawn once: `initializer: random_normal`, and the like"
            )
        elif op.name == "cast":
            note = "leave it out: a constant has a `dtype`"
        self.error(codes.KNOWN_TOO_LATE, message, node.func, note)

    def _number_of_inputs(self, node: ast.Call) -> ir.Expr | None:
        """`len(xs)` of a list of inputs: known once the layer is built."""
        match node:
            case ast.Call(
                func=ast.Name(id="len"), args=[ast.Name() as name], keywords=[]
            ):
                symbol = self.scope.find(name.id)
                if symbol is None or not is_list(symbol):
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
        if isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            message = "`.append` takes one value, for a list with a single name"
            name = ast.unparse(node.func.value)
            note = f"write `{name} = [*{name}, x]`" if name.isidentifier() else ""
            self.error(codes.UNKNOWN_FUNCTION, message, node.func, note)
            return
        message = "only the functions of the language can be called"
        note = ""
        if isinstance(node.func, ast.Attribute):
            known = _with_group(node.func.attr)
            note = f"write `{known}(...)`" if known else _instead_of(node.func.attr)
        elif isinstance(node.func, ast.Call):
            note = _LAYERS
        self.error(codes.UNKNOWN_FUNCTION, message, node.func, note)

    def _unknown_function(self, node: ast.expr, name: str) -> None:
        symbol = self.scope.find(name)
        if symbol is not None and symbol.type == ir.ANY and self.found.has_errors:
            return  # its value has a mistake
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
        note = _instead_of(name)
        if not note and (known := _with_group(name) or nearest(name, _CALLED)):
            note = f"did you mean `{known}`?"
        self.error(codes.UNKNOWN_FUNCTION, f"unknown function `{name}`", node, note)


_CALLED = (*OPS, *BUILTINS, *STATEMENTS)


def _instead_of(name: str) -> str:
    """What a spec does in place of calling a function of another library."""
    if name in INSTEAD_OF:
        return f"write `{INSTEAD_OF[name]}`"
    if name[:1].isupper():
        return _LAYERS
    return LEFT_OUT.get(name, "")


def _with_group(name: str) -> str | None:
    """The function of this name, with or without the group that it belongs to."""
    names = (name, *(f"{group}.{name}" for group in sorted(PREFIXES)))
    return next((known for known in names if known in _CALLED), None)

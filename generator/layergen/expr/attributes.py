"""Attributes of tensors: the shape, the rank, the dtype."""

import ast
from collections.abc import Mapping
from typing import Final

from layergen.codes import language as codes
from layergen.expr import elsewhere, ir
from layergen.expr.language import ATTRIBUTES
from layergen.expr.ops import NUMBERS, OPS
from layergen.expr.scope import is_invalid
from layergen.expr.sequences import SequenceBinder
from layergen.nearest import nearest

_OF_INPUTS: Final[Mapping[str, ir.Type]] = {"shape": ir.SHAPE, "ndim": ir.INT}
"""What is known of an input before it is there."""

PREFIXES = frozenset(name.split(".")[0] for name in OPS if "." in name)
"""What stands before the dot of a function's name."""


class AttributeBinder(SequenceBinder):
    """Binds attributes."""

    def _is_unknown(self, node: ast.expr) -> bool:
        """Whether it is a name, or an attribute of one, that nothing here has."""
        while isinstance(node, ast.Attribute):
            node = node.value
        known = [*OPS, *NUMBERS, *self.scope.later]
        is_name = isinstance(node, ast.Name) and node.id not in known
        return is_name and isinstance(node, ast.Name) and not self.scope.find(node.id)

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        if isinstance(node.value, ast.Name) and node.attr in _OF_INPUTS:
            symbol = self.scope.find(node.value.id)
            is_input = symbol is not None and symbol.origin is ir.Origin.INPUT
            if symbol is not None and is_input and not is_list(symbol):
                return self._input_attribute(node, node.value, symbol)
        if self.op_name(node) in OPS:
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
        result = _result(node.attr, value.type)
        if result is None:
            message = f"`.{node.attr}` is not part of the language"
            meant = nearest(node.attr, ATTRIBUTES)
            note = f"did you mean `.{meant}`?" if meant else ""
            note = elsewhere.ATTRIBUTES.get(node.attr, note)
            if isinstance(value.type, ir.TupleType) and node.attr in ATTRIBUTES:
                name = self.parsed.span(node.value).text
                note = f"`{name}` is a list of tensors: take one, `{name}[0]`"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        known = value.known
        if node.attr == "dtype":
            known = ir.Known.CALL
        if known > self.scope.latest:
            message = (
                f"a dtype is known only in the call, too late for {self.scope.place}"
            )
            note = "`float` is the layer's compute dtype"
            self.error(codes.KNOWN_TOO_LATE, message, node, note)
            return self.invalid(node)
        return ir.Attribute(self.parsed.span(node), result, known, value, node.attr)

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
        return ir.Attribute(span, _OF_INPUTS[node.attr], known, value, node.attr)

    def op_name(self, callee: ast.expr) -> str | None:
        """The name of what is called, `f` or `random.f`; None if it is no such name."""
        match callee:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id=group), attr=name):
                is_group = group in PREFIXES and not self.scope.find(group)
                return f"{group}.{name}" if is_group else None
        return None


def _result(name: str, of_type: ir.Type) -> ir.Type | None:
    """The type of an attribute; None if a value of the type has none of this name."""
    match name, of_type:
        case "dtype", ir.ArrayType(kind=kind):
            return ir.DtypeType(kind)
        case _, ir.ArrayType():
            return _OF_INPUTS.get(name)
        case _, ir.AnyType():
            return ir.ANY if name in ATTRIBUTES else None
    return None


def is_list(symbol: ir.Symbol) -> bool:
    """Whether a name stands for a list of inputs."""
    is_input = symbol.origin is ir.Origin.INPUT
    return is_input and isinstance(symbol.type, ir.TupleType)

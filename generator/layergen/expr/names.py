"""Literals, names and new variables."""

import ast

from layergen.codes import language as codes
from layergen.expr import elsewhere, ir
from layergen.expr.ops import NUMBERS, OPS
from layergen.expr.promote import element
from layergen.expr.scope import BaseBinder
from layergen.keras_tables.names import USED_NAMES
from layergen.nearest import nearest

_MOST_LISTED = 8
"""Names that a note lists."""


class NameBinder(BaseBinder):
    """Binds literals and names, and declares variables."""

    def _constant(self, node: ast.Constant) -> ir.Expr:
        types: dict[type, ir.Type] = {
            bool: ir.BOOL,
            int: ir.INT,
            float: ir.FLOAT,
            str: ir.STR,
            type(None): ir.NONE,
        }
        value = node.value
        if type(value) not in types:
            what = {complex: "complex numbers", bytes: "bytes"}.get(
                type(value), "`...`"
            )
            verb = "is" if what == "`...`" else "are"
            message = f"{what} {verb} not part of the language"
            self.error(codes.NOT_IN_LANGUAGE, message, node)
            return self.invalid(node)
        if isinstance(value, int) and abs(value) >= 2**63:
            self.error(codes.TOO_LARGE, "an integer of more than 64 bits", node)
            return self.invalid(node)
        assert value is None or isinstance(value, bool | int | float | str)
        span = self.parsed.span(node)
        return ir.Literal(span, types[type(value)], ir.Known.CONFIG, value)

    def _name(self, node: ast.Name) -> ir.Expr:
        symbol = self.scope.find(node.id)
        if symbol is None:
            if node.id in NUMBERS:
                symbol = ir.Symbol(node.id, ir.Origin.NUMBER, ir.FLOAT, ir.Known.CONFIG)
            else:
                self._unknown_name(node)
                return self.invalid(node)
        if symbol.known > self.scope.latest:
            self._too_late(node, symbol)
            return self.invalid(node)
        if isinstance(symbol.type, ir.ObjectType):
            message = f"`{symbol.name}` is {symbol.type}, which has no value"
            note = f"a weight takes it: `{symbol.type.word}: {symbol.name}`"
            self.error(codes.WRONG_TYPE, message, node, note)
            return self.invalid(node)
        return ir.Name(self.parsed.span(node), symbol.type, symbol.known, symbol)

    def _unknown_name(self, node: ast.Name) -> None:
        if node.id in OPS:
            message = f"`{node.id}` is a function: call it"
            self.error(codes.UNKNOWN_NAME, message, node)
            return
        if node.id in self.scope.later:
            message = f"`{node.id}` gets its value further down"
            note = f"move it up: {self.scope.place} uses what stands before it"
            self.error(codes.UNKNOWN_NAME, message, node, note)
            return
        names = self.scope.names()
        known = nearest(node.id, [*names, *NUMBERS])
        note = f"did you mean `{known}`?" if known else ""
        if not known and 0 < len(names) <= _MOST_LISTED:
            note = f"known here: {', '.join(f'`{name}`' for name in names)}"
        if not known:
            note = elsewhere.NAMES.get(node.id, note)
        self.error(codes.UNKNOWN_NAME, f"unknown name `{node.id}`", node, note)

    def _too_late(self, node: ast.Name, symbol: ir.Symbol) -> None:
        when = {
            ir.Known.BUILD: "only once the layer has seen an input's shape",
            ir.Known.CALL: "only when the layer is called",
        }[symbol.known]
        message = f"`{symbol.name}` is known {when}, too late for {self.scope.place}"
        note = ""
        if symbol.origin is ir.Origin.DIM:
            note = "a batch may have any size, another one at every call"
        elif symbol.origin is ir.Origin.INPUT:
            note = "to use a size of an input, give it a name in the input's `shape`"
        self.error(codes.KNOWN_TOO_LATE, message, node, note)

    def loop_targets(self, node: ast.expr, iterable: ir.Expr) -> tuple[ir.Symbol, ...]:
        """The variables of a loop, which take the elements of a Python sequence."""
        of_element = self._element_type(iterable)
        names = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
        types = [of_element]
        if isinstance(node, ast.Tuple | ast.List):
            types = self.unpacked(node, of_element)
        symbols = [
            self.declare(name, of_type, iterable.known)
            for name, of_type in zip(names, types, strict=True)
        ]
        return tuple(symbol for symbol in symbols if symbol is not None)

    def unpacked(self, target: ast.Tuple | ast.List, value: ir.Type) -> list[ir.Type]:
        """The types of several names that share out a value."""
        count = len(target.elts)
        if any(isinstance(part, ast.Starred) for part in target.elts):
            return [ir.ANY] * count  # which is refused by itself
        names = "1 name" if count == 1 else f"{count} names"
        if count < 2:
            message, note = f"{names} in brackets", "write `x = xs[0]`"
            self.error(codes.BAD_TARGET, message, target, note if count else "")
            return [ir.ANY] * count
        match value:
            case ir.AnyType():
                return [ir.ANY] * count
            case ir.TupleType(items=None):
                return [element(value)] * count
            case ir.TupleType(items=items) if items is not None:
                if len(items) == count:
                    return list(items)
                message = f"{names} for {len(items)} values"
            case _:
                message = f"{names} for one value: {value}"
        self.error(codes.WRONG_TYPE, message, target)
        return [ir.ANY] * count

    def _element_type(self, iterable: ir.Expr) -> ir.Type:
        if isinstance(iterable.type, ir.TupleType | ir.AnyType):
            return element(iterable.type)
        message = f"a loop goes over a Python sequence, this is {iterable.type}"
        note = ""
        if isinstance(iterable.type, ir.ArrayType):
            note = "what is done to each element of a tensor is done to the tensor"
        self.found.add(codes.WRONG_TYPE, message, iterable.span, note)
        return ir.ANY

    def declare(
        self, node: ast.expr, of_type: ir.Type, known: ir.Known
    ) -> ir.Symbol | None:
        """A new variable; None, with a mistake recorded, if the name cannot be one."""
        if not isinstance(node, ast.Name):
            message = "only a name can be assigned to"
            note = "a state takes `state.assign(value)`"
            if isinstance(node, ast.Starred | ast.Tuple | ast.List):
                note = "give the whole a name, and take it apart in a line of its own"
            self.error(codes.BAD_TARGET, message, node, note)
            self.declare_unknown(node)
            return None
        taken = self.scope.symbols.get(node.id)
        if taken is not None:
            self.refuse_target(node, taken)
            return None
        if node.id == "_":  # takes what is not used: nothing reads it
            return ir.Symbol("_", ir.Origin.LOCAL, of_type, known)
        reserved = node.id in NUMBERS or node.id in USED_NAMES
        if reserved or not _plain_name(node.id):
            message = f"`{node.id}` cannot be the name of a variable"
            note = "the language or generated code has something of this name"
            if not _plain_name(node.id):
                note = "a name begins with a letter and has letters of ASCII only"
            self.error(codes.BAD_TARGET, message, node, note)
            unknown = ir.Symbol(node.id, ir.Origin.LOCAL, ir.ANY, known)
            self.scope.locals[node.id] = unknown
            return None
        symbol = ir.Symbol(node.id, ir.Origin.LOCAL, of_type, known)
        self.scope.locals[node.id] = symbol
        return symbol

    def declare_unknown(self, target: ast.expr) -> None:
        """Names that would have had a value, if this were part of the language."""
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                unknown = ir.Symbol(part.id, ir.Origin.LOCAL, ir.ANY, ir.Known.CALL)
                if part.id not in self.scope.symbols:
                    self.scope.locals.setdefault(part.id, unknown)

    def refuse_target(self, node: ast.Name, taken: ir.Symbol) -> None:
        """Record that a name of the spec cannot be assigned to."""
        message = f"`{node.id}` is {taken.origin} and cannot be assigned to"
        note = "choose another name"
        if taken.origin is ir.Origin.CONSTANT:
            note = "what changes is a weight with `trainable: false`"
        elif taken.origin is ir.Origin.DIM:
            note = "a size of an input has its value already, wherever it is read"
        self.error(codes.BAD_TARGET, message, node, note)


def _plain_name(name: str) -> bool:
    return name.isascii() and not name.startswith("_") and name != "self"

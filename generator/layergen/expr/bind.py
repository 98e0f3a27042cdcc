"""Python `ast` + the names in scope -> typed tree.

`bind_expression` binds the expressions of shapes and constants, `bind_body`
(`expr/body.py`) the statements of a forward pass. What is not in the language is
refused at its own place; all mistakes of one text are reported together.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from layergen.codes import language as codes
from layergen.diagnostics import Code, Diagnostics
from layergen.expr import ir
from layergen.expr.builtins import BUILTINS
from layergen.expr.calls import match_call, order_arguments
from layergen.expr.elsewhere import INSTEAD_OF
from layergen.expr.language import (
    ATTRIBUTES,
    INSTEAD,
    OPERATORS,
    WHAT,
)
from layergen.expr.ops import NUMBERS, OPS
from layergen.expr.parse import Parsed
from layergen.expr.promote import arithmetic, element, join
from layergen.keras_tables.names import USED_NAMES
from layergen.nearest import nearest

_UPDATES = frozenset({"assign_add", "assign_sub", "add_", "sub_", "update", "add"})
"""Methods by which other libraries change a variable."""

_MOST_LISTED = 8
"""Names that a note lists."""


_OF_TENSORS: Mapping[str, str] = {
    "float": 'write `cast(x, "float")`',
    "int": 'write `cast(x, "int32")`',
    "len": "write `x.shape[0]`",
}
"""What stands for a function of Python, of a tensor."""

_MOST_PARTS = 10_000
"""Values that a tuple may be written with, those of tuples inside it counted too."""


@dataclass
class Scope:
    """The names that an expression may use.

    Attributes:
        symbols: each name and what it stands for.
        latest: the latest time at which a value may be known here.
        place: what is being bound, for messages: `a shape`, `the value of a constant`.
        later: names that get a value further down.
        locals: the variables.
    """

    symbols: dict[str, ir.Symbol]
    latest: ir.Known
    place: str
    later: frozenset[str] = frozenset()
    locals: dict[str, ir.Symbol] = field(default_factory=dict)

    def find(self, name: str) -> ir.Symbol | None:
        """What a name stands for."""
        return self.symbols.get(name) or self.locals.get(name)

    def names(self) -> list[str]:
        """All names that may be used."""
        symbols = {**self.symbols, **self.locals}
        return [name for name, s in symbols.items() if s.known <= self.latest]


def bind_expression(parsed: Parsed, scope: Scope, found: Diagnostics) -> ir.Expr:
    """The typed tree of one expression; mistakes go to `found`."""
    return Binder(parsed, scope, found).expr(parsed.expression)


class Binder:
    """Binds the expressions of one text."""

    def __init__(self, parsed: Parsed, scope: Scope, found: Diagnostics) -> None:
        self.parsed = parsed
        self.scope = scope
        self.found = found

    def error(
        self,
        code: Code,
        message: str,
        node: ast.expr | ast.stmt | ast.keyword,
        *notes: str,
    ) -> None:
        """Record a mistake at a node."""
        self.found.add(code, message, self.parsed.span(node), *notes)

    def refuse(self, node: ast.expr | ast.stmt, part: ast.AST | None = None) -> None:
        """Record that a node (or its operator) does not belong to the language."""
        kind = type(part or node)
        what = WHAT.get(kind, "this")
        message = f"{what} is not part of the language"
        self.error(codes.NOT_IN_LANGUAGE, message, node, INSTEAD.get(kind, ""))

    def invalid(self, node: ast.expr) -> ir.Expr:
        """What stands for an expression that has a mistake."""
        return ir.Literal(self.parsed.span(node), ir.ANY, ir.Known.CONFIG, None)

    def expr(self, node: ast.expr) -> ir.Expr:
        """Bind an expression and all inside it."""
        bound = self._bind(node)
        if isinstance(bound.type, ir.TupleType) and bound.type.size > _MOST_PARTS:
            message = f"a tuple of more than {_MOST_PARTS} parts"
            self.error(codes.TOO_COMPLEX, message, node)
            return self.invalid(node)
        return bound

    def _bind(self, node: ast.expr) -> ir.Expr:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Call():
                return self._call(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                return self._logical(node)
            case ast.IfExp():
                return self._conditional(node)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return self._display(node, elts)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node)
        self.refuse(node)
        return self.invalid(node)

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

    def _unary(self, node: ast.UnaryOp) -> ir.Expr:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            self.refuse(node, node.op)
            return self.invalid(node)
        operand = self.expr(node.operand)
        span = self.parsed.span(node)
        if operator == "not":
            self.require_python(node.operand, operand, "`not`")
            return ir.Unary(span, ir.BOOL, operand.known, operator, operand)
        self._require_number(node.operand, operand, f"`{operator}`")
        return ir.Unary(span, operand.type, operand.known, operator, operand)

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            self.refuse(node, node.op)
            return self.invalid(node)
        left, right = self.expr(node.left), self.expr(node.right)
        self._require_number(node.left, left, f"`{operator}`")
        self._require_number(node.right, right, f"`{operator}`")
        result = arithmetic(operator, left.type, right.type)
        known = max(left.known, right.known)
        return ir.Binary(self.parsed.span(node), result, known, operator, left, right)

    def _compare(self, node: ast.Compare) -> ir.Expr:
        parts: list[ir.Expr] = []
        nodes = [node.left, *node.comparators]
        values = [self.expr(part) for part in nodes]
        for i, op in enumerate(node.ops):
            operator = OPERATORS.get(type(op))
            if operator is None:
                self.refuse(node, op)
                return self.invalid(node)
            left, right = values[i], values[i + 1]
            if operator in ("is", "is not") and right.type not in (ir.NONE, ir.ANY):
                message = f"`{operator}` compares with `None` only"
                self.error(codes.WRONG_TYPE, message, nodes[i + 1])
            elif operator in ("is", "is not") and not isinstance(nodes[i], ast.Name):
                message = f"`{operator} None` is asked of a name only"
                self.error(codes.WRONG_TYPE, message, nodes[i])
            self._require_alike(node, operator, left.type, right.type)
            tensor = any(isinstance(v.type, ir.ArrayType) for v in (left, right))
            tensor = tensor and operator not in ("is", "is not")
            result = ir.ArrayType(ir.Kind.BOOL) if tensor else ir.BOOL
            known = max(left.known, right.known)
            span = self.parsed.span(node)
            parts.append(ir.Compare(span, result, known, operator, left, right))
        if len(parts) == 1:
            return parts[0]
        if any(isinstance(part.type, ir.ArrayType) for part in parts):
            message = "a chain of comparisons needs Python values, this has a tensor"
            note = "write `logical_and(a < x, x < b)`"
            self.error(codes.WRONG_TYPE, message, node, note)
            return self.invalid(node)
        return self._joined(node, "and", parts)

    def _require_alike(
        self, node: ast.expr, operator: str, left: ir.Type, right: ir.Type
    ) -> None:
        """Record a comparison of text with something else: it never holds."""
        neutral = (ir.ANY, ir.NONE)
        for side in (left, right):
            inside = side.items if isinstance(side, ir.TupleType) else None
            inside = (element(side),) if inside is None else inside
            if any(isinstance(item, ir.TupleType | ir.ArrayType) for item in inside):
                message = f"`{operator}` compares numbers, texts and plain tuples"
                self.error(codes.WRONG_TYPE, message, node)
                return
        if (left == ir.STR) is not (right == ir.STR) and not (
            left in neutral or right in neutral
        ):
            message = f"`{operator}` compares {left} with {right}"
            self.error(codes.WRONG_TYPE, message, node)

    def _logical(self, node: ast.BoolOp) -> ir.Expr:
        values = [self.expr(value) for value in node.values]
        return self._joined(node, OPERATORS[type(node.op)], values)

    def _joined(self, node: ast.expr, operator: str, values: list[ir.Expr]) -> ir.Expr:
        tensors = [v for v in values if isinstance(v.type, ir.ArrayType)]
        if tensors:
            message = f"`{operator}` needs Python values, this has {tensors[0].type}"
            note = f"write `logical_{operator}(a, b)`"
            self.error(codes.WRONG_TYPE, message, node, note)
            return self.invalid(node)
        for value in values:
            if value.type not in (ir.BOOL, ir.ANY):
                message = f"`{operator}` needs true or false, this is {value.type}"
                note = "compare it with something"
                self.found.add(codes.WRONG_TYPE, message, value.span, note)
        known = max(value.known for value in values)
        span = self.parsed.span(node)
        return ir.Logical(span, ir.BOOL, known, operator, tuple(values))

    def _conditional(self, node: ast.IfExp) -> ir.Expr:
        test = self.condition(node.test)
        then, otherwise = self.expr(node.body), self.expr(node.orelse)
        known = max(test.known, then.known, otherwise.known)
        result = join(then.type, otherwise.type)
        span = self.parsed.span(node)
        return ir.Conditional(span, result, known, test, then, otherwise)

    def condition(self, node: ast.expr) -> ir.Expr:
        """Bind the test of a branch: a tensor cannot decide it."""
        test = self.expr(node)
        if isinstance(test.type, ir.ArrayType):
            message = f"a condition must be a Python value, this is {test.type}"
            note = "to choose element by element, write `where(condition, x1, x2)`"
            self.error(codes.TENSOR_CONDITION, message, node, note)
        return test

    def _display(self, node: ast.expr, elements: list[ast.expr]) -> ir.Expr:
        items = tuple(
            self._spread(e) if isinstance(e, ast.Starred) else self.expr(e)
            for e in elements
        )
        known = max((item.known for item in items), default=ir.Known.CONFIG)
        types: list[ir.Type] = []
        open_ended = False
        for item in items:
            inner = item.type if isinstance(item, ir.Spread) else None
            if isinstance(inner, ir.TupleType) and inner.items is not None:
                types += inner.items
            else:
                open_ended |= inner is not None
                types.append(item.type if inner is None else element(inner))
        result = ir.TupleType(tuple(types))
        if open_ended:
            result = ir.TupleType(None, element(result))
        return ir.Display(self.parsed.span(node), result, known, items)

    def _spread(self, node: ast.Starred) -> ir.Expr:
        value = self.expr(node.value)
        if not isinstance(value.type, ir.TupleType | ir.AnyType):
            message = f"`*` takes the elements of a tuple, this is {value.type}"
            self.error(codes.WRONG_TYPE, message, node.value)
        return ir.Spread(self.parsed.span(node), value.type, value.known, value)

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value = self.expr(node.value)
        if isinstance(value.type, ir.ArrayType):
            return self._index(node, value)
        if isinstance(node.slice, ast.Slice):
            return self._part(node, node.slice, value)
        index = self.expr(node.slice)
        if index.type not in (ir.INT, ir.ANY):
            self.error(codes.WRONG_TYPE, "an index must be an integer", node.slice)
            return self.invalid(node)
        if value.type != ir.ANY and not isinstance(value.type, ir.TupleType):
            self.error(codes.WRONG_TYPE, f"{value.type} has no elements", node.value)
            return self.invalid(node)
        result = self._element(node, value.type, index)
        known = max(value.known, index.known)
        return ir.Subscript(self.parsed.span(node), result, known, value, index)

    def _part(self, node: ast.Subscript, written: ast.Slice, value: ir.Expr) -> ir.Expr:
        """A slice of a tuple."""
        if not isinstance(value.type, ir.TupleType | ir.AnyType):
            self.error(codes.WRONG_TYPE, f"{value.type} has no elements", node.value)
            return self.invalid(node)
        index = self._slice(written, "`reversed(xs)` reverses")
        known = max([value.known, *(b.known for b in ir.index_parts(index))])
        result: ir.Type = ir.ANY
        if isinstance(value.type, ir.TupleType):
            result = ir.TupleType(None, element(value.type))
            bounds = (index.start, index.stop, index.step)
            literals = [None if b is None else literal_int(b) for b in bounds]
            fixed = all(b is None or n for b, n in zip(bounds, literals, strict=True))
            if value.type.items is not None and fixed:
                result = ir.TupleType(value.type.items[slice(*literals)])
        return ir.Subscript(self.parsed.span(node), result, known, value, index)

    def _element(self, node: ast.Subscript, outer: ir.Type, index: ir.Expr) -> ir.Type:
        if not isinstance(outer, ir.TupleType):
            return ir.ANY
        position = literal_int(index)
        if outer.items is None or position is None:
            return element(outer)
        if not -len(outer.items) <= position < len(outer.items):
            message = f"there are {len(outer.items)} elements, none at {position}"
            self.error(codes.WRONG_TYPE, message, node.slice)
            return ir.ANY
        return outer.items[position]

    def _index(self, node: ast.Subscript, value: ir.Expr) -> ir.Expr:
        """Part of a tensor."""
        written = node.slice
        parts = written.elts if isinstance(written, ast.Tuple) else [written]
        items = tuple(self._index_item(part) for part in parts)
        bounds = [b for item in items for b in ir.index_parts(item)]
        known = max([value.known, *(bound.known for bound in bounds)])
        return ir.Index(self.parsed.span(node), value.type, known, value, items)

    def _index_item(self, node: ast.expr) -> ir.Expr | ir.Slice | ir.Dots:
        if isinstance(node, ast.Slice):
            return self._slice(node, "`flip(x, axis)` reverses an axis")
        if isinstance(node, ast.Constant) and node.value is ...:
            return ir.Dots()
        if isinstance(node, ast.Constant) and node.value is None:
            return self._constant(node)
        return self._index_bound(node)

    def _slice(self, node: ast.Slice, note: str) -> ir.Slice:
        start, stop, step = (
            None if bound is None else self._index_bound(bound)
            for bound in (node.lower, node.upper, node.step)
        )
        size = None if step is None else literal_int(step)
        if node.step is not None and size is not None and size <= 0:
            message = "a step must be positive"
            self.error(codes.NOT_IN_LANGUAGE, message, node.step, note)
        return ir.Slice(start, stop, step)

    def _index_bound(self, node: ast.expr) -> ir.Expr:
        bound = self.expr(node)
        if bound.type not in (ir.INT, ir.ANY):
            message = f"an index must be an integer, this is {bound.type}"
            note = ""
            if isinstance(bound.type, ir.ArrayType):
                note = "`take(x, indices, axis=...)` reads entries at a tensor's places"
            self.error(codes.WRONG_TYPE, message, node, note)
        return bound

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> ir.Expr:
        if len(node.generators) > 1 or node.generators[0].is_async:
            message = "a comprehension has one `for`"
            note = "put the inner one into brackets of its own, or write a loop"
            self.error(codes.NOT_IN_LANGUAGE, message, node, note)
            return self.invalid(node)
        clause = node.generators[0]
        iterable = self.expr(clause.iter)
        outer = dict(self.scope.locals)
        targets = self.loop_targets(clause.target, iterable)
        tests = [self.condition(test) for test in clause.ifs]
        value = self.expr(node.elt)
        self.scope.locals = outer
        test = tests[0] if len(tests) == 1 else None
        if len(tests) > 1:
            test = self._joined(node, "and", tests)
        known = max(part.known for part in (iterable, value, *tests))
        result = ir.TupleType(None, value.type)
        span = self.parsed.span(node)
        return ir.Comprehension(span, result, known, value, targets, iterable, test)

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
            return None
        taken = self.scope.symbols.get(node.id)
        if taken is not None:
            self.refuse_target(node, taken)
            return None
        reserved = any(node.id in n for n in (OPS, NUMBERS, BUILTINS, USED_NAMES))
        if reserved or not _plain_name(node.id):
            message = f"`{node.id}` cannot be the name of a variable"
            note = "the language or generated code has something of this name"
            if not _plain_name(node.id):
                note = "a name begins with a letter and has letters of ASCII only"
            if node.id == "_":
                note = "what is not used has a name too"
            self.error(codes.BAD_TARGET, message, node, note)
            unknown = ir.Symbol(node.id, ir.Origin.LOCAL, ir.ANY, known)
            self.scope.locals[node.id] = unknown
            return None
        symbol = ir.Symbol(node.id, ir.Origin.LOCAL, of_type, known)
        self.scope.locals[node.id] = symbol
        return symbol

    def refuse_target(self, node: ast.Name, taken: ir.Symbol) -> None:
        """Record that a name of the spec cannot be assigned to."""
        message = f"`{node.id}` is {taken.origin} and cannot be assigned to"
        note = "choose another name"
        if taken.origin is ir.Origin.CONSTANT:
            note = "what changes is a weight with `trainable: false`"
        self.error(codes.BAD_TARGET, message, node, note)

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
            if symbol is not None and symbol.origin is ir.Origin.INPUT:
                return self._input_attribute(node, node.value, symbol)
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
            if node.attr == "dtype":
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
        args = [self.expr(arg) for arg in node.args]
        keywords = [(k, self.expr(k.value)) for k in node.keywords]
        if not isinstance(node.func, ast.Name):
            self._refuse_callee(node)
            return self.invalid(node)
        op = OPS.get(node.func.id)
        if (
            op is None
            and node.func.id in BUILTINS
            and not self.scope.find(node.func.id)
        ):
            return self._builtin(node, node.func.id, args)
        if op is None:
            self._unknown_function(node.func)
            return self.invalid(node)
        bound = match_call(op, node, args, keywords, self.error)
        if bound is None:
            return self.invalid(node)
        known = max((value.known for value in bound.values()), default=ir.Known.CONFIG)
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
        if isinstance(node.func, ast.Attribute) and node.func.attr in OPS:
            note = f"write `{node.func.attr}(...)`"
        self.error(codes.UNKNOWN_FUNCTION, message, node.func, note)

    def _unknown_function(self, node: ast.Name) -> None:
        if self.scope.find(node.id):
            message = f"`{node.id}` is not a function"
            self.error(codes.UNKNOWN_FUNCTION, message, node)
            return
        note = ""
        if node.id in INSTEAD_OF:
            note = f"write `{INSTEAD_OF[node.id]}`"
        elif known := nearest(node.id, [*OPS, *BUILTINS]):
            note = f"did you mean `{known}`?"
        self.error(codes.UNKNOWN_FUNCTION, f"unknown function `{node.id}`", node, note)

    def require_python(self, node: ast.expr, value: ir.Expr, what: str) -> None:
        """Record a mistake if a tensor stands where a Python value must."""
        if isinstance(value.type, ir.ArrayType):
            message = f"{what} needs a Python value, this is {value.type}"
            self.error(codes.WRONG_TYPE, message, node, "write `logical_not(x)`")

    def _require_number(self, node: ast.expr, value: ir.Expr, what: str) -> None:
        match value.type:
            case ir.ScalarType(kind=ir.Kind.STR | ir.Kind.NONE) | ir.TupleType():
                message = f"{what} needs numbers or tensors, this is {value.type}"
                self.error(codes.WRONG_TYPE, message, node)
            case ir.ArrayType(kind=ir.Kind.BOOL):
                message = f"{what} needs numbers, this is {value.type}"
                self.error(codes.WRONG_TYPE, message, node, 'write `cast(x, "float")`')
            case ir.ScalarType(kind=ir.Kind.BOOL):
                message = f"{what} needs numbers, this is {value.type}"
                self.error(codes.WRONG_TYPE, message, node, "write `1.0 if x else 0.0`")


def is_invalid(expr: ir.Expr) -> bool:
    """Whether it stands for an expression that has a mistake."""
    return isinstance(expr, ir.Literal) and expr.type == ir.ANY


def _plain_name(name: str) -> bool:
    return name.isascii() and not name.startswith("_") and name != "self"


def literal_int(expr: ir.Expr) -> int | None:
    """The value of an integer that is written out, with its sign."""
    match expr:
        case ir.Literal(value=int(value)) if not isinstance(value, bool):
            return value
        case ir.Unary(operator="-", operand=ir.Literal(value=int(value))):
            return -value
    return None

"""Functions that a forward pass defines: `def`, and what calls them.

The body of a function is bound where it is called, by the types that it is given; all
calls must agree, as it is printed once. It computes and does nothing else, so that a
loop of a backend can repeat it.
"""

import ast
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.defined import Bound, Definition, Types
from layergen.expr.op import Op
from layergen.expr.ops import OPS
from layergen.expr.promote import join
from layergen.expr.recurrence import check_count, check_length, find_misfits
from layergen.expr.scope import Scope
from layergen.expr.signatures import match_arguments, read_parameters
from layergen.expr.statements import StatementBinder
from layergen.expr.stores import name_of, variables


class DefinitionBinder(StatementBinder):
    """Binds functions and calls of them.

    Attributes:
        functions: the functions of the forward pass.
        calls: the calls of functions, each with the types that it gives.
    """

    functions: dict[str, Definition]
    calls: dict[ast.Call, tuple[str, Types]]

    def define(self, node: ast.FunctionDef) -> ir.Statement | None:
        """Note a function, to be bound where it is called."""
        if node not in self.parsed.body:
            message = "a function stands at the outermost level of `call`"
            self.error(codes.NOT_IN_LANGUAGE, message, node)
            return None
        parameters = read_parameters(node, self.error)
        names = tuple(parameter.arg for parameter in node.args.args)
        name = name_of(node, self.parsed.span(node).text)
        if node.name in self.scope.locals:
            message = f"`{node.name}` has a value already"
            self.error(codes.BAD_TARGET, message, name, "choose another name")
            return None
        visible, maybe = dict(self.scope.locals), set(self.maybe)
        symbol = self.declare(name, ir.FunctionType(names), ir.Known.CALL)
        if symbol is None or symbol.name == "_" or symbol.type == ir.ANY:
            return None
        symbol = replace(symbol, origin=ir.Origin.FUNCTION)
        self.scope.locals[node.name] = visible[node.name] = symbol
        self.written[node.name] = name
        place = self.parsed.body.index(node)
        self.functions[node.name] = Definition(
            node,
            symbol,
            visible,
            maybe,
            variables(self.parsed.body[place + 1 :]),
            parameters is None,
        )
        return ir.Function(self.parsed.span(node), symbol, (), ())

    def function(self, node: ast.expr) -> ir.Name | None:
        """A function that a node names."""
        symbol = self.scope.find(node.id) if isinstance(node, ast.Name) else None
        if symbol is None or not isinstance(symbol.type, ir.FunctionType):
            return None
        self.read.add(symbol.name)
        return ir.Name(self.parsed.span(node), symbol.type, symbol.known, symbol)

    def call_function(
        self,
        node: ast.Call,
        function: ir.Name,
        args: list[ir.Expr],
        keywords: list[tuple[ast.keyword, ir.Expr]],
    ) -> ir.Expr:
        """`f(x)`: it takes tensors and Python values."""
        assert isinstance(function.type, ir.FunctionType)
        name, names = function.symbol.name, function.type.parameters
        if self.functions[name].is_odd:
            return self.invalid(node)
        given = match_arguments(name, names, node, args, keywords, self.error)
        if given is None:
            return self.invalid(node)
        bound = self.applied(node, name, tuple(v.type for v in given.values()))
        if bound is None:
            return self.invalid(node)
        named = tuple((k.arg or "", value) for k, value in keywords)
        span = self.parsed.span(node)
        known = ir.Known.CALL
        return ir.Apply(span, bound.result, known, function, tuple(args), named)

    def repeat(self, node: ast.Call, op: Op, bound: Mapping[str, ir.Expr]) -> bool:
        """Bind the function that `scan` repeats; whether it can be repeated."""
        function, state = bound["f"], bound["init"].type
        if not isinstance(function, ir.Name) or op.steps is None:
            return False  # a mistake stands in its place
        name, types = function.symbol.name, op.steps(bound)
        if self.functions[name].is_odd:
            return False
        if not check_length(op, node, bound, self.error) or not check_count(
            op, function, node, len(types), self.error
        ):
            return False
        step = self.applied(node, name, types)
        if step is None:
            return False
        for value in step.returns:
            for message, item, note in find_misfits(name, value, state):
                self.found.add(codes.WRONG_TYPE, message, item.span, note)
        return True

    def applied(self, node: ast.Call, name: str, types: Types) -> Bound | None:
        """A function that is given values of some types."""
        definition = self.functions[name]
        self.calls[node] = name, types
        if types not in definition.bound:
            definition.bound[types] = self._bind_function(definition, types)
        bound = definition.bound[types]
        self.read |= bound.read
        return bound

    def _bind_function(self, definition: Definition, types: Types) -> Bound:
        node, found = definition.node, Diagnostics()
        binder = FunctionBodyBinder(self, definition, found)
        parameters = tuple(
            symbol
            for parameter, of_type in zip(node.args.args, types, strict=True)
            if (symbol := binder.parameter(parameter, of_type)) is not None
        )
        body = binder.whole(node.name)
        binder.found = unused = Diagnostics()
        binder.warn_unused()
        span = self.parsed.span(node)
        statement = ir.Function(span, definition.symbol, parameters, body)
        result = reduce(join, binder.results) if binder.results else ir.ANY
        read = frozenset(binder.read - binder.own)
        return Bound(statement, result, read, binder.calls, found, unused)

    def with_functions(self, body: ir.Body) -> ir.Body:
        """The body, in which functions are bound; those that nothing calls are out.

        A function is called by the body and by functions behind it.
        """
        calls, used = dict(self.calls), dict[str, Bound]()
        for name, definition in reversed(self.functions.items()):
            given = [(node, each) for node, (n, each) in calls.items() if n == name]
            given.sort(key=lambda call: (ir.ANY in call[1], call[0].lineno))
            if given:
                self._require_same_types(definition, given)
                bound = used[name] = definition.bound[given[0][1]]
                calls |= bound.calls
            elif definition.is_odd:
                continue
            else:  # its mistakes are told all the same
                unknown = (ir.ANY,) * len(definition.parameters)
                bound = self._bind_function(definition, unknown)
            self.found.extend(bound.found)
        if not self.found.has_errors:
            for bound in used.values():
                self.found.extend(bound.unused)
        functions = (s.symbol.name if isinstance(s, ir.Function) else "" for s in body)
        pairs = zip(functions, body, strict=True)
        return tuple(
            used[name].statement if name in used else statement
            for name, statement in pairs
            if not name or name in used
        )

    def _require_same_types(
        self, definition: Definition, given: list[tuple[ast.Call, Types]]
    ) -> None:
        """Record calls that give values of other types than the first one."""
        (_, first), *others = given
        for node, types in others:
            for i, (one, other) in enumerate(zip(first, types, strict=True)):
                if one != other and ir.ANY not in (one, other):
                    name = definition.parameters[i]
                    message = f"`{name}` of `{definition.symbol.name}` is {other} here"
                    note = f"where it is called first it is {one}"
                    place = definition.argument(node, i)
                    self.error(codes.WRONG_TYPE, message, place, note)
                    break


class FunctionBodyBinder(DefinitionBinder):
    """Binds the body of a function: it reads what is outside, and changes nothing."""

    def __init__(
        self, outer: DefinitionBinder, definition: Definition, found: Diagnostics
    ) -> None:
        nodes = definition.node.body
        own = variables(nodes).union(definition.parameters)
        outside = outer.scope
        scope = Scope(
            outside.symbols,
            outside.latest,
            outside.place,
            outside.later,
            {n: s for n, s in definition.visible.items() if n not in own},
        )
        super().__init__(outer.parsed, nodes, scope, frozenset(), found)
        self.functions = outer.functions
        self.calls = {}
        self.name = definition.symbol.name
        self.own = own
        self.maybe = definition.maybe - own
        self.late = definition.later & scope.locals.keys()
        self.lines = {**outer.lines, **self.lines}
        self.results: list[ir.Type] = []

    def parameter(self, node: ast.arg, of_type: ir.Type) -> ir.Symbol | None:
        """A parameter, which has a type by what is passed."""
        name = name_of(node, node.arg)
        symbol = self.declare(name, of_type, ir.Known.CALL)
        if symbol is not None and symbol.name != "_":
            self.written[symbol.name] = name
            self.beside[symbol.name] = {symbol.name}
        return symbol

    def returned(self, value: ir.Expr) -> ir.Expr:
        """What is returned; several values are a tuple, as JAX tells lists from it."""
        self.results.append(value.type)
        if not isinstance(value, ir.Display):
            return value
        items = (
            replace(item, is_list=False) if isinstance(item, ir.Display) else item
            for item in value.items
        )
        return replace(value, is_list=False, items=tuple(items))

    def declare(
        self, node: ast.expr, of_type: ir.Type, known: ir.Known
    ) -> ir.Symbol | None:
        """A variable of the function's own."""
        if isinstance(node, ast.Name) and node.id in self.functions:
            message = f"`{node.id}` is a function and cannot be assigned to"
            self.error(codes.BAD_TARGET, message, node, "choose another name")
            return None
        return super().declare(node, of_type, known)

    def expr(self, node: ast.expr) -> ir.Expr:
        """Bind an expression, which must mean the same wherever it is called."""
        if isinstance(node, ast.Name) and node.id in self.late:
            self.read.add(node.id)
            message = f"`{node.id}` gets another value after `{self.name}` is defined"
            note = "give the other value another name"
            self.error(codes.IN_FUNCTION, message, node, note)
            return self.invalid(node)
        return super().expr(node)

    def applied(self, node: ast.Call, name: str, types: Types) -> Bound | None:
        """A function that was defined before; not itself."""
        if name == self.name:
            message, note = f"`{name}` calls itself", "`scan` repeats a function"
            self.error(codes.IN_FUNCTION, message, node, note)
            return None
        return super().applied(node, name, types)

    def _call(self, node: ast.Call) -> ir.Expr:
        bound = super()._call(node)
        match bound:
            case ir.Call(op=op) if OPS[op].draws:
                self._refuse(node, f"`{op}` draws", "draw before, and pass it on")
            case ir.Apply(callee=callee) if not _is_plain(callee):
                note = "call it before, or after, on all steps at once"
                self._refuse(node, f"`{callee}` is {callee.type}", note)
        return bound

    def update(self, call: ast.Call) -> ir.Statement | None:
        """Refuse `state.assign(value)`."""
        note = "return the value, and assign it in the call"
        self._refuse(call, "`.assign` changes a state", note)
        return None

    def loss(self, call: ast.Call) -> ir.Statement | None:
        """Refuse `add_loss(value)`."""
        note = "return the value, and add it in the call"
        self._refuse(call, "`add_loss` changes the loss", note)
        return None

    def _refuse(self, node: ast.expr, what: str, note: str) -> None:
        message = f"{what}: not in a function, which may be repeated in a loop"
        self.error(codes.IN_FUNCTION, message, node, note)


def _is_plain(callee: ir.Expr) -> bool:
    """Whether what is called computes and does nothing else."""
    origins = (ir.Origin.ARGUMENT, ir.Origin.FUNCTION)
    return isinstance(callee, ir.Name) and callee.symbol.origin in origins

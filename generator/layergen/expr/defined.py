"""What is known of a function that a forward pass defines."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from layergen.diagnostics import Diagnostics
from layergen.expr import ir

Types = tuple[ir.Type, ...]


@dataclass(frozen=True)
class Bound:
    """A function for parameters of some types.

    Attributes:
        statement: what it is.
        result: what it yields.
        read: the names that it reads.
        calls: the calls in it of other functions, with the types that they give.
        found: the mistakes in it.
        unused: what it makes and does not use.
    """

    statement: ir.Function
    result: ir.Type
    read: frozenset[str]
    calls: Mapping[ast.Call, tuple[str, Types]]
    found: Diagnostics
    unused: Diagnostics

    @property
    def returns(self) -> list[ir.Expr]:
        """What it returns, on all paths."""
        inner = ir.statements(self.statement.body)
        return [each.value for each in inner if isinstance(each, ir.Return)]


@dataclass
class Definition:
    """A `def`.

    Attributes:
        node: the definition.
        symbol: the function.
        visible: the variables that there are before it.
        maybe: those of them that have a value on some paths only.
        later: the variables that get a value after it.
        is_odd: whether its parameters are not of the language.
        bound: what it is, by the types of its parameters.
    """

    node: ast.FunctionDef
    symbol: ir.Symbol
    visible: dict[str, ir.Symbol]
    maybe: set[str]
    later: frozenset[str]
    is_odd: bool
    bound: dict[Types, Bound] = field(default_factory=dict)

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters."""
        return [parameter.arg for parameter in self.node.args.args]

    def argument(self, node: ast.Call, place: int) -> ast.expr:
        """What a call gives a parameter; the whole call if `scan` gives it."""
        if not isinstance(node.func, ast.Name) or node.func.id != self.symbol.name:
            return node
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        by_name = named.get(self.parameters[place], node)
        return node.args[place] if place < len(node.args) else by_name

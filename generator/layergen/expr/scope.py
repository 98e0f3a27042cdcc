"""What binding shares: the names in scope, how mistakes are recorded."""

import ast
from dataclasses import dataclass, field

from layergen.codes import language as codes
from layergen.diagnostics import Code, Diagnostics
from layergen.expr import ir
from layergen.expr.language import INSTEAD, WHAT
from layergen.expr.parse import Parsed


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


class BaseBinder:
    """Binds the expressions of one text; subclasses know the kinds of expressions."""

    def __init__(self, parsed: Parsed, scope: Scope, found: Diagnostics) -> None:
        self.parsed = parsed
        self.scope = scope
        self.found = found

    def error(
        self,
        code: Code,
        message: str,
        node: ast.expr | ast.stmt | ast.keyword | ast.arg,
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
        raise NotImplementedError

    def condition(self, node: ast.expr) -> ir.Expr:
        """Bind the test of a branch."""
        raise NotImplementedError

    def joined(self, node: ast.expr, operator: str, values: list[ir.Expr]) -> ir.Expr:
        """Values joined by `and` or `or`."""
        raise NotImplementedError


def is_invalid(expr: ir.Expr) -> bool:
    """Whether it stands for an expression that has a mistake."""
    return isinstance(expr, ir.Literal) and expr.type == ir.ANY


def literal_int(expr: ir.Expr) -> int | None:
    """The value of an integer that is written out, with its sign."""
    match expr:
        case ir.Literal(value=int(value)) if not isinstance(value, bool):
            return value
        case ir.Unary(operator="-", operand=ir.Literal(value=int(value))):
            return -value
    return None

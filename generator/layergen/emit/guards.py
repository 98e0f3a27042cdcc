"""Layer -> its body, which asks for a part itself where it asks whether it exists.

`if use_bias:` becomes `if self.bias is not None:`, as a type checker wants it.
"""

from collections.abc import Sequence
from dataclasses import replace

from layergen.expr import ir
from layergen.layer import Layer, Sublayer, Weight
from layergen.lower.scope import parameter_symbol, sublayer_symbol


def guard_parts(layer: Layer) -> ir.Body:
    """The body, with other tests of the same outcome."""
    parts: list[Sublayer | Weight] = [*layer.sublayers, *layer.weights]
    owned = [part for part in parts if part.when is not None]
    return _guard(layer.body, owned) if owned else layer.body


def _guard(body: ir.Body, owned: Sequence[Sublayer | Weight]) -> ir.Body:
    return tuple(_guard_statement(statement, owned) for statement in body)


def _guard_statement(
    statement: ir.Statement, owned: Sequence[Sublayer | Weight]
) -> ir.Statement:
    def change(expr: ir.Expr) -> ir.Expr | None:
        if not isinstance(expr, ir.Conditional):
            return None
        used = set(ir.symbols(expr.then))
        return replace(
            expr,
            test=_guard_test(expr.test, used, owned),
            then=ir.rewrite(expr.then, change),
            otherwise=ir.rewrite(expr.otherwise, change),
        )

    match statement:
        case ir.If(test=test, then=then, otherwise=otherwise):
            return replace(
                statement,
                test=_guard_test(test, set(ir.body_symbols(then)), owned),
                then=_guard(then, owned),
                otherwise=_guard(otherwise, owned),
            )
        case ir.For(body=body):
            return replace(statement, body=_guard(body, owned))
        case ir.Function(body=body):
            return replace(statement, body=_guard(body, owned))
    return replace(statement, value=ir.rewrite(statement.value, change))


def _guard_test(
    test: ir.Expr, used: set[ir.Symbol], owned: Sequence[Sublayer | Weight]
) -> ir.Expr:
    """A test that says whether the parts that are then used exist."""
    names = {symbol.name for symbol in used}
    meant = [s for s in owned if str(s.when) == str(test) and s.name in names]
    questions = tuple(_is_there(test, part) for part in meant)
    if len(questions) < 2:
        return questions[0] if questions else test
    return ir.Logical(test.span, ir.BOOL, test.known, "and", questions)


def _is_there(test: ir.Expr, part: Sublayer | Weight) -> ir.Expr:
    if isinstance(part, Sublayer):
        symbol = sublayer_symbol(part)
    else:
        symbol = parameter_symbol(part)
    name = ir.Name(test.span, symbol.type, symbol.known, symbol)
    none = ir.Literal(test.span, ir.NONE, ir.Known.CONFIG, None)
    return ir.Compare(test.span, ir.BOOL, test.known, "is not", name, none)

"""Conditions on arguments and sizes that the layer needs to work."""

from collections.abc import Mapping

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Argument, Dim, Requirement
from layergen.loading.load import Document
from layergen.lower.expression import read_expression, require_condition
from layergen.lower.scope import (
    argument_symbols,
    call_symbols,
    config_scope,
    dim_symbols,
    unreadable_symbol,
)


def lower_requires(
    document: Document,
    arguments: tuple[Argument, ...],
    dims: Mapping[str, Dim],
    found: Diagnostics,
) -> tuple[Requirement, ...]:
    """The conditions, in order; mistakes in them go to `found`."""
    symbols = {
        **{name: unreadable_symbol(name) for name in document.spec.parameters},
        **call_symbols(document.spec),
        **dim_symbols(dims),
        **argument_symbols(arguments),
    }
    scope = config_scope(symbols, "a requirement")
    requires = []
    for i, form in enumerate(document.spec.requires):
        scalar = document.scalar("requires", i, "that")
        test = read_expression(scalar, scope, found)
        if test is None or not _is_about_inputs(test, found):
            continue
        if require_condition(test, found):
            message = " ".join(form.message.split()) or f"`{test}` must hold."
            requires.append(Requirement(test, message))
    return tuple(requires)


def _is_about_inputs(test: ir.Expr, found: Diagnostics) -> bool:
    """Whether a condition leaves constants alone; if not, that goes to `found`."""
    for node in ir.walk(test):
        if isinstance(node, ir.Name) and node.symbol.origin is ir.Origin.CONSTANT:
            message = f"a requirement cannot use the constant `{node}`"
            note = "it is checked before constants are made: write out their values"
            found.add(codes.UNKNOWN_NAME, message, node.span, note)
            return False
    return True

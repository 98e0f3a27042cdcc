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
        if test is None or not _uses_no_constant(test, found):
            continue
        if not _reads_single_sizes(test, found):
            continue
        if require_condition(test, found):
            message = " ".join(form.message.split()) or f"`{test}` must hold."
            requires.append(Requirement(test, message))
    return tuple(requires)


def _uses_no_constant(test: ir.Expr, found: Diagnostics) -> bool:
    """Whether a condition leaves constants alone; if not, that goes to `found`."""
    for node in ir.walk(test):
        if isinstance(node, ir.Name) and node.symbol.origin is ir.Origin.CONSTANT:
            message = f"a requirement cannot use the constant `{node}`"
            note = "it is checked before constants are made: write out their values"
            found.add(codes.UNKNOWN_NAME, message, node.span, note)
            return False
    return True


def _reads_single_sizes(test: ir.Expr, found: Diagnostics) -> bool:
    """Whether a condition reads sizes one by one, so that `build` can ask for them."""
    single = {
        node.value
        for node in ir.walk(test)
        if isinstance(node, ir.Subscript)
        and not isinstance(node.index, ir.Slice)
        and all(s.origin is not ir.Origin.LOCAL for s in ir.symbols(node.index))
    }
    for node in ir.walk(test):
        if _is_input_shape(node) and node not in single:
            message = "a requirement reads the sizes of an input one by one"
            note = "write `inputs.shape[1]`, or give the size a name"
            found.add(codes.KNOWN_TOO_LATE, message, node.span, note)
            return False
    return True


def _is_input_shape(node: ir.Expr) -> bool:
    match node:
        case ir.Attribute(value=ir.Name(symbol=symbol), name="shape"):
            return symbol.origin is ir.Origin.INPUT
    return False

"""Public attributes of the layer beside its arguments: Python values."""

from collections.abc import Iterable, Mapping

from layergen.codes import language
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.scope import Scope
from layergen.layer import Argument, Attribute, Dim, Parameter
from layergen.loading.load import Document
from layergen.lower.expression import read_expression
from layergen.lower.scope import (
    argument_symbols,
    call_symbols,
    config_scope,
    dim_symbols,
    parameter_symbol,
)


def lower_attributes(
    document: Document,
    arguments: Iterable[Argument],
    dims: Mapping[str, Dim],
    parameters: Iterable[Parameter],
    found: Diagnostics,
) -> tuple[Attribute, ...]:
    """The attributes, in the order of the spec; mistakes go to `found`."""
    symbols = {
        **call_symbols(document.spec),
        **argument_symbols(arguments),
        **dim_symbols(dims),
        **{p.name: parameter_symbol(p) for p in parameters},
    }
    attributes = []
    for name in document.spec.attributes:
        scope = config_scope(symbols, "an attribute")
        value = _read(document, name, scope, found)
        if value is not None and _require_python(name, value, found):
            span = document.key_span("attributes", name)
            attributes.append(Attribute(name, value, span))
    return tuple(attributes)


def _read(
    document: Document, name: str, scope: Scope, found: Diagnostics
) -> ir.Expr | None:
    """The value of an attribute; a list of the spec is a tuple."""
    form = document.spec.attributes[name]
    if not isinstance(form, list):
        return read_expression(document.scalar("attributes", name), scope, found)
    scalars = [document.scalar("attributes", name, i) for i in range(len(form))]
    items = [read_expression(scalar, scope, found) for scalar in scalars]
    present = tuple(item for item in items if item is not None)
    if len(present) < len(items):
        return None
    of_type = ir.TupleType(tuple(item.type for item in present))
    known = max((item.known for item in present), default=ir.Known.CONFIG)
    return ir.Display(document.span("attributes", name), of_type, known, present)


def _require_python(name: str, value: ir.Expr, found: Diagnostics) -> bool:
    """Whether it is a Python value through and through; if not, that is recorded."""
    if _is_python(value.type):
        return True
    message = f"`{name}` must be a Python value, this is {value.type}"
    if isinstance(value.type, ir.TupleType):
        message = f"`{name}` must be made of Python values, this holds tensors"
    note = "an array is a constant: it belongs under `parameters`"
    found.add(language.WRONG_TYPE, message, value.span, note)
    return False


def _is_python(of_type: ir.Type) -> bool:
    if isinstance(of_type, ir.TupleType):
        parts = (*(of_type.items or ()), of_type.element)
        return all(part is None or _is_python(part) for part in parts)
    return not isinstance(of_type, ir.ArrayType)

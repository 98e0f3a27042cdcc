"""What a spec passes to the constructor of a sublayer -> expressions."""

from collections.abc import Mapping
from typing import Any

from layergen.codes import sublayers as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Argument, KerasObject, Layer
from layergen.loading.load import Document
from layergen.lower.argument_types import refuse_value, type_of
from layergen.lower.expression import read_expression
from layergen.lower.objects import lower_object
from layergen.lower.scope import argument_symbols, config_scope
from layergen.nearest import nearest
from layergen.source import Span

_TEXTS = frozenset({"str", "choice", "data_format", "dtype", "activation"})
"""Types of arguments that take text: what is written is no expression."""

_SETTLED = {"data_format": "channels_last"}
"""Values that the settings of a user of the layer would choose, were they not given."""


def lower_passed(
    document: Document,
    name: str,
    layer: Layer,
    keras: str,
    arguments: tuple[Argument, ...],
    symbols: Mapping[str, ir.Symbol],
    found: Diagnostics,
) -> tuple[dict[str, ir.Expr], dict[str, KerasObject]]:
    """The arguments of a sublayer, and those of them that are objects of Keras.

    Args:
        document: the spec.
        name: the sublayer's name.
        layer: what it is.
        keras: its class, if it is one of Keras.
        arguments: the arguments of the layer that owns it.
        symbols: the names that expressions may use.
        found: takes the mistakes.
    """
    takes = {a.name: a for a in layer.arguments if not type_of(a).is_object}
    objects = {a.name: a.type for a in layer.arguments if type_of(a).is_object}
    own = {argument.name: argument for argument in arguments}
    settings: dict[str, ir.Expr] = {}
    chosen: dict[str, KerasObject] = {}
    misspelt: set[str | None] = set()
    for key, value in document.spec.sublayers[name].arguments.items():
        path = ("sublayers", name, "arguments", key)
        if key not in takes and key not in objects:
            meant = nearest(key, [*takes, *objects])
            misspelt.add(meant)
            note = f"did you mean `{meant}`?" if meant else ""
            if not meant and (takes or objects):
                note = f"known: {', '.join(f'`{n}`' for n in [*takes, *objects])}"
            message = f"`{layer.name}` has no argument `{key}`"
            if keras:
                message = f"layergen knows no argument `{key}` of `{keras}`"
            found.add(codes.BAD_SETTING, message, document.key_span(*path), note)
        elif key in objects:
            given = _object(objects[key], value, document, path, own, found)
            if isinstance(given, KerasObject):
                chosen[key] = given
            elif given is not None:
                settings[key] = given
        else:
            expr = _setting(takes[key], value, path, document, own, symbols, found)
            if expr is not None:
                settings[key] = expr
    written = document.spec.sublayers[name].arguments
    for argument in layer.arguments:
        if argument.required and argument.name not in {*written, *misspelt}:
            message = f"`{layer.name}` needs the argument `{argument.name}`"
            span = document.key_span("sublayers", name)
            found.add(codes.BAD_SETTING, message, span)
    for key, argument in takes.items():
        is_left_out = key not in written and argument.default is None
        if argument.type in _SETTLED and is_left_out:
            span = document.key_span("sublayers", name)
            settings[key] = _literal(_SETTLED[argument.type], span)
    ordered = {key: settings[key] for key in (*takes, *objects) if key in settings}
    return ordered, {key: chosen[key] for key in objects if key in chosen}


def _object(
    kind: str,
    value: Any,
    document: Document,
    path: tuple[str | int, ...],
    own: Mapping[str, Argument],
    found: Diagnostics,
) -> ir.Expr | KerasObject | None:
    """An initializer, regularizer or constraint, or an argument that is one."""
    span = document.span(*path)
    if isinstance(value, str) and value in own and own[value].type == kind:
        symbol = argument_symbols([own[value]])[value]
        return ir.Name(span, symbol.type, symbol.known, symbol)
    if value is None:
        return ir.Literal(span, ir.NONE, ir.Known.CONFIG, None)
    if isinstance(value, str | dict):
        return lower_object(kind, value, document, path, found)
    found.add(codes.BAD_SETTING, f"Keras has no {kind} `{span.text}`", span)
    return None


def _setting(
    argument: Argument,
    value: Any,
    path: tuple[str | int, ...],
    document: Document,
    own: Mapping[str, Argument],
    symbols: Mapping[str, ir.Symbol],
    found: Diagnostics,
) -> ir.Expr | None:
    """The value of one argument: a literal, or an expression as text."""
    span = document.span(*path)
    is_text = argument.type in _TEXTS and value not in own
    if isinstance(value, str) and not is_text:
        scope = config_scope(symbols, "an argument of a sublayer")
        expr = read_expression(document.scalar(*path), scope, found)
        return expr if expr is None or _fits(argument, expr, found) else None
    if isinstance(value, list) and any(isinstance(item, str) for item in value):
        return _listed(argument, value, path, document, symbols, found)
    if argument.type == "array":
        message = f"an array cannot be passed on to `{argument.name}` yet"
        found.add(codes.BAD_SETTING, message, span)
        return None
    if reason := refuse_value(argument, value):
        message = f"`{argument.name}` cannot be `{span.text}`: {reason}"
        found.add(codes.BAD_SETTING, message, span)
        return None
    return _literal(value, span)


def _literal(value: Any, span: Span) -> ir.Expr:
    types: dict[type, ir.Type] = {
        bool: ir.BOOL,
        int: ir.INT,
        float: ir.FLOAT,
        str: ir.STR,
        type(None): ir.NONE,
    }
    if isinstance(value, list):
        items = tuple(_literal(item, span) for item in value)
        of_type = ir.TupleType(tuple(item.type for item in items))
        return ir.Display(span, of_type, ir.Known.CONFIG, items)
    return ir.Literal(span, types[type(value)], ir.Known.CONFIG, value)


def _listed(
    argument: Argument,
    values: list[Any],
    path: tuple[str | int, ...],
    document: Document,
    symbols: Mapping[str, ir.Symbol],
    found: Diagnostics,
) -> ir.Expr | None:
    """A list of expressions."""
    scope = config_scope(symbols, "an argument of a sublayer")
    scalars = [document.scalar(*path, i) for i in range(len(values))]
    items = [read_expression(scalar, scope, found) for scalar in scalars]
    present = tuple(item for item in items if item is not None)
    if len(present) < len(items):
        return None
    of_type = ir.TupleType(tuple(item.type for item in present))
    known = max(item.known for item in present)
    expr = ir.Display(document.span(*path), of_type, known, present)
    return expr if _fits(argument, expr, found) else None


def _fits(argument: Argument, expr: ir.Expr, found: Diagnostics) -> bool:
    """Whether an expression may be what an argument takes; if not, that is recorded."""
    wanted = argument_symbols([argument])[argument.name].type
    given = expr.type
    fits = given in (ir.ANY, wanted) or (given, wanted) == (ir.INT, ir.FLOAT)
    fits |= given == ir.NONE and (argument.optional or type_of(argument).finds)
    is_tuple = isinstance(wanted, ir.TupleType)
    fits |= is_tuple and (given == ir.INT or isinstance(given, ir.TupleType))
    if argument.type == "array" or isinstance(given, ir.ArrayType):
        message = f"an array cannot be passed on to `{argument.name}` yet"
        found.add(codes.BAD_SETTING, message, expr.span)
        return False
    if not fits:
        message = f"`{argument.name}` takes {wanted}, this is {given}"
        found.add(codes.BAD_SETTING, message, expr.span)
    return fits

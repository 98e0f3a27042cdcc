"""What an input that may be left out must not be needed for."""

from collections.abc import Iterator, Mapping

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import (
    Dim,
    Input,
    Output,
    Parameter,
    Requirement,
    Sublayer,
    parameter_expressions,
)
from layergen.loading.load import Document

_NOTE = "take it from a tensor that every call gives"


def check_presence(
    document: Document,
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    required: tuple[str, ...],
    parameters: tuple[Parameter, ...],
    requires: tuple[Requirement, ...],
    sublayers: tuple[Sublayer, ...],
    body: ir.Body,
    outputs: tuple[Output, ...],
    found: Diagnostics,
) -> None:
    """Record where a layer is built or described by a tensor that may not be there."""
    optional = {member.name for member in inputs if member.optional}
    if not optional:
        return
    absent = {dim.name for dim in dims.values() if dim.input in optional}
    for expr in parameter_expressions(parameters):
        for node in _reading(expr, absent | optional):
            message = f"a parameter needs `{node}` of a tensor that may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)
    for requirement in requires:
        for node in _reading(requirement.test, absent | optional):
            message = f"a requirement needs `{node}` of a tensor that may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)
    for sublayer in sublayers:
        _check_sublayer(document, sublayer, optional, absent, found)
    deciding = absent & set(required)
    for node in (n for s in ir.statements(body) for n in ir.walk(ir.expression(s))):
        if isinstance(node, ir.Name) and node.symbol.name in deciding:
            deciding.discard(node.symbol.name)
            message = f"`{node}` decides, but its tensor may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)
    for output in outputs:
        _check_output(document, output, optional, absent, found)


def _reading(expr: ir.Expr, names: set[str]) -> Iterator[ir.Expr]:
    """The parts of an expression that are one of the names."""
    for node in ir.walk(expr):
        if isinstance(node, ir.Name) and node.symbol.name in names:
            yield node


def _check_sublayer(
    document: Document,
    sublayer: Sublayer,
    optional: set[str],
    absent: set[str],
    found: Diagnostics,
) -> None:
    path = ("sublayers", sublayer.name)
    is_said = document.has(*path, "shape")
    span = document.span(*path, "shape") if is_said else document.key_span(*path)
    for shape in sublayer.shapes.values():
        if shape.like in optional:
            message = f"`{shape.like}` may be left out, and then builds no sublayer"
            found.add(codes.OPTIONAL_SIZE, message, span, _NOTE)
    for expr in sublayer.expressions:
        for node in _reading(expr, absent | optional):
            message = f"a sublayer needs `{node}` of a tensor that may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)


def _check_output(
    document: Document,
    output: Output,
    optional: set[str],
    absent: set[str],
    found: Diagnostics,
) -> None:
    if output.like in optional:
        message = f"`{output.like}` may be left out, and then the output has no shape"
        span = document.span(*output.path, "shape")
        found.add(codes.OPTIONAL_SIZE, message, span, _NOTE)
    for expr in output.expressions:
        for node in _reading(expr, absent):
            message = f"the output needs `{node}` of a tensor that may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)

"""What an input that may be left out must not be needed for."""

from collections.abc import Iterable, Iterator, Mapping

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import (
    Attribute,
    Dim,
    Input,
    Output,
    Parameter,
    Requirement,
    Sublayer,
    inputs_given,
    parameter_expressions,
)
from layergen.loading.load import Document

_NOTE = "take it from a tensor that every call gives, or from an argument"


def check_presence(
    document: Document,
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    required: tuple[str, ...],
    parameters: tuple[Parameter, ...],
    requires: tuple[Requirement, ...],
    sublayers: tuple[Sublayer, ...],
    attributes: tuple[Attribute, ...],
    body: ir.Body,
    outputs: tuple[Output, ...],
    found: Diagnostics,
) -> None:
    """Record where a layer is built or described by a tensor that may not be there."""
    optional = {member.name for member in inputs if member.optional}
    if not optional:
        return
    absent = {dim.name for dim in dims.values() if dim.input in optional}
    groups: tuple[tuple[str, Iterable[ir.Expr]], ...] = (
        ("a parameter", parameter_expressions(parameters)),
        ("a requirement", (requirement.test for requirement in requires)),
        ("a sublayer", (expr for s in sublayers for expr in s.expressions)),
        ("an attribute", (attribute.value for attribute in attributes)),
    )
    for what, expressions in groups:
        for node in (n for e in expressions for n in _reading(e, absent | optional)):
            message = f"{what} needs `{node}` of a tensor that may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)
    for sublayer in sublayers:
        _check_sublayer(document, sublayer, optional, found)
    deciding = absent & set(required)
    for node in (n for s in ir.statements(body) for n in ir.walk(ir.expression(s))):
        if isinstance(node, ir.Name) and node.symbol.name in deciding:
            deciding.discard(node.symbol.name)
            message = f"`{node}` decides, but its tensor may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)
    for output in outputs:
        given = inputs_given(output.when)
        gone = {d.name for d in dims.values() if d.input in optional - given}
        _check_output(document, output, optional - given, (absent, gone), found)


def _reading(expr: ir.Expr, names: set[str]) -> Iterator[ir.Expr]:
    """The parts of an expression that are one of the names."""
    for node in ir.walk(expr):
        if isinstance(node, ir.Name) and node.symbol.name in names:
            yield node


def _check_sublayer(
    document: Document, sublayer: Sublayer, optional: set[str], found: Diagnostics
) -> None:
    """Record that a sublayer is built for the shape of what may not be there."""
    given = document.spec.sublayers[sublayer.name].shape
    for name, shape in sublayer.shapes.items():
        if shape.like in optional:
            path = ("sublayers", sublayer.name, "shape")
            where = (*path, name) if isinstance(given, dict) else path
            span = document.key_span(*path[:2]) if given is None else None
            message = f"`{shape.like}` may be left out: `{sublayer.name}` has no shape"
            found.add(
                codes.OPTIONAL_SIZE, message, span or document.span(*where), _NOTE
            )


def _check_output(
    document: Document,
    output: Output,
    optional: set[str],
    sizes: tuple[set[str], set[str]],
    found: Diagnostics,
) -> None:
    """Record that an output is described by what may not be there.

    Args:
        document: the spec.
        output: the output.
        optional: the inputs that may be left out of a call that has it.
        sizes: those of all optional inputs, from which no other can be computed, and
            those of these.
        found: takes the mistakes.
    """
    if output.like in optional:
        message = f"`{output.like}` may be left out, and then the output has no shape"
        span = document.span(*output.path, "shape")
        found.add(codes.OPTIONAL_SIZE, message, span, _NOTE)
    for expr in output.expressions:
        for node in _reading(expr, sizes[isinstance(expr, ir.Name)]):
            message = f"the output needs `{node}` of a tensor that may be left out"
            found.add(codes.OPTIONAL_SIZE, message, node.span, _NOTE)

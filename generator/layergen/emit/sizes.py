"""Body -> the sizes of inputs that it reads several times, which get variables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from layergen.emit.doc import Doc, call
from layergen.emit.emission import Lines
from layergen.emit.statement import assignment, unpacked
from layergen.expr import ir
from layergen.layer import Input, Layer

_SEVERAL = 2
"""Sizes of one input that are read several times: then all are unpacked at once."""


@dataclass(frozen=True)
class Sizes:
    """Variables for sizes, and the statements that give them their values."""

    names: frozenset[str]
    lines: Lines


def name_sizes_of_call(
    layer: Layer, body: ir.Body, sources: Mapping[str, Doc]
) -> Sizes:
    """The sizes that get variables.

    Args:
        layer: the layer.
        body: the statements of the call.
        sources: how each size is read.
    """
    exprs = [ir.expression(statement) for statement in ir.statements(body)]
    reads = Counter(
        node.symbol.name
        for expr in exprs
        for node in ir.walk(expr)
        if isinstance(node, ir.Name) and node.symbol.origin is ir.Origin.DIM
    )
    names: set[str] = set()
    lines: Lines = []
    for member in layer.required_inputs:
        own = [d.name for d in layer.dims.values() if d.input == member.name]
        repeated = [name for name in own if reads[name] > 1]
        read = [name for name in own if reads[name]]
        if len(repeated) >= _SEVERAL and not member.has_ellipsis | member.is_list:
            names.update(read)
            lines.append((0, _unpack(layer, member, read)))
            continue
        names.update(repeated)
        lines += [(0, assignment(name, sources[name])) for name in repeated]
    return Sizes(frozenset(names), lines)


def _unpack(layer: Layer, member: Input, read: list[str]) -> Doc:
    """`batch, _, features = ops.shape(inputs)`, or `inputs.shape` if all are known."""
    targets = [str(size) if size in read else "_" for size in member.shape]
    static = all(name in layer.required_dims for name in read)
    shape = f"{member.name}.shape" if static else call("ops.shape", [member.name])
    return assignment(unpacked(*targets), shape)


def reads_size(statement: ir.Statement, names: frozenset[str]) -> bool:
    """Whether a statement, or one within it, reads one of these sizes."""
    exprs = (ir.expression(each) for each in ir.statements((statement,)))
    return any(
        symbol.name in names and symbol.origin is ir.Origin.DIM
        for expr in exprs
        for symbol in ir.symbols(expr)
    )

"""Body -> the sizes of inputs that it reads several times, which get variables."""

from collections import Counter
from collections.abc import Sequence

from layergen.expr import ir
from layergen.layer import Layer


def repeated_sizes(layer: Layer, body: ir.Body) -> Sequence[str]:
    """The names of these sizes, in the order of the inputs' axes."""
    exprs = [ir.expression(statement) for statement in ir.statements(body)]
    reads = Counter(
        node.symbol.name
        for expr in exprs
        for node in ir.walk(expr)
        if isinstance(node, ir.Name) and node.symbol.origin is ir.Origin.DIM
    )
    always = {member.name for member in layer.required_inputs}
    return [
        dim.name
        for dim in layer.dims.values()
        if reads[dim.name] > 1 and dim.input in always
    ]


def reads_size(statement: ir.Statement, name: str) -> bool:
    """Whether a statement, or one within it, reads a size."""
    exprs = (ir.expression(each) for each in ir.statements((statement,)))
    return any(
        symbol.name == name and symbol.origin is ir.Origin.DIM
        for expr in exprs
        for symbol in ir.symbols(expr)
    )

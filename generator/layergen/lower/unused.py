"""Layer -> warnings: what is named in a spec, and read nowhere."""

from collections.abc import Iterator

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Layer, parameter_expressions


def warn_unused(layer: Layer, found: Diagnostics) -> None:
    """Warn of parameters, sublayers, arguments, inputs and masks that nothing reads."""
    read = {symbol.name for expr in _expressions(layer) for symbol in ir.symbols(expr)}
    read |= {symbol.name for symbol in ir.body_symbols(layer.body)}
    read |= {name for weight in layer.weights for _, name in weight.settings}
    for name, path in _named(layer):
        if name not in read:
            span = layer.document.key_span(*path)
            found.add(codes.UNUSED, f"`{name}` is never used", span)


def _expressions(layer: Layer) -> Iterator[ir.Expr]:
    """All expressions outside the forward pass."""
    yield from parameter_expressions(layer.parameters)
    for members in (layer.sublayers, layer.outputs):
        for member in members:
            yield from member.expressions
    yield from (attribute.value for attribute in layer.attributes)
    yield from (requirement.test for requirement in layer.requires)
    if layer.masking.mask is not None:
        yield layer.masking.mask


def _named(layer: Layer) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names that something must read, and where the spec gives them."""
    for parameter in layer.parameters:
        yield parameter.name, ("parameters", parameter.name)
    for sublayer in layer.sublayers:
        yield sublayer.name, ("sublayers", sublayer.name)
    for argument in layer.arguments:
        if argument.type != "seed":
            yield argument.name, ("arguments", argument.name)
    for name in (*(m.name for m in layer.inputs), *(f.name for f in layer.flags)):
        yield name, ("inputs", name)
    for member in layer.inputs:
        if member.takes_mask:
            yield layer.mask_names[member.name], ("inputs", member.name, "mask")

"""Parameters: weights, and constants with their one source."""

from collections.abc import Mapping

from layergen.diagnostics import Diagnostics
from layergen.layer import Argument, Dim, Input, Parameter
from layergen.loading import spec as forms
from layergen.loading.load import Document
from layergen.lower.constants import lower_constant
from layergen.lower.scope import parameter_symbol, unreadable_symbol
from layergen.lower.sources import ParameterReader
from layergen.lower.weights import lower_weight


def lower_parameters(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    found: Diagnostics,
    *,
    described: bool = False,
) -> tuple[tuple[Parameter, ...], tuple[str, ...]]:
    """The parameters, and the dims that must be known when the layer is built.

    Args:
        document: the spec.
        arguments: its constructor arguments.
        inputs: its inputs.
        dims: the sizes that have names.
        found: takes the mistakes.
        described: whether this is a layer of Keras, which is not generated.
    """
    reader = ParameterReader(document, arguments, inputs, dims, found, described)
    parameters: list[Parameter] = []
    for name, form in document.spec.parameters.items():
        if isinstance(form, forms.Weight):
            parameters.append(lower_weight(reader, name, form))
        elif (constant := lower_constant(reader, name, form)) is not None:
            parameters.append(constant)
            reader.symbols[name] = parameter_symbol(constant)
        else:
            reader.symbols[name] = unreadable_symbol(name)
    required = {symbol.name for symbol in reader.used if symbol.name in dims}
    return tuple(parameters), tuple(name for name in dims if name in required)

"""What `call` takes -> the parameters of `call` and `build`, and what is cast first."""

from layergen.emit.constructor import print_parameter
from layergen.emit.doc import Doc, call, quote
from layergen.emit.emission import Lines
from layergen.emit.statement import assignment, parameter
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import Input, Layer

TENSOR = "keras.KerasTensor"
_SHAPE = "Sequence[int | None]"


def call_parameters(layer: Layer) -> list[Doc]:
    """The parameters of `call`: tensors, then flags, which go by keyword only."""
    parameters: list[Doc] = ["self"]
    parameters += [_tensor_parameter(member) for member in layer.inputs]
    if layer.flags:
        parameters.append("*")
    for flag in layer.flags:
        parameters += print_parameter(flag, by_shape=False)
    if layer.uses_training:
        parameters.append("training: bool | None = None")
    return parameters


def _tensor_parameter(member: Input) -> Doc:
    if member.optional:
        return parameter(member.name, (TENSOR, "None"), "None")
    return f"{member.name}: {TENSOR}"


def shape_parameter(member: Input, name: str) -> Doc:
    """The parameter of `build` that holds the shape of an input."""
    if member.optional:
        return parameter(name, (_SHAPE, "None"), "None")
    return f"{name}: {_SHAPE}"


def print_cast(member: Input) -> Lines:
    """The statements that give an input of whole numbers or of truths its dtype."""
    if dtype_kind(member.dtype) is ir.Kind.FLOAT:
        return []
    name = member.name
    cast = assignment(name, call("ops.cast", [name, quote(member.dtype)]))
    return (
        [(0, f"if {name} is not None:"), (1, cast)] if member.optional else [(0, cast)]
    )

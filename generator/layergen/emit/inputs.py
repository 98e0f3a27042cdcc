"""What `call` takes -> the parameters of `call` and `build`, and what is cast first."""

from collections.abc import Sequence

from layergen.emit.constructor import print_parameter
from layergen.emit.doc import Doc, call, comprehension, quote
from layergen.emit.emission import Lines
from layergen.emit.statement import assignment, parameter
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import Argument, Input, Layer

TENSOR = "keras.KerasTensor"
_SHAPE = "Sequence[int | None]"
_ONE = "tensor"
"""Variable that takes the tensors of a list in turn."""


def call_parameters(layer: Layer) -> list[Doc]:
    """The parameters of `call`: tensors, masks, then flags, by keyword only."""
    parameters: list[Doc] = ["self"]
    parameters += [_tensor_parameter(member) for member in layer.inputs]
    parameters += [
        parameter(layer.mask_names[member.name], (TENSOR, "None"), "None")
        for member in layer.inputs
        if member.takes_mask
    ]
    parameters += flag_parameters(layer.flags)
    if layer.uses_training:
        parameters.append("training: bool | None = None")
    return parameters


def flag_parameters(flags: Sequence[Argument]) -> list[Doc]:
    """The parameters of flags, by keyword only."""
    given = [doc for flag in flags for doc in print_parameter(flag, by_shape=False)]
    return ["*", *given] if given else []


def _tensor_parameter(member: Input) -> Doc:
    if member.is_list:
        return f"{member.name}: Sequence[{TENSOR}]"
    if member.optional:
        return parameter(member.name, (TENSOR, "None"), "None")
    return f"{member.name}: {TENSOR}"


def shape_parameter(member: Input, name: str) -> Doc:
    """The parameter of `build` that holds the shape of an input."""
    if member.is_list:
        return f"{name}: Sequence[{_SHAPE}]"
    if member.optional:
        return parameter(name, (_SHAPE, "None"), "None")
    return f"{name}: {_SHAPE}"


def shape_of_tensor(member: Input) -> Doc:
    """The source of the shape of an input that is there."""
    if member.is_list:
        return f"[{_ONE}.shape for {_ONE} in {member.name}]"
    return f"{member.name}.shape"


def print_cast(member: Input) -> Lines:
    """The statements that give an input of whole numbers or of truths its dtype."""
    if dtype_kind(member.dtype) is ir.Kind.FLOAT:
        return []
    name, dtype = member.name, quote(member.dtype)
    if member.is_list:
        each = call("ops.cast", [_ONE, dtype])
        listed = comprehension("[", each, [(f"for {_ONE} in ", name)], "]")
        return [(0, assignment(name, listed))]
    cast = assignment(name, call("ops.cast", [name, dtype]))
    return (
        [(0, f"if {name} is not None:"), (1, cast)] if member.optional else [(0, cast)]
    )

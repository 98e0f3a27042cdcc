"""The names that expressions of a spec may use, by place."""

from collections.abc import Iterable, Mapping, Sequence

from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.expr.scope import Scope
from layergen.layer import (
    BATCH,
    Argument,
    Computed,
    Constant,
    Dim,
    Drawn,
    Input,
    Sublayer,
    Weight,
    name_masks,
)
from layergen.loading import spec as forms
from layergen.loading.call_inputs import Input as Tensor
from layergen.lower.argument_types import type_of


def argument_symbols(arguments: Iterable[Argument]) -> dict[str, ir.Symbol]:
    """Arguments are known from the configuration on."""
    return {
        argument.name: ir.Symbol(
            argument.name,
            ir.Origin.ARGUMENT,
            type_of(argument).language(argument),
            ir.Known.CONFIG,
        )
        for argument in arguments
    }


def dim_symbols(
    dims: Mapping[str, Dim], required: Iterable[str] | None = None
) -> dict[str, ir.Symbol]:
    """Sizes are known at build, but for the batch.

    Args:
        dims: the named sizes.
        required: if given, only these must be known at build; the others may be
            unknown until the call.
    """
    return {
        name: ir.Symbol(name, ir.Origin.DIM, ir.INT, _dim_known(name, required))
        for name in dims
    }


def _dim_known(name: str, required: Iterable[str] | None) -> ir.Known:
    if name == BATCH or (required is not None and name not in required):
        return ir.Known.CALL
    return ir.Known.BUILD


def input_symbols(inputs: Iterable[Input]) -> dict[str, ir.Symbol]:
    """Inputs are known in the call."""
    return {
        member.name: ir.Symbol(
            member.name, ir.Origin.INPUT, _tensor_type(member), ir.Known.CALL
        )
        for member in inputs
    }


def _tensor_type(member: Input) -> ir.Type:
    tensor = ir.ArrayType(dtype_kind(member.dtype))
    if not member.is_list:
        return tensor
    if member.count is not None:
        return ir.TupleType((tensor,) * member.count)
    return ir.TupleType(None, tensor)


def flag_symbols(flags: Iterable[Argument]) -> dict[str, ir.Symbol]:
    """Flags are Python values, known in the call."""
    return {
        flag.name: ir.Symbol(
            flag.name, ir.Origin.FLAG, type_of(flag).language(flag), ir.Known.CALL
        )
        for flag in flags
    }


def mask_symbols(inputs: Sequence[Input]) -> dict[str, ir.Symbol]:
    """The masks that are taken; each may be `None`."""
    names = name_masks(inputs)
    mask = ir.ArrayType(ir.Kind.BOOL)
    return {
        names[m.name]: ir.Symbol(names[m.name], ir.Origin.MASK, mask, ir.Known.CALL)
        for m in inputs
        if m.takes_mask
    }


def parameter_symbol(parameter: Weight | Constant) -> ir.Symbol:
    """A parameter as an expression sees it.

    A weight, and a constant that lives in the checkpoint, are known in the call only.
    """
    if isinstance(parameter, Weight):
        of_type: ir.Type = ir.ArrayType(dtype_kind(parameter.dtype))
        return ir.Symbol(parameter.name, ir.Origin.WEIGHT, of_type, ir.Known.CALL)
    of_type, known = ir.ArrayType(dtype_kind(parameter.dtype)), ir.Known.CONFIG
    source = parameter.source
    if isinstance(source, Computed):
        known = source.expr.known
        if isinstance(source.expr.type, ir.ScalarType):
            of_type = source.expr.type
    if isinstance(source, Drawn) or parameter.storage == "weight":
        known = ir.Known.CALL
    return ir.Symbol(parameter.name, ir.Origin.CONSTANT, of_type, known)


def sublayer_symbol(sublayer: Sublayer) -> ir.Symbol:
    """A sublayer, or a list of them, as the call sees it."""
    of_type: ir.Type = sublayer.type
    if sublayer.count is not None:
        of_type = ir.TupleType(None, of_type)
    return ir.Symbol(sublayer.name, ir.Origin.SUBLAYER, of_type, ir.Known.BUILD)


def call_symbols(spec: forms.Spec) -> dict[str, ir.Symbol]:
    """What has a value in the call only, so that an earlier use can be told wrong."""
    weights = (n for n, p in spec.parameters.items() if isinstance(p, forms.Weight))
    origins = {
        name: ir.Origin.INPUT if isinstance(form, Tensor) else ir.Origin.FLAG
        for name, form in spec.inputs.items()
    }
    origins |= {
        **dict.fromkeys(weights, ir.Origin.WEIGHT),
        "training": ir.Origin.TRAINING,
    }
    lists = {
        name
        for name, form in spec.inputs.items()
        if isinstance(form, Tensor) and form.is_list
    }
    return {
        name: ir.Symbol(
            name,
            origin,
            ir.TupleType(None, ir.ANY) if name in lists else ir.ANY,
            ir.Known.CALL,
        )
        for name, origin in origins.items()
    }


def unreadable_symbol(name: str) -> ir.Symbol:
    """Stands for a constant in which a mistake was found."""
    return ir.Symbol(name, ir.Origin.CONSTANT, ir.ANY, ir.Known.CONFIG)


def config_scope(
    symbols: Mapping[str, ir.Symbol],
    place: str,
    later: frozenset[str] = frozenset(),
) -> Scope:
    """A place whose values must be known at build; `later` names are yet to come."""
    return Scope(dict(symbols), ir.Known.BUILD, place, later)

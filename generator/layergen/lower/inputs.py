"""Tensors that `call` takes, and the names of their sizes."""

import re
from collections.abc import Mapping

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr.ops import NUMBERS
from layergen.keras_tables.names import refuse_input_name
from layergen.layer import BATCH, ELLIPSIS, Argument, Dim, Input
from layergen.loading import call_inputs as forms
from layergen.loading.argument_forms import IntArgument
from layergen.loading.load import Document

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MOST_AXES = 8


def lower_inputs(document: Document, found: Diagnostics) -> tuple[Input, ...]:
    """The tensors, in the order in which `call` takes them."""
    inputs = []
    for name, form in document.spec.inputs.items():
        if isinstance(form, forms.Input):
            _check_shape(name, form.shape, document, found)
            _check_list(name, form, document, found)
            inputs.append(_lower_input(name, form, document))
    _check_order(document, found)
    return tuple(inputs)


def _lower_input(name: str, form: forms.Input, document: Document) -> Input:
    return Input(
        name=name,
        shape=tuple(form.shape),
        dtype=form.dtype,
        optional=form.optional,
        is_list=form.is_list,
        mask=_mask(form),
        takes_mask=form.mask is not False,
        least=form.min or 1,
        count=form.count,
        doc=" ".join(form.doc.split()),
        span=document.key_span("inputs", name),
    )


def _mask(form: forms.Input) -> tuple[str | int, ...]:
    """The sizes of the mask: of floats, those but for the last axis."""
    if isinstance(form.mask, list):
        return tuple(form.mask)
    steps = len(form.shape) - 1
    return tuple(form.shape[: max(steps, 1)] if form.dtype == "float" else form.shape)


def _check_list(
    name: str, form: forms.Input, document: Document, found: Diagnostics
) -> None:
    """Refuse what does not go with a list, or with a tensor that is none."""
    tensors = [f for f in document.spec.inputs.values() if isinstance(f, forms.Input)]
    message, key = "", "list"
    if not form.is_list:
        given = [k for k in ("min", "count") if getattr(form, k) is not None]
        message = f"`{name}` is one tensor" if given else ""
        key, note = "".join(given[:1]), "add `list: true` if it is a list of tensors"
    elif len(tensors) > 1 and form.count is None:
        message = f"`{name}` is a list, and there are further tensors"
        note = "a list of any length is the only input beside flags: give its `count`"
    elif form.optional:
        message, key = f"`{name}` is a list, which every call gives", "optional"
        note = "leave `optional` out"
    elif form.min is not None and form.count is not None:
        message, key = "`count` and `min` both limit the list", "min"
        note = "`count` alone fixes its length"
    if message:
        found.add(
            codes.BAD_INPUT, message, document.key_span("inputs", name, key), note
        )


def _check_order(document: Document, found: Diagnostics) -> None:
    """Required tensors come first, then optional ones, then flags."""
    stages = ("a tensor", "an optional tensor", "a flag")
    latest = 0
    for i, (name, form) in enumerate(document.spec.inputs.items()):
        stage = 2 if not isinstance(form, forms.Input) else int(form.optional)
        span = document.key_span("inputs", name)
        if i == 0 and stage:
            message = f"the first input is {stages[stage]}"
            note = "a layer takes at least one tensor at every call: put it first"
            found.add(codes.BAD_INPUT, message, span, note)
            continue  # else all that follow would stand behind it
        if stage < latest:
            message = f"`{name}` is {stages[stage]} behind {stages[latest]}"
            note = "tensors come first, then optional ones, then flags"
            found.add(codes.BAD_INPUT, message, span, note)
        latest = max(stage, latest)


def _check_shape(
    name: str, shape: list[str | int], document: Document, found: Diagnostics
) -> None:
    spec = document.spec
    if len(shape) > _MOST_AXES:
        message = f"more than {_MOST_AXES} axes"
        found.add(codes.BAD_DIM, message, document.span("inputs", name, "shape"))
    for i, size in enumerate(shape):
        reason, note = None, "choose another name"
        if isinstance(size, int):
            reason = None if 0 < size < 2**31 else f"{size} is no size"
            note = "a size is at least 1"
        elif size == ELLIPSIS:
            reason = "a second `...`" if ELLIPSIS in shape[:i] else None
            note = "the axes would not be told apart"
        elif size == BATCH:
            reason = None if i == 0 else "`batch` must be the first axis"
            note = ""
        elif not _NAME.fullmatch(size):
            reason = f"`{size}` is no name for a dimension"
            note = "a dimension of an input is a name, an integer, `batch` or `...`"
        elif refusal := refuse_input_name(size, spec.inputs):
            reason = refusal
        elif size in NUMBERS or size == "training":
            reason = f"`{size}` has a meaning in the language"
        elif isinstance(argument := spec.arguments.get(size), IntArgument):
            if argument.optional:
                reason = f"`{size}` may be `None`, which is no size"
            note = "give the argument a `default`, or choose another name"
        elif group := _group_of(size, document):
            reason = f"`{size}` is also one of the {group}"
        if reason:
            span = document.span("inputs", name, "shape", i)
            found.add(codes.BAD_DIM, reason, span, note)


def _group_of(name: str, document: Document) -> str | None:
    groups = ("arguments", "inputs", "parameters", "sublayers", "attributes")
    return next((g for g in groups if name in getattr(document.spec, g)), None)


def name_dims(
    inputs: tuple[Input, ...], arguments: tuple[Argument, ...]
) -> Mapping[str, Dim]:
    """Where each named size is read: at its first place. Arguments have their own."""
    dims: dict[str, Dim] = {}
    known = {argument.name for argument in arguments}
    for member in inputs:
        for position, size in enumerate(member.shape):
            if isinstance(size, str) and size != ELLIPSIS and size not in known:
                dims.setdefault(size, Dim(size, member.name, member.axis(position)))
    return dims

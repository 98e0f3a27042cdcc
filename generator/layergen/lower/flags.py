"""Flags: what `call` takes besides tensors, as Python values."""

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import Argument
from layergen.loading import call_inputs as forms
from layergen.loading.load import Document
from layergen.lower.argument_types import refuse_value
from layergen.lower.arguments import refuse_limits


def lower_flags(document: Document, found: Diagnostics) -> tuple[Argument, ...]:
    """The flags, in the order in which they are written."""
    return tuple(
        _lower_flag(name, form, document, found)
        for name, form in document.spec.inputs.items()
        if not isinstance(form, forms.Input)
    )


def _lower_flag(
    name: str,
    form: forms.BoolFlag | forms.IntFlag,
    document: Document,
    found: Diagnostics,
) -> Argument:
    flag = Argument(
        name=name,
        type=form.type,
        required=False,
        default=form.default,
        minimum=getattr(form, "min", None),
        maximum=getattr(form, "max", None),
        doc=" ".join(form.doc.split()),
        span=document.key_span("inputs", name),
    )
    if refuse_limits(flag, "inputs", document, found):
        return flag
    if reason := refuse_value(flag, flag.default):
        span = document.span("inputs", name, "default")
        found.add(codes.BAD_DEFAULT, f"the default does not fit: {reason}", span)
    return flag

"""Constructor arguments: their limits and defaults."""

from collections.abc import Mapping
from typing import Any

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import Argument, Deprecated
from layergen.loading.argument_forms import DeprecatedArgument
from layergen.loading.argument_forms import KeptArgument as Form
from layergen.loading.load import Document
from layergen.lower.argument_types import DATA_FORMATS, TYPES, refuse_value
from layergen.lower.objects import lower_object


def lower_arguments(document: Document, found: Diagnostics) -> tuple[Argument, ...]:
    """The arguments, those without a default first, as Python wants them."""
    arguments = [
        _lower_argument(name, form, document, found)
        for name, form in document.spec.arguments.items()
        if not isinstance(form, DeprecatedArgument)
    ]
    return tuple(sorted(arguments, key=lambda argument: not argument.required))


def lower_deprecated(document: Document) -> tuple[Deprecated, ...]:
    """The arguments that may be given and have no effect."""
    forms = document.spec.arguments
    names = list(forms)
    return tuple(
        Deprecated(name, frozenset(names[:i]), " ".join(forms[name].doc.split()))
        for i, name in enumerate(names)
        if isinstance(forms[name], DeprecatedArgument)
    )


def _lower_argument(
    name: str,
    form: Form,
    document: Document,
    found: Diagnostics,
) -> Argument:
    optional = getattr(form, "optional", False)
    given = "default" in form.model_fields_set
    row = TYPES[form.type]
    argument = Argument(
        name=name,
        type=form.type,
        required=not (given or optional or row.finds or row.is_object),
        default=_default(name, form, document, found),
        optional=optional,
        minimum=1 if form.type == "shape" else getattr(form, "min", None),
        maximum=getattr(form, "max", None),
        above=getattr(form, "above", None),
        below=getattr(form, "below", None),
        choices=_choices(form),
        length=form.rank if form.type == "shape" else getattr(form, "length", None),
        infer=getattr(form, "infer", False),
        dtype=getattr(form, "kind", getattr(form, "dtype", "float")),
        rank=getattr(form, "rank", None),
        renamed_from=form.renamed_from,
        doc=" ".join(form.doc.split()),
        span=document.key_span("arguments", name),
    )
    if row.is_object or refuse_limits(argument, "arguments", document, found):
        return argument
    reason = refuse_value(argument, argument.default) if given else None
    if given and argument.default is None and not (optional or row.finds):
        reason = "it is `None`"
        if hasattr(form, "optional"):
            reason = "`None` needs `optional: true`"
    if reason:
        span = document.span("arguments", name, "default")
        found.add(codes.BAD_DEFAULT, f"the default does not fit: {reason}", span)
    return argument


def _default(name: str, form: Form, document: Document, found: Diagnostics) -> Any:
    default = getattr(form, "default", None)
    if TYPES[form.type].is_object:
        path = ("arguments", name, "default")
        return lower_object(form.type, default, document, path, found)
    return tuple(default) if isinstance(default, list) else default


def _choices(form: Form) -> tuple[str, ...]:
    if form.type == "data_format":
        return DATA_FORMATS
    return tuple(getattr(form, "choices", ()))


def refuse_limits(
    argument: Argument, group: str, document: Document, found: Diagnostics
) -> bool:
    """Record limits that contradict one another; tell whether there are any."""
    given = {
        "min": argument.minimum,
        "max": argument.maximum,
        "above": argument.above,
        "below": argument.below,
    }
    reason, key = _contradiction(given)
    note = ""
    for name, limit in given.items():
        if limit is not None and not abs(limit) < 2**63:
            reason, key = f"the limit {limit} is no number of 64 bits", name
            note = "leave the limit out"
    repeated = [c for i, c in enumerate(argument.choices) if c in argument.choices[:i]]
    if repeated:
        reason, key = f"`{repeated[0]}` is given twice", "choices"
    if reason:
        span = document.span(group, argument.name, key)
        found.add(codes.BAD_DEFAULT, reason, span, note)
    return bool(reason)


def _contradiction(given: Mapping[str, float | None]) -> tuple[str | None, str]:
    """Why no value is within the limits, and the limit to blame."""
    for one, other in (("min", "above"), ("max", "below")):
        if given[one] is not None and given[other] is not None:
            return f"`{one}` and `{other}` limit the same side", other
    for low in ("min", "above"):
        for high in ("max", "below"):
            least, most = given[low], given[high]
            if least is None or most is None:
                continue
            if least > most or (least == most and (low, high) != ("min", "max")):
                return f"no value is within `{low}: {least}` and `{high}: {most}`", high
    return None, ""

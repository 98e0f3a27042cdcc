"""Constructor arguments: their limits and defaults."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import Argument
from layergen.loading import spec as forms
from layergen.loading.load import Document


def lower_arguments(document: Document, found: Diagnostics) -> tuple[Argument, ...]:
    """The arguments, those without a default first, as Python wants them."""
    arguments = [
        _lower_argument(name, form, document, found)
        for name, form in document.spec.arguments.items()
    ]
    return tuple(sorted(arguments, key=lambda argument: not argument.required))


def _lower_argument(
    name: str, form: forms.Argument, document: Document, found: Diagnostics
) -> Argument:
    optional = getattr(form, "optional", False)
    given = "default" in form.model_fields_set
    argument = Argument(
        name=name,
        type=form.type,
        required=not (given or optional or form.type == "seed"),
        default=_plain_default(form),
        optional=optional,
        minimum=getattr(form, "min", None),
        maximum=getattr(form, "max", None),
        above=getattr(form, "above", None),
        below=getattr(form, "below", None),
        choices=tuple(getattr(form, "choices", ())),
        length=getattr(form, "length", None),
        dtype=getattr(form, "dtype", "float"),
        rank=getattr(form, "rank", None),
        doc=" ".join(form.doc.split()),
        span=document.key_span("arguments", name),
    )
    if refuse_limits(argument, "arguments", document, found):
        return argument
    reason = refuse_value(argument, argument.default) if given else None
    if given and argument.default is None and not optional:
        reason = "it is `None`"
        if hasattr(form, "optional"):
            reason = "`None` needs `optional: true`"
    if reason:
        span = document.span("arguments", name, "default")
        found.add(codes.BAD_DEFAULT, f"the default does not fit: {reason}", span)
    return argument


def _plain_default(form: forms.Argument) -> Any:
    default = getattr(form, "default", None)
    return tuple(default) if isinstance(default, list) else default


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


def refuse_value(argument: Argument, value: Any) -> str | None:
    """Why an argument cannot take a value (a clause); None if it can."""
    if value is None:
        return None if argument.optional or argument.type == "seed" else "it is `None`"
    match argument.type:
        case "bool":
            return None if isinstance(value, bool) else "it is no bool"
        case "axes" | "ints" if isinstance(value, list | tuple):
            return _refuse_items(argument, value)
        case "int" | "seed" | "axis" | "axes" | "ints":
            if argument.type == "ints" and argument.length is None:
                return "it is no list"
            if isinstance(value, bool) or not isinstance(value, int):
                return "it is no integer"
            if not -(2**63) <= value < 2**63:
                return "it has more than 64 bits"
            return _out_of_bounds(argument, value)
        case "float":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return "it is no number"
            if not math.isfinite(value):
                return "it is not finite"
            return _out_of_bounds(argument, value)
        case "str":
            return None if isinstance(value, str) else "it is no text"
        case "choice":
            if value in argument.choices:
                return None
            return "it is none of " + ", ".join(f"`{c}`" for c in argument.choices)
        case "array":
            return None
    raise AssertionError(argument.type)


def _refuse_items(argument: Argument, values: Sequence[Any]) -> str | None:
    if argument.length is not None and len(values) != argument.length:
        return f"it has {len(values)} items, not {argument.length}"
    if argument.type == "axes" and not values:
        return "it is empty"
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int):
            return "it has an item that is no integer"
        if reason := _out_of_bounds(argument, value):
            return f"an item {reason.removeprefix('it ')}"
    if argument.type == "axes" and len(set(values)) < len(values):
        return "it has an axis twice"
    return None


def normalize(argument: Argument, value: Any) -> Any:
    """The value as the layer keeps it: `axes` and `ints` are tuples."""
    if argument.type == "float" and value is not None:
        return float(value)
    if argument.type not in ("axes", "ints") or value is None:
        return value
    if isinstance(value, int):
        return (value,) * (argument.length or 1)
    return tuple(value)


def _out_of_bounds(argument: Argument, value: float) -> str | None:
    if argument.minimum is not None and not value >= argument.minimum:
        return f"it is less than {argument.minimum}"
    if argument.maximum is not None and not value <= argument.maximum:
        return f"it is greater than {argument.maximum}"
    if argument.above is not None and not value > argument.above:
        return f"it is not greater than {argument.above}"
    if argument.below is not None and not value < argument.below:
        return f"it is not less than {argument.below}"
    return None

"""Built-in initializers, regularizers and constraints that a spec names."""

import math
import re
from collections.abc import Mapping
from typing import Any

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.keras_tables.entry import Initializer, ParameterKind
from layergen.keras_tables.entry import Parameter as EntryParameter
from layergen.keras_tables.objects import (
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    find_constraint,
    find_initializer,
    find_regularizer,
)
from layergen.layer import KerasObject
from layergen.loading.load import Document
from layergen.nearest import nearest

_FIND = {
    "initializer": (find_initializer, INITIALIZERS),
    "regularizer": (find_regularizer, REGULARIZERS),
    "constraint": (find_constraint, CONSTRAINTS),
}


def lower_object(
    kind: str,
    given: Any,
    document: Document,
    path: tuple[str | int, ...],
    found: Diagnostics,
) -> KerasObject | None:
    """The object that is named at a path; None if there is none.

    Args:
        kind: `initializer`, `regularizer` or `constraint`.
        given: its name, or a mapping with its name and settings.
        document: the spec.
        path: where it stands.
        found: takes the mistakes.
    """
    if given is None:
        return None
    name = given if isinstance(given, str) else given["name"]
    find, table = _FIND[kind]
    entry = find(name)
    if entry is None:
        span = document.span(*path, "name") if isinstance(given, dict) else None
        known = nearest(name, table)
        note = f"did you mean `{known}`?" if known else f"known: {', '.join(table)}"
        meant = find(_PYTHON.sub("", name.partition("(")[0]))
        if meant is not None and meant.parameters and "(" in name:
            note = f"write `{{name: {meant.name}, ...}}`, with its settings as keys"
        elif meant is not None:
            note = f"write `{meant.name}`"
        message = f"Keras has no {kind} `{name}`"
        found.add(codes.UNKNOWN_OBJECT, message, span or document.span(*path), note)
        return None
    settings = {k: v for k, v in given.items() if k != "name"} if given != name else {}
    random = isinstance(entry, Initializer) and entry.random
    known_settings = {parameter.name: parameter for parameter in entry.parameters}
    if random:
        known_settings["seed"] = SEED
    for setting, value in settings.items():
        where = (*path, setting)
        if setting not in known_settings:
            message = f"`{entry.name}` has no parameter `{setting}`"
            near = nearest(setting, known_settings)
            note = f"did you mean `{near}`?" if near else ""
            span = document.key_span(*where)
            found.add(codes.UNKNOWN_OBJECT, message, span, note)
        elif not _accepts(known_settings[setting], value):
            message = f"`{setting}` must be {_expected(known_settings[setting])}"
            note = _instead_of_argument(kind, setting, value, document)
            found.add(codes.UNKNOWN_OBJECT, message, document.span(*where), note)
    for setting, parameter_entry in known_settings.items():
        if parameter_entry.required and setting not in settings:
            message = f"`{entry.name}` needs `{setting}`"
            found.add(codes.UNKNOWN_OBJECT, message, document.span(*path))
    if entry.only_called and not settings:
        settings = {each.name: each.default for each in entry.parameters}
    return KerasObject(
        entry.name, entry.path, entry.identifier, tuple(settings.items()), random
    )


_PYTHON = re.compile(r"^.*\.")
"""What Python writes before the name of a class."""


def _instead_of_argument(
    kind: str, setting: str, value: Any, document: Document
) -> str:
    """What a spec writes in place of a setting that is an argument."""
    if not isinstance(value, str) or value not in document.spec.arguments:
        return ""
    if setting == "seed":
        return "leave it out: an argument of the type `seed` seeds what is drawn"
    article = "an" if kind == "initializer" else "a"
    return (
        "settings are fixed: what callers choose is an argument of the type"
        f" `{kind}`, with {article} {kind} as its default"
    )


SEED = EntryParameter("seed", ParameterKind.INT)

_TYPES: Mapping[ParameterKind, tuple[type, ...]] = {
    ParameterKind.FLOAT: (int, float),
    ParameterKind.INT: (int,),
    ParameterKind.BOOL: (bool,),
    ParameterKind.STR: (str,),
    ParameterKind.SCALAR: (bool, int, float),
    ParameterKind.AXES: (int,),
}


def _accepts(parameter: EntryParameter, value: Any) -> bool:
    if value is None:
        return parameter.optional
    if parameter.kind is ParameterKind.CHOICE:
        return value in parameter.choices
    types = _TYPES[parameter.kind]
    if not isinstance(value, types) or (bool not in types and isinstance(value, bool)):
        return False
    return not isinstance(value, int | float) or _is_within(parameter, value)


def _is_within(parameter: EntryParameter, value: float) -> bool:
    least = -math.inf if parameter.least is None else parameter.least
    above = -math.inf if parameter.above is None else parameter.above
    return math.isfinite(value) and value >= least and value > above


def _expected(parameter: EntryParameter) -> str:
    if parameter.kind is ParameterKind.CHOICE:
        return "one of " + ", ".join(f"`{choice}`" for choice in parameter.choices)
    if parameter.least is not None:
        return f"a number of at least {parameter.least:g}"
    if parameter.above is not None:
        return f"a number greater than {parameter.above:g}"
    words = {
        ParameterKind.FLOAT: "a number",
        ParameterKind.SCALAR: "a number",
        ParameterKind.INT: "an integer",
        ParameterKind.AXES: "an integer",
        ParameterKind.BOOL: "`true` or `false`",
        ParameterKind.STR: "text",
    }
    return words[parameter.kind]

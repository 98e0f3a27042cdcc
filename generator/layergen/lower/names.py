"""Checks the names of a spec: their form, their meaning to Keras, their clashes."""

import keyword
import re

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr.ops import NUMBERS
from layergen.keras_tables.names import (
    refuse_class_name,
    refuse_input_name,
    refuse_name,
    refuse_package_name,
)
from layergen.layer import BATCH
from layergen.loading.call_inputs import Input
from layergen.loading.load import Document
from layergen.lower.settings import added_names
from layergen.source import Span

_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_LONGEST = 60


def check_names(document: Document, found: Diagnostics) -> None:
    """Record every name that cannot stand."""
    spec = document.spec
    span = document.span("name")
    if not _CAMEL.fullmatch(spec.name) or len(spec.name) > _LONGEST:
        message = f"`{spec.name[:_LONGEST]}` is no name for a class"
        note = "a capital letter, then letters and digits: `ScaledLinear`"
        found.add(codes.BAD_NAME, message, span, note)
    elif reason := refuse_class_name(spec.name):
        found.add(codes.RESERVED_NAME, reason, span, "choose another name")
    _check_package(spec.package, document.span("package"), found)
    taken: dict[str, str] = {}
    for group in ("arguments", "inputs", "parameters", "sublayers", "attributes"):
        for name in getattr(spec, group):
            _check_name(name, group, document.key_span(group, name), taken, found)
    if isinstance(spec.outputs, dict):
        for name in spec.outputs:
            _check_output_name(name, document.key_span("outputs", name), found)
    _check_made_names(document, taken, found)
    _check_mask_names(document, taken, found)


def _check_output_name(name: str, span: Span, found: Diagnostics) -> None:
    """The name of an output is none of the names of `call`: it has its own place."""
    if not _SNAKE.fullmatch(name) or len(name) > _LONGEST:
        message = f"`{name[:_LONGEST]}` is no name for one of the outputs"
        note = "a small letter, then small letters, digits and `_`"
        found.add(codes.BAD_NAME, message, span, note)
    elif keyword.iskeyword(name):
        message = f"`{name}` is a keyword of Python"
        found.add(codes.RESERVED_NAME, message, span, "choose another name")


def _check_made_names(
    document: Document, taken: dict[str, str], found: Diagnostics
) -> None:
    """Names of constructor arguments that the compiler adds."""
    arguments = document.spec.arguments.items()
    arrays = (name for name, form in arguments if form.type == "array")
    made = {**added_names(document), **{f"{name}_shape": name for name in arrays}}
    for name in made.keys() & taken.keys():
        span = document.key_span(taken[name], name)
        message = f"`{name}` is the name of an argument that `{made[name]}` adds"
        note = "choose another name"
        form = document.spec.arguments.get(name)
        if form is not None and name == f"{made[name]}_{form.type}":
            note += f", or write `{form.type}: {name}` in `{made[name]}`"
        found.add(codes.NAME_TAKEN, message, span, note)


def _check_mask_names(
    document: Document, taken: dict[str, str], found: Diagnostics
) -> None:
    """Names by which Keras passes masks."""
    inputs = document.spec.inputs.items()
    tensors = {name: form for name, form in inputs if isinstance(form, Input)}
    for name, form in tensors.items():
        mask = f"{name}_mask"
        if len(tensors) > 1 and form.mask and mask in taken:
            span = document.key_span(taken[mask], mask)
            message = f"`{mask}` is what Keras calls the mask of `{name}`"
            found.add(codes.NAME_TAKEN, message, span, "choose another name")


def _check_package(name: str, span: Span, found: Diagnostics) -> None:
    if not _SNAKE.fullmatch(name) or len(name) > _LONGEST:
        message = f"`{name[:_LONGEST]}` is no name for a package"
        note = "a small letter, then small letters, digits and `_`"
        found.add(codes.BAD_NAME, message, span, note)
    elif reason := refuse_package_name(name):
        found.add(codes.RESERVED_NAME, reason, span, "choose another name")


def _check_name(
    name: str, group: str, span: Span, taken: dict[str, str], found: Diagnostics
) -> None:
    if not _SNAKE.fullmatch(name) or len(name) > _LONGEST:
        message = f"`{name[:_LONGEST]}` is no name for one of the {group}"
        note = "a small letter, then small letters, digits and `_`"
        found.add(codes.BAD_NAME, message, span, note)
        return
    reason = refuse_name(name)
    if group == "inputs":
        reason = refuse_input_name(name, taken)
    if reason:
        found.add(codes.RESERVED_NAME, reason, span, "choose another name")
    elif name in NUMBERS or name == BATCH:
        message = f"`{name}` has a meaning in the language"
        found.add(codes.NAME_TAKEN, message, span, "choose another name")
    elif name in taken:
        message = f"`{name}` is also one of the {taken[name]}"
        note = "in the forward pass a name stands for one thing"
        found.add(codes.NAME_TAKEN, message, span, note)
    taken.setdefault(name, group)

"""Layer -> the docstrings of the generated class, in Keras's conventions."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from layergen.emit.argument_types import spelling
from layergen.emit.constructor import keras_object, print_default
from layergen.emit.doc import literal
from layergen.emit.example import print_example
from layergen.emit.layout import layout
from layergen.emit.output_words import describe_output
from layergen.emit.shapes import describe_shape
from layergen.expr import ir
from layergen.layer import (
    Argument,
    Computed,
    Deprecated,
    Input,
    KerasObject,
    Layer,
)
from layergen.lower.argument_types import type_of
from layergen.oracle.trial import Trial
from layergen.passes.place import Place, Placement, stored_arguments

_WIDTH = 84
_LONGEST_FORMULA = 60
_LONGEST_WHERE = 120
_KWARGS = (
    "**kwargs: Keyword arguments of `keras.layers.Layer`, such as `name` and `dtype`."
)


def escape(text: str) -> str:
    """Text that can stand between triple quotes: nothing in it ends or escapes them."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return re.sub(r'"(?=""|\Z)', r"\"", plain.replace("\\", "\\\\"))


def class_docstring(
    layer: Layer,
    places: Mapping[str, Placement],
    by_shape: Iterable[str],
    trial: Trial | None,
) -> str:
    """The docstring of the class, without its quotes, indented by one level."""
    stored = set(by_shape)
    blocks = [_wrap(layer.summary)]
    blocks += [_wrap(p) for p in _paragraphs(layer, places)]
    arguments = [_argument(layer, a) for a in layer.arguments if a.name not in stored]
    arguments += [
        text
        for a in layer.arguments
        if a.name in stored
        for text in _by_shape(layer, a)
    ]
    arguments += [_gone(argument) for argument in layer.deprecated]
    blocks.append(_section("Args", [*arguments, _KWARGS]))
    call_arguments = list(_call_arguments(layer))
    if call_arguments:
        blocks.append(_section("Call arguments", call_arguments))
    blocks.append(_section("Input shape", [_inputs(layer)], hang=False))
    outputs = [describe_output(layer, output) for output in layer.outputs]
    blocks.append(_section("Output shape", outputs, hang=len(outputs) > 1))
    if trial is not None:
        blocks.append(print_example(layer, trial, stored))
    if layer.references:
        references = [f"- {text}" for text in layer.references]
        blocks.append(_section("References", references))
    text = "\n\n".join(blocks)
    return textwrap.indent(escape(f"{text}\n"), "    ").strip()


def _wrap(text: str, indent: str = "", hang: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH - 4,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _section(title: str, items: Iterable[str], *, hang: bool = True) -> str:
    wrapped = [_wrap(item, "    ", "    " if hang else "") for item in items]
    return "\n".join([f"{title}:", *wrapped])


def _paragraphs(layer: Layer, places: Mapping[str, Placement]) -> Iterator[str]:
    formula = call_formula(layer, places)
    if formula:
        yield f"Computes `{formula}`{_where(layer, places)}."
    for paragraph in layer.description.split("\n\n"):
        if paragraph.strip():
            yield " ".join(paragraph.split())
    stored = stored_arguments(layer).values()
    for constant in layer.constants:
        place = places[constant.name].place
        if place is Place.DRAWN:
            yield (
                f"The constant `{constant.name}` is drawn when the layer is built, and"
                " saved with the weights."
            )
        elif place is Place.STORED:
            text = f"The constant `{constant.name}` is saved with the weights"
            if constant in stored:  # else it is filled by the class itself
                text += (
                    ", not with the config: a layer made from a config holds zeros"
                    " until they are loaded"
                )
            yield f"{text}."


def call_formula(layer: Layer, places: Mapping[str, Placement]) -> str:
    """The forward pass, if it is one expression that fits in a line.

    A constant that is an argument has the argument's name, which callers know.
    """
    body = layer.written
    if not layer.is_plain or len(body) != 1 or not isinstance(body[0], ir.Return):
        return ""

    def rename(expr: ir.Expr) -> ir.Expr | None:
        name = str(expr) if isinstance(expr, ir.Name) else ""
        if name not in places or places[name].place is not Place.ARGUMENT:
            return None
        assert isinstance(expr, ir.Name)
        symbol = replace(expr.symbol, name=places[name].attribute)
        return replace(expr, symbol=symbol)

    text = str(ir.rewrite(body[0].value, rename))
    return text if len(text) <= _LONGEST_FORMULA else ""


def _where(layer: Layer, places: Mapping[str, Placement]) -> str:
    """What the constants of a formula are, if that is short."""
    parts = []
    for constant in layer.constants:
        place, source = places[constant.name].place, constant.source
        if constant.name not in layer.document.spec.parameters:
            continue  # found in the call, where the formula shows it
        kept = (Place.LOCAL, Place.ATTRIBUTE, Place.NUMBER)
        if place in kept and isinstance(source, Computed):
            parts.append(f"`{constant.name}` is `{source.expr}`")
    text = ", where " + " and ".join(parts) if parts else ""
    return text if len(text) <= _LONGEST_WHERE else ""


def _argument(layer: Layer, argument: Argument) -> str:
    title = spelling(argument).title(argument) or _object_title(layer, argument)
    text = f"{argument.name}: {title}."
    if argument.doc:
        text += f" {_sentence(argument.doc)}"
    row = type_of(argument)
    is_found = row.finds and argument.default is None
    if isinstance(argument.default, KerasObject):
        shown = print_default(argument)
        if argument.default.parameters:
            shown = layout(keras_object(argument.default), width=10**6)
        text += f" Defaults to `{shown}`."
    elif not (argument.required or is_found or row.is_object):
        text += f" Defaults to `{layout(literal(argument.default))}`."
    return text


def _gone(argument: Deprecated) -> str:
    doc = f" {_sentence(argument.doc)}" if argument.doc else ""
    return f"{argument.name}: Deprecated, without effect.{doc}"


def _object_title(layer: Layer, argument: Argument) -> str:
    """What an initializer, a regularizer or a constraint is for."""
    users = [
        w.name for w in layer.weights if (argument.type, argument.name) in w.settings
    ]
    names = " and ".join(", ".join(f"`{name}`" for name in users).rsplit(", ", 1))
    preposition = "on" if argument.type == "constraint" else "of"
    word = argument.type if argument.default is None else argument.type.capitalize()
    optional = "Optional " if argument.default is None else ""
    return f"{optional}{word} {preposition} {names}" if users else f"{optional}{word}"


def _by_shape(layer: Layer, argument: Argument) -> list[str]:
    name = argument.name
    return [
        f"{_argument(layer, argument)} Needed unless `{name}_shape` is given.",
        f"{name}_shape: Shape of an array whose values will be loaded with the weights."
        f" Ignored if `{name}` is given.",
    ]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _call_arguments(layer: Layer) -> Iterator[str]:
    plain = len(layer.inputs) == 1 and not layer.inputs[0].doc
    masked = any(member.takes_mask for member in layer.inputs)
    if plain and not masked and not layer.flags and not layer.uses_training:
        return
    for member in layer.inputs:
        doc = _sentence(member.doc) if member.doc else f"{_tensor(member)}."
        yield f"{member.name}: {doc}{' Optional.' if member.optional else ''}"
    for member in (m for m in layer.inputs if m.takes_mask):
        shape = describe_shape(member.mask)
        yield (
            f"{layer.mask_names[member.name]}: A boolean tensor of shape `{shape}`,"
            f" false where `{member.name}` is padding. Taken from it if `None`."
        )
    yield from (_argument(layer, flag) for flag in layer.flags)
    if layer.uses_training:
        yield "training: Whether this is a training step. Set by Keras if `None`."


def _tensor(member: Input) -> str:
    noun = {"int32": "An integer tensor", "bool": "A boolean tensor"}
    start = noun.get(member.dtype, "A tensor")
    if member.is_list:
        adjective = {"int32": "integer ", "bool": "boolean "}.get(member.dtype, "")
        number = member.number.replace("tensor", f"{adjective}tensor")
        start = f"A list of {number}"
    if list(member.shape) == ["..."]:
        return f"{start} of any shape"
    return f"{start} of shape `{describe_shape(member.shape)}`"


def _inputs(layer: Layer) -> str:
    if len(layer.inputs) == 1:
        return f"{_tensor(layer.inputs[0])}."
    shapes = [
        f"`{m.name}`: {_tensor(m)[0].lower()}{_tensor(m)[1:]}" for m in layer.inputs
    ]
    return "; ".join(shapes) + "."

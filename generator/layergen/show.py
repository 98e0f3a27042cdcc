"""Layer -> text for a terminal: what it takes, and where each parameter lives."""

from collections.abc import Sequence

from layergen.emit.argument_words import describe_bounds
from layergen.emit.docstring import call_formula
from layergen.emit.shapes import describe_shape
from layergen.expr import ir
from layergen.layer import (
    Argument,
    Computed,
    Drawn,
    Input,
    KerasObject,
    Layer,
    Loaded,
    Output,
    Parameter,
    Sublayer,
    Weight,
    Written,
)
from layergen.passes.hoist import hoist
from layergen.passes.place import Place, Placement, place_parameters, stored_arguments

_STATED = ("parameter", "role", "shape", "dtype", "source")
_PLACED = ("parameter", "lives in", "saved in", "why")


def show_layer(layer: Layer) -> str:
    """A layer as tables: arguments, inputs and output, parameters."""
    hoisted = hoist(layer)
    places = place_parameters(hoisted)
    lines = [f"{layer.package}.{layer.name}: {layer.summary}", ""]
    formula = call_formula(layer, {})
    if formula:
        lines += [f"  {formula}", ""]
    if layer.arguments or layer.deprecated:
        rows = [[a.name, _type(a), _default(a), a.doc] for a in layer.arguments]
        rows += [[gone.name, "deprecated", "", gone.doc] for gone in layer.deprecated]
        lines += [*_table(("argument", "type", "default", ""), rows), ""]
    rows = [[m.name, describe_shape(m.shape), m.dtype, _doc(m)] for m in layer.inputs]
    rows += [_returned(layer, output) for output in layer.outputs]
    lines += _table(("tensor", "shape", "dtype", ""), rows)
    if layer.flags:
        rows = [[f.name, _type(f), _default(f), f.doc] for f in layer.flags]
        lines += ["", *_table(("flag", "type", "default", ""), rows)]
    if layer.requires:
        rows = [[str(r.test), r.message] for r in layer.requires]
        lines += ["", *_table(("requires", "message"), rows)]
    if hoisted.parameters:
        named = {p.name for p in layer.parameters}
        rows = [_stated(p, p.name in named) for p in hoisted.parameters]
        lines += ["", *_table(_STATED, rows)]
        rows = [_placed(p.name, places[p.name]) for p in hoisted.parameters]
        lines += ["", *_table(_PLACED, rows)]
    if layer.sublayers:
        rows = [_owned(sublayer) for sublayer in layer.sublayers]
        lines += ["", *_table(("sublayer", "layer", "arguments", "shape"), rows)]
    notes = [
        f"Of `{name}` the config keeps the shape only: its values are saved as weights."
        for name in stored_arguments(layer)
    ]
    return "\n".join([*lines, *(["", *notes] if notes else []), ""])


def _returned(layer: Layer, output: Output) -> list[str]:
    """An output; a mask goes on with the first."""
    name = "(output)" if len(output.path) == 1 else f"({output.name})"
    shape = output.like or describe_shape(output.shape)
    traits = [f"a list of {output.count}"] if output.count is not None else []
    traits += [f"when {output.when}"] if output.when is not None else []
    traits += [_mask(layer)] if output is layer.outputs[0] and _mask(layer) else []
    note = ". ".join(text for text in (", ".join(traits), output.doc) if text)
    return [name, shape, output.dtype, note]


def _mask(layer: Layer) -> str:
    """What becomes of masks."""
    masking = layer.masking
    first = layer.mask_names[layer.inputs[0].name]
    match masking.kind:
        case "passes":
            return f"masked by {first}"
        case "consumes":
            return "without a mask"
        case "produces":
            return f"masked by {masking.mask}"
    return ""


def _doc(member: Input) -> str:
    """What there is to say of an input beside its shape."""
    traits = ["optional"] if member.optional else []
    traits += [f"a list of {member.number}"] if member.is_list else []
    traits += ["with its mask"] if member.takes_mask else []
    return ". ".join(text for text in (", ".join(traits), member.doc) if text)


def _type(argument: Argument) -> str:
    if argument.type == "choice":
        return " | ".join(argument.choices)
    if argument.type == "array":
        rank = "" if argument.rank is None else f", rank {argument.rank}"
        return f"array of {argument.dtype}{rank}"
    if argument.type == "dtype":
        return f"dtype of {argument.dtype}"
    length = "" if argument.length is None else f" ({argument.length})"
    bounds = "" if argument.type == "shape" else describe_bounds(argument)
    return argument.type + length + bounds


def _default(argument: Argument) -> str:
    if argument.required:
        return "required"
    if isinstance(argument.default, KerasObject):
        return argument.default.name
    found = {"seed": "drawn", "data_format": "Keras's own"}
    if argument.default is None and argument.type in found:
        return found[argument.type]
    return repr(argument.default)


def _stated(parameter: Parameter, named: bool) -> list[str]:
    """What the spec says of a parameter."""
    role = "weight" if isinstance(parameter, Weight) else "constant"
    shape = "" if parameter.shape is None else describe_shape(parameter.shape)
    role = role if named else "found in call"
    return [parameter.name, role, shape, parameter.dtype, _source(parameter)]


def _placed(name: str, placement: Placement) -> list[str]:
    """Where the compiler puts it."""
    saved = "checkpoint" if placement.is_saved else "nothing: rebuilt"
    if placement.place is Place.ARGUMENT:
        saved = "config"
    return [name, _place(placement), saved, placement.reason]


def _source(parameter: Parameter) -> str:
    if isinstance(parameter, Weight):
        when = f" when {parameter.when}" if parameter.when else ""
        return parameter.initializer.name + when
    match parameter.source:
        case Computed(expr=expr):
            return str(expr)
        case Written(array=array):
            return f"literal of shape {describe_shape(array.shape)}"
        case Loaded(file=file):
            return file
        case Drawn(initializer=initializer):
            return f"{initializer.name}, drawn once"


def _owned(sublayer: Sublayer) -> list[str]:
    """A sublayer: what it is, how it is made, what it is built for."""
    layer = sublayer.keras or f"{sublayer.layer.package}.{sublayer.layer.name}"
    if sublayer.count is not None:
        layer += f", {sublayer.count} of them"
    if sublayer.when is not None:
        layer += f", when {sublayer.when}"
    given = {**sublayer.arguments, **{n: o.name for n, o in sublayer.objects.items()}}
    arguments = ", ".join(f"{name}={value}" for name, value in given.items())
    shapes = [
        shape.like or describe_shape([str(size) for size in shape.sizes])
        for shape in sublayer.shapes.values()
    ]
    return [sublayer.name, layer, arguments, ", ".join(shapes)]


def _place(placement: Placement) -> str:
    where = f"self.{placement.attribute}"
    match placement.place:
        case Place.ARGUMENT:
            return where
        case Place.NUMBER:
            return f"{where}, a number"
        case Place.LOCAL:
            return f"{placement.attribute[1:]}, a variable"
        case Place.ATTRIBUTE:
            method = "__init__" if placement.made is ir.Known.CONFIG else "build"
            return f"{where}, an array made in {method}"
    return f"{where}, a {placement.place}"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, two spaces apart."""
    table = [headings, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(headings))]
    lines = []
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  " + "  ".join(cells).rstrip())
    rule = "  " + "  ".join("-" * width for width in widths if width)
    return [lines[0], rule, *lines[1:]]

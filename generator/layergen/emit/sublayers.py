"""Sublayers -> the statements that make them and those that build them."""

from collections.abc import Mapping

from layergen.artifact import Target
from layergen.emit.constructor import keras_object
from layergen.emit.doc import (
    Doc,
    attribute,
    call,
    comprehension,
    keyword,
    quote,
)
from layergen.emit.emission import Emission, Lines
from layergen.emit.printer import print_expr
from layergen.emit.shapes import built_from, dim_sources, print_shape
from layergen.emit.stage import Stage
from layergen.emit.statement import assignment, condition_header, for_header, unpacked
from layergen.expr import ir
from layergen.layer import INDEX, Layer, Sublayer

_MEMBER = "layer"
"""The name of one of a list, where all are built."""


def print_sublayers(
    emission: Emission, made: ir.Known, dims: Mapping[str, Doc]
) -> Lines:
    """The statements that make the sublayers which can be made at a time.

    Args:
        emission: the class.
        made: CONFIG for those of `__init__`, BUILD for those of `build`.
        dims: the source of each size that is known then.
    """
    lines: Lines = []
    for sublayer in emission.layer.sublayers:
        if sublayer.made is not made:
            continue
        target = f"self.{sublayer.name}"
        level = 0
        if sublayer.when is not None:
            test = print_expr(sublayer.when, emission.array_stage(dims))
            lines += [(0, f"{target} = None"), (0, condition_header("if", test))]
            level = 1
        lines.append((level, assignment(target, _made(emission, sublayer, dims))))
    return lines


def _made(emission: Emission, sublayer: Sublayer, dims: Mapping[str, Doc]) -> Doc:
    """The expression of a new layer, or of a list of them."""
    stage = emission.array_stage(dims)
    options = [
        keyword(name, _passed(value, stage))
        for name, value in sublayer.arguments.items()
    ]
    options += [
        keyword(name, keras_object(given)) for name, given in sublayer.objects.items()
    ]
    name: Doc = quote(sublayer.name)
    if sublayer.count is not None:
        name = f'f"{sublayer.name}_{{{INDEX.name}}}"'
    options += ["dtype=self.dtype_policy", keyword("name", name)]
    layer = call(sublayer.keras or sublayer.layer.name, options)
    if sublayer.count is None:
        return layer
    count = call("range", [print_expr(sublayer.count, stage)])
    return comprehension("[", layer, [(f"for {INDEX.name} in ", count)], "]")


def _passed(value: ir.Expr, stage: Stage) -> Doc:
    """An argument; an initializer is copied, since it would draw the same values."""
    source = print_expr(value, stage)
    is_drawn = value.type == ir.ObjectType("initializer")
    return call(attribute(source, "clone"), []) if is_drawn else source


def print_builds(emission: Emission) -> Lines:
    """The statements that build the sublayers for the shapes that they will see."""
    lines: Lines = []
    for sublayer in emission.layer.sublayers:
        target = f"self.{sublayer.name}"
        level = 0
        if sublayer.when is not None:
            lines.append((0, condition_header("if", f"{target} is not None")))
            level = 1
        built = target
        if sublayer.count is not None:
            built, indexed = _MEMBER, _is_indexed(sublayer)
            names = unpacked(INDEX.name, built) if indexed else built
            members = call("enumerate", [target]) if indexed else target
            lines.append((level, for_header(names, members)))
            level += 1
        shapes = _built_for(emission, sublayer)
        lines.append((level, call(attribute(built, "build"), shapes)))
    return lines


def _is_indexed(sublayer: Sublayer) -> bool:
    """Whether the members of a list are built for different shapes."""
    sizes = [s for shape in sublayer.shapes.values() for s in shape.sizes]
    exprs = [size for size in sizes if not isinstance(size, str)]
    return any(symbol == INDEX for expr in exprs for symbol in ir.symbols(expr))


def _built_for(emission: Emission, sublayer: Sublayer) -> list[Doc]:
    """The shapes for which a sublayer is built, by position while none is left out."""
    layer = emission.layer
    dims: dict[str, Doc] = {**dim_sources(layer)}
    dims |= {name: name for name in layer.required_dims}
    stage = emission.array_stage(dims)
    shapes: list[Doc] = []
    skipped = False
    child = sublayer.layer
    for member in child.inputs if sublayer.keras else built_from(child):
        shape = sublayer.shapes.get(member.name)
        if shape is None:
            skipped = True
            continue
        source = print_shape(
            layer,
            shape.sizes,
            shape.like,
            stage,
            known=layer.required_dims,
            exact=False,
        )
        shapes.append(keyword(f"{member.name}_shape", source) if skipped else source)
    return shapes


def sublayer_imports(layer: Layer, target: Target) -> tuple[str, ...]:
    """The import lines of the layers of other specs, sorted."""
    found = set()
    for sublayer in layer.sublayers:
        child = sublayer.layer
        if sublayer.keras:
            continue
        if child.package == layer.package:
            found.add(f"from .{child.module} import {child.name}")
            continue
        module = f"{child.package}.{child.module}"
        module = f"{target.module}.{module}" if target.module else module
        found.add(f"from {module} import {child.name}")
    return tuple(sorted(found))

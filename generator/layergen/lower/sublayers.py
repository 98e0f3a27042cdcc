"""Sublayers: which layers a layer owns, how they are made, for which shapes."""

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from layergen.codes import language, structure
from layergen.codes import sublayers as codes
from layergen.diagnostics import Diagnostics, SpecError
from layergen.expr import ir
from layergen.expr.parse import parse_body
from layergen.layer import (
    BATCH,
    ELLIPSIS,
    INDEX,
    Argument,
    Dim,
    Drawn,
    Input,
    Layer,
    LayerShape,
    Parameter,
    Sublayer,
)
from layergen.loading.load import Document
from layergen.loading.sublayers import Sublayer as Form
from layergen.lower.children import Child, Lower, find_child
from layergen.lower.expression import read_expression, require_condition, require_size
from layergen.lower.passed import lower_passed
from layergen.lower.scope import (
    argument_symbols,
    call_symbols,
    config_scope,
    dim_symbols,
    parameter_symbol,
)
from layergen.nearest import nearest
from layergen.source import Span


def lower_sublayers(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    parameters: tuple[Parameter, ...],
    owners: tuple[str, ...],
    lower: Lower,
    found: Diagnostics,
) -> tuple[Sublayer, ...]:
    """The sublayers, in the order of the spec; mistakes go to `found`.

    Args:
        document: the spec.
        arguments: its constructor arguments.
        inputs: its inputs.
        dims: the sizes that have names.
        parameters: its parameters: those that are Python values may be used.
        owners: the files of the specs that own this one, and its own.
        lower: lowers another spec.
        found: takes the mistakes.
    """
    symbols = {
        **argument_symbols(arguments),
        **dim_symbols(dims),
        **{p.name: parameter_symbol(p) for p in parameters},
        **call_symbols(document.spec),
    }
    lowered = []
    for name, form in document.spec.sublayers.items():
        span = document.span("sublayers", name, "layer")
        child = find_child(document, form.layer, span, owners, lower, found)
        if child is not None and _is_supported(name, child.layer, span, found):
            lowering = _Lowering(document, name, form, child, inputs, symbols, found)
            lowered.append(lowering.sublayer(arguments))
    return tuple(sublayer for sublayer in lowered if sublayer is not None)


def _is_supported(name: str, layer: Layer, span: Span, found: Diagnostics) -> bool:
    """Whether a layer takes what a call within another layer can give."""
    takes_list = any(m.is_list for m in layer.inputs)
    if takes_list:
        message = (
            f"`{name}` takes a list of tensors, which its owner cannot give it yet"
        )
        found.add(structure.NOT_SUPPORTED, message, span)
    return not takes_list


class _Lowering:
    """What the parts of one sublayer share."""

    def __init__(
        self,
        document: Document,
        name: str,
        form: Form,
        child: Child,
        inputs: tuple[Input, ...],
        symbols: Mapping[str, ir.Symbol],
        found: Diagnostics,
    ) -> None:
        self.document, self.name, self.form, self.child = document, name, form, child
        self.inputs = {member.name: member for member in inputs}
        self.symbols, self.found = symbols, found
        index = {} if form.count is None else {INDEX.name: INDEX}
        self.indexed = {**symbols, **index}

    def sublayer(self, arguments: tuple[Argument, ...]) -> Sublayer | None:
        name, form, document = self.name, self.form, self.document
        layer = self.child.layer
        settings, objects = lower_passed(
            document,
            name,
            layer,
            self.child.keras,
            arguments,
            self.indexed,
            self.found,
        )
        self._check_seed(layer, settings)
        shapes = self._shapes(layer)
        count = None if form.count is None else self._count()
        when = None if form.when is None else self._when()
        if shapes is None or (form.count is not None and count is None):
            return None
        return Sublayer(
            name=name,
            layer=layer,
            keras=self.child.keras,
            files=self.child.files,
            arguments=settings,
            objects=objects,
            shapes=shapes,
            count=count,
            when=when,
            doc=" ".join(form.doc.split()),
            span=document.key_span("sublayers", name),
        )

    def _count(self) -> ir.Expr | None:
        scalar = self.document.scalar("sublayers", self.name, "count")
        scope = config_scope(self.symbols, "the number of layers")
        count = read_expression(scalar, scope, self.found)
        if count is not None:
            require_size(count, self.found)
        return count

    def _when(self) -> ir.Expr | None:
        scalar = self.document.scalar("sublayers", self.name, "when")
        scope = config_scope(self.symbols, "a condition")
        test = read_expression(scalar, scope, self.found)
        if test is not None:
            require_condition(test, self.found)
        return test

    def _check_seed(self, layer: Layer, settings: Mapping[str, ir.Expr]) -> None:
        """A constant of the child that is drawn must be drawn alike in each copy."""
        seeds = {
            c.source.seed.name
            for c in layer.constants
            if isinstance(c.source, Drawn) and c.source.seed is not None
        }
        for seed in seeds - settings.keys():
            message = f"`{self.name}` draws a constant: it needs the argument `{seed}`"
            note = "pass on an argument of type `seed`, or a number"
            span = self.document.key_span("sublayers", self.name)
            self.found.add(codes.BAD_SETTING, message, span, note)

    def _shapes(self, layer: Layer) -> Mapping[str, LayerShape] | None:
        """The shapes by the child's inputs; None if they cannot be told."""
        given = self.form.shape
        names = [member.name for member in layer.required_inputs]
        path: tuple[str | int, ...] = ("sublayers", self.name, "shape")
        if given is None:
            return self._applied_shapes(names)
        if not isinstance(given, dict):
            if len(names) == 1:
                shape = self._shape(given, path, layer.required_inputs[0])
                return None if shape is None else {names[0]: shape}
            message = f"`{self.name}` takes {len(names)} tensors: {', '.join(names)}"
            note = "give a mapping from these names to shapes"
            self.found.add(codes.BAD_SHAPE, message, self.document.span(*path), note)
            return None
        members = {member.name: member for member in layer.inputs}
        for name in given.keys() - members.keys():
            meant = nearest(name, members)
            note = (
                f"did you mean `{meant}`?" if meant else f"it takes {', '.join(names)}"
            )
            span = self.document.key_span(*path, name)
            self.found.add(
                codes.BAD_SHAPE, f"`{self.name}` takes no `{name}`", span, note
            )
        missing = [name for name in names if name not in given]
        if missing:
            message = f"the shape of `{missing[0]}` is missing"
            self.found.add(codes.BAD_SHAPE, message, self.document.key_span(*path))
        shapes = {
            name: self._shape(given[name], (*path, name), members[name])
            for name in members
            if name in given
        }
        present = {name: shape for name, shape in shapes.items() if shape is not None}
        return present if len(present) == len(given) and not missing else None

    def _shape(
        self, given: Any, path: tuple[str | int, ...], member: Input
    ) -> LayerShape | None:
        if isinstance(given, str):
            like = given.removeprefix("like ").strip()
            if like in self.inputs:
                return LayerShape((), like)
            meant = nearest(like, self.inputs)
            note = f"did you mean `{meant}`?" if meant else ""
            span = self.document.span(*path)
            message = f"there is no input `{like}`"
            self.found.add(language.UNKNOWN_NAME, message, span, note)
            return None
        sizes = [self._size(size, (*path, i), i) for i, size in enumerate(given)]
        present = tuple(size for size in sizes if size is not None)
        if len(present) < len(sizes):
            return None
        fixed = len(present) - (ELLIPSIS in present)
        too_few = fixed < member.min_rank and ELLIPSIS not in present
        if too_few or (not member.has_ellipsis and fixed != member.min_rank):
            takes = ", ".join(map(str, member.shape))
            message = f"`{self.name}` takes the shape [{takes}]"
            self.found.add(codes.BAD_SHAPE, message, self.document.span(*path))
            return None
        return LayerShape(present)

    def _size(
        self, given: int | str, path: tuple[str | int, ...], i: int
    ) -> ir.Expr | str | None:
        span = self.document.span(*path)
        if given == ELLIPSIS:
            if any(member.has_ellipsis for member in self.inputs.values()):
                return ELLIPSIS
            message = "no input has `...`, so there is nothing to repeat"
            self.found.add(codes.BAD_SHAPE, message, span)
            return None
        if given == BATCH and i == 0 and BATCH in self.symbols:
            batch = self.symbols[BATCH]
            return ir.Name(span, batch.type, batch.known, batch)
        scope = config_scope(self.indexed, "a shape")
        size = read_expression(self.document.scalar(*path), scope, self.found)
        return size if size is not None and require_size(size, self.found) else None

    def _applied_shapes(self, names: list[str]) -> Mapping[str, LayerShape] | None:
        """The shapes of the inputs to which it is applied, wherever it is."""
        for passed in _applications(self.document, self.name):
            if len(passed) == len(names) and all(p in self.inputs for p in passed):
                likes = (LayerShape((), name) for name in passed)
                return dict(zip(names, likes, strict=True))
        message = f"`{self.name}` needs the shape that it is built for"
        note = "add `shape: [batch, ...]`, or `shape: like` and the name of an input"
        span = self.document.key_span("sublayers", self.name)
        self.found.add(codes.BAD_SHAPE, message, span, note)
        return None


def _applications(document: Document, name: str) -> Iterable[list[str]]:
    """For each call of a sublayer, the names that it is given; empty for no name."""
    try:
        parsed = parse_body(document.scalar("call"))
    except SpecError:
        return
    nodes = (node for statement in parsed.body for node in ast.walk(statement))
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=called), args=args) if called == name:
                yield [arg.id if isinstance(arg, ast.Name) else "" for arg in args]

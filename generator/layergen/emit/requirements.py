"""What the layer requires -> the statements of `__init__` and `build` that check it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from layergen.emit.doc import Doc, parenthesized, unary
from layergen.emit.emission import Emission
from layergen.emit.layout import layout
from layergen.emit.printer import print_expr
from layergen.emit.shapes import held_sizes, read_sizes, shape_names
from layergen.emit.stage import Stage
from layergen.emit.statement import Lines, assignment, condition_header, print_error
from layergen.expr import ir
from layergen.layer import Layer, Requirement

_WIDE = 10**6
_NEGATED = {"==": "!=", "!=": "==", "is": "is not", "is not": "is"}
_NEGATED_ORDER = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}

_KEPT_FIRST = frozenset({"array", "seed"})
"""Types of which only the attribute has the usual form."""


def print_early_checks(emission: Emission) -> tuple[Lines, Lines]:
    """The checks of `__init__`: before the arguments are kept, and after."""
    layer = emission.layer
    kept = {a.name for a in layer.arguments if a.type in _KEPT_FIRST}
    names = {a.name: a.name for a in layer.arguments if a.name not in kept}
    stage = emission.array_stage(names)
    before: Lines = []
    after: Lines = []
    for requirement in layer.requires:
        if requirement.test.known is ir.Known.CONFIG:
            used = {symbol.name for symbol in ir.symbols(requirement.test)}
            lines = after if used & kept else before
            lines += _check(layer, requirement, stage)
    return before, after


def print_late_checks(layer: Layer, stage: Stage) -> Lines:
    """The checks of `build`, once the sizes that they need are known."""
    lines: Lines = []
    for requirement in layer.requires:
        if requirement.test.known is ir.Known.BUILD:
            lines += _check(layer, requirement, stage)
    return lines


def _check(layer: Layer, requirement: Requirement, stage: Stage) -> Lines:
    message = requirement.message
    message = message if message.endswith((".", "!", "?")) else f"{message}."
    first, *rest = _received(layer, requirement.test, stage)
    refused = condition_header("if", _negated(requirement.test, stage))
    return [(0, refused), (1, print_error(f"{message} ", f"Received: {first}", *rest))]


def _negated(test: ir.Expr, stage: Stage) -> Doc:
    """The source of the opposite; only whole numbers have an opposite order."""
    match test:
        case ir.Compare(operator=sign) if sign in _NEGATED:
            return print_expr(replace(test, operator=_NEGATED[sign]), stage)
        case ir.Compare(operator=sign, left=left, right=right) if (
            left.type == right.type == ir.INT
        ):
            return print_expr(replace(test, operator=_NEGATED_ORDER[sign]), stage)
        case ir.Unary(operator="not", operand=operand):
            return print_expr(operand, stage)
    doc = print_expr(test, stage)
    loose = ir.binding(test) < ir.BINDING["not"]
    return unary("not", parenthesized(doc) if loose else doc)


def _received(layer: Layer, test: ir.Expr, stage: Stage) -> Iterator[str]:
    """What a message shows of the values that a condition is about."""
    arrays = {a.name for a in layer.arguments if a.type == "array"}
    for symbol in dict.fromkeys(ir.symbols(test)):
        name = symbol.name
        match symbol.origin:
            case ir.Origin.ARGUMENT if name in arrays:
                yield f"{name}.shape={{{stage.names[name]}.shape}}"
            case ir.Origin.ARGUMENT:
                yield f"{name}={{{stage.names[name]}!r}}"
            case ir.Origin.DIM:
                yield f"{name}={{{name}}}"
            case ir.Origin.INPUT:
                shape = shape_names(layer)[name]
                yield f"{shape}={{tuple({shape})}}"


def print_axis_checks(layer: Layer, stage: Stage) -> Lines:
    """The checks that the axes whose sizes `build` reads are there."""
    lines: Lines = []
    for size, axis in _read_axes(layer):
        shape = layout(print_expr(size.value, stage), width=_WIDE)
        source = layout(print_expr(axis, stage), width=_WIDE)
        test = f"not -len({shape}) <= {source} < len({shape})"
        (tensor,) = (symbol.name for symbol in ir.symbols(size.value))
        message = f"Argument `{axis}` must be an axis of `{tensor}`. "
        received = f"Received: {axis}={{{source}}}"
        error = print_error(message, received, f"{shape}={{tuple({shape})}}")
        lines += [(0, condition_header("if", test)), (1, error)]
    return lines


def name_sizes(layer: Layer) -> Mapping[str, str]:
    """The variable of `build` that holds each size of an axis that the caller chooses.

    By the size's text: `inputs.shape[axis]`.
    """
    found = list(_read_axes(layer))
    tensors = {str(size.value) for size, _ in found}
    names: dict[str, str] = {}
    for size, axis in found:
        (tensor,) = (symbol.name for symbol in ir.symbols(size.value))
        stem = f"{axis}_size" if len(tensors) == 1 else f"{tensor}_{axis}_size"
        names[str(size)] = stem
    taken = {*layer.dims, *(parameter.name for parameter in layer.parameters)}
    return {size: name for size, name in names.items() if name not in taken}


def print_sizes(layer: Layer, stage: Stage) -> Lines:
    """The statements that read these sizes."""
    names = name_sizes(layer)
    read = ((size, names.get(str(size))) for size, _ in _read_axes(layer))
    plain = replace(
        stage, names={k: v for k, v in stage.names.items() if k not in names}
    )
    return [
        (0, assignment(name, print_expr(size, plain))) for size, name in read if name
    ]


def print_held_sizes(layer: Layer, stage: Stage) -> list[tuple[str, Doc]]:
    """The axes that the first input keeps the size of, and these sizes."""
    return [
        (layout(print_expr(axis, stage), width=_WIDE), print_expr(size, stage))
        for size, axis in held_sizes(layer)
    ]


def read_axes(layer: Layer) -> list[ir.Name]:
    """The arguments that say which size of an input `build` reads."""
    return [axis for _, axis in _read_axes(layer)]


def _read_axes(layer: Layer) -> Iterator[tuple[ir.Subscript, ir.Name]]:
    axes = {argument.name for argument in layer.arguments if argument.type == "axis"}
    for size in read_sizes(layer):
        match size:
            case ir.Subscript(index=ir.Name(symbol=symbol) as axis) if (
                symbol.name in axes
            ):
                yield size, axis

"""A returned value + the outputs that are declared -> what does not go together.

Told by types; how many tensors a list has is told by evaluating.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.parse import Parsed
from layergen.expr.promote import element


@dataclass(frozen=True)
class Returned:
    """An output that a forward pass returns.

    Attributes:
        name: its name; empty if it is the only one and has none.
        is_list: whether it is a list of tensors.
        is_optional: whether some calls leave it out.
    """

    name: str = ""
    is_list: bool = False
    is_optional: bool = False


def check_returned(
    value: ir.Expr, outputs: Sequence[Returned], found: Diagnostics
) -> None:
    """Record a mistake if `call` would return something else than its outputs."""
    if isinstance(value, ir.Conditional):
        check_returned(value.then, outputs, found)
        check_returned(value.otherwise, outputs, found)
        return
    if value.type == ir.ANY:
        return
    required = [output for output in outputs if not output.is_optional]
    wholes = [group for group in (outputs, required) if len(group) == 1]
    if any(_is_one(value.type, group[0]) for group in wholes):
        return
    if len(outputs) == 1:
        _refuse_one(value, outputs[0], found)
    elif isinstance(value.type, ir.TupleType):
        _check_several(value, outputs, required, found)
    else:
        names = required if len(required) > 1 else outputs
        message = f"`call` must return {_joined(names)}, this is {value.type}"
        found.add(codes.WRONG_TYPE, message, value.span, _example(names))


def _is_one(of_type: ir.Type, output: Returned) -> bool:
    """Whether a value can be one output by itself."""
    if not output.is_list:
        return isinstance(of_type, ir.ArrayType | ir.AnyType)
    if not isinstance(of_type, ir.TupleType):
        return of_type == ir.ANY
    parts = (element(of_type),) if of_type.items is None else of_type.items
    return all(isinstance(part, ir.ArrayType | ir.AnyType) for part in parts)


def _refuse_one(value: ir.Expr, output: Returned, found: Diagnostics) -> None:
    note = ""
    if output.is_list:
        message = f"`call` must return a list of tensors, this is {value.type}"
        note = f"`{output.name or 'outputs'}` has a `count`"
    else:
        message = f"`call` must return a tensor, this is {value.type}"
        if isinstance(value.type, ir.TupleType):
            note = (
                "name several outputs: `outputs: {first: {shape: [...]}, second: ...}`;"
                " a list of tensors has a `count`"
            )
    found.add(codes.WRONG_TYPE, message, value.span, note)


def _check_several(
    value: ir.Expr,
    outputs: Sequence[Returned],
    required: Sequence[Returned],
    found: Diagnostics,
) -> None:
    """Compare a tuple with the outputs, one by one."""
    assert isinstance(value.type, ir.TupleType)
    items = value.items if isinstance(value, ir.Display) else ()
    is_written = bool(items) and not any(isinstance(i, ir.Spread) for i in items)
    if not is_written and any(output.is_list for output in outputs):
        message = "the outputs must be written out, as one of them is a list"
        found.add(codes.WRONG_TYPE, message, value.span, _example(outputs))
        return
    if value.type.items is None:
        return  # how many there are is told by evaluating
    types = value.type.items
    groups = [g for g in (outputs, required) if len(g) == len(types) and len(g) > 1]
    if not groups:
        number = "1 value" if len(types) == 1 else f"{len(types)} values"
        message = f"`call` returns {number}, `outputs` names {_listed(outputs)}"
        note = ""
        if len(types) == 1 and len(required) == 1:
            note = f"`{required[0].name}` alone is returned as it is, without a tuple"
        elif len(required) < len(outputs):
            note = f"always there: {_names(required)}"
        found.add(codes.WRONG_TYPE, message, value.span, note)
        return
    spans = [value.span] * len(types)
    if is_written:
        spans = [item.span for item in items]
    for of_type, output, span in zip(types, groups[0], spans, strict=True):
        if not _is_one(of_type, output):
            wanted = "a list of tensors" if output.is_list else "a tensor"
            message = f"`{output.name}` must be {wanted}, this is {of_type}"
            found.add(codes.WRONG_TYPE, message, span)


def _listed(outputs: Sequence[Returned]) -> str:
    return f"{len(outputs)}: {_names(outputs)}"


def _joined(outputs: Sequence[Returned]) -> str:
    names = [f"`{output.name}`" for output in outputs]
    return " and ".join([", ".join(names[:-1]), names[-1]])


def _names(outputs: Sequence[Returned]) -> str:
    return ", ".join(f"`{output.name}`" for output in outputs)


def _example(outputs: Sequence[Returned]) -> str:
    return f"write `return {', '.join(_shown(outputs))}`"


def _shown(outputs: Sequence[Returned]) -> Iterator[str]:
    for output in outputs:
        yield f"[{output.name}, ...]" if output.is_list else output.name


def seeming_result(parsed: Parsed) -> str:
    """What a forward pass that ends without `return` seems to yield, as a note."""
    match parsed.body[-1]:
        case ast.Expr(value=value):
            return f"write `return {parsed.span(value).text}`"
        case ast.Assign(targets=[ast.Name(id=name)]):
            return f"end with `return {name}`"
    return ""

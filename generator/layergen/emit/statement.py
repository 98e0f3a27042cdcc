"""Docs -> statements, as docs: assignment, return, raise and the headers of blocks.

Their values stand in parentheses that are written only where a break needs them,
as black has it. A block's body is the caller's, four columns further in.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TypeAlias

from layergen.emit.doc import (
    Concat,
    Doc,
    Group,
    Kind,
    binary,
    bracketed,
    call,
    concat,
    optional,
    quote,
    separated,
    strings,
    tuple_of,
    wrap_message,
)

Lines: TypeAlias = list[tuple[int, Doc]]
"""Statements, each with its level of indentation below the method's body."""

_LONGEST_ROW = 66
"""Characters that fit in a line: of received values, or of values to return."""


def unpacked(*docs: Doc) -> Group:
    """A tuple without parentheses: two or more targets, or values to return."""
    return optional(Concat(separated(docs)))


def assignment(target: Doc, value: Doc, operator: str = "=") -> Doc:
    """`target = value`; `operator` may be `+=` and the like.

    A target carries its annotation: `"self.rate: float"`. See `unpacked` for several.
    """
    return concat(target, f" {operator} ", optional(value, Kind.VALUE))


def side_by_side(docs: Sequence[Doc]) -> Doc:
    """Several values to return: in parentheses if they are long, one a line then."""
    whole = unpacked(*docs)
    return whole if len(whole.flat) <= _LONGEST_ROW else tuple_of(docs)


def return_statement(value: Doc | None = None) -> Doc:
    """`return` or `return value`; see `unpacked` for several values."""
    return "return" if value is None else concat("return ", optional(value))


def raise_statement(error: Doc) -> Doc:
    """`raise error`."""
    return concat("raise ", error)


def print_error(message: str, *received: str) -> Doc:
    """`raise ValueError(...)`, broken before `Received` where it does not fit.

    Args:
        message: what is wrong, with a space at its end.
        received: `Received: x={x}` and further values, as text of an f-string.
    """
    escaped = message.replace("{", "{{").replace("}", "}}")
    whole = f"f{quote(escaped + ', '.join(received))}"
    if len(whole) + 16 <= 88:
        return raise_statement(call("ValueError", [whole]))
    *lines, last = wrap_message(message)
    rows = [received[0]]
    for part in received[1:]:
        if len(rows[-1]) + len(part) > _LONGEST_ROW:
            rows[-1] += ", "
            rows.append(part)
        else:
            rows[-1] += f", {part}"
    if lines and len(last) + len(rows[0]) <= _LONGEST_ROW:
        rows[0] = last.replace("{", "{{").replace("}", "}}") + rows[0]
    else:
        lines.append(last)
    quoted = (quote(line) for line in lines)
    pieces = strings(*quoted, *(f"f{quote(row)}" for row in rows))
    return raise_statement(call("ValueError", [pieces]))


def assert_statement(test: Doc) -> Doc:
    """`assert test`."""
    return concat("assert ", optional(test))


def condition_header(keyword: str, test: Doc) -> Doc:
    """`if test:`, and so for `elif` and `while`."""
    return concat(f"{keyword} ", optional(test), ":")


def for_header(target: Doc, iterable: Doc) -> Doc:
    """`for target in iterable:`; see `unpacked` for several targets."""
    return concat("for ", optional(target), " in ", optional(iterable), ":")


def parameter(name: str, types: Iterable[Doc], default: Doc | None = None) -> Doc:
    """`name: type | type = default`; the types are broken before anything else."""
    hint = optional(reduce(lambda left, right: binary(left, "|", right), types))
    return concat(f"{name}: ", hint, "" if default is None else concat(" = ", default))


def function_header(name: str, parameters: Sequence[Doc], returns: str = "") -> Doc:
    """`def name(parameters) -> returns:`; parameters carry annotation and default."""
    group = bracketed("(", parameters, ")", Kind.PARAMETERS)
    return concat(f"def {name}", group, f" -> {returns}:" if returns else ":")

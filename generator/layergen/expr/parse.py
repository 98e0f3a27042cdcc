"""Text -> Python `ast`, with a place in the spec for every node.

What is parsed here is only known to be Python. `bind` admits the nodes that belong
to the language and refuses the rest.
"""

import ast
import re
import warnings
from dataclasses import dataclass
from functools import cached_property

from layergen.codes import language as codes
from layergen.diagnostics import Diagnostic, SpecError
from layergen.expr.append import spell_appends
from layergen.loading.tree import Scalar
from layergen.source import Span

MAX_LENGTH = 20_000
"""Characters that one expression or body may have."""

MAX_DEPTH = 60
"""Levels of nesting that one expression may have."""


@dataclass(frozen=True)
class Parsed:
    """An `ast` and the scalar that it was written in.

    Attributes:
        scalar: the text, as it stands in the spec.
        text: what Python parsed: the scalar's text without the blanks around it.
        shift: characters taken off the scalar's text at its start.
        body: the statements.
    """

    scalar: Scalar
    text: str
    shift: int
    body: tuple[ast.stmt, ...]

    @property
    def expression(self) -> ast.expr:
        """The only expression of a text that was parsed as one."""
        (statement,) = self.body
        assert isinstance(statement, ast.Expr)
        return statement.value

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> Span:
        """Where a node is written."""
        start = self._offset(node.lineno, node.col_offset)
        end_line, end_column = node.end_lineno, node.end_col_offset
        end = start + 1
        if end_line is not None and end_column is not None:
            end = self._offset(end_line, end_column)
        if isinstance(getattr(node, "body", None), list):  # blamed by its first line
            end = min(end, _line_end(self.text, start))
        return self.scalar.inside(start + self.shift, end + self.shift)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _offset(self, line: int, column: int) -> int:
        """Offset in characters of a line (from 1) and a column in UTF-8 bytes."""
        start = self._starts[line - 1]
        # A character has four bytes at most and one at least.
        current = self.text[start : start + column]
        if not current.isascii():
            column = len(current.encode()[:column].decode(errors="ignore"))
        return start + column


def parse_body(scalar: Scalar) -> Parsed:
    """Parse the statements of a forward pass.

    Raises:
        SpecError: the text is not Python, has no statements, or is too long or too
            deeply nested.
    """
    if not scalar.text.strip():
        message = "statements are expected here"
        raise SpecError([Diagnostic(codes.SYNTAX, message, scalar.span)])
    parsed = _parse(scalar, scalar.text.rstrip(), 0)
    if not parsed.body:
        message = "statements are expected here, these are comments"
        raise SpecError([Diagnostic(codes.SYNTAX, message, scalar.span)])
    return parsed


def parse_expression(scalar: Scalar) -> Parsed:
    """Parse one expression.

    Raises:
        SpecError: the text is not one Python expression, or too long or too deep.
    """
    text = scalar.text.strip()
    parsed = _parse(scalar, text, len(scalar.text) - len(scalar.text.lstrip()))
    if len(parsed.body) != 1 or not isinstance(parsed.body[0], ast.Expr):
        message, note = "an expression is expected here", ""
        if parsed.body and isinstance(parsed.body[0], ast.Assign):
            note = "to compare, write `==`"
        notes = (note,) if note else ()
        raise SpecError([Diagnostic(codes.SYNTAX, message, scalar.span, notes)])
    return parsed


def _parse(scalar: Scalar, text: str, shift: int) -> Parsed:
    if not text:
        message = "an expression is expected here"
        raise SpecError([Diagnostic(codes.SYNTAX, message, scalar.span)])
    if len(text) > MAX_LENGTH:
        message = f"more than {MAX_LENGTH} characters"
        raise SpecError([Diagnostic(codes.TOO_COMPLEX, message, scalar.span)])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            module = ast.parse(text)
    except SyntaxError as error:
        raise SpecError([_syntax(scalar, text, shift, error)]) from None
    except (RecursionError, MemoryError):
        raise SpecError([_too_deep(scalar)]) from None
    except ValueError:
        message = "a number with too many digits, or a character that no text has"
        raise SpecError([Diagnostic(codes.SYNTAX, message, scalar.span)]) from None
    if _too_nested(module):
        raise SpecError([_too_deep(scalar)])
    module = spell_appends(module)
    return Parsed(scalar, text, shift, tuple(module.body))


def _too_deep(scalar: Scalar) -> Diagnostic:
    message = f"an expression of more than {MAX_DEPTH} levels"
    note = "give its parts names of their own"
    return Diagnostic(codes.TOO_COMPLEX, message, scalar.span, (note,))


def _too_nested(module: ast.Module) -> bool:
    """Whether the tree is deeper than `MAX_DEPTH`; without recursion of its own."""
    level: list[ast.AST] = [module]
    for _ in range(MAX_DEPTH + 3):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _syntax(scalar: Scalar, text: str, shift: int, error: SyntaxError) -> Diagnostic:
    line, column = error.lineno or 1, max((error.offset or 1) - 1, 0)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    start = min(starts[min(line, len(starts)) - 1] + column, len(text))
    reason = (error.msg or "unreadable").rstrip(".")
    reason = reason.split(". Perhaps")[0].split(". Maybe")[0]
    reason = re.sub(r"(?: \(detected at| on) line [0-9]+\)?", "", reason)
    token = _TOKEN.match(text, start)
    end = token.end() if token else start + 1
    if reason == "unexpected indent":
        start = end = starts[min(line, len(starts)) - 1]
        end += len(text[start:]) - len(text[start:].lstrip(" "))
    elif reason == "invalid syntax" and token:
        reason = f"`{token[0]}` is not expected here"
    return Diagnostic(
        codes.SYNTAX,
        f"not a valid expression: {reason[:1].lower()}{reason[1:]}",
        scalar.inside(start + shift, max(end, start + 1) + shift),
    )


_TOKEN = re.compile(r"\w+|\*\*|//|[-+*/%<>=!:]=|\S")


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end

"""Diagnostics -> text for a terminal, with the lines that are to blame.

Columns in the heading count characters; the marks below a line count the cells of a
terminal, so that they stand right under tabs, wide characters and accents.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from layergen.diagnostics import Diagnostic, Severity
from layergen.source import Span

WIDTH = 100
"""Cells of a source line that are shown; a longer one is cut around the span."""

_TAB = 4
_MOST_LINES = 4
_BOLD, _BLUE, _RESET = "\x1b[1m", "\x1b[1;34m", "\x1b[0m"
_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
}


def format_text(diagnostics: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """All findings, a blank line between them."""
    paint = _paint if colour else _plain
    blocks = []
    for found in diagnostics:
        lines = [_heading(found, colour), *_excerpt(found, colour)]
        lines += [f"   {paint('=', _BLUE)} help: {clean(note)}" for note in found.notes]
        blocks.append("".join(line + "\n" for line in lines))
    return "\n".join(blocks)


def _paint(text: str, style: str) -> str:
    return f"{style}{text}{_RESET}" if text else text


def _plain(text: str, style: str) -> str:
    return text


def _heading(found: Diagnostic, colour: bool) -> str:
    paint = _paint if colour else _plain
    place = str(found.span) if found.span else (found.path or "layergen")
    kind = paint(f"{found.severity}[{found.code.id}]", _COLOURS[found.severity])
    return f"{clean(place)}: {kind}: {paint(clean(found.message), _BOLD)}"


def _excerpt(found: Diagnostic, colour: bool) -> Iterator[str]:
    """The lines of the span between bars, each with marks under what is blamed."""
    span = found.span
    if span is None or not span.source.text:
        return
    paint = _paint if colour else _plain
    bar = paint("|", _BLUE)
    pieces = list(_pieces(span))
    margin = max(2, max(len(str(number)) for number, _, _ in pieces))
    yield f"{'':{margin}} {bar}"
    last = pieces[0][0]
    for number, start, end in pieces:
        if number > last + 1:
            yield f"{'':{margin}} {paint('...', _BLUE)}"
        line, marks = mark_line(span.source.line(number), start, end)
        yield f"{paint(f'{number:{margin}}', _BLUE)} {bar} {line}".rstrip()
        under = paint(marks.lstrip(), _COLOURS[found.severity])
        yield f"{'':{margin}} {bar} {marks[: -len(marks.lstrip())]}{under}"
        last = number


def _pieces(span: Span) -> Iterator[tuple[int, int, int]]:
    """Line number, start and end (from 0, in characters) for each line of a span."""
    text = span.text.rstrip()
    end_line, end_column = span.source.position(span.start + len(text))
    numbers = range(span.line, end_line + 1)
    for number in numbers:
        if len(numbers) > _MOST_LINES and 2 <= number - span.line < len(numbers) - 1:
            continue
        line = span.source.line(number)
        indent = len(line) - len(line.lstrip())
        start = span.column - 1 if number == span.line else indent
        end = end_column - 1 if number == end_line else len(line)
        if line.strip() or len(numbers) == 1:
            yield number, start, end


def mark_line(line: str, start: int, end: int) -> tuple[str, str]:
    """A line as a terminal shows it, and the marks for its characters start to end."""
    start, end = min(start, len(line)), min(max(end, start), len(line))
    before = max(0, start - WIDTH)
    after = line[start + WIDTH :]
    line, start, end = line[before : start + WIDTH], start - before, end - before
    cells = _cells(line)
    widths = [_width(cell) for cell in cells]
    whole = not (before or after) and sum(widths) <= WIDTH
    left, right = (0, len(cells)) if whole else _window(widths, start, end)
    shown = "".join(cells[left:right])
    gap = sum(widths[left:start])
    marked = max(1, sum(widths[start : min(end, right)]))
    if before or left:
        shown, gap = "..." + shown, gap + 3
    if after or right < len(cells):
        shown += "..."
    return shown, " " * gap + "^" * marked


def _cells(line: str) -> list[str]:
    """What is printed for each character: tabs as spaces, control characters not."""
    cells = []
    at = 0
    for char in line:
        cells.append(" " * (_TAB - at % _TAB) if char == "\t" else clean(char))
        at += _width(cells[-1])
    return cells


def clean(text: str) -> str:
    """Text that cannot steer a terminal."""
    return "".join("\ufffd" if unicodedata.category(c) in _UNSAFE else c for c in text)


_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _width(cell: str) -> int:
    """How many cells of a terminal the text takes."""
    return sum(
        (
            0
            if unicodedata.category(char) in ("Mn", "Me")
            else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        )
        for char in cell
    )


def _window(widths: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The characters to show, so that they fit and hold the start of the span."""
    left, room = start, WIDTH - 6
    lead = max(room - sum(widths[start:end]), room // 2) // 2
    while left > 0 and sum(widths[left - 1 : start]) <= lead:
        left -= 1
    right = left
    used = 0
    while right < len(widths) and used + widths[right] <= room:
        used += widths[right]
        right += 1
    while left > 0 and used + widths[left - 1] <= room:
        left -= 1
        used += widths[left]
    return left, right

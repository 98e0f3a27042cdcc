"""Doc -> lines of Python, broken where black breaks them.

Black formats every generated file in any case; text that is already in its shape
costs it half the time. So a layout that differs is slow, not wrong: every break
stands inside brackets that are written. The rules are those of black's stable style
for targets of Python 3.5 and later (trailing commas after `*args` too). In short:
what fits stays on one line; else the last brackets are opened and their content is
put on lines of its own, broken at the delimiters of the highest priority; optional
parentheses are written only where opening other brackets reads worse.
"""

import textwrap

from layergen.emit.brackets import (
    INDENT,
    Filled,
    Line,
    NoSplit,
    Orphan,
    Page,
    Split,
    count_breaks,
    fits,
    highest,
    split_right,
)
from layergen.emit.doc import (
    COMMA,
    COMMA_PRIORITY,
    DOT_PRIORITY,
    Break,
    Doc,
    Group,
    Kind,
    Part,
    flatten,
    parts_of,
)


def layout(
    doc: Doc, indent: int = 0, width: int = 88, prefix: str = "", suffix: str = ""
) -> str:
    """A doc as lines without a newline at the end, each indented by `indent` columns.

    `prefix` and `suffix` are text that stays beside it; for statements whose value
    takes optional parentheses use the builders of `layergen.emit.statement`.
    """
    return "\n".join(lines_of(doc, indent, width, prefix, suffix))


def lines_of(
    doc: Doc, indent: int = 0, width: int = 88, prefix: str = "", suffix: str = ""
) -> list[str]:
    """The lines of `layout`; those that black would break otherwise are `Filled`."""
    parts = [part for part in (prefix, *parts_of(doc), suffix) if part != ""]
    return _lay(Line(parts, indent), Page(width))


def _lay(line: Line, page: Page) -> list[str]:
    """A line as text, broken if need be."""
    flat = flatten(line.parts)
    if not line.explode and fits(flat, line.indent, page.width):
        return [" " * line.indent + flat]
    if line.fill:
        return _fill(line, page)
    ways = [_split_parameters] if _is_signature(line) else [_split_right]
    if line.inside:
        ways.insert(0, _split_at_delimiters)
    for way in ways:
        try:
            pieces = way(line, page)
        except NoSplit:
            continue
        if all(flatten(piece.parts) != flat for piece in pieces):
            lines = [text for piece in pieces for text in _lay(piece, page)]
            return (
                _reconsider(line, page, pieces, lines) if way is _split_right else lines
            )
    return [" " * line.indent + flat]


def _reconsider(
    line: Line, page: Page, pieces: list[Line], lines: list[str]
) -> list[str]:
    """`lines`, or the line with its optional parentheses written if only that fits."""
    invisible = [p for p in line.parts if isinstance(p, Group) and p.is_invisible]
    written = any(piece.parts is p.body for piece in pieces for p in invisible)
    if page.force or not invisible or written or fits(lines[0], 0, page.width):
        return lines
    forced = _lay(line, Page(page.width, force=True))
    return forced if all(fits(text, 0, page.width) for text in forced) else lines


def _is_signature(line: Line) -> bool:
    return any(isinstance(p, Group) and p.kind is Kind.PARAMETERS for p in line.parts)


def _split_at_delimiters(line: Line, page: Page) -> list[Line]:
    """One line for each piece between the delimiters of the highest priority."""
    priority = highest(line.parts)
    count = count_breaks(line.parts, priority)
    if not priority or (priority == DOT_PRIORITY and count == 1):
        raise NoSplit
    rows: list[list[Part]] = [[]]
    for part in line.parts:
        if isinstance(part, Break) and part.priority == priority:
            rows[-1] += [part.head] if part.head else []
            rows.append([part.tail] if part.tail else [])
        else:
            rows[-1].append(part)
    if priority == COMMA_PRIORITY:
        rows[-1].append(",")
    return [Line(row, line.indent, inside=True) for row in rows]


def _fill(line: Line, page: Page) -> list[str]:
    """As many items a line as fit."""
    items = [f"{flatten((part,))}," for part in line.parts if part != COMMA]
    wrapped = textwrap.wrap(
        " ".join(items),
        page.width - line.indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [Filled(" " * line.indent + text) for text in wrapped]


def _split_parameters(line: Line, page: Page) -> list[Line]:
    """The parameters of a function on lines of their own."""
    for index, part in enumerate(line.parts):
        if isinstance(part, Group) and part.kind is Kind.PARAMETERS and part.body:
            head, tail = tuple(line.parts[:index]), tuple(line.parts[index + 1 :])
            body = part.body
            if not any(isinstance(p, Break) for p in body):
                body = (*body, ",")
            return _pieces(line, Split(head, Group("(", body, ")", part.kind), tail))
    raise NoSplit


def _split_right(line: Line, page: Page) -> list[Line]:
    """The last brackets opened whose head fits; else simply the last."""
    first: list[Line] | None = None
    for split in split_right(line, page):
        pieces = _pieces(line, split)
        if fits(flatten(pieces[0].parts), line.indent, page.width):
            return pieces
        first = pieces if first is None else first
    if first is None:
        raise NoSplit
    return first


def _pieces(line: Line, split: Split) -> list[Line]:
    """Head, body and tail of a split as lines."""
    group = split.group
    commas = any(
        isinstance(p, Break) and p.priority == COMMA_PRIORITY for p in group.body
    )
    is_display = group.kind in (Kind.DISPLAY, Kind.ROW) or group.is_invisible
    explode = is_display and commas and highest(group.body) == COMMA_PRIORITY
    return [
        Line((*split.head, group.open), line.indent),
        Line(
            group.body,
            line.indent + INDENT,
            inside=True,
            explode=explode,
            fill=group.kind is Kind.ROW,
        ),
        Line((Orphan(group.close), *split.tail), line.indent),
    ]

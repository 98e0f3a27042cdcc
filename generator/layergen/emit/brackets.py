"""A line -> the brackets to open, where it is to be broken at brackets.

black's search, right to left: the last brackets whose opening leaves a first line
that fits; optional parentheses are used only where nothing else reads better.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layergen.emit.doc import DOT_PRIORITY, Break, Group, Kind, Part, flatten

INDENT = 4


class Orphan(str):
    """A closing bracket whose opening one is on an earlier line."""

    __slots__ = ()


class Filled(str):
    """A line that black would break otherwise, with as many items as fit."""

    __slots__ = ()


class NoSplit(Exception):  # noqa: N818 - a turn in the search, not an error
    """A way to break a line that does not exist."""


@dataclass(frozen=True, slots=True)
class Line:
    """Parts that may become one line.

    Attributes:
        parts: what is to be written.
        indent: columns before it.
        inside: whether brackets around it are open, so that it may break anywhere.
        explode: whether it must be broken at its commas even if it fits.
        fill: whether its lines then hold as many items as fit.
    """

    parts: Sequence[Part]
    indent: int
    inside: bool = False
    explode: bool = False
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """A line divided at a group: before it, the group, after it."""

    head: tuple[Part, ...]
    group: Group
    tail: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The width of lines, and whether optional parentheses are to be written."""

    width: int
    force: bool = False


def split_right(line: Line, page: Page) -> Iterator[Split]:
    """Ways to open brackets near the end of a line, the preferred ones first.

    Raises:
        NoSplit: where one of the ways turns out not to exist.
    """
    for omit in _trailers(line, page.width):
        yield _choose(line, page, _find(line.parts, omit), omit)


def _find(parts: Sequence[Part], omit: frozenset[int]) -> Split:
    """The last group that is neither empty nor in `omit` (by identity)."""
    spliced = _splice(parts, omit)
    for index in range(len(spliced) - 1, -1, -1):
        part = spliced[index]
        if isinstance(part, Orphan):
            break
        if isinstance(part, Group) and part.body and id(part) not in omit:
            return Split(tuple(spliced[:index]), part, tuple(spliced[index + 1 :]))
    raise NoSplit


def _splice(parts: Sequence[Part], omit: frozenset[int]) -> list[Part]:
    """Parts in which invisible groups of `omit` are replaced by what they hold."""
    spliced: list[Part] = []
    for part in parts:
        if isinstance(part, Group) and part.is_invisible and id(part) in omit:
            spliced += _splice(part.body, omit)
        else:
            spliced.append(part)
    return spliced


def _choose(line: Line, page: Page, split: Split, omit: frozenset[int]) -> Split:
    """`split`, or one further inside if the parentheses of `split` may be left out."""
    group = split.group
    if page.force or not group.is_invisible or not _can_omit(line, page, group):
        return split
    wider = omit | {id(group)}
    try:
        inner = _find(line.parts, wider)
        if _is_better(line, page, inner, split):
            return _choose(line, page, inner, wider)
    except NoSplit:
        if _is_one_token(group.body) and not fits(
            group.flat, line.indent + INDENT, page.width
        ):
            raise
    return split


def _can_omit(line: Line, page: Page, group: Group) -> bool:
    """Whether the content of optional parentheses reads well without them."""
    body = group.body
    priority = highest(body)
    if not priority:
        return True
    if count_breaks(body, priority) > 1:
        return False
    if priority == DOT_PRIORITY:
        return True
    room = page.width - line.indent - INDENT
    first, last = body[0], body[-1]
    if isinstance(first, Group) and first.body and _opens_well(body, first, room):
        return True
    closes = isinstance(last, Group) and (
        last.close != "]" or last.kind is not Kind.TRAILER
    )
    if not closes or not isinstance(last, Group) or not last.body:
        return False
    before = flatten(body[:-1]) + last.open
    return any(isinstance(p, Group) for p in body[:-1]) or fits(before, 0, room)


def _opens_well(body: Sequence[Part], first: Group, room: int) -> bool:
    """Whether what follows `first` fits, up to the next bracket that can be opened."""
    rest = first.close
    for part in body[1:]:
        if isinstance(part, Group):
            rest += part.open
            break
        rest += flatten((part,))
    return fits(rest, 0, room)


def _is_better(line: Line, page: Page, inner: Split, outer: Split) -> bool:
    """Whether to open brackets inside optional parentheses rather than those."""
    if outer.group.kind is not Kind.VALUE:
        return True
    if not any(isinstance(part, Group) for part in outer.head):
        return True
    if not fits(flatten(outer.head), line.indent, page.width - 1):
        return True
    after = inner.head[len(outer.head) :]
    is_inside = len(inner.head) >= len(outer.head)
    return any(isinstance(part, Group) for part in after) or (
        is_inside and fits(flatten(inner.head) + "(", line.indent, page.width)
    )


def _trailers(line: Line, width: int) -> Iterator[frozenset[int]]:
    """Growing sets of groups, from the right, to keep closed while splitting."""
    omit: frozenset[int] = frozenset()
    yield omit
    length = line.indent
    closing: Group | None = None
    for part in _backwards(line.parts):
        invisible = isinstance(part, Group) and part.is_invisible
        if isinstance(part, Group):
            length += 0 if invisible else len(part.close)
        else:
            length += len(part if isinstance(part, str) else part.flat)
        if length > width:
            return
        if not isinstance(part, Group | Orphan):
            continue
        if closing is not None and (isinstance(part, Orphan) or part.body):
            omit |= {id(closing)}
            yield omit
        if isinstance(part, Group) and not invisible:
            closing = part if part.body else closing
            length += len(part.flat) - len(part.close)
            if length > width:
                return


def _backwards(parts: Sequence[Part]) -> Iterator[Part]:
    """Parts from the last to the first; invisible groups, then what they hold."""
    for part in reversed(parts):
        yield part
        if isinstance(part, Group) and part.is_invisible:
            yield from _backwards(part.body)


def highest(parts: Sequence[Part]) -> int:
    """The highest priority of the breaks outside brackets; 0 for none."""
    return max((part.priority for part in parts if isinstance(part, Break)), default=0)


def count_breaks(parts: Sequence[Part], priority: int) -> int:
    """The number of breaks of a priority outside brackets."""
    return sum(isinstance(p, Break) and p.priority == priority for p in parts)


def _is_one_token(parts: Sequence[Part]) -> bool:
    """Whether parts are a name, a number or a string, in which nothing can break."""
    if len(parts) != 1 or not isinstance(parts[0], str):
        return False
    text = parts[0]
    return text.isidentifier() or text[0].isdigit() or text[-1] in "\"'"


def fits(text: str, indent: int, width: int) -> bool:
    """Whether text after `indent` columns is at most `width` wide."""
    if text.isascii():
        return indent + len(text) <= width
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return indent + len(text) + wide <= width

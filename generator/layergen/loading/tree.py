"""Plain data with places: what a YAML or JSON text says, and where it says it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from layergen.source import Source, Span

Plain: TypeAlias = bool | int | float | str | None
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Scalar:
    """A single value. `quoted` tells `"1"` from `1`."""

    span: Span
    value: Plain
    text: str
    quoted: bool

    def inside(self, start: int, end: int) -> Span:
        """The place in the file of `text[start:end]`."""
        offsets = self._offsets
        first = offsets[min(start, len(offsets) - 1)]
        last = offsets[min(max(end - 1, start), len(offsets) - 1)]
        return self.span.source.span(first, last + 1 if end > start else first)

    @cached_property
    def _offsets(self) -> list[int]:
        """For each character of `text` (and one past it), its offset in the file.

        Walks the written form and the value side by side: what stands only in the
        written form (indentation, quotes, the backslash of an escape) is skipped.
        """
        raw, at, offsets = self.span.text, 0, []
        if raw[:1] in ("|", ">") and not self.quoted:
            at = raw.find("\n") + 1
        elif self.quoted:
            at = 1
        for char in self.text:
            found = _next_match(raw, at, char)
            offsets.append(self.span.start + found)
            at = found + 1
        offsets.append(self.span.start + min(at, len(raw)))
        return offsets


def _next_match(raw: str, at: int, char: str) -> int:
    """Offset in `raw`, from `at` on, of the character that yielded `char`."""
    if at < len(raw) and raw[at] == "\\" and char != "\\":
        return at + 1
    if char == " ":
        while at < len(raw) - 1 and raw[at] not in " \n":
            at += 1
        return min(at, max(len(raw) - 1, 0))
    found = raw.find(char, at)
    return found if found >= 0 else min(at, max(len(raw) - 1, 0))


@dataclass(frozen=True)
class Sequence:
    """A list of values."""

    span: Span
    items: tuple["Node", ...]


@dataclass(frozen=True)
class Mapping:
    """Keys and values, in the order in which they are written."""

    span: Span
    entries: tuple[tuple[Scalar, "Node"], ...]

    @cached_property
    def _by_key(self) -> dict[str, tuple[Scalar, "Node"]]:
        return {entry[0].text: entry for entry in self.entries}

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        entry = self._by_key.get(key)
        return entry[1] if entry else None

    def key(self, key: str) -> Scalar | None:
        """The key itself, as it is written."""
        entry = self._by_key.get(key)
        return entry[0] if entry else None


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True)
class Tree:
    """The data of one text.

    Attributes:
        source: the text.
        root: its outermost value.
    """

    source: Source
    root: Node

    def plain(self) -> Any:
        """The data without places."""
        return _plain(self.root)

    def find(self, path: Path) -> Node:
        """The value at `path`, or the nearest one around it that exists."""
        node = self.root
        for step in path:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return node

    def has(self, path: Path) -> bool:
        """Whether a value is written at `path`."""
        node: Node | None = self.root
        for step in path:
            node = None if node is None else _child(node, step)
        return node is not None

    def span(self, path: Path) -> Span:
        """Where the value at `path` is written."""
        return self.find(path).span

    def key_span(self, path: Path) -> Span:
        """Where the last key of `path` is written; the value where there is no key."""
        outer = self.find(path[:-1])
        if isinstance(outer, Mapping) and path:
            key = outer.key(str(path[-1]))
            if key is not None:
                return key.span
        return self.span(path)


def _child(node: Node, step: str | int) -> Node | None:
    match node:
        case Mapping():
            return node.get(str(step))
        case Sequence(items=items) if isinstance(step, int) and step < len(items):
            return items[step]
    return None


def _plain(node: Node) -> Any:
    match node:
        case Scalar(value=value):
            return value
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: _plain(value) for key, value in entries}

"""Text with positions: a `Source` is a file as it was read, a `Span` a piece of it.

Offsets count characters (code points) from 0. Lines and columns, as people see
them, count from 1.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Source:
    r"""The text of one spec.

    Attributes:
        path: the name shown to people and written into headers: relative to the
            project, with forward slashes; `<stdin>` when there is no file.
        text: the decoded text, with `\n` line ends and no byte order mark.
        folder: absolute path of the folder that relative paths inside the spec start
            from; None when there is none (standard input without a file name).
    """

    path: str
    text: str = field(repr=False)
    folder: str | None = None

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of a character offset."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end; empty past the last one."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    def span(self, start: int, end: int) -> "Span":
        """The piece from offset `start` up to, not including, offset `end`.

        What reaches past the end of the text is cut off.
        """
        start = min(start, len(self.text))
        return Span(self, start, min(max(start, end), len(self.text)))


@dataclass(frozen=True, order=False)
class Span:
    """The piece of a source from offset `start` up to, not including, `end`."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, from 1."""
        return self.source.position(self.start)[1]

    @property
    def end_position(self) -> tuple[int, int]:
        """Line and column just past the last character, both from 1."""
        return self.source.position(self.end)

    @property
    def text(self) -> str:
        """The characters of the piece."""
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        return f"{self.source.path}:{self.line}:{self.column}"

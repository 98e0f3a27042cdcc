"""Markdown -> Markdown of at most so many characters.

Folded blocks (the diffs of generated code) go first, from the last one on; then the
text ends after a line, and what is open there is closed. That it was cut is said at
the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ROOM = 200
"""Characters for what is closed."""


@dataclass(frozen=True)
class _Block:
    """Lines that are kept or left out together."""

    lines: tuple[str, ...]
    is_folded: bool

    @property
    def size(self) -> int:
        return sum(len(line) + 1 for line in self.lines)


def fit_body(text: str, limit: int, forge: str) -> str:
    """The text, or as much of it as fits, with a sentence that says so."""
    if len(text) <= limit:
        return text
    notice = (
        f"_Cut: the review is longer than a comment on {forge} may be ({len(text):,}"
        f" of {limit:,} characters). `layergen diff` shows all of it._\n"
    )
    blocks = _split(text.split("\n"))
    room = limit - len(notice) - 1
    size = sum(block.size for block in blocks)
    kept: list[str] = []
    left_out: set[int] = set()
    for i in reversed(range(len(blocks))):
        if size > room and blocks[i].is_folded:
            size -= blocks[i].size
            left_out.add(i)
    for i, block in enumerate(blocks):
        kept += () if i in left_out else block.lines
    return "\n".join([*_cut(kept, room), "", notice])


def _split(lines: Sequence[str]) -> list[_Block]:
    """The lines by blocks: `<details>` with all that it holds, and what is between."""
    blocks: list[_Block] = []
    part: list[str] = []
    fence, inside = "", False
    for line in lines:
        opens = not fence and not inside and line.startswith("<details>")
        if opens:
            blocks.append(_Block(tuple(part), False))
            part, inside = [], True
        part.append(line)
        fence = _next_fence(fence, line)
        if inside and not fence and line.startswith("</details>"):
            blocks.append(_Block(tuple(part), True))
            part, inside = [], False
    return [*blocks, _Block(tuple(part), False)]


def _next_fence(fence: str, line: str) -> str:
    """The fence of code that is open after a line; empty when none is."""
    found = _FENCE.match(line)
    if not found:
        return fence
    ticks = found[1]
    if not fence:
        return ticks
    closes = ticks[0] == fence[0] and len(ticks) >= len(fence) and line.strip() == ticks
    return "" if closes else fence


def _cut(lines: Sequence[str], room: int) -> list[str]:
    """The first lines that fit, and the ends of what they leave open."""
    if sum(len(line) + 1 for line in lines) <= room:
        return list(lines)
    kept: list[str] = []
    size, fence, folded = 0, "", 0
    for line in lines:
        if size + len(line) + 1 > room - _ROOM - len(fence):
            break
        kept.append(line)
        size += len(line) + 1
        if not fence:
            folded += line.startswith("<details>") - line.startswith("</details>")
        fence = _next_fence(fence, line)
    kept += [fence] if fence else []
    return [*kept, *["</details>"] * min(folded, 10)]

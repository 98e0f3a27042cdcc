"""`[tool.layergen.review]` -> whom a change may not break, which layers may go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layergen.codes import project as codes
from layergen.codes.review import Breaks
from layergen.diagnostics import Diagnostics
from layergen.nearest import nearest
from layergen.review.removal import Removal
from layergen.source import Source, Span

_TABLE = "tool.layergen.review"
_LAYER = re.compile(r"\w+>\w+")


@dataclass(frozen=True)
class ReviewSettings:
    """How changes are judged.

    Attributes:
        failing: whom a change may not break, for a review to pass.
        removals: layers that may be removed.
    """

    failing: frozenset[Breaks] = frozenset({Breaks.CHECKPOINT, Breaks.CONFIG})
    removals: tuple[Removal, ...] = ()


def read_review(table: Any, source: Source, found: Diagnostics) -> ReviewSettings:
    """The settings of the table `review`; what is wrong with them goes to `found`."""
    if not isinstance(table, dict):
        span = find_setting(source, "tool.layergen", "review")
        found.add(codes.BAD_SETTING, "`review` must be a table", span)
        return ReviewSettings()
    for key in table:
        if key not in ("fail", "removed"):
            message = f"unknown setting `{key}` of `review`"
            span = find_setting(source, _TABLE, key)
            found.add(
                codes.UNKNOWN_SETTING, message, span, "it has `fail` and `removed`"
            )
    return ReviewSettings(
        _read_failing(table, source, found), _read_removed(table, source, found)
    )


def _read_failing(
    table: Mapping[str, Any], source: Source, found: Diagnostics
) -> frozenset[Breaks]:
    value = table.get("fail", sorted(ReviewSettings.failing))
    known = {str(each): each for each in Breaks}
    given = value if isinstance(value, list) else [value]
    strange = [each for each in given if not isinstance(each, str) or each not in known]
    if isinstance(value, list) and not strange:
        return frozenset(known[each] for each in value)
    message = f"`fail` must be a list of {', '.join(f'`{each}`' for each in known)}"
    meant = nearest(str(strange[0]), known) if strange else None
    notes = [f"did you mean `{meant}`?"] if meant else []
    span = find_setting(source, _TABLE, "fail")
    found.add(codes.BAD_SETTING, message, span, *notes)
    return ReviewSettings.failing


def _read_removed(
    table: Mapping[str, Any], source: Source, found: Diagnostics
) -> tuple[Removal, ...]:
    value = table.get("removed", {})
    note = 'such as `"package>Class" = "No model was saved with it."`'
    if not isinstance(value, dict):
        message = "`removed` must be a table of layers and reasons"
        span = find_setting(source, _TABLE, "removed")
        found.add(codes.BAD_SETTING, message, span, note)
        return ()
    removals = []
    for layer, reason in value.items():
        span = find_setting(source, f"{_TABLE}.removed", layer)
        if not _LAYER.fullmatch(layer):
            message = f"`{layer}` is no layer: it is named by package and class"
            found.add(codes.BAD_SETTING, message, span, note)
        elif not isinstance(reason, str) or not reason.strip():
            message = f"`{layer}` needs a reason why it may be removed"
            found.add(codes.BAD_SETTING, message, span, note)
        else:
            removals.append(Removal(layer, " ".join(reason.split()), span))
    return tuple(removals)


def find_setting(source: Source, table: str, key: str) -> Span | None:
    """The line that sets `key`, or that opens its table; None when a flag does."""
    offset, inside, header = 0, False, None
    for line in source.text.splitlines(keepends=True):
        stripped = line.strip()
        start = offset + len(line) - len(line.lstrip())
        span = source.span(start, start + len(stripped))
        offset += len(line)
        if stripped.startswith("["):
            inside = stripped.startswith((f"[{table}]", f"[{table}.{key}]"))
            header = header or (span if inside else None)
        elif "=" in stripped:
            name = stripped.partition("=")[0].strip().strip("\"'")
            if inside and name == key:
                return span
    outer, _, inner = table.rpartition(".")
    if header or outer == "tool":
        return header
    return find_setting(source, outer, inner)

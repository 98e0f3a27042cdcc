"""Review -> the sentence that sums it up."""

from collections import Counter

from layergen.codes.review import Breaks
from layergen.diagnostics import Severity
from layergen.review.report import Review

MEANINGS = {
    Breaks.CHECKPOINT: "saved weights no longer load, or not as they were",
    Breaks.CONFIG: "saved models no longer load",
    Breaks.CALLER: "code that makes or calls the layer",
    Breaks.NUMERIC: "other numbers",
    Breaks.TRAINING: "another course of training",
}
"""What it means that a level is broken."""


def count(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def summarize(found: Review) -> str:
    """How many layers changed, and how many changes break whom."""
    total = count(found.compared, "layer")
    wrong = [d for d in found.diagnostics if d.severity is Severity.ERROR]
    paths = {d.span.source.path if d.span else d.path for d in wrong}
    left = f"; {count(len(paths), 'spec')} could not be compared" if paths else ""
    if found.stale:
        left = f"; {count(len(found.stale), 'approval')} to remove{left}"
    if not found.layers:
        return f"{total} compared: no change{left}"
    broken = Counter(each for change in found.changes for each in change.breaks)
    parts = [f"{each} {broken[each]}" for each in Breaks if broken[each]]
    nobody = sum(not change.breaks for change in found.changes)
    parts += [f"nobody {nobody}"] if nobody else []
    approved = sum(change.approved is not None for change in found.changes)
    left = f"; approved: {approved}{left}" if approved else left
    changes = count(len(found.changes), "change")
    changed = f"{len(found.layers)} of {total} changed, {changes}"
    return f"{changed}; broken: {', '.join(parts)}{left}"

"""Review -> the sentence that sums it up."""

from collections import Counter

from layergen.codes.review import Breaks
from layergen.review.report import Review


def count(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def summarize(found: Review) -> str:
    """How many layers changed, and how many changes break whom."""
    total = count(found.compared, "layer")
    if not found.layers:
        return f"{total}: no change"
    broken = Counter(each for change in found.changes for each in change.breaks)
    parts = [f"{each} {broken[each]}" for each in Breaks if broken[each]]
    nobody = sum(not change.breaks for change in found.changes)
    parts += [f"nobody {nobody}"] if nobody else []
    changed = f"{len(found.layers)} of {total} changed"
    return (
        f"{changed}, {count(len(found.changes), 'change')}; broken: {', '.join(parts)}"
    )

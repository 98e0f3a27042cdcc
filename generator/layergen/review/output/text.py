"""Review -> text for a terminal."""

from collections.abc import Iterator

from layergen.codes.review import list_breaks
from layergen.reporters.text import clean
from layergen.reporters.text import format_text as format_diagnostics
from layergen.review.change import Change
from layergen.review.output.approving import how_to_approve
from layergen.review.report import LayerReview, Review


def format_text(found: Review, *, colour: bool = False) -> str:
    """The changes of each layer, the worst first; then what is wrong with specs."""
    blocks = [
        _block(found, layer, change, colour)
        for layer in found.layers
        for change in layer.changes
    ]
    wrong = format_diagnostics([*found.stale, *found.diagnostics], colour=colour)
    return "\n".join([*blocks, wrong] if wrong else blocks)


def _block(found: Review, layer: LayerReview, change: Change, colour: bool) -> str:
    diagnostic = change.diagnostic(found.failing)
    text = format_diagnostics([diagnostic], colour=colour)
    lines = text.rstrip("\n").split("\n")
    helps = [line for line in lines if line.startswith("   = help: ")]
    rest = [line for line in lines if line not in helps]
    if change.fails(found.failing):
        helps.append(f"   = help: to approve it: {how_to_approve(layer, change)}")
    return "".join(f"{line}\n" for line in [*rest, *_facts(change), *helps])


def _facts(change: Change) -> Iterator[str]:
    yield f"   = breaks: {list_breaks(change.breaks)}"
    if change.approved is not None:
        yield f"   = approved: {clean(change.approved)}"
    if change.before:
        yield f"   = before: {clean(change.before)}"
    if change.after:
        yield f"   = after: {clean(change.after)}"

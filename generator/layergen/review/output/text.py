"""Review -> text for a terminal."""

from collections.abc import Iterator

from layergen.codes.review import list_breaks
from layergen.reporters.text import format_text as format_diagnostics
from layergen.review.change import Change
from layergen.review.report import Review


def format_text(found: Review, *, colour: bool = False) -> str:
    """The changes of each layer, the worst first; then what is wrong with specs."""
    blocks = [_block(found, change, colour) for change in found.changes]
    wrong = format_diagnostics(found.diagnostics, colour=colour)
    return "\n".join([*blocks, wrong] if wrong else blocks)


def _block(found: Review, change: Change, colour: bool) -> str:
    diagnostic = change.diagnostic(found.failing)
    text = format_diagnostics([diagnostic], colour=colour)
    lines = text.rstrip("\n").split("\n")
    helps = [line for line in lines if line.startswith("   = help: ")]
    rest = [line for line in lines if line not in helps]
    return "".join(f"{line}\n" for line in [*rest, *_facts(change), *helps])


def _facts(change: Change) -> Iterator[str]:
    yield f"   = breaks: {list_breaks(change.breaks)}"
    if change.before:
        yield f"   = before: {change.before}"
    if change.after:
        yield f"   = after: {change.after}"

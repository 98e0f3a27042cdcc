"""Review -> annotations on GitHub, and SARIF for code scanning.

A change that is seen in the old spec only is shown at the head of the new one: an
annotation must stand in a file that is there.
"""

from collections.abc import Iterator
from dataclasses import replace

from layergen.codes.review import Breaks, list_breaks
from layergen.diagnostics import Diagnostic
from layergen.reporters.github import format_github
from layergen.reporters.sarif import format_sarif
from layergen.review.change import Change, Side
from layergen.review.report import LayerReview, Review


def format_annotations(found: Review) -> str:
    """One command a line, for the changes that break somebody."""
    shown = [each for each, change in _placed(found) if change.breaks]
    return format_github([*shown, *found.diagnostics])


def format_results(found: Review) -> str:
    """All changes, and what is wrong with specs, as SARIF 2.1.0."""
    placed = list(_placed(found))
    properties: list[dict[str, object]] = [
        {
            "breaks": [str(each) for each in Breaks if each in change.breaks],
            "before": change.before,
            "after": change.after,
        }
        for _, change in placed
    ]
    properties += [{} for _ in found.diagnostics]
    return format_sarif([*(each for each, _ in placed), *found.diagnostics], properties)


def _placed(found: Review) -> Iterator[tuple[Diagnostic, Change]]:
    for layer in found.layers:
        for change in layer.changes:
            yield _place(layer, change, found), change


def _place(layer: LayerReview, change: Change, found: Review) -> Diagnostic:
    facts: tuple[str, ...] = (f"breaks {list_breaks(change.breaks)}",)
    if change.before or change.after:
        facts += (f"before: {change.before or '-'}; after: {change.after or '-'}",)
    diagnostic = change.diagnostic(found.failing)
    diagnostic = replace(diagnostic, notes=(*facts, *diagnostic.notes))
    if change.side is Side.AFTER:
        return diagnostic
    return replace(diagnostic, span=None, path=layer.path)

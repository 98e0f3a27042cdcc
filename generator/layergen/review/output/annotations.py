"""Review -> annotations on GitHub, and SARIF for code scanning.

A change that is seen in the old spec only is shown at the head of the new one: an
annotation must stand in a file that is there.
"""

from collections.abc import Iterator
from dataclasses import replace

from layergen.codes.review import Breaks, approvable, list_breaks
from layergen.diagnostics import Diagnostic
from layergen.reporters.github import format_github
from layergen.reporters.sarif import format_sarif
from layergen.review.change import Change, Side
from layergen.review.report import LayerReview, Review


def format_annotations(found: Review) -> str:
    """One command a line, for the changes that break somebody."""
    shown = [each for each, change in _placed(found) if change.breaks]
    return format_github([*shown, *found.stale, *found.diagnostics])


def format_results(found: Review) -> str:
    """All changes, and what is wrong with specs, as SARIF 2.1.0."""
    placed = list(_placed(found))
    others = [*found.stale, *found.diagnostics]
    any_approved = any(change.approved is not None for _, change in placed)
    nothing: dict[str, object] = {"suppressions": []} if any_approved else {}
    keys = [{**nothing, **_keys(change)} for _, change in placed]
    keys += [nothing for _ in others]
    return format_sarif([*(each for each, _ in placed), *others], keys)


def _keys(change: Change) -> dict[str, object]:
    """What a result of SARIF says besides the finding.

    If one result says whether it is suppressed, SARIF wants all to say so.
    """
    properties = {
        "breaks": [str(each) for each in Breaks if each in change.breaks],
        "before": change.before,
        "after": change.after,
    }
    if change.approved is None:
        return {"properties": properties}
    suppression = {
        "kind": "inSource" if change.code.id in approvable() else "external",
        "status": "accepted",
        "justification": change.approved,
    }
    return {"suppressions": [suppression], "properties": properties}


def _placed(found: Review) -> Iterator[tuple[Diagnostic, Change]]:
    for layer in found.layers:
        for change in layer.changes:
            yield _place(layer, change, found), change


def _place(layer: LayerReview, change: Change, found: Review) -> Diagnostic:
    facts: tuple[str, ...] = (f"breaks {list_breaks(change.breaks)}",)
    if change.approved is not None:
        facts += (f"approved: {change.approved}",)
    if change.before or change.after:
        facts += (f"before: {change.before or '-'}; after: {change.after or '-'}",)
    diagnostic = change.diagnostic(found.failing)
    diagnostic = replace(diagnostic, notes=(*facts, *diagnostic.notes))
    if change.side is Side.AFTER:
        return diagnostic
    return replace(diagnostic, span=None, path=layer.path)

"""Changes, approvals -> the changes that are approved, the approvals that are of none.

An approval is for one change, in the review in which it comes. One that stands in both
versions was for an earlier change; else it would cover a second break of its kind.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from layergen.codes import approvals as codes
from layergen.diagnostics import Diagnostic
from layergen.layer import Layer
from layergen.loading.approvals import Approval
from layergen.review.change import Change


def approve(
    before: Layer | None, after: Layer, changes: tuple[Change, ...]
) -> tuple[tuple[Change, ...], tuple[Diagnostic, ...]]:
    """The changes with the reasons that the spec gives, and its other approvals."""
    spent = before.document.spec.approved if before else []
    given = after.document.spec.approved
    fresh = {each.change: each.reason for each in given if each not in spent}
    approved = tuple(_with_reason(change, fresh) for change in changes)
    used = {(c.code.id, c.name) for c in approved if c.approved is not None}
    if before is not None and not changes and _text(before) == _text(after):
        return approved, ()  # nothing was done here, and nothing need be
    return approved, tuple(_stale(after, spent, used))


def _with_reason(change: Change, reasons: Mapping[tuple[str, str], str]) -> Change:
    if not change.breaks:
        return change  # nobody needs a reason
    return replace(change, approved=reasons.get((change.code.id, change.name)))


def _text(layer: Layer) -> str:
    return layer.document.tree.source.text


def _stale(
    after: Layer, spent: Sequence[Approval], used: Collection[tuple[str, str]]
) -> Iterator[Diagnostic]:
    for i, each in enumerate(after.document.spec.approved):
        if each not in spent and each.change in used:
            continue
        named = f"`{each.code}`" + (f" of `{each.name}`" if each.name else "")
        message = f"this approves nothing: there is no break {named}"
        note = "remove it"
        if each in spent:
            message = f"{named} was approved for an earlier change"
            note = "remove it; another change needs a reason of its own"
        span = after.document.span("approved", i)
        yield Diagnostic(codes.STALE, message, span, (note,))

"""An approval that a layer is removed: a setting, as the layer has no spec any more."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from layergen.codes import approvals as codes
from layergen.diagnostics import Diagnostic
from layergen.review.change import Change
from layergen.source import Span


@dataclass(frozen=True)
class Removal:
    """A layer that may be removed.

    Attributes:
        layer: its name, `package>Class`.
        reason: why it may be.
        span: where the setting is written.
    """

    layer: str
    reason: str
    span: Span | None = field(default=None, compare=False)


def approve_removal(change: Change, layer: str, removals: Sequence[Removal]) -> Change:
    """The change that a layer is gone, with the reason that the settings give."""
    reasons = {each.layer: each.reason for each in removals}
    return replace(change, approved=reasons.get(layer))


def stale_removals(
    removals: Sequence[Removal],
    spent: Collection[Removal] | None,
    gone: Collection[str],
    there: Collection[str],
) -> Iterator[Diagnostic]:
    """The settings that approve nothing.

    Args:
        removals: what the settings approve.
        spent: what they did in the version before; None if it had no settings.
        gone: the layers that were removed.
        there: those that are there, of those that `removals` name at least.
    """
    for each in removals:
        if each.layer in there:
            message = f"the layer `{each.layer}` is still there"
        elif spent is not None and each not in spent and each.layer not in gone:
            message = f"this approves nothing: no layer `{each.layer}` was removed"
        else:
            continue
        yield Diagnostic(codes.STALE, message, each.span, ("remove it",))

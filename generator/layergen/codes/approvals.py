"""LG24x and LG614: breaks that a spec approves, with a reason."""

from layergen.codes.example import WEIGHT, body
from layergen.diagnostics import Code, Severity

_GAINED = "return factor * inputs * gain"
_REASON = "reason: No model was saved before."


def _approved(*entries: str) -> str:
    listed = "".join(f"\n  - {{{entry}, {_REASON}}}" for entry in entries)
    return body(_GAINED, parameters=WEIGHT, approved=listed)


NOT_APPROVABLE = Code(
    "LG240",
    "nothing to approve",
    means="An approval has a code that no break of a layer has.",
    why="Only changes that break somebody can be approved. `layergen diff` prints the"
    " codes of those that are there.",
    wrong=_approved("code: LG620, name: factor"),
    right=_approved("code: LG670, name: gain"),
)
APPROVED_MEMBER = Code(
    "LG241",
    "member of an approval",
    means="An approval does not say which member of the layer has changed, or says so"
    " where the change is one of the layer as a whole.",
    why="An approval is for one change, and not for all of a kind.",
    wrong=_approved("code: LG670"),
    right=_approved("code: LG670, name: gain"),
)
APPROVED_TWICE = Code(
    "LG242",
    "approved twice",
    means="Two approvals are for the same change.",
    why="One of them is of an earlier change, and its reason is not that of this one.",
    wrong=_approved("code: LG670, name: gain", "code: LG670, name: gain"),
    right=_approved("code: LG670, name: gain"),
)

STALE = Code(
    "LG614",
    "approval of no change",
    severity=Severity.WARNING,
    means="An approval is for a break that this change does not make, or stood in the"
    " spec before: then it was for an earlier change.",
    why="It approves nothing. Left in place it looks as if it did.",
    wrong="layergen diff main, where `approved` stands in main too",
    right="remove the approval; layergen diff main",
)

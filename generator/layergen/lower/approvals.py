"""Approvals of breaks: each of a change that there can be, and that has no other."""

from layergen.codes import approvals as codes
from layergen.codes import find
from layergen.codes.review import ReviewCode, approvable
from layergen.codes.review.identity import LAYER_REMOVED
from layergen.diagnostics import Diagnostics
from layergen.loading.load import Document
from layergen.nearest import nearest


def check_approvals(document: Document, found: Diagnostics) -> None:
    """Record every approval that can be of no change, or that stands there twice."""
    known = approvable()
    seen: set[tuple[str, str]] = set()
    for i, approval in enumerate(document.spec.approved):
        code = known.get(approval.code)
        if code is None:
            _refuse_code(document, i, approval.code, found)
        elif _names_member(document, i, code, found):
            if approval.change in seen:
                named = f" of `{approval.name}`" if approval.name else ""
                message = f"`{approval.code}`{named} is approved twice"
                note = "remove the one that is of an earlier change"
                span = document.span("approved", i)
                found.add(codes.APPROVED_TWICE, message, span, note)
            seen.add(approval.change)


def _refuse_code(document: Document, i: int, given: str, found: Diagnostics) -> None:
    span, code = document.span("approved", i, "code"), find(given)
    if code is LAYER_REMOVED:
        message = f"`{given}`: a layer that is removed has no spec to approve it in"
        note = "approve it in `pyproject.toml`, under `[tool.layergen.review.removed]`"
    elif isinstance(code, ReviewCode):
        message = f"`{given}` breaks nobody ({code.title}): it needs no approval"
        note = "remove it"
    else:
        message = f"`{given}` is no code of a break"
        near = _nearest_code(given)
        note = "`layergen diff` prints the codes"
        if near is not None:
            note = f"did you mean `{near.id}` ({near.title})?"
    found.add(codes.NOT_APPROVABLE, message, span, note)


def _nearest_code(given: str) -> ReviewCode | None:
    """The code that was probably meant, by its identifier or its title."""
    known = approvable()
    by_name = {**known, **{code.title: code for code in known.values()}}
    plain = given.upper().replace("O", "0")
    near = plain if plain in known else nearest(given, by_name)
    return by_name[near] if near else None


def _names_member(
    document: Document, i: int, code: ReviewCode, found: Diagnostics
) -> bool:
    """Whether a name is given exactly if the change is of a member."""
    name = document.spec.approved[i].name
    if code.about is not None and not name:
        given = document.has("approved", i, "name")
        place = document.key_span("approved", i, "name" if given else "code")
        message = f"`{code.id}` ({code.title}) needs the name of the {code.about}"
        note = f"`{{code: {code.id}, name: ..., reason: ...}}`"
        found.add(codes.APPROVED_MEMBER, message, place, note)
        return False
    if code.about is None and name is not None:
        message = f"`{code.id}` ({code.title}) is about the layer as a whole"
        place = document.key_span("approved", i, "name")
        found.add(codes.APPROVED_MEMBER, message, place, "remove `name`")
        return False
    return True

"""Change that fails -> what to write where, so that it does not."""

from layergen.codes.review import approvable
from layergen.review.change import Change
from layergen.review.report import LayerReview


def entry(change: Change) -> str:
    """An entry under `approved` in the spec, but for its reason."""
    name = f"name: {change.name}, " if change.name else ""
    return f"{{code: {change.code.id}, {name}reason: ...}}"


def how_to_approve(layer: LayerReview, *changes: Change) -> str:
    """What approves the changes of a layer that fail; empty if none does."""
    if not changes:
        return ""
    if all(change.code.id in approvable() for change in changes):
        entries = dict.fromkeys(map(entry, changes))
        return f"approved: [{', '.join(entries)}]"
    return f'[tool.layergen.review.removed] "{layer.name}" = "..."'

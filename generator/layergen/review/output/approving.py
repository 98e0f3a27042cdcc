"""Change that fails -> what to write where, so that it does not."""

import json

from layergen.codes.review import approvable
from layergen.review.change import Change
from layergen.review.report import LayerReview


def entry(change: Change, *, is_json: bool = False) -> str:
    """An entry under `approved` in the spec, but for its reason."""
    facts = {"code": change.code.id, "name": change.name, "reason": "..."}
    given = {key: value for key, value in facts.items() if value}
    if is_json:
        return json.dumps(given)
    return f"{{{', '.join(f'{key}: {value}' for key, value in given.items())}}}"


def how_to_approve(layer: LayerReview, *changes: Change) -> str:
    """What approves the changes of a layer that fail; empty if none does."""
    if not changes:
        return ""
    if is_removal(*changes):
        return f'[tool.layergen.review.removed] "{layer.name}" = "..."'
    is_json = layer.path.lower().endswith(".json")
    entries = dict.fromkeys(entry(change, is_json=is_json) for change in changes)
    key = '"approved"' if is_json else "approved"
    return f"{key}: [{', '.join(entries)}]"


def is_removal(*changes: Change) -> bool:
    """Whether the changes are approved in the settings: the layer has no spec left."""
    return not all(change.code.id in approvable() for change in changes)

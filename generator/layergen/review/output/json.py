"""Review -> JSON.

An object:

    failed      boolean: whether the review fails
    compared    integer: layers in both versions or one
    layers      list: the layers that changed, in order of path
    stale       list: approvals that approve nothing, as findings
    diagnostics list: findings in specs that could not be compared, as of `check`

A layer is an object:

    layer       string, `package>Class` as it is now, or was
    path        string: the spec now, or before
    before      string or null: the spec before
    after       string or null: the spec now
    changes     list, the worst first

A change has the keys of a finding (`code`, `severity`, `message`, `path`, `line`,
`column`, `endLine`, `endColumn`, `notes`), and

    title       string: what the code stands for
    breaks      list of `checkpoint`, `config`, `caller`, `numeric`, `training`
    side        `before` or `after`: the version that the place is in
    before      string: the fact before; empty if there was none
    after       string: the fact now
    name        string or null: the member that has changed; null for the whole layer
    approved    string or null: the reason why it may break what it breaks
"""

import json

from layergen.codes.review import Breaks
from layergen.reporters.json import to_json
from layergen.review.change import Change
from layergen.review.report import LayerReview, Review


def format_json(found: Review) -> str:
    """The review as a JSON object."""
    data = {
        "failed": found.fails,
        "compared": found.compared,
        "layers": [_layer(layer, found) for layer in found.layers],
        "stale": [to_json(each) for each in found.stale],
        "diagnostics": [to_json(each) for each in found.diagnostics],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _layer(layer: LayerReview, found: Review) -> dict[str, object]:
    return {
        "layer": layer.name,
        "path": layer.path,
        "before": layer.before.path if layer.before else None,
        "after": layer.after.path if layer.after else None,
        "changes": [change_to_json(change, found) for change in layer.changes],
    }


def change_to_json(change: Change, found: Review) -> dict[str, object]:
    """One change as plain data."""
    return {
        **to_json(change.diagnostic(found.failing)),
        "title": change.code.title,
        "breaks": [str(each) for each in Breaks if each in change.breaks],
        "side": str(change.side),
        "before": change.before,
        "after": change.after,
        "name": change.name or None,
        "approved": change.approved,
    }

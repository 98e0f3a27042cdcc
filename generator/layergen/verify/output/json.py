"""Outcome -> JSON for programs.

An object:

    failed      boolean: whether the exit code is 1
    base        string: the revision that saved the files
    same        integer: layers left out, as their code is the same in both versions
    layers      list: those that were tried, in order of path
    diagnostics list: findings in specs that could not be compared, as of `check`

A layer is an object:

    layer       string, `package>Class` as it was
    now         string or null: `package>Class` as it is; null if it was removed
    path        string: the spec now, or before
    compiled    boolean: whether the old code was not committed, and compiled
    breaks      list of levels that are really broken
    claimed     list of levels that `layergen diff` says are broken
    remarks     list of strings
    instances   list

An instance is an object; the facts are null where nothing was tried:

    instance    string: arguments and shapes
    problem     string: why nothing was tried; empty if it was
    model, weights, outputs, training   objects

A fact is an object:

    status      `loads`, `refused` or `misplaced`; of outputs `same`, `differ` or
                `fail`; `-` if there is nothing to tell
    reason      string, often Keras's own; may be empty
    difference  number or null: the largest between two elements of outputs; null if
                only one of them is a number
"""

import json
from collections.abc import Iterable
from math import isfinite

from layergen.codes.review import Breaks
from layergen.reporters.json import to_json
from layergen.verify.outcome import Fact, LayerOutcome, Outcome, Result
from layergen.verify.output.words import remarks


def format_json(found: Outcome) -> str:
    """The outcome as a JSON object."""
    data = {
        "failed": found.fails,
        "base": found.base,
        "same": found.same,
        "layers": [_layer(layer, found) for layer in found.layers],
        "diagnostics": [to_json(each) for each in found.diagnostics],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _layer(layer: LayerOutcome, found: Outcome) -> dict[str, object]:
    subject = layer.subject
    return {
        "layer": subject.name,
        "now": subject.name_after,
        "path": subject.path,
        "compiled": subject.is_compiled,
        "breaks": _levels(layer.breaks),
        "claimed": _levels(layer.claimed),
        "remarks": list(remarks(layer, found.base)),
        "instances": [_instance(result) for result in layer.results],
    }


def _levels(breaks: Iterable[Breaks]) -> list[str]:
    given = set(breaks)
    return [str(level) for level in Breaks if level in given]


def _instance(result: Result) -> dict[str, object]:
    def told(fact: Fact) -> dict[str, object] | None:
        if result.problem:
            return None
        return {
            "status": str(fact.status),
            "reason": fact.reason,
            "difference": fact.difference if isfinite(fact.difference) else None,
        }

    return {
        "instance": result.case.title,
        "problem": result.problem,
        "model": told(result.model),
        "weights": told(result.weights),
        "outputs": told(result.outputs),
        "training": told(result.training),
    }

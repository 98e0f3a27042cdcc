"""Which instances are tried, and what the facts of the processes mean."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from layergen.artifact import Target
from layergen.codes.review import Breaks
from layergen.compiler import check_source
from layergen.layer import Layer
from layergen.review.change import Witness
from layergen.review.compare import compare_layers
from layergen.review.pair import Pair
from layergen.review.report import Version
from layergen.source import Source
from layergen.verify.follow import follow, follow_path
from layergen.verify.formats import VerifyFormat
from layergen.verify.instances import choose_instances, find_known
from layergen.verify.outcome import Outcome, Status, judge
from layergen.verify.output import format_outcome
from layergen.verify.plan import Subject, load_job, plan_cases, save_job
from layergen.verify.reasons import shorten
from layergen.verify.recipe import read_recipe, write_recipe

SPEC = """\
layergen: 1
name: Scale
package: demo
summary: Scales.
arguments:
  factor: {type: float, default: 2.0}
  table: {type: array, rank: 1}
inputs:
  inputs: {shape: [batch, features]}
parameters:
  gain: {role: weight, shape: [features], initializer: ones}
  offset: {role: weight, shape: [features], initializer: zeros}
call: |
  return inputs * factor * gain + offset + table[0]
outputs: {shape: like inputs}
examples:
  - arguments: {table: [1.0, 2.0]}
    inputs: [[1.0, 2.0, 3.0]]
"""
INNER = """\
layergen: 1
name: Inner
package: demo
summary: Scales.
inputs:
  inputs: {shape: [batch, features]}
parameters:
  gain: {role: weight, shape: [features], initializer: ones}
call: |
  return inputs * gain
outputs: {shape: like inputs}
"""
OUTER = """\
layergen: 1
name: Outer
package: demo
summary: Scales twice.
inputs:
  inputs: {shape: [batch, features]}
sublayers:
  parts: {layer: inner.yaml, count: "2", shape: like inputs}
call: |
  outputs = inputs
  for part in parts:
      outputs = part(outputs)
  return outputs
outputs: {shape: like inputs}
"""


def compiled(text: str, folder: str | None = None) -> Layer:
    layer, found = check_source(Source("a.yaml", text, folder))
    assert layer is not None, found
    return layer


def subject(old: str, new: str | None) -> Subject:
    before = compiled(old)
    after = compiled(new) if new else None
    changes = compare_layers(before, after) if after else ()
    version = Version("a.yaml", after) if after else None
    return Subject(Version("a.yaml", before), version, changes)


RENAMED = SPEC.replace("factor", "by").replace("offset", "bias")


def test_instances_are_few_and_differ() -> None:
    layer = compiled(SPEC)
    chosen = choose_instances(layer, ())
    assert 3 <= len(chosen) <= 7
    assert len({str(each) for each in chosen}) == len(chosen)
    assert any(each.by_keyword for each in chosen)
    assert any(None in shape for each in chosen for shape in each.shapes.values())
    assert chosen[0].shapes == {"inputs": (1, 3)}  # the example


def test_defaults_are_tried() -> None:
    layer = compiled(SPEC.partition("examples:")[0])
    arguments = [each.arguments for each in choose_instances(layer, ())]
    assert any("factor" in each for each in arguments)
    assert any(each.keys() == {"table"} for each in arguments)


def test_models_of_unknown_sizes_are_called_on_sizes_that_fit() -> None:
    shapes = {"a": (None, 4), "b": [(None, None)]}
    others = [{"a": (2, 5), "b": [(2, 5)]}, {"a": (2, 4), "b": [(2, 3)]}]
    assert find_known(shapes, others) == others[1]
    assert find_known(shapes, others[:1]) == {"a": (3, 4), "b": [(3, 3)]}
    assert find_known(others[0], others[1:]) == others[0]


def test_what_the_review_names_is_tried() -> None:
    layer, other = compiled(SPEC), compiled(
        SPEC.replace("default: 2.0", "default: 2.0, max: 1e3")
    )
    changes = compare_layers(layer, other)
    named = [change.witness for change in changes if change.witness]
    assert named
    chosen = choose_instances(layer, changes)
    assert chosen[0].arguments["factor"] == named[0].arguments["factor"] > 1e3


def test_a_recipe_survives_json() -> None:
    case = plan_cases([subject(SPEC, SPEC)], Target(), Target())[0]
    data = json.loads(json.dumps(write_recipe(case.before)))
    again = read_recipe(data)
    assert isinstance(again.arguments["table"], np.ndarray)
    assert again.inputs == case.before.inputs
    assert again.module == "generated.demo.scale"


def test_arguments_go_on_under_their_new_names() -> None:
    pair = Pair(compiled(SPEC), compiled(RENAMED))
    followed = follow(
        pair, Witness({"table": np.ones(2)}, {"inputs": (2, 3)}), Target()
    )
    assert followed.is_same
    assert followed.recipe.arguments["by"] == 2.0
    assert set(followed.recipe.arguments) == {"by", "table"}


def test_what_is_refused_is_put_in() -> None:
    after = SPEC.replace("default: 2.0", "default: 0.5, max: 1.0")
    pair = Pair(compiled(SPEC), compiled(after))
    followed = follow(
        pair, Witness({"table": np.ones(2)}, {"inputs": (2, 3)}), Target()
    )
    assert not followed.is_same
    assert followed.recipe.arguments["factor"] <= 1.0


def test_paths_follow_renames_within_layers_of_other_specs(tmp_path: Any) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, text in ((before, INNER), (after, INNER.replace("gain", "strength"))):
        folder.mkdir()
        (folder / "inner.yaml").write_text(text)
    new = OUTER.replace("parts", "pieces").replace("part", "piece")
    pair = Pair(compiled(OUTER, str(before)), compiled(new, str(after)))
    assert follow_path(pair, "parts_1/gain") == "pieces_1/strength"
    same = Pair(compiled(OUTER, str(before)), compiled(OUTER, str(after)))
    assert not same.moves.lost
    changes = compare_layers(same.before, same.after)
    assert not any(Breaks.CHECKPOINT in change.breaks for change in changes)


FINE: dict[str, Any] = {
    "imports": "",
    "config": "",
    "model": "",
    "held": {"gain": ["gain"], "offset": ["offset"]},
    "variables": ["gain", "offset"],
    "outputs": {"inference": {"difference": 0.0}, "training": {"difference": 0.0}},
    "made": "",
    "weights": "",
    "weights_held": {"gain": ["gain"], "offset": ["offset"]},
    "weights_variables": ["gain", "offset"],
}
SAVED = {"problem": "", "outputs": {"inference": "", "training": ""}}


def outcome(saved: Any = SAVED, new: str | None = SPEC, **facts: Any) -> Outcome:
    """What is said of one layer whose instances have all the same facts."""
    made = subject(SPEC, new)
    cases = plan_cases([made], Target(), Target())
    loaded = {case.id: {**FINE, **facts} for case in cases}
    layers = judge([made], cases, {case.id: saved for case in cases}, loaded)
    failing = frozenset({Breaks.CHECKPOINT, Breaks.CONFIG})
    return Outcome("main", layers, 3, (), failing)


def first(found: Outcome) -> Any:
    return found.layers[0].results[0]


def test_what_loads_breaks_nobody() -> None:
    found = outcome()
    assert not found.fails
    assert found.layers[0].breaks == set()
    assert first(found).model.status is Status.LOADS
    assert first(found).outputs.status is Status.SAME


@pytest.mark.parametrize(
    ("facts", "breaks", "reason"),
    [
        ({"config": "TypeError: no"}, {Breaks.CONFIG}, "no"),
        ({"model": "ValueError: no"}, {Breaks.CHECKPOINT}, "no"),
        (
            {"held": {"gain": ["offset"], "offset": ["gain"]}},
            {Breaks.CHECKPOINT},
            "`gain` loads into `offset`",
        ),
        (
            {"held": {"gain": [], "offset": ["offset"]}},
            {Breaks.CHECKPOINT},
            "`gain` gets other values than were saved",
        ),
        (
            {"held": {"gain": []}, "variables": ["offset"]},
            {Breaks.CHECKPOINT},
            "what was saved of `gain` is dropped",
        ),
    ],
)
def test_what_is_broken_is_told(facts: Any, breaks: set[Breaks], reason: str) -> None:
    found = outcome(**facts)
    assert found.fails
    assert found.layers[0].breaks == breaks
    assert first(found).model.reason == reason
    # Nothing changed in the spec, so the review could not know.
    assert [level for level, _ in found.layers[0].differences] == list(breaks)


def test_what_is_approved_may_break() -> None:
    after = SPEC.replace(
        "features], initializer: zeros}", "1, features], initializer: zeros}"
    )
    made = subject(SPEC, after)
    found = outcome(new=after, model="ValueError: no")
    assert found.fails
    assert found.layers[0].excused == set()
    approved = tuple(replace(each, approved="It is new.") for each in made.changes)
    layers = (replace(found.layers[0], subject=replace(made, changes=approved)),)
    allowed = replace(found, layers=layers)
    assert allowed.layers[0].excused >= {Breaks.CHECKPOINT}
    assert not allowed.fails
    text = format_outcome(allowed, VerifyFormat.TEXT, colour=False)
    assert "note: approved: checkpoint" in text
    # Of what nobody approved, that one level was is no excuse.
    config = replace(
        layers[0], results=outcome(config="ValueError: no").layers[0].results
    )
    assert replace(found, layers=(config,)).fails


def test_numbers_fail_only_where_they_may_not_differ() -> None:
    modes = {"inference": {"difference": 0.5}, "training": {"difference": 0.5}}
    found = outcome(outputs=modes)
    assert found.layers[0].breaks == {Breaks.NUMERIC}
    assert not found.fails
    modes["inference"] = {"difference": 0.0}
    assert outcome(outputs=modes).layers[0].breaks == {Breaks.TRAINING}
    modes["inference"] = {"problem": "ValueError: no"}
    assert outcome(outputs=modes).layers[0].breaks == {Breaks.CALLER, Breaks.TRAINING}


def test_renamed_weights_are_where_they_were() -> None:
    held = {"gain": ["gain"], "offset": ["bias"]}
    found = outcome(new=RENAMED, held=held, variables=["gain", "bias"])
    assert first(found).model.status is Status.LOADS
    wrong = {"gain": ["bias"], "offset": ["gain"]}
    found = outcome(new=RENAMED, held=wrong, variables=["gain", "bias"])
    assert first(found).model.status is Status.MISPLACED


def test_weights_count_where_arguments_were_put_in_only_without_better() -> None:
    narrow = SPEC.replace("default: 2.0", "default: 0.5, max: 1.0")
    found = outcome(new=narrow, config="ValueError: no", weights="ValueError: no")
    fair = {result.is_fair for result in found.layers[0].tried}
    assert fair == {True, False}
    assert found.layers[0].breaks == {Breaks.CONFIG, Breaks.CHECKPOINT}


def test_an_instance_that_cannot_be_tried_is_told() -> None:
    broken = outcome(saved={"problem": "ValueError: no"})
    assert broken.fails
    assert "the old code makes no such model: no" in first(broken).problem
    lost = outcome(ended="not done after 60 seconds")
    assert lost.fails
    assert first(lost).problem == "with the new code: not done after 60 seconds"


def test_a_removed_layer_is_tried_once() -> None:
    made = subject(SPEC, None)
    (case,) = plan_cases([made], Target(), Target())
    from pathlib import Path

    assert load_job(case, Path("x"), Target())["module"] is None
    assert save_job(case, Path("x"))["recipe"]["name"] == "Scale"


def test_the_text_groups_what_is_the_same() -> None:
    text = format_outcome(
        outcome(model="ValueError: no"), VerifyFormat.TEXT, colour=False
    )
    assert text.splitlines()[:4] == [
        "a.yaml: demo>Scale: breaks: checkpoint",
        f"  {'saved instance':38}  model file   weights file  outputs",
        "  table=array of (2,), (1, 3) and 4 more  refused [1]  loads         same",
        "  [1] no",
    ]


def test_json_holds_every_instance() -> None:
    data = json.loads(format_outcome(outcome(), VerifyFormat.JSON, colour=False))
    assert list(data) == ["failed", "base", "same", "layers", "diagnostics"]
    (layer,) = data["layers"]
    assert layer["breaks"] == layer["claimed"] == []
    assert len(layer["instances"]) == len(outcome().layers[0].results)
    assert layer["instances"][0]["model"] == {
        "status": "loads",
        "reason": "",
        "difference": 0.0,
    }


def test_markdown_cannot_be_broken_out_of() -> None:
    found = outcome(model="ValueError: a | b <i>")
    text = format_outcome(found, VerifyFormat.MARKDOWN, colour=False)
    assert text.startswith("### ❌ layergen verify --against main: verified 1 layer")
    assert "refused: a \\| b &lt;i&gt;" in text


@pytest.mark.parametrize(
    ("reason", "short"),
    [
        (
            "TypeError: <class 'a.B'> could not be deserialized properly.\n\nconfig={}"
            "\n\nException encountered: Error when deserializing class 'B'.\n\n"
            "Exception encountered: B.__init__() got an unexpected keyword argument"
            " 'c'",
            "B.__init__() got an unexpected keyword argument 'c'",
        ),
        (
            "ValueError: A total of 1 objects could not be loaded. Example error"
            " message for object <B name=subject, built=True>:\n\nLayer 'subject'"
            " expected 2 variables.\n\nList of objects that could not be loaded:\n[]",
            "Layer 'subject' expected 2 variables.",
        ),
        (
            "TypeError: Could not locate class 'B'. Make sure custom classes and"
            " functions are decorated.\n\nFull object config: {}",
            "Could not locate class 'B'",
        ),
        (
            "ValueError: Exception encountered when calling B.call().\n\n\x1b[1mSizes"
            " differ\x1b[0m\n\nArguments received by B.call():\n  inputs",
            "Sizes differ",
        ),
    ],
)
def test_reasons_are_the_sentence_that_says_why(reason: str, short: str) -> None:
    assert shorten(reason) == short

"""`layergen verify` in a repository, with Keras: what becomes of real files."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.verify.repository import Repository, start

from layergen.cli import main

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(find_spec("keras") is None, reason="there is no Keras"),
]

INPUTS = "inputs:\n  inputs: {shape: [batch, features]}\n"
OUTPUTS = "outputs: {shape: like inputs}\n"
GAIN = "  gain: {role: weight, shape: [features], initializer: ones}\n"
OFFSET = "  offset: {role: weight, shape: [features], initializer: zeros}\n"


def body(parameters: str, call: str, arguments: str = "", rest: str = "") -> str:
    given = f"arguments:\n{arguments}" if arguments else ""
    held = f"parameters:\n{parameters}" if parameters else ""
    return f"{given}{INPUTS}{held}call: |\n  return {call}\n{OUTPUTS}{rest}"


FACTOR = "  factor: {type: float, default: 2.0}\n"
BEFORE = {
    "Added": body(GAIN, "inputs * gain"),
    "Swapped": body(GAIN + OFFSET, "inputs * gain + offset"),
    "Renamed": body(GAIN, "inputs * gain * factor", FACTOR),
    "Default": body(GAIN, "inputs * gain * factor", FACTOR),
    "Called": body(GAIN, "inputs * gain"),
    "Oldname": body(GAIN, "inputs * gain"),
    "Documented": body(GAIN, "inputs * gain"),
    "Missing": body(GAIN, "inputs * gain"),
    "Edited": body(GAIN, "inputs * gain"),
    "Gone": body(GAIN, "inputs * gain"),
    "Inner": body(GAIN, "inputs * gain"),
    "Noisy": body("", "inputs + random.normal(inputs.shape)"),
    "Bank": body("  bank: {role: constant, file: bank.npy}\n", "inputs + bank[0]"),
    "Outer": f"""\
{INPUTS}sublayers:
  inner: {{layer: inner.yaml}}
call: |
  return inner(inputs) + 1.0
{OUTPUTS}""",
    "Cell": """\
arguments:
  units: {type: int, min: 1}
inputs:
  inputs: {shape: [batch, units]}
  states: {shape: [batch, units], list: true, count: 1}
call: |
  state = states[0] + inputs
  return state, [state * 2.0]
outputs:
  outputs: {shape: [batch, units]}
  states: {shape: [batch, units], count: 1}
""",
    "Bridged": body(
        GAIN,
        "inputs * gain * factor",
        "  factor: {type: float, default: 2.0, renamed_from: by}\n",
    ),
    "Masked": """\
inputs:
  inputs: {shape: [batch, time, features], mask: true}
call: |
  if mask is None:
      return mean(inputs, axis=1)
  kept = cast(expand_dims(mask, -1), "float")
  return sum(inputs * kept, axis=1) / sum(kept, axis=1)
outputs: {shape: [batch, features]}
masking: consumes
""",
    "Optional": """\
inputs:
  inputs: {shape: [batch, time, features]}
  kept: {shape: [batch, time], dtype: int32, optional: true}
call: |
  outputs = inputs * 2.0
  return outputs if kept is None else outputs + expand_dims(cast(kept, "float"), -1)
outputs: {shape: like inputs}
""",
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = start(tmp_path_factory.mktemp("verify") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made.root)
        _write_before(made)
        _write_after(made)
    return made


def _write_before(made: Repository) -> None:
    for name, text in BEFORE.items():
        made.spec(name, text)
    np.save(made.root / "specs/bank.npy", np.ones((1, 1)))
    assert main(["build"]) == 0
    made.git("add", "-A")
    made.git("rm", "-q", "--cached", "generated/demo/missing.py")
    # Somebody added a weight to the old code by hand.
    line = "        self.gain = self.add_weight("
    more = '        self.more = self.add_weight(name="more", shape=(2,))\n'
    made.change("generated/demo/edited.py", line, more + line)
    made.git("add", "generated/demo/edited.py")
    made.git("commit", "-q", "-m", "before")
    made.git("checkout", "-q", "generated/demo/edited.py")
    made.change("generated/demo/edited.py", more, "")


def _write_after(made: Repository) -> None:
    made.spec("Added", body(GAIN + OFFSET, "inputs * gain + offset"))
    made.spec("Swapped", body(OFFSET + GAIN, "inputs * gain + offset"))
    text = BEFORE["Renamed"].replace("factor", "scale")
    made.spec("Renamed", text)
    made.spec("Default", BEFORE["Default"].replace("2.0", "3.0"))
    made.spec("Called", body(GAIN, "inputs * gain + 1.0"))
    made.change("specs/oldname.yaml", "name: Oldname", "name: Newname")
    made.change("specs/documented.yaml", "Shows it.", "Shows it well.")
    made.spec("Missing", body(GAIN + OFFSET, "inputs * gain + offset"))
    (made.root / "specs/gone.yaml").unlink()
    made.spec("Inner", BEFORE["Inner"].replace("gain", "strength"))
    made.change("specs/noisy.yaml", "inputs + random", "inputs + 3.0 * random")
    np.save(made.root / "specs/bank.npy", np.full((1, 1), 5.0))
    made.change("specs/bridged.yaml", ", renamed_from: by", "")
    made.change("specs/cell.yaml", "state * 2.0", "state * 4.0")
    made.change("specs/masked.yaml", "kept = cast(", "kept = 0.5 + cast(")
    made.change("specs/optional.yaml", "inputs * 2.0", "inputs * 3.0")
    assert main(["build"]) == 0


@pytest.fixture(scope="module")
def report(repository: Repository) -> dict[str, Any]:
    """What one run of the command says of all."""
    before = _tree(repository.root)
    command = [sys.executable, "-m", "layergen", "verify", "--against", "HEAD"]
    ended = subprocess.run(
        [*command, "--output-format", "json"],
        cwd=repository.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert _tree(repository.root) == before
    assert "with the same code left out" in ended.stderr
    return json.loads(ended.stdout)


def _tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if ".layergen_cache" not in path.parts)
    return {str(path): path.read_bytes() for path in files if path.is_file()}


@pytest.fixture
def layers(report: dict[str, Any]) -> dict[str, Any]:
    """The layers by the names of their old classes."""
    return {layer["layer"].partition(">")[2]: layer for layer in report["layers"]}


def statuses(layer: dict[str, Any], fact: str) -> set[str]:
    return {each[fact]["status"] for each in layer["instances"] if not each["problem"]}


def reasons(layer: dict[str, Any], fact: str) -> str:
    return " ".join(e[fact]["reason"] for e in layer["instances"] if not e["problem"])


def test_a_weight_that_is_new_is_missed(layers: dict[str, Any]) -> None:
    layer = layers["Added"]
    assert layer["breaks"] == ["checkpoint"]
    assert statuses(layer, "model") == statuses(layer, "weights") == {"refused"}
    assert "expected 2 variables, but received 1" in reasons(layer, "model")


def test_weights_in_another_order_load_into_each_other(layers: dict[str, Any]) -> None:
    layer = layers["Swapped"]
    assert layer["breaks"] == ["checkpoint", "numeric"]
    assert statuses(layer, "model") == statuses(layer, "weights") == {"misplaced"}
    assert "`gain` loads into `offset`" in reasons(layer, "model")
    assert statuses(layer, "outputs") == {"differ"}


def test_an_argument_that_is_renamed_refuses_the_model(layers: dict[str, Any]) -> None:
    layer = layers["Renamed"]
    assert layer["breaks"] == ["config"]
    assert statuses(layer, "model") == {"refused"}
    assert "'factor'" in reasons(layer, "model")
    assert statuses(layer, "weights") == {"loads"}


def test_another_default_reaches_no_saved_model(layers: dict[str, Any]) -> None:
    layer = layers["Default"]
    assert layer["breaks"] == []
    assert statuses(layer, "model") == statuses(layer, "weights") == {"loads"}
    assert statuses(layer, "outputs") == statuses(layer, "training") == {"same"}


def test_another_call_yields_other_numbers(layers: dict[str, Any]) -> None:
    assert layers["Called"]["breaks"] == ["numeric"]
    assert statuses(layers["Called"], "model") == {"loads"}
    found = [each["outputs"]["difference"] for each in layers["Called"]["instances"]]
    assert found == pytest.approx([1.0] * len(found), rel=1e-4)


def test_a_class_that_is_renamed_is_not_found(layers: dict[str, Any]) -> None:
    layer = layers["Oldname"]
    assert layer["now"] == "demo>Newname"
    assert layer["breaks"] == ["checkpoint", "config"]
    assert "Could not locate class 'Oldname'" in reasons(layer, "model")


def test_documentation_is_no_code(layers: dict[str, Any]) -> None:
    assert "Documented" not in layers


def test_code_that_is_not_committed_is_compiled(layers: dict[str, Any]) -> None:
    layer = layers["Missing"]
    assert layer["compiled"]
    assert layer["breaks"] == ["checkpoint"]
    assert any("holds no generated code" in each for each in layer["remarks"])
    assert not layers["Added"]["compiled"]


def test_old_code_is_run_as_it_was_edited(layers: dict[str, Any]) -> None:
    """The spec has not changed, so `layergen diff` could not know."""
    layer = layers["Edited"]
    assert layer["breaks"] == ["checkpoint"]
    assert layer["claimed"] == []
    assert "received 2 variables" in reasons(layer, "weights")
    assert any("edited by hand" in each for each in layer["remarks"])


def test_a_layer_that_is_removed_is_not_found(layers: dict[str, Any]) -> None:
    layer = layers["Gone"]
    assert layer["now"] is None
    assert "Could not locate class 'Gone'" in reasons(layer, "model")
    assert "the layer is removed" in layer["remarks"]


def test_a_weight_renamed_in_another_spec_loads(layers: dict[str, Any]) -> None:
    for name in ("Inner", "Outer"):
        assert layers[name]["breaks"] == []
        assert statuses(layers[name], "weights") == {"loads"}


def test_arrays_beside_the_code_are_those_of_the_commit(layers: dict[str, Any]) -> None:
    assert layers["Bank"]["breaks"] == ["numeric"]
    differences = {e["outputs"]["difference"] for e in layers["Bank"]["instances"]}
    assert all(each == pytest.approx(4.0, rel=1e-4) for each in differences)


def test_outputs_that_are_drawn_are_not_compared(layers: dict[str, Any]) -> None:
    assert layers["Noisy"]["breaks"] == []
    assert reasons(layers["Noisy"], "outputs").startswith("random numbers")


def test_lists_and_optional_inputs(layers: dict[str, Any]) -> None:
    for name in ("Cell", "Optional"):
        assert layers[name]["breaks"] == ["numeric"], layers[name]
        assert statuses(layers[name], "outputs") == {"differ"}
        assert not any(each["problem"] for each in layers[name]["instances"])


def test_files_of_still_older_versions_are_tried(layers: dict[str, Any]) -> None:
    layer = layers["Bridged"]
    assert layer["breaks"] == ["config"]
    refused = [e for e in layer["instances"] if e["model"]["status"] == "refused"]
    assert refused == [
        e for e in layer["instances"] if "saved with by" in e["instance"]
    ]
    assert len(refused) == 1


def test_masks_reach_the_layer(layers: dict[str, Any]) -> None:
    """Only with a mask are the numbers others."""
    found = {e["outputs"]["status"] for e in layers["Masked"]["instances"]}
    assert found == {"same", "differ"}
    for each in layers["Masked"]["instances"]:
        masked = each["instance"].endswith("masked")
        assert each["outputs"]["status"] == ("differ" if masked else "same")


def test_the_review_agrees_but_for_what_was_edited(report: dict[str, Any]) -> None:
    levels = ("checkpoint", "config")
    wrong = [
        layer["layer"]
        for layer in report["layers"]
        for level in levels
        if (level in layer["claimed"]) != (level in layer["breaks"])
    ]
    assert wrong == ["demo>Edited"]
    assert report["failed"]
    assert report["same"] == 1

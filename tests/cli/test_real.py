"""The command line with the real compiler behind it, each time in a new process."""

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Sandbox

REPOSITORY = Path(__file__).parents[2]
COMMAND = """
import sys
from layergen.cli import main
code = main()
heavy = {"black", "jinja2", "keras", "numpy", "tensorflow", "yaml"}
print("heavy:", sorted(heavy & sys.modules.keys()), file=sys.stderr)
sys.exit(code)
"""


def _run(box: Sandbox, *arguments: str, code: int = 0) -> tuple[str, str]:
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=box.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "generator")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended
    return ended.stdout, ended.stderr


def test_from_nothing_to_an_up_to_date_build(box: Sandbox) -> None:
    (box.root / "pyproject.toml").unlink()
    _run(box, "init")
    _run(box, "new", "Gate", "--package", "zoo")
    _, err = _run(box, "build")
    assert "built 2 specs" in err
    before = box.tree()
    assert "class Gate" in before["generated/zoo/gate.py"].decode()
    assert _run(box, "build", "--check") == ("", "2 specs up to date\nheavy: []\n")
    (box.root / ".layergen_cache/specs.json").unlink()
    _, err = _run(box, "build")
    assert "0 files written" in err
    assert "'black'" not in err  # the texts were formatted before
    assert box.tree() == before


def test_an_invalid_spec_is_told_with_its_place(box: Sandbox) -> None:
    _run(box, "new", "Gate")
    path = box.root / "specs/layers/gate.yaml"
    path.write_text(path.read_text().replace("matmul(", "matmull("))
    _, err = _run(box, "build", code=1)
    assert err.startswith(
        "specs/layers/gate.yaml:14:18: error[LG304]: unknown function `matmull`\n"
        "   |\n"
        "14 |   return scale * matmull(inputs, kernel)\n"
        "   |                  ^^^^^^^\n"
        "   = help: did you mean `matmul`?\n"
        "\n"
        "found 1 error\n"
        "nothing was written\n"
    )
    assert sorted(box.tree()) == ["pyproject.toml", "specs/layers/gate.yaml"]


CHILD = """\
layergen: 1
name: Scale
package: zoo
summary: Scales by a learned factor.
inputs:
  inputs: {shape: [batch, features]}
parameters:
  factor: {role: weight, shape: [features]}
call: |
  return inputs * factor
outputs: {shape: like inputs}
"""
OWNER = """\
layergen: 1
name: Outer
package: zoo
summary: Projects and scales.
inputs:
  inputs: {shape: [batch, features]}
sublayers:
  project: {layer: Dense, arguments: {units: features}}
  scale: {layer: parts/scale.yaml, shape: like inputs}
call: |
  return scale(project(inputs))
outputs: {shape: like inputs}
"""


def test_an_owner_is_built_again_when_what_it_owns_changes(box: Sandbox) -> None:
    child = box.write("specs/parts/scale.yaml", CHILD)
    box.write("specs/outer.yaml", OWNER)
    _run(box, "build")
    assert _run(box, "build", "--check")[0] == ""
    before = box.tree()

    child.write_text(CHILD.replace("factor", "gain"))
    out, err = _run(box, "build", "--check", code=1)
    assert "outer" in out + err
    _run(box, "build")
    after = box.tree()
    changed = {path for path in after if after[path] != before.get(path)}
    assert {"generated/zoo/scale.py", "generated/tests/zoo/test_outer.py"} <= changed
    assert b"scale/gain" in after["generated/tests/zoo/test_outer.py"]

    child.write_text(CHILD.replace("* factor", "* facto"))
    _, err = _run(box, "build", "specs/outer.yaml", code=1)
    assert "`parts/scale.yaml` has errors" in err
    child.unlink()
    _, err = _run(box, "build", "specs/outer.yaml", code=1)
    assert "specs/outer.yaml:9:18: error[LG230]" in err
    assert "`parts/scale.yaml` cannot be read: no such file" in err


def test_specs_that_own_one_another_are_told(box: Sandbox) -> None:
    box.write("specs/outer.yaml", OWNER)
    owned = "inner: {layer: ../outer.yaml, shape: like inputs}"
    back = CHILD.replace("call:", f"sublayers:\n  {owned}\ncall:")
    back = back.replace("inputs * factor", "inner(inputs) * factor")
    box.write("specs/parts/scale.yaml", back)
    out, _ = _run(box, "check", code=1)
    assert "`../outer.yaml` owns this layer itself" in out
    assert "`parts/scale.yaml` owns this layer itself" in out


def test_a_former_name_that_another_layer_has(box: Sandbox) -> None:
    _run(box, "new", "Gate", "--package", "zoo")
    path = box.root / "specs/zoo/gate.yaml"
    head, _, rest = path.read_text().partition("package: zoo\n")
    path.write_text(f"{head}package: zoo\nrenamed_from: old>Gate\n{rest}")
    _run(box, "build")
    _run(box, "new", "Gate", "--package", "old")
    before = box.tree()
    line = head.count("\n") + 2
    for _ in range(2):  # the second time out of the cache
        _, err = _run(box, "build", code=1)
        assert f"specs/zoo/gate.yaml:{line}:15: error[LG535]" in err
        assert "of the layer of `specs/old/gate.yaml`" in err
        assert box.tree() == before

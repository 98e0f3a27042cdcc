"""`layergen diff`: where the two versions come from, and how changes are told."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from reviewed import Project, spec

from layergen.cli import main


def test_the_work_tree_against_a_revision(project: Project) -> None:
    project.write("specs/scale.yaml", spec(shape="1"))
    out = project.diff("main", code=1)
    assert out.startswith(
        "specs/scale.yaml:10:31: error[LG673]: `gain` has another shape\n"
    )
    assert "= before: (features)\n   = after: (1)\n" in out


def test_two_revisions(project: Project) -> None:
    project.write("specs/scale.yaml", spec(factor=3.0))
    project.commit()
    project.write("specs/scale.yaml", "not: looked at")
    out = project.diff("HEAD~1", "HEAD")
    assert out.startswith("HEAD:specs/scale.yaml:6:34: warning[LG631]: ")


def test_the_merge_base(project: Project) -> None:
    project.git("switch", "-q", "-c", "topic")
    project.write("specs/other.yaml", spec("Other"))
    project.commit()
    project.git("switch", "-q", "main")
    project.write("specs/scale.yaml", spec(shape="1"))
    project.commit()
    out = project.diff("main...topic", "topic")
    assert "LG601" in out
    assert "LG673" not in out
    assert "LG673" in project.diff("main", "topic", code=1)


def test_folders_and_files(project: Project) -> None:
    project.write("old/scale.yaml", spec())
    project.write("old/gone.yaml", spec("Gone"))
    project.write("specs/scale.yaml", spec(factor=3.0))
    assert "LG600" in project.diff("old", code=1)
    out = project.diff("old/scale.yaml")
    assert "LG631" in out
    assert "LG600" not in out
    out = project.diff("old/gone.yaml", "specs/scale.yaml", code=1)
    assert "LG602" in out


def test_a_part_of_the_specs(project: Project) -> None:
    project.write("specs/part/hill.yaml", spec("Hill"))
    project.write("specs/part/moor.yaml", spec("Moor"))
    project.write("specs/wrong.yaml", "wrong")
    project.commit()
    for path in ("specs/part/hill.yaml", "specs/part/moor.yaml"):
        (project.root / path).unlink()
    project.write("specs/part/hill.yaml", spec("Hill", factor=3.0))
    project.write("specs/moved.yaml", spec("Moor", factor=4.0))
    project.write("specs/scale.yaml", spec(factor=5.0))
    code, out, err = project.call("diff", "main", "specs/part")
    assert code == 0
    assert "specs/part/hill.yaml:6:34: warning[LG631]" in out
    assert "specs/moved.yaml:6:34: warning[LG631]" in out
    assert "scale" not in out  # neither gone nor changed
    assert err == "\n2 of 2 layers changed, 2 changes; broken: caller 2\n"
    out = project.diff("specs/part", "main")
    assert out.count("LG631") == 2
    assert project.diff("specs/part") == ""


def test_what_is_no_change(project: Project) -> None:
    lines = spec().split("\n")
    moved = [lines[3], lines[0], *lines[1:3], *lines[4:]]
    project.write("specs/scale.yaml", "# A comment\n" + "\n".join(moved))
    assert project.diff("main") == ""
    (project.root / "specs/scale.yaml").unlink()
    project.write("specs/deep/moved.yaml", spec())
    code, out, err = project.call("diff", "main")
    assert (code, out, err) == (0, "", "1 layer compared: no change\n")


def test_a_renamed_file_is_followed(project: Project) -> None:
    (project.root / "specs/scale.yaml").unlink()
    project.write("specs/deep/moved.yaml", spec(factor=3.0))
    out = project.diff("main")
    assert out.startswith("specs/deep/moved.yaml:6:34: warning[LG631]: ")
    assert "LG600" not in out


def test_layers_that_come_and_go(project: Project) -> None:
    (project.root / "specs/scale.yaml").unlink()
    project.write("specs/other.yaml", spec("Other"))
    out = project.diff("main", code=1)
    assert "main:specs/scale.yaml:2:7: error[LG600]" in out
    assert "specs/other.yaml:2:7: note[LG601]" in out


def test_a_spec_with_errors_does_not_stop_the_others(project: Project) -> None:
    project.write("specs/wrong.yaml", spec("Wrong"))
    project.commit()
    project.write("specs/wrong.yaml", spec("Wrong").replace("like inputs", "like x"))
    project.write("specs/scale.yaml", spec(factor=3.0))
    out = project.diff("main", code=1)
    assert "LG631" in out
    assert "specs/wrong.yaml:13:" in out
    assert "LG600" not in out  # what was there has not gone


def test_a_spec_with_errors_that_has_moved(project: Project) -> None:
    (project.root / "specs/scale.yaml").unlink()
    project.write("specs/moved.yaml", spec().replace("weight", "weigth"))
    out = project.diff("main", code=1)
    assert out.startswith("specs/moved.yaml:10:16: error[LG103]: ")
    assert "LG600" not in out
    project.commit()
    (project.root / "specs/moved.yaml").unlink()
    project.write("specs/scale.yaml", spec())
    assert "LG601" not in project.diff("HEAD", code=1)


def test_a_spec_that_is_not_utf8(project: Project) -> None:
    path = project.root / "specs/scale.yaml"
    path.write_bytes(path.read_bytes() + b"\xff")
    out = project.diff("main", code=1)
    assert "LG091" in out
    assert "LG600" not in out
    project.commit()
    project.write("specs/scale.yaml", spec())
    assert "LG601" not in project.diff("HEAD", code=1)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("main..HEAD", "`main...HEAD` is the commit that both come from"),
        ("main...nope", "`nope` is no revision that git knows\n\n"),
        ("alien...", "`alien` and `HEAD` have no commit in common that git knows\n\n"),
        ("there", "did you mean `origin/there`?"),
        ("", "`` is no path, and no revision that git knows\n\n"),
    ],
)
def test_what_a_revision_may_mean(project: Project, name: str, told: str) -> None:
    project.git("update-ref", "refs/remotes/origin/there", "HEAD")
    project.git("checkout", "-q", "--orphan", "alien")
    project.commit()
    project.git("checkout", "-q", "main")
    code, _, err = project.call("diff", name)
    assert code == 2
    assert told in err
    (project.root / ".git/shallow").write_text(project.git("rev-parse", "HEAD") + "\n")
    assert "this clone is shallow" in project.call("diff", name)[2]


def test_two_specs_of_one_class(project: Project) -> None:
    project.write("specs/twin.yaml", spec(factor=4.0))
    assert "LG532" in project.diff("main", code=1)


def test_arrays_are_those_of_their_side(project: Project) -> None:
    table = spec().replace(
        "weight, shape: [features], initializer: ones", "constant, file: table.npy"
    )
    project.write("specs/scale.yaml", table.replace("features", "2"))
    np.save(project.root / "specs/table.npy", np.array([1.0, 2.0]))
    project.commit()
    assert project.diff("main") == ""
    np.save(project.root / "specs/table.npy", np.array([1.0, 3.0]))
    assert "warning[LG694]: `gain` has other numbers" in project.diff("main")
    (project.root / "specs/table.npy").unlink()
    assert "there is no `table.npy`" in project.diff("main", code=1)


def test_specs_that_own_others(project: Project) -> None:
    outer = spec("Outer").replace("parameters:", "sublayers:")
    outer = outer.replace(
        "gain: {role: weight, shape: [features], initializer: ones}",
        "inner: {layer: scale.yaml, shape: like inputs}",
    ).replace("inputs * gain", "inner(inputs)")
    project.write("specs/outer.yaml", outer)
    project.commit()
    project.write("specs/scale.yaml", spec(shape="1"))
    out = project.diff("main", code=1)
    assert "specs/outer.yaml:10:3: error[LG688]" in out
    assert "specs/scale.yaml:10:31: error[LG673]" in out


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("layergen: 1", "# A comment\nlayergen: 1"), ""),
        (("features", "columns"), ""),
        (("Multiplies its input", "Scales its input"), ""),
        (("package: demo", "package: other\nrenamed_from: demo>Scale"), ""),
        (("return factor", "return 2 * factor"), "numeric"),
        (("initializer: ones", "initializer: zeros"), "training"),
        (("default: 2.0", "default: 3.0"), "numeric, training"),
        (("factor: {", "extra: {type: float, default: 1.0}\n  factor: {"), "nobody"),
    ],
)
def test_what_of_an_owned_spec_is_passed_on(
    project: Project, edit: tuple[str, str], told: str
) -> None:
    outer = spec("Outer").replace("parameters:", "sublayers:")
    outer = outer.replace(
        "gain: {role: weight, shape: [features], initializer: ones}",
        "inner: {layer: scale.yaml, shape: like inputs}",
    ).replace("inputs * gain", "inner(inputs)")
    project.write("specs/outer.yaml", outer)
    project.commit()
    project.write("specs/scale.yaml", spec().replace(*edit))
    changes = json.loads(project.diff("main", "--output-format", "json"))["layers"]
    found = [c for layer in changes for c in layer["changes"] if c["code"] == "LG688"]
    breaks = [", ".join(change["breaks"]) or "nobody" for change in found]
    assert breaks == [told] * bool(told)


def test_sizes_of_masks_have_any_name(project: Project) -> None:
    masked = spec().replace("batch, features]}", "batch, steps, features], mask: true}")
    plain = "return factor * inputs * gain\n"
    kept = 'return inputs * gain * expand_dims(cast(mask, "float"), axis=-1)\n'
    masked = masked.replace(plain, f"if mask is None:\n      {plain}  {kept}")
    masked += "masking: passes\n"
    project.write("specs/scale.yaml", masked)
    project.commit()
    project.write("specs/scale.yaml", masked.replace("steps", "time"))
    assert project.diff("main") == ""


def test_a_shape_that_is_written_otherwise_is_told(project: Project) -> None:
    project.write("specs/scale.yaml", spec(shape="features * 1"))
    out = project.diff("main")
    assert "note[LG673]: the shape of `gain` is written otherwise" in out
    assert "= help: it is the same in the " in out


def test_a_project_inside_a_repository(project: Project) -> None:
    inner = Project(project.root / "inner", project.call)
    inner.write("specs/inner.yaml", spec("Inner"))
    inner.write("pyproject.toml", '[tool.layergen]\nspecs = ["specs"]\n')
    project.commit()
    inner.write("specs/inner.yaml", spec("Inner", 5.0))
    code, out, _ = project.call("diff", "main", "inner/specs")
    assert code == 1  # `Scale` is not there
    assert "LG600" in out
    old = os.getcwd()
    os.chdir(inner.root)
    try:
        assert main(["diff", "main"]) == 0
    finally:
        os.chdir(old)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("mian",), "LG518"),
        (("main", "nowhere"), "LG518"),
        (("--", "--upload-pack=touch x"), "LG518"),
        (("--", "-h"), "LG518"),
        (("main...",), None),
        (("main...nowhere",), "LG518"),
        (("",), "LG518"),
        (("a\nb",), "LG518"),
    ],
)
def test_revisions_that_are_none(
    project: Project, arguments: tuple[str, ...], code: str | None
) -> None:
    ended, _, err = project.call("diff", *arguments)
    assert ended == (2 if code else 0), err
    assert code is None or f"error[{code}]" in err


def test_a_name_of_a_path_and_of_a_revision(project: Project) -> None:
    project.git("branch", "specs")
    ended, _, err = project.call("diff", "specs")
    assert ended == 2
    assert "`specs` is a path and a revision" in err
    assert project.diff("./specs") == ""
    assert project.diff("refs/heads/specs") == ""


def test_no_repository(project: Project) -> None:
    (project.root / ".git").rename(project.root / "elsewhere")
    ended, _, err = project.call("diff", "main")
    assert ended == 2
    assert "error[LG519]" in err


def test_nothing_of_the_repository_is_run_or_touched(
    project: Project, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        hook = project.root / ".git/hooks" / name
        hook.write_bytes(trap.read_bytes())
        hook.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        project.git("config", setting, str(trap))
    project.git("config", "filter.trap.smudge", str(trap))
    project.git("config", "diff.trap.textconv", str(trap))
    project.write("specs/.gitattributes", "*.yaml filter=trap diff=trap\n")
    project.write("specs/scale.yaml", spec(factor=3.0))

    def state() -> dict[str, tuple[bytes, int]]:
        files = (p for p in project.root.rglob("*") if p.is_file())
        return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}

    before = state()
    assert "LG631" in project.diff("main")
    assert state() == before
    assert not (tmp_path / "sprung").exists()


def test_links_are_not_followed(project: Project, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(spec("Secret"))
    (project.root / "specs/link.yaml").symlink_to(tmp_path / "secret.yaml")
    project.commit()
    (project.root / "specs/link.yaml").unlink()
    assert project.diff("main") == ""


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("", 1),
        ("[tool.layergen.review]\nfail = []\n", 0),
        ('[tool.layergen.review]\nfail = ["numeric"]\n', 0),
        ('[tool.layergen.review]\nfail = ["numeric", "checkpoint"]\n', 1),
        ('[tool.layergen.review]\nfail = "config"\n', 2),
        ('[tool.layergen.review]\nfail = ["everything"]\n', 2),
        ('[tool.layergen.review]\nfial = ["config"]\n', 2),
        ("review = 1\n", 2),
    ],
)
def test_what_fails_is_a_setting(project: Project, settings: str, code: int) -> None:
    project.write("pyproject.toml", f"[tool.layergen]\n{settings}")
    project.write("specs/scale.yaml", spec(shape="1"))
    project.diff("main", code=code)


def test_json(project: Project) -> None:
    project.write("specs/scale.yaml", spec(shape="1"))
    data = json.loads(project.diff("main", "--output-format", "json", code=1))
    assert data["failed"] is True
    assert data["compared"] == 1
    (layer,) = data["layers"]
    assert (layer["layer"], layer["path"]) == ("demo>Scale", "specs/scale.yaml")
    change = layer["changes"][0]
    assert change == {
        "code": "LG673",
        "severity": "error",
        "message": "`gain` has another shape",
        "path": "specs/scale.yaml",
        "line": 10,
        "column": 31,
        "endLine": 10,
        "endColumn": 34,
        "notes": ["such as [1] where it was [3]"],
        "title": "shape of a weight changed",
        "breaks": ["checkpoint"],
        "side": "after",
        "before": "(features)",
        "after": "(1)",
        "name": "gain",
        "approved": None,
    }


def test_sarif(project: Project) -> None:
    """What the schema of SARIF 2.1.0 requires, and what code scanning asks for."""
    (project.root / "specs/scale.yaml").unlink()
    project.write("specs/other.yaml", spec("Other", shape="1"))
    data = json.loads(project.diff("main", "--output-format", "sarif", code=1))
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "layergen"
    assert [rule["id"] for rule in rules] == ["LG600", "LG601"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("specs/")
        region = place.get("region", {"startLine": 1, "startColumn": 1})
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
    for rule in rules:
        assert rule["shortDescription"]["text"]


def test_sarif_of_check(project: Project) -> None:
    project.write("specs/scale.yaml", spec().replace("like inputs", "like x"))
    code, out, _ = project.call("check", "--output-format", "sarif")
    assert code == 1
    (result,) = json.loads(out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 13


def test_annotations(project: Project) -> None:
    text = (
        spec(factor=3.0)
        .replace(
            "gain: {role: weight, shape: [features], initializer: ones}",
            "shift: {role: weight, shape: [features]}",
        )
        .replace("* gain", "+ shift")
    )
    project.write("specs/scale.yaml", text)
    out = project.diff("main", "--output-format", "github", code=1)
    lines = out.splitlines()
    assert lines[-1].startswith("::warning file=specs/scale.yaml,line=12,col=3,")
    removed = next(line for line in lines if "LG671" in line)
    assert removed.startswith("::error file=specs/scale.yaml,title=LG671 ")
    assert "::notice" not in out  # what breaks nobody is not worth a mark


def test_markdown(project: Project) -> None:
    text = spec(shape="1").replace("Multiplies its input.", "A | `b` <c>.")
    project.write("specs/scale.yaml", text)
    out = project.diff("main", "--output-format", "markdown", code=1)
    head, table = out.split("\n\n")[:2]
    assert head.startswith("### ❌ layergen: 1 of 1 layer changed, ")
    assert table == "#### `demo>Scale` · `specs/scale.yaml`"
    assert "| **checkpoint** | `gain` has another shape<br>such as" in out
    assert "<details><summary>generated code</summary>\n\n```diff\n--- " in out
    assert "+            shape=(1,),\n" in out or "shape=(1,)" in out


def test_markdown_makes_no_tests_of_layers(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layergen.compiler.make_context", None)  # they take most time
    project.write("specs/scale.yaml", spec(factor=3.0))
    out = project.diff("main", "--output-format", "markdown")
    assert "factor: float = 3.0" in out


@pytest.mark.parametrize(
    ("fail", "note"),
    [
        ('["callr"]', "\n   = help: did you mean `caller`?"),
        ('"config"', ""),
        ('[["config"]]', ""),
        ("[1]", ""),
    ],
)
def test_levels_that_there_are_not(project: Project, fail: str, note: str) -> None:
    text = f"[tool.layergen.review]\nfail = {fail}\n"
    project.write("pyproject.toml", text)
    code, _, err = project.call("diff", "main")
    assert code == 2
    assert err.startswith("pyproject.toml:2:1: error[LG503]: `fail` must be a list of")
    assert note in err


def test_markdown_begins_with_what_fails(project: Project) -> None:
    project.write("specs/a.yaml", spec("First"))
    project.write("specs/wrong.yaml", "wrong")
    project.write("specs/scale.yaml", spec(factor=3.0, shape="1"))
    out = project.diff("main", "--output-format", "markdown", code=1)
    assert out.index("could not be compared") < out.index("#### `demo>Scale`")
    assert out.index("#### `demo>Scale`") < out.index("#### `demo>First`")
    assert out.rstrip().split("\n")[-1] == (
        "<sub>checkpoint: saved weights no longer load, or not as they were; caller:"
        " code that makes or calls the layer. More of a code: `layergen explain CODE`."
        "</sub>"
    )


def test_cells_of_markdown_stay_cells() -> None:
    from layergen.reporters.markdown import cell, code_span

    assert cell("a | b <i> *x* `c | d`") == "a \\| b &lt;i&gt; \\*x\\* `c \\| d`"
    assert code_span("a `b` | c") == "`` a `b` \\| c ``"
    assert cell("one ` tick") == "one  tick" or "`" not in cell("one ` tick")

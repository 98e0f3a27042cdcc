"""Breaks that are approved: for one change, in one review, and seen in every format."""

import json

import pytest
import yaml
from reviewed import Project, spec

REASON = "No model was saved before."
SHAPE = f"{{code: LG673, name: gain, reason: {REASON}}}"
NARROW = spec(shape="1")


def approved(text: str, *entries: str) -> str:
    return f"{text}approved:\n" + "".join(f"  - {entry}\n" for entry in entries)


@pytest.fixture
def narrowed(project: Project) -> Project:
    """A weight has another shape, and the spec approves it."""
    project.write("specs/scale.yaml", approved(NARROW, SHAPE))
    return project


def test_an_approved_break_fails_nothing_and_is_still_told(narrowed: Project) -> None:
    code, out, err = narrowed.call("diff", "main")
    assert code == 0
    assert out.startswith(
        "specs/scale.yaml:10:31: note[LG673]: `gain` has another shape\n"
    )
    assert f"   = breaks: checkpoint\n   = approved: {REASON}\n" in out
    assert "to approve it" not in out
    assert err == (
        "\n1 of 1 layer changed, 2 changes; broken: checkpoint 1, nobody 1;"
        " approved: 1\n"
    )


def test_what_fails_says_how_to_approve_it(project: Project) -> None:
    project.write("specs/scale.yaml", NARROW)
    out = project.diff("main", code=1)
    wanted = "approved: [{code: LG673, name: gain, reason: ...}]"
    assert f"   = help: to approve it: {wanted}\n" in out
    out = project.diff("main", "--output-format", "markdown", code=1)
    assert f"\nTo approve, in `specs/scale.yaml`: `{wanted}`\n" in out
    project.write("specs/scale.yaml", NARROW + wanted.replace("...", REASON) + "\n")
    project.diff("main")


def test_markdown_lists_all_approvals_in_a_line(project: Project) -> None:
    changed = NARROW.replace("factor", "scale").replace("name: Scale", "name: Gain")
    project.write("specs/scale.yaml", changed)
    out = project.diff("main", "--output-format", "markdown", code=1)
    (line,) = [line for line in out.splitlines() if line.startswith("To approve")]
    entries = [
        "{code: LG602, reason: ...}",
        "{code: LG673, name: gain, reason: ...}",
        "{code: LG623, name: scale, reason: ...}",
    ]
    assert sorted(entries) == sorted(
        line.removeprefix("To approve, in `specs/scale.yaml`: `approved: [")
        .removesuffix("]`")
        .replace("}, {", "}\n{")
        .split("\n")
    )
    text = approved(changed, *(e.replace("...", REASON) for e in entries))
    project.write("specs/scale.yaml", text)
    assert "LG614" not in project.diff("main")


def test_what_approves_a_break_of_a_json_spec_is_json(project: Project) -> None:
    (project.root / "specs/scale.yaml").unlink()
    data = yaml.safe_load(NARROW)
    project.write("specs/scale.json", json.dumps(data))
    out = project.diff("main", code=1)
    (help_,) = [line for line in out.splitlines() if "to approve it" in line]
    wanted = help_.removeprefix("   = help: to approve it: ")
    project.write("specs/scale.json", f"{json.dumps(data)[:-1]}, {wanted}}}")
    assert "= approved: ..." in project.diff("main")


def test_another_change_is_not_approved(project: Project) -> None:
    other = SHAPE.replace("name: gain", "name: other")
    project.write("specs/scale.yaml", approved(NARROW, other))
    out = project.diff("main", code=1)
    assert "error[LG673]" in out
    assert (
        "specs/scale.yaml:15:5: warning[LG614]: this approves nothing: there is no"
        " break `LG673` of `other`\n" in out
    )
    assert "   = help: remove it\n" in out


def test_an_approval_is_for_one_review(narrowed: Project) -> None:
    narrowed.commit()
    narrowed.write("specs/scale.yaml", approved(spec(shape="1, 1"), SHAPE))
    code, out, err = narrowed.call("diff", "HEAD")
    assert code == 1
    assert "error[LG673]" in out
    assert (
        "specs/scale.yaml:15:5: warning[LG614]: `LG673` of `gain` was approved for an"
        " earlier change\n" in out
    )
    assert err.endswith("broken: checkpoint 1; 1 approval to remove\n")
    # A release that is compared with the one before sees one approval for both.
    narrowed.diff("main~1")


def test_another_reason_is_another_approval(narrowed: Project) -> None:
    narrowed.commit()
    other = SHAPE.replace(REASON, "It is trained anew.")
    narrowed.write("specs/scale.yaml", approved(spec(shape="1, 1"), other))
    assert "   = approved: It is trained anew.\n" in narrowed.diff("HEAD")
    folded = SHAPE.replace(REASON, f'"{REASON.replace(" ", "  ")}"')
    narrowed.write("specs/scale.yaml", approved(spec(shape="1, 1"), folded))
    narrowed.diff("HEAD", code=1)


def test_a_spent_approval_is_told_when_its_spec_changes(narrowed: Project) -> None:
    narrowed.commit()
    narrowed.write("specs/other.yaml", spec("Other"))
    assert "LG614" not in narrowed.diff("HEAD")
    narrowed.write("specs/scale.yaml", "# Text.\n" + approved(NARROW, SHAPE))
    code, out, err = narrowed.call("diff", "HEAD")
    assert code == 0
    assert "specs/scale.yaml:16:5: warning[LG614]" in out
    assert "1 of 2 layers changed, 1 change" in err  # the other is new
    (narrowed.root / "specs/other.yaml").unlink()
    _, _, err = narrowed.call("diff", "HEAD")
    assert err == "\n1 layer compared: no change; 1 approval to remove\n"


def test_to_remove_a_spent_approval_is_no_change(narrowed: Project) -> None:
    narrowed.commit()
    narrowed.write("specs/scale.yaml", NARROW)
    assert narrowed.call("diff", "HEAD") == (0, "", "1 layer compared: no change\n")


def test_a_new_layer_has_nothing_to_approve(project: Project) -> None:
    project.write("specs/other.yaml", approved(spec("Other"), SHAPE))
    out = project.diff("main")
    assert "specs/other.yaml:15:5: warning[LG614]" in out


def test_what_breaks_nobody_uses_no_approval(project: Project) -> None:
    entry = f"{{code: LG670, name: shift, reason: {REASON}}}"
    text = spec().replace(
        "parameters:\n",
        "parameters:\n  shift: {role: weight, when: moved, shape: [features]}\n",
    )
    text = text.replace("inputs:\n", "  moved: {type: bool, default: false}\ninputs:\n")
    text = text.replace(
        "return factor * inputs * gain",
        "return factor * inputs * gain + shift if moved else factor * inputs * gain",
    )
    project.write("specs/scale.yaml", approved(text, entry))
    out = project.diff("main")
    assert "note[LG670]" in out
    assert "= approved" not in out
    assert "warning[LG614]" in out


def test_a_renamed_class_keeps_its_approvals(project: Project) -> None:
    entry = f"{{code: LG602, reason: {REASON}}}"
    project.write("specs/scale.yaml", approved(spec("Gain"), entry))
    assert f"= approved: {REASON}" in project.diff("main")


def test_approvals_change_nothing_that_is_generated(project: Project) -> None:
    project.call("build")
    files = list((project.root / "generated").rglob("*.py"))
    before = {path: path.read_bytes() for path in files}
    project.write("specs/scale.yaml", approved(spec(), SHAPE))
    assert project.call("build") == (
        0,
        "",
        "built 1 spec: 0 files written, 6 unchanged\n",
    )
    assert {path: path.read_bytes() for path in files} == before
    assert project.call("build", "--check")[0] == 0


def settings(*entries: str) -> str:
    listed = "".join(f"{entry}\n" for entry in entries)
    return f"[tool.layergen]\n\n[tool.layergen.review.removed]\n{listed}"


GONE = f'"demo>Scale" = "{REASON}"'


@pytest.fixture
def removed(project: Project) -> Project:
    """A layer is removed, and the settings approve it."""
    project.write("specs/other.yaml", spec("Other"))
    project.commit()
    (project.root / "specs/scale.yaml").unlink()
    project.write("pyproject.toml", settings(GONE))
    return project


def test_a_removed_layer_is_approved_in_the_settings(removed: Project) -> None:
    out = removed.diff("main")
    assert "main:specs/scale.yaml:2:7: note[LG600]" in out
    assert f"   = approved: {REASON}\n" in out
    assert "LG614" not in out
    removed.write("pyproject.toml", "[tool.layergen]\n")
    out = removed.diff("main", code=1)
    wanted = '[tool.layergen.review.removed] "demo>Scale" = "..."'
    assert f"   = help: to approve it: {wanted}\n" in out


def test_a_layer_that_is_still_there(removed: Project) -> None:
    entry = f'"demo>Other" = "{REASON}"'
    removed.write("pyproject.toml", settings(GONE, entry))
    out = removed.diff("main")
    assert (
        "pyproject.toml:5:1: warning[LG614]: the layer `demo>Other` is still there\n"
        in out
    )
    assert out.count("LG614") == 1


def test_a_layer_that_never_was(removed: Project) -> None:
    removed.write("pyproject.toml", settings(GONE, f'"demo>Othre" = "{REASON}"'))
    out = removed.diff("main")
    assert "pyproject.toml:5:1: warning[LG614]: this approves nothing: no layer" in out


def test_a_removal_is_approved_once(removed: Project) -> None:
    removed.commit()
    removed.write("specs/other.yaml", spec("Other", factor=3.0))
    assert "LG614" not in removed.diff("HEAD")  # a record of what is gone
    removed.write("specs/scale.yaml", spec())
    removed.commit()
    (removed.root / "specs/scale.yaml").unlink()
    assert "error[LG600]" in removed.diff("HEAD", code=1)
    removed.write("pyproject.toml", settings('"demo>Scale" = "It came back."'))
    assert "= approved: It came back." in removed.diff("HEAD")


def test_folders_have_no_settings_before(removed: Project) -> None:
    removed.write("old/scale.yaml", spec())
    removed.write("old/other.yaml", spec("Other"))
    removed.write("pyproject.toml", settings(GONE, f'"demo>Old" = "{REASON}"'))
    out = removed.diff("old")
    assert "note[LG600]" in out
    assert "LG614" not in out
    removed.diff("old/other.yaml", "specs/other.yaml")


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        ("removed = 1", "3:1", "`removed` must be a table of layers and reasons"),
        ('removed = {Scale = "x"}', "3:1", "`Scale` is no layer: it is named"),
        ('removed."demo>Scale" = 3', "2:1", "`demo>Scale` needs a reason"),
        ('removed = {"demo>Scale" = " "}', "3:1", "`demo>Scale` needs a reason"),
        ('remvoed = {"demo>Scale" = "x"}', "3:1", "unknown setting `remvoed`"),
        ('[tool.layergen.review.removed]\n"demo>Scale" = 3', "4:1", "`demo>Scale` n"),
    ],
)
def test_wrong_settings(project: Project, lines: str, place: str, message: str) -> None:
    text = f"[tool.layergen]\n[tool.layergen.review]\n{lines}\n"
    project.write("pyproject.toml", text)
    code, _, err = project.call("diff", "main")
    assert code == 2
    assert err.startswith(f"pyproject.toml:{place}: error[LG50")
    assert message in err


def test_a_reason_steers_nothing(narrowed: Project) -> None:
    r"""Neither a terminal nor GitHub, whatever `"\x1b"` and `"\n"` say."""
    entry = SHAPE.replace(REASON, r'"a\x1b[2Jb\n::error::c\u202ed %0A"')
    narrowed.write("specs/scale.yaml", approved(NARROW, entry))
    assert "   = approved: a\ufffd[2Jb ::error::c\ufffdd %0A\n" in narrowed.diff("main")
    (line,) = narrowed.diff("main", "--output-format", "github").splitlines()
    assert "%250A" in line
    data = json.loads(narrowed.diff("main", "--output-format", "json"))
    reason = data["layers"][0]["changes"][0]["approved"]
    assert reason == "a\x1b[2Jb ::error::c\u202ed %0A"


def test_annotations(narrowed: Project) -> None:
    other = f"{{code: LG662, reason: {REASON}}}"
    narrowed.write("specs/scale.yaml", approved(NARROW, SHAPE, other))
    out = narrowed.diff("main", "--output-format", "github")
    first, second = out.splitlines()
    assert first.startswith("::notice file=specs/scale.yaml,line=10,col=31,")
    assert f"help: approved: {REASON}" in first
    assert second.startswith("::warning file=specs/scale.yaml,line=16,col=5,")


def test_markdown(narrowed: Project) -> None:
    entry = SHAPE.replace(REASON, '"None | *yet* <b>."')
    other = f"{{code: LG662, reason: {REASON}}}"
    narrowed.write("specs/scale.yaml", approved(NARROW, entry, other))
    out = narrowed.diff("main", "--output-format", "markdown")
    assert out.startswith("### ✅ layergen: 1 of 1 layer changed, ")
    row = next(line for line in out.splitlines() if "LG673" in line)
    assert row.startswith(
        "| checkpoint ✅ approved | `gain` has another shape"
        r"<br>approved: None \| \*yet\* &lt;b&gt;."
    )
    assert "To approve" not in out
    assert (
        "#### Approvals that approve nothing\n\n- `specs/scale.yaml:16:5`: LG614: "
        in out
    )


def test_json(narrowed: Project) -> None:
    other = f"{{code: LG662, reason: {REASON}}}"
    narrowed.write("specs/scale.yaml", approved(NARROW, SHAPE, other))
    data = json.loads(narrowed.diff("main", "--output-format", "json"))
    assert data["failed"] is False
    change, _ = data["layers"][0]["changes"]
    assert (change["severity"], change["breaks"]) == ("note", ["checkpoint"])
    assert (change["name"], change["approved"]) == ("gain", REASON)
    (stale,) = data["stale"]
    assert (stale["code"], stale["severity"]) == ("LG614", "warning")
    assert (stale["line"], stale["column"]) == (16, 5)


def test_sarif(removed: Project) -> None:
    entry = f"{{code: LG673, name: gain, reason: {REASON}}}"
    text = approved(spec("Other", factor=3.0, shape="1"), entry)
    removed.write("specs/other.yaml", text)
    data = json.loads(removed.diff("main", "--output-format", "sarif"))
    results = {each["ruleId"]: each for each in data["runs"][0]["results"]}
    assert results.keys() == {"LG600", "LG610", "LG631", "LG673"}
    suppression = {"kind": "inSource", "status": "accepted", "justification": REASON}
    assert results["LG673"]["suppressions"] == [suppression]
    assert results["LG600"]["suppressions"] == [{**suppression, "kind": "external"}]
    assert results["LG631"]["suppressions"] == []  # all say so if one does
    assert results["LG673"]["properties"]["breaks"] == ["checkpoint"]

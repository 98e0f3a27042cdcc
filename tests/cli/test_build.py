"""What a build does to files: its own, the user's, and those of another day."""

import json
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Sandbox
from tests.cli.fake_compiler import COMPILED, GENERATOR

GATE = "generated/demo/gate.py"
HILL = "generated/demo/hill.py"


@pytest.fixture
def two(box: Sandbox) -> Sandbox:
    box.spec("gate", "Gate")
    box.spec("hill", "Hill")
    box.run("build")
    COMPILED.clear()
    return box


def findings(box: Sandbox) -> dict[str, str]:
    out = box.call("build", "--check", "--output-format", "json").out
    return {item["path"]: item["code"] for item in json.loads(out)}


def test_writes_layers_tests_packages_and_lock(two: Sandbox) -> None:
    files = [path for path in two.tree() if path.startswith("generated")]
    assert files == [
        "generated/__init__.py",
        "generated/demo/__init__.py",
        "generated/demo/gate.py",
        "generated/demo/hill.py",
        "generated/layergen.lock",
        "generated/tests/__init__.py",
        "generated/tests/demo/__init__.py",
        "generated/tests/demo/test_gate.py",
        "generated/tests/demo/test_hill.py",
    ]
    lock = two.tree()["generated/layergen.lock"].decode().splitlines()
    assert [line.split("\t")[0] for line in lock] == [
        path for path in files if not path.endswith(".lock")
    ]
    assert [line.split("\t")[2::2] for line in lock][1:3] == [
        ["-", "-"],
        ["specs/gate.yaml", "demo.gate.Gate"],
    ]
    two.run("build", "--check")


def test_rebuild_changes_nothing_and_compiles_nothing(two: Sandbox) -> None:
    before = {path: path.stat() for path in two.root.rglob("*")}
    assert "0 files written, 8 unchanged" in two.run("build").err
    assert COMPILED == []
    assert {path: path.stat() for path in two.root.rglob("*")} == before


def test_builds_the_same_bytes_without_cache(two: Sandbox) -> None:
    before = two.tree()
    shutil.rmtree(two.root / ".layergen_cache")
    two.run("build")
    assert two.tree() == before


@pytest.mark.parametrize("name", ["specs.json", "pending.json"])
@pytest.mark.parametrize(
    "garbage", ["", "{", "[1]", "null", '{"a": 1}', '{"generated/demo/gate.py": 7}']
)
def test_corrupt_cache_is_ignored(two: Sandbox, name: str, garbage: str) -> None:
    before = two.tree()
    two.write(f".layergen_cache/{name}", garbage)
    two.run("build")
    assert two.tree() == before


def test_corrupt_records_are_ignored(two: Sandbox) -> None:
    path = two.root / ".layergen_cache/specs.json"
    path.write_text(path.read_text().replace('"files":[[', '"files":[[[1],'))
    two.run("build")
    assert set(COMPILED) == {"specs/gate.yaml", "specs/hill.yaml", "packages"}


def test_unwritable_cache_is_done_without(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    box.write(".layergen_cache", "a file where the folder should be")
    box.run("build")
    box.run("build")


def test_cache_keeps_itself_out_of_git(two: Sandbox) -> None:
    assert (two.root / ".layergen_cache/.gitignore").read_text() == "*\n"


def test_warnings_are_repeated_from_the_cache(box: Sandbox) -> None:
    box.spec("gate", "Gate", warn="Gate")
    first = box.run("build").err
    COMPILED.clear()
    second = box.run("build").err
    assert COMPILED == []
    assert "warning[LG399]" in first
    assert first.split("\n\n")[0] == second.split("\n\n")[0]


def test_data_beside_a_spec_is_part_of_it(box: Sandbox) -> None:
    box.write("specs/table.npy", "1")
    box.spec("gate", "Gate", data="table.npy")
    box.run("build")
    box.write("specs/table.npy", "2")
    assert "spec changed" in box.run("build", "--check", code=1).out
    box.run("build")
    box.run("build", "--check")


# Ownership


def test_edited_file_stops_everything(two: Sandbox) -> None:
    two.write(GATE, "# mine\n")
    two.write("generated/tests/demo/test_hill.py", "# mine too\n")
    two.spec("hill", "Hill", body="new")
    before = two.tree()
    err = two.run("build", code=1).err
    assert f"{GATE}: error[LG530]: this generated file was edited by hand" in err
    assert "generated/tests/demo/test_hill.py: error[LG530]" in err
    assert "restore the file with git or delete it" in err
    assert two.tree() == before


def test_deleting_an_edited_file_is_the_way_out(two: Sandbox) -> None:
    before = two.tree()
    two.write(GATE, "# mine\n")
    (two.root / GATE).unlink()
    two.run("build")
    assert two.tree() == before


def test_foreign_file_is_not_overwritten(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    box.write(GATE, "# mine\n")
    err = box.run("build", code=1).err
    assert f"{GATE}: error[LG531]" in err
    assert box.tree()[GATE] == b"# mine\n"
    assert "generated/layergen.lock" not in box.tree()


def test_equal_files_are_adopted(two: Sandbox) -> None:
    before = two.tree()
    (two.root / "generated/layergen.lock").unlink()
    out = two.run("build", "--check", code=1).out
    assert out.count("LG544") == 8
    two.run("build")
    assert two.tree() == before


def test_windows_line_ends_are_no_edit(two: Sandbox) -> None:
    path = two.root / GATE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    two.run("build", "--check")
    two.spec("gate", "Gate", body="new")
    two.run("build")
    assert b"\r" not in path.read_bytes()


def test_a_users_own_marker_is_left_alone(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    box.write("generated/__init__.py", '"""Ours."""\n')
    box.run("build")
    box.write("generated/tests/__init__.py", '"""Edited."""\n')
    box.run("build", "--check")
    box.run("build")
    box.run("build", "--check")
    tree = box.tree()
    assert tree["generated/__init__.py"] == b'"""Ours."""\n'
    assert tree["generated/tests/__init__.py"] == b'"""Edited."""\n'
    assert b"generated/__init__.py" not in tree["generated/layergen.lock"]


def test_mode_of_a_file_is_kept(two: Sandbox) -> None:
    (two.root / GATE).chmod(0o755)
    two.spec("gate", "Gate", body="new")
    two.run("build")
    assert stat.S_IMODE((two.root / GATE).stat().st_mode) == 0o755


# Orphans


def test_orphans_and_their_folders_go(two: Sandbox) -> None:
    (two.root / "specs/hill.yaml").unlink()
    two.spec("moor", "Moor", package="wet")
    two.run("build")
    (two.root / "specs/moor.yaml").unlink()
    two.write("generated/wet/__pycache__/moor.cpython-311.pyc", "x")
    assert findings(two) == {
        "generated/wet/moor.py": "LG543",
        "generated/wet/__init__.py": "LG543",
        "generated/tests/wet/test_moor.py": "LG543",
        "generated/tests/wet/__init__.py": "LG543",
    }
    two.run("build")
    assert not (two.root / "generated/wet").exists()
    assert not (two.root / "generated/tests/wet").exists()
    assert b"Hill" not in two.tree()["generated/demo/__init__.py"]


def test_edited_orphan_stops_the_build(two: Sandbox) -> None:
    (two.root / "specs/hill.yaml").unlink()
    two.write(HILL, "# mine\n")
    before = two.tree()
    assert "belongs to no spec any more" in two.run("build", code=1).err
    assert two.tree() == before


def test_last_spec_gone_leaves_nothing(two: Sandbox) -> None:
    for path in (two.root / "specs").iterdir():
        path.unlink()
    two.run("build")
    assert not (two.root / "generated").exists()
    two.run("build", code=5)


def test_specs_that_cannot_be_seen_are_not_gone(
    two: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = two.tree()
    with monkeypatch.context() as patch:

        def scandir(path: str) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        patch.setattr(os, "scandir", scandir)
        err = two.run("build", code=2).err
    assert "LG090]: cannot read the folder: permission denied" in err
    (two.root / "specs").rename(two.root / "unmounted")
    two.run("build", code=5)
    (two.root / "unmounted").rename(two.root / "specs")
    assert two.tree() == before


def test_moved_spec_takes_its_files_along(two: Sandbox) -> None:
    (two.root / "specs/hill.yaml").rename(two.root / "specs/mound.yaml")
    assert (
        "spec changed: `specs/mound.yaml` now"
        in two.run("build", "--check", code=1).out
    )
    two.run("build", "specs/mound.yaml")
    two.run("build", "--check")


# A few of the specs


def test_subset_leaves_the_tree_of_a_whole_build(two: Sandbox) -> None:
    two.spec("gate", "Gateway", package="demo")
    two.spec("hill", "Hill", body="changed, but not asked for")
    two.spec("moor", "Moor")
    two.run("build", "specs/gate.yaml")
    part = two.tree()
    two.spec("hill", "Hill")
    (two.root / "specs/moor.yaml").unlink()
    part = {path: part[path] for path in part if not path.startswith("specs")}
    two.run("build", "--check")
    shutil.rmtree(two.root / "generated")
    two.run("build")
    whole = {p: c for p, c in two.tree().items() if not p.startswith("specs")}
    assert part == whole
    assert "generated/demo/gate.py" not in whole


def test_subset_does_not_touch_orphans_elsewhere(two: Sandbox) -> None:
    (two.root / "specs/hill.yaml").unlink()
    two.spec("gate", "Gate", body="new")
    two.run("build", "specs/gate.yaml")
    assert HILL in two.tree()
    assert b"Hill" in two.tree()["generated/demo/__init__.py"]
    two.run("build", "specs")
    assert HILL not in two.tree()


def test_subset_needs_neither_cache_nor_package_file(two: Sandbox) -> None:
    before = two.tree()
    shutil.rmtree(two.root / ".layergen_cache")
    (two.root / "generated/demo/__init__.py").unlink()
    two.run("build", "specs/gate.yaml")
    assert COMPILED == ["specs/gate.yaml", "packages"]
    assert two.tree() == before


# Collisions


def test_two_specs_one_file(box: Sandbox) -> None:
    box.spec("a", "Gate")
    box.spec("b", "Gate")
    err = box.run("build", code=1).err
    assert f"{GATE}: error[LG532]" in err
    assert "`specs/a.yaml` and by `specs/b.yaml`" in err
    assert "generated/demo/gate.py" not in box.tree()


def test_collision_with_a_spec_outside_the_subset(two: Sandbox) -> None:
    two.spec("other", "Gate")
    err = two.run("build", "specs/other.yaml", code=1).err
    assert "`specs/gate.yaml` and by `specs/other.yaml`" in err


def test_paths_that_differ_by_case(box: Sandbox) -> None:
    box.spec("a", "Gate", package="demo")
    box.spec("b", "Gate", package="Demo")
    assert "LG533" in box.run("build", code=1).err
    assert [p for p in box.tree() if p.startswith("generated")] == []


# Invalid specs, broken disks


def test_an_invalid_spec_writes_nothing_and_all_are_named(two: Sandbox) -> None:
    two.spec("gate", "Gate", body="new")
    two.spec("moor", "Moor", bad="Moor")
    two.write("specs/latin.yaml", "name: x")
    (two.root / "specs/latin.yaml").write_bytes(b"name: caf\xe9\n")
    two.spec("fen", "Fen", bad="Fen")
    before = two.tree()
    err = two.run("build", code=1).err
    for path in ("specs/moor.yaml:1:7", "specs/fen.yaml:1:7", "specs/latin.yaml:1:10"):
        assert f"{path}: error" in err
    assert "found 3 errors" in err
    assert two.tree() == before


@pytest.mark.parametrize("survivors", range(4))
def test_crash_half_way_is_healed(
    two: Sandbox, monkeypatch: pytest.MonkeyPatch, survivors: int
) -> None:
    two.spec("gate", "Gate", body="new")
    two.spec("moor", "Moor")
    (two.root / "specs/hill.yaml").unlink()
    replace = os.replace
    left = [survivors]

    def fail(source: str, target: Path) -> None:
        if ".layergen_cache" not in str(target):
            if not left[0]:
                raise OSError(28, "No space left on device")
            left[0] -= 1
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        err = two.run("build", code=2).err
    assert "error[LG534]: cannot write the file: no space left on device" in err
    assert not list(two.root.rglob("*.tmp"))
    # Even a spec that changed meanwhile does not make the half-written look edited.
    two.spec("gate", "Gate", body="newer")
    two.run("build")
    two.run("build", "--check")
    assert HILL not in two.tree()


def test_file_in_place_of_a_folder(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    box.write("generated/demo", "in the way")
    assert "error[LG534]: cannot write" in box.run("build", code=2).err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions")
def test_read_only_folder(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    (box.root / "generated").mkdir()
    (box.root / "generated").chmod(0o555)
    assert "error[LG534]" in box.run("build", code=2).err


def test_links_that_lead_out_are_refused(two: Sandbox, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shutil.move(two.root / "generated/demo", away)
    (two.root / "generated/demo").symlink_to(away)
    two.spec("gate", "Gate", body="new")
    before = (away / "gate.py").read_bytes()
    assert "error[LG504]: a symbolic link" in two.run("build", code=1).err
    assert (away / "gate.py").read_bytes() == before


def test_linked_file_that_leads_out_is_refused(two: Sandbox, tmp_path: Path) -> None:
    shutil.move(two.root / GATE, tmp_path / "gate.py")
    (two.root / GATE).symlink_to(tmp_path / "gate.py")
    two.spec("gate", "Gate", body="new")
    assert "error[LG504]" in two.run("build", code=1).err


def test_lock_that_points_outside_deletes_nothing(two: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    lock = two.root / "generated/layergen.lock"
    line = lock.read_text().splitlines()[0].split("\t")
    line[0] = "../precious"
    lock.write_text(lock.read_text() + "\t".join(line) + "\n")
    assert "LG520" in two.run("build", code=1).err


# Drift


def test_each_cause_is_told_apart(
    two: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.spec("moor", "Moor")
    two.spec("fen", "Fen")
    two.spec("bog", "Bog")
    two.run("build")
    two.spec("gate", "Gate", body="new")
    two.write(HILL, "# mine\n")
    (two.root / "generated/demo/moor.py").unlink()
    (two.root / "specs/fen.yaml").unlink()
    before = two.tree()
    assert findings(two) == {
        GATE: "LG540",
        "generated/tests/demo/test_gate.py": "LG540",
        HILL: "LG530",
        "generated/demo/moor.py": "LG542",
        "generated/demo/fen.py": "LG543",
        "generated/tests/demo/test_fen.py": "LG543",
        "generated/demo/__init__.py": "LG540",
    }
    monkeypatch.setitem(GENERATOR, "version", " v2")
    found = findings(two)
    assert found["generated/demo/bog.py"] == "LG541"
    assert found[GATE] == "LG540"
    assert two.tree() == before


def test_check_of_a_comment_only_change(two: Sandbox) -> None:
    path = two.root / "specs/gate.yaml"
    path.write_text(path.read_text() + "# a comment\n")
    assert findings(two)[GATE] == "LG540"
    two.run("build")
    two.run("build", "--check")


def test_diff_writes_nothing(two: Sandbox) -> None:
    two.spec("gate", "Gate", body="new")
    (two.root / "specs/hill.yaml").unlink()
    before = two.tree()
    out = two.run("build", "--diff").out
    assert f"--- a/{GATE}\n+++ b/{GATE}\n" in out
    assert "+    body = 'new', ()\n" in out
    assert f"--- a/{HILL}\n+++ /dev/null\n" in out
    assert two.tree() == before
    two.run("build", "--diff", "--check", code=1)


def test_arrays_are_files_like_others(two: Sandbox) -> None:
    two.spec("gate", "Gate", array="1")
    two.run("build")
    two.spec("gate", "Gate", array="2")
    assert (
        "Binary file generated/demo/gate.npy changes\n"
        in two.run("build", "--diff").out
    )
    assert "gate.npy: an array of 5 bytes" in two.run("build", "--stdout").out
    two.run("build")
    assert two.tree()["generated/demo/gate.npy"] == b"\0\r\n2\n"
    two.spec("gate", "Gate")
    two.run("build")
    assert "generated/demo/gate.npy" not in two.tree()


# Ways to run it


def test_other_folders(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    box.run("build", "--out", "src/made")
    tree = box.tree()
    assert {"src/made/demo/gate.py", "src/made/layergen.lock"} <= tree.keys()
    assert b"from made.demo.gate" in tree["src/made/demo/__init__.py"]


def test_output_into_the_project_itself(box: Sandbox) -> None:
    box.write("pyproject.toml", '[tool.layergen]\nout = "."\ntests = "checks"\n')
    box.spec("gate", "Gate")
    box.run("build")
    assert {
        "demo/gate.py",
        "checks/demo/test_gate.py",
        "layergen.lock",
    } <= set(box.tree())
    box.run("build", "--check")
    (box.root / "specs/gate.yaml").unlink()
    box.run("build")
    assert sorted(box.tree()) == ["pyproject.toml"]


def test_stdin(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(text: str) -> None:
        read, write = os.pipe()
        os.write(write, text.encode())
        os.close(write)
        monkeypatch.setattr(sys, "stdin", os.fdopen(read))

    feed("name: Gate\n")
    out = box.run("build", "-").out
    assert out.startswith("# --- generated/demo/gate.py\n# from <stdin>\n")
    feed("name: Gate\nbad: Gate\n")
    result = box.run("build", "-", "--stdin-filename", "specs/g.yaml", code=1)
    assert result.out == ""
    assert "specs/g.yaml:1:7: error[LG304]" in result.err
    feed("name: Gate\nbad: Gate\n")
    assert "<stdin>:1:7" in box.run("check", "-", code=1).out
    assert list(box.tree()) == ["pyproject.toml"]


def test_stdout(two: Sandbox) -> None:
    before = two.tree()
    out = two.run("build", "--stdout", "specs/gate.yaml").out
    assert "class Gate" in out
    assert "class Hill" not in out
    assert two.tree() == before


def test_jobs_change_nothing(box: Sandbox) -> None:
    for number in range(12):
        box.spec(f"s{number}", f"Layer{number}", warn="Layer")
    one = box.run("build", "--jobs", "1")
    tree = box.tree()
    shutil.rmtree(box.root / "generated")
    shutil.rmtree(box.root / ".layergen_cache")
    many = box.run("build", "--jobs", "3")
    assert (one, tree) == (many, box.tree())


def test_from_a_folder_below(two: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two.root / "specs")
    two.run("build", "--check")
    two.run("build", "gate.yaml", "--check")
    two.run("build", "../specs", "--check", "--out", "../generated")

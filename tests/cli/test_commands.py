"""The other commands, the settings, the exit codes and what goes to which stream."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.cli.conftest import Sandbox

from layergen import codes
from layergen.cli import main
from layergen.codes import project as project_codes
from layergen.diagnostics import Code
from layergen.source import Source
from layergen.workspace.lock import Entry, format_lock, parse_lock
from layergen.workspace.project import load_project

REPOSITORY = Path(__file__).parents[2]
FAKED = """
import sys
from tests.cli import fake_compiler
sys.modules["layergen.compiler"] = fake_compiler
from layergen.cli import main
code = main()
# Not pydantic: some versions of Typer import it themselves.
heavy = {"black", "jinja2", "keras", "numpy", "tensorflow", "yaml"}
heavy |= {"layergen.loading.spec"}
print("heavy:", sorted(heavy & sys.modules.keys()), file=sys.stderr)
print("compiled:", len(fake_compiler.COMPILED), file=sys.stderr)
sys.exit(code)
"""


def _subprocess(
    box: Sandbox, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    places = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "generator")])
    return subprocess.run(
        [sys.executable, "-c", FAKED, *arguments],
        cwd=box.root,
        env={**os.environ, "PYTHONPATH": places, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


# In a process of its own


def test_a_rebuild_imports_nothing_heavy(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    first = _subprocess(box, "build")
    assert first.returncode == 0, first.stderr
    for flags in ([], ["--check"]):
        again = _subprocess(box, "build", *flags)
        assert again.returncode == 0, again.stderr
        assert "heavy: []" in again.stderr
        assert "compiled: 0" in again.stderr
        assert again.stdout == ""


def test_a_fault_of_our_own(box: Sandbox) -> None:
    box.spec("gate", "Gate", crash="division by hand")
    ended = _subprocess(box, "build")
    assert ended.returncode == 3
    assert ended.stderr == (
        "layergen: a fault of layergen's own: ZeroDivisionError: division by hand,"
        " while compiling `specs/gate.yaml` (set LAYERGEN_TRACEBACK=1 to see where)\n"
        "heavy: []\ncompiled: 1\n"
    )
    traced = _subprocess(box, "build", LAYERGEN_TRACEBACK="1")
    assert traced.returncode == 3
    assert "Traceback" in traced.stderr
    assert "in compile_source" in traced.stderr


def test_a_fault_in_another_process(box: Sandbox) -> None:
    for number in range(9):
        box.spec(f"s{number}", f"Layer{number}")
    box.spec("s5", "Layer5", crash="boo")
    assert "while compiling `specs/s5.yaml`" in box.run("build", code=3).err


# Exit codes and streams


def test_nothing_matched(box: Sandbox) -> None:
    assert "LG512" in box.run("build", code=5).err
    (box.root / "empty").mkdir()
    assert "there is no spec in `empty`" in box.run("check", "empty", code=5).err


def test_wrong_paths(box: Sandbox, tmp_path: Path) -> None:
    box.spec("gate", "Gate")
    assert "there is no `spec`" in box.run("build", "spec", code=2).err
    box.write("a.txt", "x")
    assert "LG511" in box.run("build", "a.txt", code=2).err
    (tmp_path / "out.yaml").write_text("name: Gate\n")
    assert "LG504" in box.run("build", "../out.yaml", code=2).err
    box.run("check", "../out.yaml")


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--stdout", "--check"],
        ["build", "-", "--diff"],
        ["build", "-", "specs"],
        ["build", "--stdin-filename", "x.yaml"],
        ["check", "-", "specs"],
        ["build", "--jobs", "0"],
        ["build", "--nonsense"],
        ["build", "--output-format", "xml"],
        ["nonsense"],
    ],
)
def test_usage(box: Sandbox, arguments: list[str]) -> None:
    box.spec("gate", "Gate")
    assert box.run(*arguments, code=2).out == ""


def test_check(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    fine = box.run("check")
    assert (fine.out, fine.err) == ("", "checked 1 spec: no findings\n")
    box.spec("hill", "Hill", bad="Hill")
    result = box.run("check", code=1)
    assert "specs/hill.yaml:1:7: error[LG304]" in result.out
    assert result.err == "\nfound 1 error\n"
    box.spec("hill", "Hill", warn="Hill")
    assert "warning[LG399]" in box.run("check").out
    box.run("check", "specs/gate.yaml")


def test_machine_formats_go_to_standard_output(box: Sandbox) -> None:
    box.spec("gate", "Gate", bad="Gate")
    for command in ("build", "check"):
        result = box.run(command, "--output-format", "json", code=1)
        assert [item["code"] for item in json.loads(result.out)] == ["LG304"]
        result = box.run(command, "--output-format", "github", code=1)
        assert result.out.startswith("::error file=specs/gate.yaml,")
    box.spec("gate", "Gate")
    assert json.loads(box.run("check", "--output-format", "json").out) == []
    assert json.loads(box.run("build", "--output-format", "json").out) == []
    result = box.run("build", "spec", "--output-format", "json", code=2)
    assert json.loads(result.out)[0]["code"] == "LG510"


def test_bad_bytes_and_sizes(box: Sandbox) -> None:
    path = box.root / "specs/a.yaml"
    path.parent.mkdir()
    path.write_bytes("\ufeffname: A\r\nsummary: caf".encode() + b"\xe9\r\n")
    out = box.run("check", code=1).out
    assert "specs/a.yaml:2:13: error[LG091]: byte 0xe9 at offset 24 is not" in out
    path.write_bytes(b"#" * (1 << 20) + b"\n")
    assert "error[LG092]: the spec is larger than 1 MiB" in box.run("check", code=1).out
    path.write_bytes("\ufeffname: A\r\nbody: x\r".encode())
    windows = box.run("build", "--stdout").out
    path.write_bytes(b"name: A\nbody: x\n")
    assert box.run("build", "--stdout").out == windows


# Settings


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('output = "x"', "2:1: error[LG502]: unknown setting `output`"),
        ('specs = "specs"', "2:1: error[LG503]: `specs` must be a list"),
        ("specs = [1]", "2:1: error[LG503]: `specs` must be a list"),
        ("out = 1", "2:1: error[LG503]: `out` must be a string"),
        ('out = ""', "2:1: error[LG503]: `out` must name a folder"),
        ('out = "../x"', "2:1: error[LG504]: `out` is `../x`, which lies outside"),
        ('out = "/tmp/x"', "2:1: error[LG504]"),
        ('out = "C:/x"', "2:1: error[LG504]"),
        ('out = "away/x"', "2:1: error[LG504]: `out` is `away/x`, a link"),
        ('specs = ["../x"]', "2:1: error[LG504]"),
        ('out = "my-layers"', "2:1: error[LG505]: `my-layers` cannot be imported"),
        ('out = "src/class"', "2:1: error[LG505]"),
        ('module = "a.if"', "2:1: error[LG505]: `a.if` cannot be imported: `if`"),
        ('tests = "generated"', "2:1: error[LG503]: `tests` and `out` are the same"),
        ('line-length = "88"', "2:1: error[LG503]: `line-length` must be"),
        ("line-length = true", "2:1: error[LG503]"),
        ("line-length = 3", "2:1: error[LG503]"),
        ('specs = ["specz"]', "layergen: error[LG510]: there is no `specz`"),
        ("out = ", "2:7: error[LG501]: invalid value"),
    ],
)
def test_wrong_settings(box: Sandbox, text: str, finding: str, tmp_path: Path) -> None:
    box.spec("gate", "Gate")
    (tmp_path / "elsewhere").mkdir()
    (box.root / "away").symlink_to(tmp_path / "elsewhere")
    box.write("pyproject.toml", f"[tool.layergen]\n{text}\n")
    result = box.run("build", code=2)
    assert finding in result.err
    assert not (box.root / "generated").exists()


def test_all_wrong_settings_at_once(box: Sandbox) -> None:
    box.write("pyproject.toml", "[tool.layergen]\nouts = 1\nmodule = 2\n")
    assert "found 2 errors" in box.run("check", code=2).err


def test_settings_are_found_upward(box: Sandbox) -> None:
    box.write(
        "pyproject.toml",
        '[tool.layergen]\nout = "src/made/layers/"\nspecs = ["a", "b"]\n',
    )
    box.write("sub/pyproject.toml", "[tool.black]\n")
    project = load_project(box.root / "sub")
    assert project.root == box.root
    assert project.specs == ("a", "b")
    target = project.target
    assert (target.out, target.tests) == ("src/made/layers", "src/made/layers/tests")
    assert target.module == "made.layers"
    assert project.import_root == box.root / "src"


def test_flag_wins_and_must_stay_inside(box: Sandbox) -> None:
    box.write("pyproject.toml", '[tool.layergen]\nout = "a"\nmodule = "x.a"\n')
    assert load_project(box.root, "src/b").target.module == "b"
    assert "LG504" in box.run("build", "--out", "../b", code=2).err


def test_without_settings(tmp_path: Path) -> None:
    project = load_project(tmp_path)
    assert (project.root, project.specs) == (tmp_path, ("specs",))
    assert (project.target.out, project.has_settings) == ("generated", False)


# The lock


def test_lock_round_trip() -> None:
    entries = [
        Entry("generated/demo/__init__.py", "0" * 64),
        Entry("generated/demo/a.py", "1" * 64, "specs/a b.yaml", "2" * 64, "demo.a.A"),
    ]
    text = format_lock(reversed(entries))
    assert list(parse_lock(Source("l", text.decode())).values()) == entries


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("garbage", "LG520"),
        ("<<<<<<< HEAD", "LG521"),
        ("=======", "LG521"),
        (f"/etc/passwd\t{'0' * 64}\t-\t-\t-", "LG520"),
        (f"a/../../x\t{'0' * 64}\t-\t-\t-", "LG520"),
        (f"C:/x\t{'0' * 64}\t-\t-\t-", "LG520"),
        ("a\tnot-a-digest\t-\t-\t-", "LG520"),
    ],
)
def test_unreadable_lock(box: Sandbox, line: str, code: str) -> None:
    box.spec("gate", "Gate")
    box.run("build")
    lock = box.root / "generated/layergen.lock"
    lock.write_text(lock.read_text() + line + "\n")
    before = box.tree()
    for flags in ([], ["--check"]):
        err = box.run("build", *flags, code=1).err
        assert f"generated/layergen.lock:7:1: error[{code}]" in err
        assert "help: " in err
    assert box.tree() == before


# explain, show, schema, new, init, test


def test_explain(box: Sandbox) -> None:
    listed = box.run("explain").out
    assert "LG530  error    edited by hand\n" in listed
    assert box.run("explain", "lg530").out.startswith("LG530: edited by hand (error)\n")
    assert "the nearest is `LG530`" in box.run("explain", "LG53", code=2).err


def test_codes_are_unique_and_complete() -> None:
    ids = [code.id for code in codes.ALL]
    assert len(ids) == len(set(ids))
    for code in vars(project_codes).values():
        if isinstance(code, Code):
            assert all((code.title, code.means, code.why, code.wrong, code.right))
            assert codes.find(code.id) == code
    assert codes.find("nonsense") is None


def test_new_writes_once(box: Sandbox) -> None:
    box.run("new", "WideHTTPGate", "--package", "zoo")
    path = "specs/zoo/wide_http_gate.yaml"
    before = box.tree()
    assert b"name: WideHTTPGate\npackage: zoo\n" in before[path]
    err = box.run("new", "WideHTTPGate", "--package", "zoo", code=2).err
    assert f"{path}: error[LG514]" in err
    assert box.tree() == before
    for name in ("wide-gate", "gate", "None", "Gaté", "../X"):
        assert "LG513" in box.run("new", name, code=2).err
    assert "LG513" in box.run("new", "Gate", "--package", "class", code=2).err


def test_init_is_done_once_and_overwrites_nothing(box: Sandbox) -> None:
    box.write("pyproject.toml", '# mine\n[project]\nname = "x"')
    box.write(".gitignore", "*.pyc")
    err = box.run("init").err
    assert "added [tool.layergen] to pyproject.toml" in err
    tree = box.tree()
    text = tree["pyproject.toml"].decode()
    assert text.startswith('# mine\n[project]\nname = "x"\n')
    assert tomllib.loads(text)["tool"]["layergen"]["out"] == "generated"
    assert tree[".gitignore"] == b"*.pyc\n/.layergen_cache/\n"
    assert b"/generated/** linguist-generated=true" in tree[".gitattributes"]
    assert "specs/layers/scaled_linear.yaml" in tree
    assert box.run("init").err.startswith("nothing to do")
    assert box.tree() == tree


def test_init_in_an_empty_folder(box: Sandbox) -> None:
    (box.root / "pyproject.toml").unlink()
    box.run("init")
    assert load_project(box.root).has_settings


def test_tests_are_run(box: Sandbox) -> None:
    box.spec("gate", "Gate")
    assert "run `layergen build` first" in box.run("test", code=1).err
    box.run("build")
    box.run("test", "-q", "-k", "gate", "-p", "no:cacheprovider")
    box.run("test", "-k", "nothing", "-p", "no:cacheprovider", code=5)
    box.run("test", "--nonsense-for-pytest", code=2)


@pytest.mark.parametrize("package", ["pytest", "keras"])
def test_missing_packages(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    from layergen.commands import test

    box.spec("gate", "Gate")
    box.run("build")
    monkeypatch.setattr(test, "find_spec", lambda name: None if name == package else 1)
    assert f"need {package}, which is not installed" in box.run("test", code=2).err


def test_version_and_help(box: Sandbox) -> None:
    assert box.run("--version").out.startswith("layergen ")
    assert "explain" in box.run("--help").out
    for word in ("fmt", "watch"):
        assert word not in box.run("--help").out + box.run("build", "--help").out


def test_vanished_folder(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["build"]) == 2
    monkeypatch.chdir(tmp_path)

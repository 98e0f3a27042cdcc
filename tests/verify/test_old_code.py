"""The old code out of git, and what the command says before it needs Keras."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.verify.repository import SETTINGS, Repository, start

from layergen.artifact import Target
from layergen.cli import main
from layergen.commands import verify
from layergen.workspace.generated import Generated, lay_out, read_commit
from layergen.workspace.project import load_project
from layergen.workspace.sides import read_settings, require_commit

BODY = """\
inputs:
  inputs: {shape: [batch, features]}
parameters:
  gain: {role: weight, shape: [features], initializer: ones}
call: |
  return inputs * gain
outputs: {shape: like inputs}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = start(tmp_path / "project")
    monkeypatch.chdir(made.root)
    return made


def built(made: Repository) -> Repository:
    made.spec("Scale", BODY)
    assert main(["build"]) == 0
    made.commit()
    return made


def code(files: dict[str, str | bytes], module: str = "a") -> object:
    contents = {
        f"out/{path}": text.encode() if isinstance(text, str) else text
        for path, text in files.items()
    }
    return Generated(Target("out", "out/tests", "out"), contents.get).code(
        "demo", module
    )


def test_docstrings_and_comments_are_no_code() -> None:
    one = code({"demo/a.py": '"""One."""\nclass A:\n    """A."""\n    x = 1  # one\n'})
    two = code(
        {"demo/a.py": '# two\n"""Two."""\nclass A:\n    """B."""\n\n    x = 1\n'}
    )
    assert one == two is not None
    assert code({"demo/a.py": "class A:\n    x = 2\n"}) != one
    assert code({}) is None


def test_code_is_that_of_what_it_imports_too() -> None:
    files: dict[str, str | bytes] = {
        "demo/a.py": "from .b import B\n",
        "demo/b.py": "from ..other.c import C\n",
        "other/c.py": "from ..demo.a import A\nC = 1\n",
        "demo/d.py": "D = 1\n",
    }
    first = code(files)
    assert code({**files, "demo/d.py": "D = 2\n"}) == first
    assert code({**files, "other/c.py": "C = 2\n"}) != first


def test_code_is_that_of_its_arrays_too() -> None:
    files: dict[str, str | bytes] = {"demo/a.py": 'x = load("a.npy")\n'}
    first = code({**files, "demo/a.npy": b"\0one"})
    assert code({**files, "demo/a.npy": b"\0two"}) != first
    assert code({**files, "demo/a.npy": b"\0one", "demo/b.npy": b"\0"}) == first


def test_code_that_does_not_parse_is_compared_as_it_is() -> None:
    assert code({"demo/a.py": "class"}) != code({"demo/a.py": "class A"}) is not None


def test_the_old_code_stands_where_old_settings_say(repository: Repository) -> None:
    settings = SETTINGS.replace('"generated"', '"src/company/layers"')
    repository.write("pyproject.toml", settings)
    built(repository)
    repository.write("pyproject.toml", SETTINGS)
    assert main(["build"]) == 0
    project = load_project(repository.root)
    commit = require_commit(project, "HEAD", "no revision")
    old = read_settings(project, commit)
    assert (old.target.out, old.target.module) == (
        "src/company/layers",
        "company.layers",
    )
    files = read_commit(project, old.target, commit)
    assert sorted(files) == [
        "src/company/layers/__init__.py",
        "src/company/layers/demo/__init__.py",
        "src/company/layers/demo/scale.py",
    ]
    laid_out = lay_out(files, old.target, repository.root.parent / "old")
    assert laid_out.import_root == repository.root.parent / "old/src"
    # A package, so that another `company` that is installed cannot hide it.
    assert (laid_out.import_root / "company/__init__.py").read_bytes() == b""


def test_what_is_the_same_needs_no_keras(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    built(repository)
    repository.change("specs/scale.yaml", "Shows it.", "Shows it well.")
    assert main(["build"]) == 0
    monkeypatch.setattr(verify, "find_spec", lambda name: None)
    capsys.readouterr()
    assert main(["verify", "--against", "HEAD"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "no layer to verify against `HEAD`; 1 layer with the same code left out\n"
    )
    repository.change("specs/scale.yaml", "* gain", "* gain * 2.0")
    assert main(["build"]) == 0
    assert main(["verify", "--against", "HEAD"]) == 2
    told = capsys.readouterr()
    assert "error[LG515]: `verify` needs keras, which is not installed" in told.err


def test_code_that_is_not_committed_and_says_the_same_is_the_same(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text of one spec says so; the other reads a file, so it is compiled."""
    constant = BODY.replace("[features], initializer: ones", "[1, 1], file: bank.npy")
    repository.spec("Bank", constant.replace("role: weight", "role: constant"))
    np.save(repository.root / "specs/bank.npy", np.ones((1, 1)))
    repository.write(".gitignore", "generated/\n.layergen_cache/\n")
    built(repository)
    capsys.readouterr()
    assert main(["verify", "--against", "HEAD", "--output-format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "failed": False,
        "base": "HEAD",
        "same": 2,
        "layers": [],
        "diagnostics": [],
    }


def test_a_layer_that_is_new_has_no_old_files(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    built(repository)
    repository.spec("Shift", BODY.replace("* gain", "+ gain"))
    assert main(["build"]) == 0
    assert main(["verify", "--against", "HEAD"]) == 0
    assert "1 layer with the same code left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["--against", "nowhere"], 2, "LG518"),
        (["--against", "HEAD", "specs/none.yaml"], 2, "LG510"),
        ([], 2, "--against"),
    ],
)
def test_wrong_usage(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    exit_code: int,
    said: str,
) -> None:
    built(repository)
    assert main(["verify", *arguments]) == exit_code
    assert said in capsys.readouterr().err


def test_code_must_be_that_of_the_specs(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    built(repository)
    repository.change("specs/scale.yaml", "* gain", "* gain * 2.0")
    assert main(["verify", "--against", "HEAD"]) == 1
    told = capsys.readouterr().err
    assert "error[LG540]: spec changed" in told
    assert told.endswith("nothing was verified: run `layergen build` first\n")


def test_an_old_spec_that_is_wrong_is_told(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    built(repository)
    repository.change("specs/scale.yaml", "* gain", "* gian")
    repository.commit()
    repository.change("specs/scale.yaml", "* gian", "* gain * 2.0")
    assert main(["build"]) == 0
    assert main(["verify", "--against", "HEAD"]) == 1
    told = capsys.readouterr()
    assert "HEAD:specs/scale.yaml:10:19: error[LG303]" in told.out
    assert "1 spec could not be compared" in told.err

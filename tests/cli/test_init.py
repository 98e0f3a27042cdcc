"""`layergen init`: what a project may be set up with."""

import io
import json
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Sandbox

from layergen.commands import integrate
from layergen.commands.integrate import Integration, Origin, list_files

PRE_COMMIT = ".pre-commit-config.yaml"
GITHUB = ".github/workflows/layergen.yml"
GITLAB = ".gitlab/layergen.yml"
GITLAB_CI = ".gitlab-ci.yml"
ALL = {PRE_COMMIT, GITHUB, GITLAB, GITLAB_CI}
OPTIONS = {
    "--pre-commit": {PRE_COMMIT},
    "--github": {GITHUB},
    "--gitlab": {GITLAB, GITLAB_CI},
    "--yes": ALL,
}


@pytest.fixture(autouse=True)
def origin(monkeypatch: pytest.MonkeyPatch) -> Origin:
    from layergen.commands import start

    found = Origin("https://github.com/acme/layergen", "v0.1.0")
    monkeypatch.setattr(start, "find_origin", lambda: found)
    return found


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Somebody who answers what is typed here."""

    def answer(text: str) -> None:
        stdin = io.StringIO(text)
        monkeypatch.setattr(stdin, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", stdin)

    return answer


def _written(box: Sandbox) -> set[str]:
    return ALL & set(box.tree())


@pytest.mark.parametrize("option", OPTIONS)
def test_each_option_writes_its_files_once(box: Sandbox, option: str) -> None:
    result = box.run("init", option)
    assert result.out == ""
    assert _written(box) == OPTIONS[option]
    for path in OPTIONS[option]:
        assert f"wrote {path}\n" in result.err
        assert yaml.safe_load(box.tree()[path])
    before = box.tree()
    assert box.run("init", option).err.startswith("nothing to do")
    assert box.tree() == before


def test_nothing_is_asked_where_nobody_is(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\ny\ny\n"))
    err = box.run("init").err
    assert "?" not in err
    assert _written(box) == set()


def test_a_person_is_asked(box: Sandbox, terminal: Callable[[str], None]) -> None:
    terminal("\nyes\nn\n")
    result = box.run("init")
    assert result.out.strip() == ""  # click asks for a line with a space
    assert result.err.count("[y/N]") == 3
    assert _written(box) == {GITHUB}
    terminal("\n\n")
    assert box.run("init").err.count("[y/N]") == 2  # what is there is not asked for
    terminal("")
    box.run("init", "--pre-commit")
    assert _written(box) == {GITHUB, PRE_COMMIT}


def test_a_person_who_leaves(box: Sandbox, terminal: Callable[[str], None]) -> None:
    terminal("y\n")
    assert box.call("init").code == 1
    assert _written(box) == {PRE_COMMIT}


@pytest.mark.parametrize(
    ("path", "text", "entry"),
    [
        (PRE_COMMIT, "repos: []\n# - id: layergen-build\n", "- id: layergen-build"),
        (GITHUB, "on: push\n", "- uses: acme/layergen@v0.1.0"),
        (GITLAB_CI, "test: {script: [make]}\n", "- local: /.gitlab/layergen.yml"),
    ],
)
def test_a_file_that_exists_is_left_as_it_is(
    box: Sandbox, path: str, text: str, entry: str
) -> None:
    box.write(path, text)
    err = box.run("init", "--yes").err
    assert f"{path} exists and is left as it is; add " in err
    assert entry in err
    assert box.tree()[path] == text.encode()
    assert _written(box) == ALL
    (said,) = [line for line in err.splitlines() if entry in line]
    box.write(path, text + said + "\n")
    assert box.run("init", "--yes").err.startswith("nothing to do")


def test_what_others_wrote_counts(box: Sandbox) -> None:
    box.write(".github/workflows/ci.yaml", "x:\n  - uses: acme/layergen@main\n")
    box.write(GITLAB_CI, "a:\n  script: [layergen-review]\n")
    box.write(GITLAB, "a:\n  script: [layergen-review]\n")
    before = box.tree()
    box.run("init", "--github", "--gitlab")
    assert {path: box.tree()[path] for path in before} == before
    assert _written(box) == {GITLAB, GITLAB_CI}


def test_files_that_cannot_be_read_or_written_are_told(box: Sandbox) -> None:
    (box.root / PRE_COMMIT).mkdir()
    assert "error[LG090]" in box.run("init", "--pre-commit", code=2).err
    box.write(".github", "a file\n")
    assert "error[LG" in box.run("init", "--github", code=2).err


@pytest.mark.parametrize("folder", ["layers", "a b/it's & more: 100%"])
def test_a_project_in_a_folder_of_the_repository(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (box.root / ".git").mkdir()
    box.write(f"{folder}/pyproject.toml", "[tool.layergen]\n")
    monkeypatch.chdir(box.root / folder)
    box.run("init", "--yes")
    assert _written(box) == ALL
    tree = {path: yaml.safe_load(box.tree()[path]) for path in ALL}
    step = tree[GITHUB]["jobs"]["review"]["steps"][-1]
    assert step["with"]["working-directory"] == folder
    (repo,) = tree[PRE_COMMIT]["repos"]
    install, move, review = tree[GITLAB]["layergen-review"]["script"]
    assert install.endswith("git+https://github.com/acme/layergen@v0.1.0")
    assert review == "layergen-review"

    import shlex
    import subprocess

    def where(command: list[str]) -> str:
        run = subprocess.run(
            command, cwd=box.root, check=True, capture_output=True, text=True
        )
        return run.stdout.strip()

    for hook in repo["hooks"]:
        command = shlex.split(hook["entry"])  # as pre-commit does
        script = command[2].replace("layergen", "pwd; :")
        assert where([*command[:2], script]) == str(box.root / folder)
    assert where(["sh", "-c", f"{move}; pwd"]) == str(box.root / folder)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"url": "https://git.acme.com/ml/layergen.git", "vcs_info": {}},
            Origin("https://github.com/OWNER/layergen", "v9"),
        ),
        (
            {
                "url": "https://git.acme.com/ml/layergen.git",
                "vcs_info": {"vcs": "git", "commit_id": "abc"},
            },
            Origin("https://git.acme.com/ml/layergen", "abc"),
        ),
        ({"url": "file:///src"}, Origin("https://github.com/OWNER/layergen", "v9")),
        (None, Origin("https://github.com/OWNER/layergen", "v9")),
    ],
)
def test_origin(
    monkeypatch: pytest.MonkeyPatch, record: object, expected: Origin
) -> None:
    class Installed:
        version = "9"

        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return None if record is None else json.dumps(record)

    monkeypatch.setattr(integrate, "distribution", lambda _: Installed())
    assert integrate.find_origin() == expected


def test_a_placeholder_is_told(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from layergen.commands import start

    def missing(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(integrate, "distribution", missing)
    monkeypatch.setattr(start, "find_origin", integrate.find_origin)
    note = "in place of `https://github.com/OWNER/layergen`, write where"
    assert note in box.run("init", "--github").err


def test_the_documents_show_what_is_written() -> None:
    text = (Path(__file__).parents[2] / "docs/ci.md").read_text("utf-8")
    origin = Origin("https://github.com/OWNER/layergen", "v0.1.0")
    for integration in Integration:
        for file in list_files(integration, origin, ""):
            assert f"```yaml\n{file.text}```" in text


def test_what_is_written_uses_what_there_is(origin: Origin) -> None:
    """Hooks, inputs and the script are those of this repository."""
    root = Path(__file__).parents[2]
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    action = yaml.safe_load((root / "action.yml").read_text("utf-8"))
    (config,) = list_files(Integration.PRE_COMMIT, origin, "")
    (repo,) = yaml.safe_load(config.text)["repos"]
    assert {hook["id"] for hook in repo["hooks"]} == {hook["id"] for hook in hooks}
    (workflow,) = list_files(Integration.GITHUB, origin, "layers")
    data = yaml.safe_load(workflow.text)
    assert data["permissions"] == {"contents": "read", "pull-requests": "write"}
    step = data["jobs"]["review"]["steps"][-1]
    assert step["uses"] == "acme/layergen@v0.1.0"
    assert step["with"].keys() <= action["inputs"].keys()

"""`action.yml`, run as GitHub's runner would, with real git and an API on loopback."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.forge_server import TOKEN, Forge, serve

REPOSITORY = Path(__file__).parents[2]
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
SCRIPT = REPOSITORY / "integrations/review.sh"
SPEC = (REPOSITORY / "specs/seeds/scaled_linear.yaml").read_text("utf-8")
# In a package of its own, so that changes of both layers merge in the lock too.
_OTHER = (REPOSITORY / "specs/seeds/lookup.yaml").read_text("utf-8")
_OTHER = _OTHER.replace("package: seeds", "package: zoo")
_IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com")
_DROPPED = ("CI", "GIT", "GITHUB", "GITLAB", "LAYERGEN", "PYTHON", "RUNNER")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is one of Unix")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def annotations(self) -> list[str]:
        return re.findall(r"^::\w+ .*", self.out, re.M)


@dataclass
class Job:
    """A job of GitHub Actions.

    `checkout` is where its repository is, `variables` what the runner sets.
    """

    checkout: Path
    temporary: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        path = self.temporary / "summary"
        return path.read_text("utf-8") if path.exists() else ""

    def run(self, code: int = 0, **inputs: str) -> Ended:
        """Run the action's second step; the first is run once for all."""
        ended = self.step(ACTION["runs"]["steps"][1], inputs)
        assert ended.code == code, ended
        assert TOKEN not in ended.out + ended.err
        return ended

    def step(self, step: Mapping[str, Any], inputs: Mapping[str, str]) -> Ended:
        known = {name: given["default"] for name, given in ACTION["inputs"].items()}
        assert inputs.keys() <= known.keys()
        values = {**known, **inputs}

        def expand(text: str) -> str:
            text = re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: values[m[1]], text)
            return text.replace("${{ github.token }}", TOKEN)

        file = self.temporary / "step.sh"
        file.write_text(step["run"], "utf-8")
        folder = self.checkout / expand(step.get("working-directory", "."))
        given = {key: expand(text) for key, text in step["env"].items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)]
        return self.execute(command, folder, given)

    def execute(
        self, command: list[str], folder: Path, given: Mapping[str, str]
    ) -> Ended:
        ours = {k: v for k, v in os.environ.items() if not k.startswith(_DROPPED)}
        ended = subprocess.run(
            command,
            cwd=folder,
            env={**ours, **self.variables, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's temporary folder, with layergen installed by the action."""
    place = tmp_path_factory.mktemp("runner")
    job = Job(place, place, _runner_variables(place))
    # What the package needs is taken from this Python, so that no network is.
    job.variables |= {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    ended = job.step(ACTION["runs"]["steps"][0], {"python": sys.executable})
    assert ended.code == 0, ended
    installed = place / "layergen/bin/layergen-review"
    assert installed.read_text("utf-8") == SCRIPT.read_text("utf-8")
    assert os.access(installed, os.X_OK)
    return place


def _runner_variables(place: Path) -> dict[str, str]:
    return {
        "RUNNER_TEMP": str(place),
        "GITHUB_ACTION_PATH": str(REPOSITORY),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


@dataclass(frozen=True)
class Remote:
    """A repository with a pull request, and somebody's work tree of it."""

    bare: Path
    tree: Path

    def git(self, *arguments: str) -> str:
        return _git(self.tree, *arguments)

    def commit(self, branch: str, message: str = "change") -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        self.git("push", "-q", "origin", f"HEAD:{branch}")
        return self.git("rev-parse", "HEAD")

    def merge(self) -> str:
        """What GitHub makes of pull request 7: its merge into the base."""
        self.git("checkout", "-q", "--detach", "origin/main")
        self.git("merge", "-q", "--no-ff", "-m", "parent of all", "origin/change")
        self.git("push", "-qf", "origin", "HEAD:refs/pull/7/merge")
        return self.git("rev-parse", "HEAD")


def _git(folder: Path, *arguments: str) -> str:
    ours = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    ended = subprocess.run(
        ["git", *_IDENTITY, *arguments],
        cwd=folder,
        env={**ours, "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
        capture_output=True,
        text=True,
    )
    return ended.stdout.strip()


def _layergen(runner: Path, folder: Path, *arguments: str) -> None:
    command = [str(runner / "layergen/bin/layergen"), *arguments]
    environment = {**os.environ, **_runner_variables(runner)}
    subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def _first(runner: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two layers, built and committed, and a bare repository of it."""
    place = tmp_path_factory.mktemp("first")
    tree = place / "tree"
    tree.mkdir()
    _git(place, "init", "-q", "--bare", "-b", "main", "bare.git")
    _git(tree, "init", "-q", "-b", "main")
    _git(tree, "remote", "add", "origin", (place / "bare.git").as_uri())
    (tree / "pyproject.toml").write_text("[tool.layergen]\n")
    (tree / ".gitignore").write_text("/.layergen_cache/\n")
    (tree / "specs").mkdir()
    (tree / "specs/scaled.yaml").write_text(SPEC)
    (tree / "specs/lookup.yaml").write_text(_OTHER)
    _layergen(runner, tree, "build")
    _git(tree, "add", "-A")
    _git(tree, "commit", "-qm", "first")
    _git(tree, "push", "-q", "origin", "main")
    return place


@pytest.fixture
def remote(_first: Path, tmp_path: Path) -> Remote:
    shutil.copytree(_first, tmp_path / "remote", symlinks=True)
    bare, tree = tmp_path / "remote/bare.git", tmp_path / "remote/tree"
    _git(tree, "remote", "set-url", "origin", bare.as_uri())
    return Remote(bare, tree)


@pytest.fixture
def forge() -> Iterator[Forge]:
    with serve(Forge()) as found:
        yield found


def _job(
    runner: Path, remote: Remote, forge: Forge, place: Path, commit: str, depth: int = 1
) -> Job:
    """A job of pull request 7, with what `actions/checkout` fetches by default."""
    checkout = place / "checkout"
    checkout.mkdir()
    _git(checkout, "init", "-q")
    _git(checkout, "remote", "add", "origin", remote.bare.as_uri())
    _git(checkout, "fetch", "-q", "--no-tags", f"--depth={depth}", "origin", commit)
    _git(checkout, "checkout", "-q", "--detach", "FETCH_HEAD")
    event = place / "event.json"
    head = {"repo": {"full_name": "acme/layers"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    variables = {
        **_runner_variables(runner),
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/layers",
        "GITHUB_API_URL": forge.url,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_BASE_REF": "main",
        "GITHUB_SHA": commit,
        "GITHUB_STEP_SUMMARY": str(place / "summary"),
    }
    return Job(checkout, place, variables)


def _break(remote: Remote, runner: Path) -> None:
    """On the branch `change` an argument gets another name; on the base, of another."""
    remote.git("checkout", "-q", "-b", "change")
    path = remote.tree / "specs/scaled.yaml"
    path.write_text(SPEC.replace("scale_factor", "factor"))
    _layergen(runner, remote.tree, "build")
    remote.commit("change")
    remote.git("checkout", "-q", "main")
    path = remote.tree / "specs/lookup.yaml"
    path.write_text(_OTHER.replace("lookup_table", "entries"))
    _layergen(runner, remote.tree, "build")
    remote.commit("main")


# The file itself


def test_inputs_reach_the_shell_through_the_environment() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    used = re.findall(
        r"inputs\.([\w-]+)", (REPOSITORY / "action.yml").read_text("utf-8")
    )
    assert sorted(used) == sorted(ACTION["inputs"])
    for given in ACTION["inputs"].values():
        assert given["description"].strip()
        assert isinstance(given["default"], str)


def test_inputs_and_variables_are_in_the_documents() -> None:
    text = (REPOSITORY / "docs/ci.md").read_text("utf-8")
    for name, given in ACTION["inputs"].items():
        default = given["default"].replace("${{ ", "").replace(" }}", "")
        assert f"| `{name}` | {f'`{default}`' if default else ''} |" in text
    for name in ACTION["runs"]["steps"][1]["env"]:
        assert not name.startswith("LAYERGEN_") or f"| `{name}` |" in text


def test_variables_are_those_of_the_script() -> None:
    script = SCRIPT.read_text("utf-8")
    told = set(re.findall(r"^# +(LAYERGEN_\w+) ", script, re.M))
    assert told == set(re.findall(r"\$\{(LAYERGEN_\w+)", script))
    (review,) = ACTION["runs"]["steps"][1:]
    assert told == {name for name in review["env"] if name.startswith("LAYERGEN_")}


def test_the_script_is_one_of_any_shell() -> None:
    for shell in ("sh", "bash"):
        subprocess.run([shell, "-n", str(SCRIPT)], check=True)
    assert os.access(SCRIPT, os.X_OK)


# Pull requests


def test_a_merge_commit_in_a_shallow_clone(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    job = _job(runner, remote, forge, tmp_path, remote.merge())
    ended = job.run(1)
    assert any("LG623" in line for line in ended.annotations)
    assert all("file=specs/scaled.yaml" in line for line in ended.annotations)
    assert "2 specs up to date" in ended.err
    assert "made a comment on pull request 7 of acme/layers" in ended.err
    (body,) = forge.bodies
    assert "1 of 2 layers changed" in body
    assert "lookup" not in body
    assert body.endswith(job.summary)
    assert "LG623" in job.summary

    # The next push mends it: the one comment says so.
    assert "the comment is up to date" in job.run(1, steps="diff").err
    remote.git("checkout", "-q", "change")
    (remote.tree / "specs/scaled.yaml").write_text(SPEC)
    _layergen(runner, remote.tree, "build")
    remote.commit("change")
    commit = remote.merge()
    _git(job.checkout, "fetch", "-q", "--depth=1", "origin", commit)
    _git(job.checkout, "checkout", "-q", "--detach", commit)
    job.variables["GITHUB_SHA"] = commit
    assert job.run().annotations == []
    assert len(forge.bodies) == 1
    assert "no change" in forge.bodies[0]


def test_the_head_of_a_branch_is_compared_with_where_it_left_the_base(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    head = remote.git("rev-parse", "origin/change")
    job = _job(runner, remote, forge, tmp_path, head)
    job.variables["GITHUB_SHA"] = remote.merge()
    assert "1 of 2 layers changed" in job.run(1, steps="diff").err
    for base in ("main", "origin/main", remote.git("rev-parse", "origin/main")):
        other = tmp_path / base.replace("/", "-")
        other.mkdir()
        job = _job(runner, remote, forge, other, head)
        del job.variables["GITHUB_BASE_REF"], job.variables["GITHUB_STEP_SUMMARY"]
        ended = job.run(1, base=base, comment="false", steps="diff")
        assert "1 of 2 layers changed" in ended.err
    assert len(forge.bodies) == 1


def test_one_run_tells_everything_once(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    remote.git("checkout", "-q", "change")
    with (remote.tree / "generated/seeds/scaled_linear.py").open("a") as file:
        file.write("# mine\n")
    remote.commit("change")
    job = _job(runner, remote, forge, tmp_path, remote.merge())
    codes = re.findall(r"title=(LG\d+)", "\n".join(job.run(1).annotations))
    assert {"LG530", "LG623"} <= set(codes)

    bad = job.checkout / "specs/bad.yaml"
    bad.write_text(_OTHER.replace("take(", "tke(").replace("Lookup", "Bad"))
    ended = job.run(1)
    codes = re.findall(r"title=(LG\d+)", "\n".join(ended.annotations))
    assert {"LG304", "LG623"} <= set(codes)
    assert codes.count("LG304") == 1
    assert "1 spec could not be compared" in forge.bodies[0]


def test_chosen_steps_and_files(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    job = _job(runner, remote, forge, tmp_path, remote.merge())
    ended = job.run(steps="check")
    assert "layergen build" not in ended.err
    assert "layergen diff" not in ended.err
    ended = job.run(1, steps="diff", sarif="found.sarif", comment="false")
    assert "layergen check" not in ended.err
    sarif = json.loads((job.checkout / "found.sarif").read_text("utf-8"))
    assert "LG623" in json.dumps(sarif["runs"][0]["results"])
    assert forge.asked == []
    changed = _git(job.checkout, "status", "--porcelain")
    assert changed.split() == ["??", "found.sarif"]
    ended = job.run(2, steps="chek")
    assert "::error title=layergen::there is no step `chek`" in ended.out


def test_a_push_has_nothing_to_compare_with(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    job = _job(runner, remote, forge, tmp_path, remote.git("rev-parse", "main"))
    job.variables["GITHUB_REF"] = "refs/heads/main"
    del job.variables["GITHUB_BASE_REF"]
    assert "left out, there is nothing to compare with" in job.run().err
    assert forge.asked == []


def test_a_project_that_is_new(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    remote.git("checkout", "-q", "-b", "change")
    remote.git("rm", "-rq", "specs", "generated", "pyproject.toml")
    base = remote.commit("empty")
    remote.git("revert", "--no-edit", "HEAD")
    remote.git("push", "-q", "origin", "HEAD:change")
    job = _job(runner, remote, forge, tmp_path, remote.git("rev-parse", "HEAD"))
    assert "2 of 2 layers changed" in job.run(base=base).err


def test_a_base_that_cannot_be_found_hides_nothing_else(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    job = _job(runner, remote, forge, tmp_path, remote.merge())
    for base in ("nonsense", "--upload-pack=touch pwned", "-x", "$(touch pwned)"):
        ended = job.run(2, base=base, steps="diff")
        assert "::error title=layergen::cannot find" in ended.out
    assert _git(job.checkout, "status", "--porcelain") == ""
    _git(job.checkout, "remote", "remove", "origin")
    ended = job.run(2, steps="diff build")
    assert "fetch-depth: 0" in ended.out
    assert "2 specs up to date" in ended.err


def test_a_whole_clone_stays_whole(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    job = _job(runner, remote, forge, tmp_path, remote.git("rev-parse", "change"))
    _git(job.checkout, "fetch", "-q", "--unshallow", "origin", "change")
    assert "1 of 2 layers changed" in job.run(1, steps="diff").err
    assert _git(job.checkout, "rev-parse", "--is-shallow-repository") == "false"


def test_a_fork_that_may_not_write_fails_nothing(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    _break(remote, runner)
    remote.git("checkout", "-q", "change")
    remote.git("checkout", "-q", "origin/main", "--", ".")
    remote.commit("change")
    job = _job(runner, remote, forge, tmp_path, remote.merge())
    forge.read_only = True
    forge.add("### an old one")
    (job.checkout / "specs/scaled.yaml").write_text(SPEC.replace("linear", "fine"))
    ended = job.run(2, steps="diff")
    assert any("title=LG584" in line for line in ended.annotations)
    event = {"pull_request": {"number": 7, "head": {"repo": None}}}
    Path(job.variables["GITHUB_EVENT_PATH"]).write_text(json.dumps(event))
    ended = job.run(steps="diff")
    assert any("::warning title=LG585" in line for line in ended.annotations)
    assert "nobody 1" in job.summary


def test_a_project_in_a_folder(
    runner: Path, remote: Remote, forge: Forge, tmp_path: Path
) -> None:
    folder = remote.tree / "some, 100%/layers & more"
    remote.git("rm", "-rq", "--cached", ".")
    folder.mkdir(parents=True)
    for name in ("pyproject.toml", ".gitignore", "specs", "generated"):
        (remote.tree / name).rename(folder / name)
    base = remote.commit("main")
    (folder / "specs/scaled.yaml").write_text(SPEC.replace("scale_factor", "factor"))
    job = _job(runner, remote, forge, tmp_path, remote.commit("change"))
    place = "some, 100%/layers & more"
    ended = job.run(1, base=base, **{"working-directory": place})
    files = {re.findall(r"file=(.*?),", line)[0] for line in ended.annotations}
    assert f"{place.replace('%', '%25').replace(',', '%2C')}/specs/scaled.yaml" in files
    assert forge.bodies[0].startswith("<!-- layergen review: some%2C 100%25/layers ")


# Without GitHub


def test_gitlab(runner: Path, remote: Remote, tmp_path: Path) -> None:
    _break(remote, runner)
    with serve(Forge("gitlab", user="project_bot")) as forge:
        head = remote.git("rev-parse", "origin/change")
        job = _job(runner, remote, forge, tmp_path, head)
        job.variables = {
            **_runner_variables(runner),
            "PATH": f"{runner}/layergen/bin{os.pathsep}{os.environ['PATH']}",
            "CI_API_V4_URL": forge.url,
            "CI_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": remote.git("rev-parse", "main~1"),
            "GITLAB_TOKEN": TOKEN,
            "LAYERGEN_COMMENT": "true",
            "LAYERGEN_STEPS": "diff",
        }
        ended = job.execute(["layergen-review"], job.checkout, {})
        assert ended.code == 1, ended
        assert "specs/scaled.yaml:8:3: error[LG623]" in ended.out
        assert "1 of 2 layers changed" in forge.bodies[0]
        assert "Lookup" not in forge.bodies[0]

        # A pipeline of merged results: the target is what was merged.
        target = remote.git("rev-parse", "main")
        merged = tmp_path / "merged"
        merged.mkdir()
        variables = job.variables
        job = _job(runner, remote, forge, merged, remote.merge())
        job.variables = {**variables, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target}
        ended = job.execute(["layergen-review"], job.checkout, {})
        assert ended.code == 1, ended
        assert "the comment is up to date" in ended.err


def test_no_repository_at_all(runner: Path, forge: Forge, tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/scaled.yaml").write_text(SPEC)
    variables = _runner_variables(runner)
    variables["PATH"] = f"{runner}/layergen/bin{os.pathsep}{os.environ['PATH']}"
    job = Job(tmp_path, tmp_path, variables)
    ended = job.execute([str(SCRIPT)], tmp_path, {})
    assert ended.code == 1
    assert "LG542" in ended.out
    assert "nothing to compare with" in ended.err
    ended = job.execute([str(SCRIPT)], tmp_path, {"LAYERGEN_BASE": "main"})
    assert ended.code == 2
    assert "layergen-review: cannot find `main`" in ended.err

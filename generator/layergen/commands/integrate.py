"""What a project says yes to -> files of pre-commit, GitHub and GitLab.

A file that exists is never changed: what is missing in it is told. All of them stand at
the root of the repository, which may lie above the project.
"""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit

_PLACEHOLDER = "OWNER"


class Integration(StrEnum):
    """What layergen can be set up with; the options of `layergen init`."""

    PRE_COMMIT = "pre-commit"
    GITHUB = "github"
    GITLAB = "gitlab"


QUESTIONS = {
    Integration.PRE_COMMIT: "Build before each commit, with pre-commit?",
    Integration.GITHUB: "Review pull requests, with a workflow of GitHub Actions?",
    Integration.GITLAB: "Review merge requests, with a job of GitLab CI?",
}


@dataclass(frozen=True)
class Origin:
    """Where layergen can be had from: a repository of git and a revision of it."""

    url: str
    revision: str

    @property
    def is_known(self) -> bool:
        """Whether it is more than a placeholder."""
        return _PLACEHOLDER not in self.url

    @property
    def action(self) -> str:
        """What `uses:` names in a workflow."""
        path = urlsplit(self.url).path.strip("/")
        return f"{path}@{self.revision}"


@dataclass(frozen=True)
class SetupFile:
    """A file that an integration needs.

    Attributes:
        path: relative to the repository.
        text: what it holds when it is new.
        signs: texts of which one shows that the entry is there.
        entry: what to add to a file that lacks it.
        where: the place for that.
    """

    path: str
    text: str
    signs: tuple[str, ...]
    entry: str
    where: str


def find_origin() -> Origin:
    """Where this layergen was installed from, if pip says so; else a placeholder."""
    try:
        installed = distribution("layergen")
        record = json.loads(installed.read_text("direct_url.json") or "{}")
        version = installed.version
    except (PackageNotFoundError, ValueError):
        record, version = {}, "0.1.0"
    url = record.get("url", "").removesuffix(".git")
    commit = record.get("vcs_info", {}).get("commit_id")
    if commit and url.startswith("https://") and "@" not in url:
        return Origin(url, commit)
    return Origin(f"https://github.com/{_PLACEHOLDER}/layergen", f"v{version}")


def find_repository(root: Path) -> Path:
    """The repository that a project is in; the project itself, if in none."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    return root


def list_files(
    integration: Integration, origin: Origin, folder: str
) -> tuple[SetupFile, ...]:
    """The files of an integration, for the project in a folder of the repository."""
    match integration:
        case Integration.PRE_COMMIT:
            return (_pre_commit(origin, folder),)
        case Integration.GITHUB:
            return (_github(origin, folder),)
        case Integration.GITLAB:
            return _gitlab(origin, folder)


def _pre_commit(origin: Origin, folder: str) -> SetupFile:
    lines = [f"  - repo: {origin.url}", f"    rev: {origin.revision}", "    hooks:"]
    for command in ("build", "check"):
        lines.append(f"      - id: layergen-{command}")
        if folder:
            script = f"cd {shlex.quote(folder)} && layergen {command}"
            lines.append(f"        entry: {_quote(f'sh -c {shlex.quote(script)}')}")
    entry = "".join(f"{line}\n" for line in lines)
    path, signs = ".pre-commit-config.yaml", ("layergen-build",)
    return SetupFile(path, f"repos:\n{entry}", signs, entry, "under `repos:`")


_WORKFLOW = """\
name: layergen
on: pull_request
permissions:
  contents: read
  pull-requests: write
concurrency:
  group: layergen-${{ github.ref }}
  cancel-in-progress: true
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-python@v6
        with:
          python-version: "3.11"
"""


def _github(origin: Origin, folder: str) -> SetupFile:
    entry = f"      - uses: {origin.action}\n"
    if folder:
        entry += f"        with:\n          working-directory: {_quote(folder)}\n"
    path, signs = ".github/workflows/layergen.yml", ("/layergen@", "layergen-review")
    where = "as a step of a job on pull requests"
    return SetupFile(path, _WORKFLOW + entry, signs, entry, where)


_JOB = """\
layergen-review:
  image: python:3.11
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    LAYERGEN_COMMENT: "true"
  script:
"""


def _gitlab(origin: Origin, folder: str) -> tuple[SetupFile, SetupFile]:
    lines = [f"pip install --quiet git+{origin.url}@{origin.revision}"]
    lines += [f"cd {shlex.quote(folder)}"] if folder else []
    lines += ["layergen-review"]
    job = _JOB + "".join(f"    - {_plain(line)}\n" for line in lines)
    path = ".gitlab/layergen.yml"
    entry = f"  - local: /{path}\n"
    return (
        SetupFile(path, job, ("layergen-review",), job, "as a job"),
        SetupFile(
            ".gitlab-ci.yml",
            f"include:\n{entry}",
            (path, "layergen-review"),
            entry,
            "under `include:`",
        ),
    )


def _quote(text: str) -> str:
    """A string of YAML; its double quotes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """A string of YAML, without quotes where it needs none."""
    return _quote(text) if set(text) & set("'\"#&%{}[]") or ": " in text else text


def has_entry(file: SetupFile, text: str) -> bool:
    """Whether a file has what layergen would write, in whatever form."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return any(sign in line for line in lines for sign in file.signs)


def tell_entry(file: SetupFile) -> Iterator[str]:
    """What a person has to add to a file."""
    yield f"{file.path} exists and is left as it is; add {file.where}:"
    yield ""
    yield file.entry.rstrip("\n")
    yield ""

"""A repository with a project: old specs and code in a commit, new in its tree."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_NOSYSTEM": "1",
}
SETTINGS = '[tool.layergen]\nspecs = ["specs"]\nout = "generated"\n'


@dataclass(frozen=True)
class Repository:
    """A folder under git."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, "utf-8")
        return full

    def spec(self, name: str, body: str, package: str = "demo") -> Path:
        """A spec; `body` stands behind its head."""
        head = f"layergen: 1\nname: {name}\npackage: {package}\nsummary: Shows it.\n"
        return self.write(f"specs/{name.lower()}.yaml", head + body)

    def change(self, path: str, old: str, new: str) -> None:
        full = self.root / path
        text = full.read_text("utf-8")
        assert old in text, (path, old)
        full.write_text(text.replace(old, new), "utf-8")

    def git(self, *arguments: str) -> str:
        ended = subprocess.run(
            ["git", "-c", "init.defaultBranch=main", *arguments],
            cwd=self.root,
            env={**os.environ, **IDENTITY},
            capture_output=True,
            text=True,
            check=True,
        )
        return ended.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")


def start(root: Path) -> Repository:
    """An empty project."""
    made = Repository(root)
    root.mkdir(parents=True)
    made.git("init", "-q")
    made.write("pyproject.toml", SETTINGS)
    made.write(".gitignore", ".layergen_cache/\n")
    return made

"""A repository with a project in it, whose specs change and are compared."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.verify.repository import IDENTITY

SPEC = """\
layergen: 1
name: {name}
package: demo
summary: Multiplies its input.
arguments:
  factor: {{type: float, default: {factor}}}
inputs:
  inputs: {{shape: [batch, features]}}
parameters:
  gain: {{role: weight, shape: [{shape}], initializer: ones}}
call: |
  return factor * inputs * gain
outputs: {{shape: like inputs}}
"""


def spec(name: str = "Scale", factor: float = 2.0, shape: str = "features") -> str:
    return SPEC.format(name=name, factor=factor, shape=shape)


@dataclass(frozen=True)
class Project:
    """A repository with a project in it."""

    root: Path
    call: Callable[..., tuple[int, str, str]]

    def write(self, path: str, text: str) -> None:
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, "utf-8")

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "init.defaultBranch=main", *arguments]
        ended = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **IDENTITY},
            capture_output=True,
            text=True,
            check=True,
        )
        return ended.stdout.strip()

    def commit(self, message: str = "change") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def diff(self, *arguments: str, code: int = 0) -> str:
        """What is printed as data."""
        ended, out, err = self.call("diff", *arguments)
        assert ended == code, (out, err)
        return out

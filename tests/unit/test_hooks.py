"""The manifest of hooks for pre-commit."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from layergen.cli import app

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
)
IDS = [hook["id"] for hook in HOOKS]


def test_ids() -> None:
    assert IDS == ["layergen-build", "layergen-check"]


@pytest.mark.parametrize("hook", HOOKS, ids=IDS)
def test_hooks_run_commands(hook: dict[str, Any]) -> None:
    program, command, *options = hook["entry"].split()
    assert program == "layergen"
    commands = getattr(get_command(app), "commands", {})
    assert command in commands
    known = {option for p in commands[command].params for option in p.opts}
    assert set(options) <= known
    assert hook["language"] == "python"
    # The settings say what the specs are, and a lock is written by one process.
    assert hook["pass_filenames"] is False
    assert hook["name"]
    assert hook["description"].endswith(".")


def test_the_build_sees_every_commit() -> None:
    """pre-commit names no file that a commit deletes."""
    build, check = HOOKS
    assert build["always_run"] is True
    assert "files" not in build
    assert "always_run" not in check


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("specs/zoo/gate.yaml", True),
        ("specs/zoo/gate.yml", True),
        ("gate.json", True),
        ("specs/zoo/table.npy", True),
        ("pyproject.toml", True),
        ("layers/pyproject.toml", True),
        ("my-pyproject.toml", False),
        ("generated/zoo/gate.py", False),
        ("specs/gate.yaml.md", False),
        ("README.md", False),
    ],
)
def test_files_that_are_checked(path: str, matches: bool) -> None:
    assert bool(re.search(HOOKS[1]["files"], path)) is matches

"""The repository's own files agree with one another."""

import json
from pathlib import Path

import yaml

from layergen.loading.spec import json_schema

ROOT = Path(__file__).parents[2]


def test_schema_is_up_to_date() -> None:
    written = json.loads((ROOT / "schema/layergen.schema.json").read_text())
    assert written == json_schema()


def test_ci_runs_the_readme_command() -> None:
    readme, script = (ROOT / "README.md").read_text(), (ROOT / ".ci/run").read_text()
    commands = [
        line for line in script.splitlines() if line.endswith(".venv/bin/pytest")
    ]
    assert len(commands) == 1
    assert commands[0] in readme


def test_every_spec_names_the_schema() -> None:
    for path in (ROOT / "specs").rglob("*.yaml"):
        line = path.read_text().splitlines()[0]
        target = line.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / target).resolve() == ROOT / "schema/layergen.schema.json"
        assert yaml.safe_load(path.read_text())["layergen"] == 1

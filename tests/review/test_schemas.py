"""What programs read: SARIF by its published schema, JSON by the schemas of ours."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from reviewed import Project, spec

from layergen.codes import numbers
from layergen.diagnostics import Diagnostic
from layergen.loading.compose import read_tree
from layergen.reporters.json import to_json
from layergen.reporters.sarif import format_sarif
from layergen.source import Source

ROOT = Path(__file__).parents[2]


def validator(path: Path) -> jsonschema.protocols.Validator:
    schema = json.loads(path.read_text("utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


SARIF = validator(ROOT / "tests/review/sarif/sarif-schema-2.1.0.json")
FINDINGS = validator(ROOT / "schema/findings.schema.json")
REVIEW = validator(ROOT / "schema/review.schema.json")


def nothing(project: Project) -> None:
    """Both versions are the same."""


def changed(project: Project) -> None:
    project.write("specs/scale.yaml", spec(factor=3.0, shape="1"))
    project.write("specs/other.yaml", spec("Other"))


def approved(project: Project) -> None:
    """One break of two, and an approval of nothing."""
    text = spec(shape="1").replace("factor", "scale")
    entries = (
        "{code: LG673, name: gain, reason: None was saved.}",
        "{code: LG662, reason: The sums were wrong.}",
    )
    text += "approved:\n" + "".join(f"  - {entry}\n" for entry in entries)
    project.write("specs/scale.yaml", text)


def removed(project: Project) -> None:
    (project.root / "specs/scale.yaml").unlink()
    project.write("specs/other.yaml", spec("Other"))


def removed_by_leave(project: Project) -> None:
    removed(project)
    listed = '"demo>Scale" = "Nobody used it."\n"demo>Other" = "It should go."\n'
    settings = f"[tool.layergen]\n[tool.layergen.review.removed]\n{listed}"
    project.write("pyproject.toml", settings)


def wrong(project: Project) -> None:
    """Three specs with errors: in the form, in a name, and no YAML at all."""
    project.write("specs/scale.yaml", spec().replace("like inputs", "like x"))
    project.write("specs/empty.yaml", "")
    project.write("specs/open.yaml", "layergen: 1\nname: [")
    project.write("specs/bytes.yaml", spec("Bytes"))
    (project.root / "specs/bytes.yaml").write_bytes(b"layergen: 1\nname: \xff\n")


def wide(project: Project) -> None:
    """Letters that take several bytes, code units or cells, in names and texts."""
    text = spec(factor=3.0).replace("Multiplies its input.", "名前 🙂 e\u0301.")
    text = text.replace("{type: float, ", "{doc: 名前 🙂 e\u0301., type: float, ")
    project.write("specs/scale.yaml", text)
    project.write("specs/naïve ✓ #1%20.yaml", spec("Other").replace("ones", "öhm"))


def no_end(project: Project) -> None:
    """A text that ends where the finding begins."""
    project.write("specs/scale.yaml", spec().rstrip() + "\nexamples:")
    project.write("specs/key.yaml", "layergen: 1\nname")


CASES = (
    nothing,
    changed,
    approved,
    removed,
    removed_by_leave,
    wrong,
    wide,
    no_end,
)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)


def outputs(project: Project, wanted: str) -> Iterator[tuple[str, Any]]:
    """What each command prints that has the format."""
    for command in (("diff", "main"), ("check",), ("build", "--check")):
        code, out, err = project.call(*command, "--output-format", wanted)
        assert code in (0, 1), err
        yield command[0], json.loads(out)


@each_case
def test_sarif(project: Project, case: Callable[[Project], None]) -> None:
    case(project)
    for command, data in outputs(project, "sarif"):
        SARIF.validate(data)
        check_places(data, project)
        if command == "diff":
            assert bool(data["runs"][0]["results"]) is (case is not nothing)


def check_places(data: Any, project: Project) -> None:
    """What the schema cannot say: places are in the texts, and all results agree."""
    (run,) = data["runs"]
    results = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert len({"suppressions" in result for result in results}) <= 1
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            place = location["physicalLocation"]
            uri = place["artifactLocation"]["uri"]
            assert uri.isascii()
            file = project.root / unquote(uri)
            region = place.get("region")
            if region is None:
                continue
            lines = file.read_text("utf-8", "replace").split("\n")
            start = region["startLine"], region["startColumn"]
            end = region["endLine"], region["endColumn"]
            assert start <= end
            for line, column in (start, end):
                assert 1 <= column <= len(lines[line - 1]) + 1


@each_case
def test_json(project: Project, case: Callable[[Project], None]) -> None:
    case(project)
    for command, data in outputs(project, "json"):
        (REVIEW if command == "diff" else FINDINGS).validate(data)


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from keys(inner)


def properties(schema: dict[str, Any]) -> Iterator[str]:
    for part in (schema, *schema["$defs"].values()):
        yield from part.get("properties", {})


def test_every_key_is_in_the_schema_and_needed(project: Project) -> None:
    """Unknown keys are refused, and a key that is missing too."""
    approved(project)
    data = json.loads(project.diff("main", "--output-format", "json", code=1))
    assert set(keys(data)) == set(properties(REVIEW.schema))
    places = [
        data,
        data["layers"][0],
        data["layers"][0]["changes"][0],
        data["stale"][0],
    ]
    for place in places:
        for key in tuple(place):
            value = place.pop(key)
            assert not REVIEW.is_valid(data), key
            place[key] = value
        place["more"] = 1
        assert not REVIEW.is_valid(data)
        del place["more"]
    assert REVIEW.is_valid(data)


def test_specs_fit_the_schema_of_specs() -> None:
    known = validator(ROOT / "schema/layergen.schema.json")
    specs = sorted((ROOT / "specs").rglob("*.yaml"))
    for path in specs:
        known.validate(read_tree(Source(path.name, path.read_text("utf-8"))).plain())
    data = read_tree(Source("a.yaml", spec())).plain()
    approval = {"code": "LG673", "name": "gain", "reason": "None was saved."}
    known.validate({**data, "approved": [approval]})
    for change in ({"code": "LG208"}, {"reason": ""}, {"name": 1}, {"more": 1}):
        assert not known.is_valid({**data, "approved": [{**approval, **change}]})


def test_a_finding_is_the_same_everywhere() -> None:
    finding = FINDINGS.schema["$defs"]["finding"]
    assert REVIEW.schema["$defs"]["finding"] == finding
    change = REVIEW.schema["$defs"]["change"]["properties"]
    assert change.items() >= finding["properties"].items()


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (4, 5), (5, 5), (5, 99), (99, 120), (2, 8)]
)
def test_columns_beyond_a_line(start: int, end: int) -> None:
    """A span may end past the text: what is printed does not."""
    span = Source("specs/a b.yaml", "ab: 1\ncd: 2").span(start, end)
    found = Diagnostic(numbers.UNMET, "text", span, ("help",))
    data = json.loads(format_sarif([found]))
    SARIF.validate(data)
    FINDINGS.validate([to_json(found)])
    (location,) = data["runs"][0]["results"][0]["locations"]
    region = location["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) <= (
        region["endLine"],
        region["endColumn"],
    )
    assert region["endLine"] <= 2
    assert region["endColumn"] <= 6


def test_no_place() -> None:
    for found in (
        Diagnostic(numbers.UNMET, "text"),
        Diagnostic(numbers.UNMET, "text", path="generated/ä.py"),
    ):
        SARIF.validate(json.loads(format_sarif([found])))
        FINDINGS.validate([to_json(found)])

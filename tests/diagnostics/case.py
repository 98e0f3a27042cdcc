"""Markdown -> cases: what layergen says about a spec.

A file holds cases of one topic. A case is a `##` heading, a fence with a spec and a
`text` fence with what the text reporter says about it. The spec's fence is opened by

- `yaml` or `json`: a complete spec, or
- `yaml change`: top-level keys, which take the place of those of the file's
  `yaml base`, or follow them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layergen.compiler import check_source
from layergen.reporters.text import format_text
from layergen.source import Source

HERE = Path(__file__).parent

_FENCE = re.compile(r"^```([a-z ]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_KEY = re.compile(r"^(?=[^\s#\-])", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One spec and what is said about it.

    Attributes:
        title: the heading.
        name: the spec's path; its ending tells YAML from JSON.
        text: the spec.
        expected: what the reporter should say.
        start, end: where `expected` stands in the file.
    """

    title: str
    name: str
    text: str
    expected: str
    start: int
    end: int


def read_cases(markdown: str) -> Iterator[Case]:
    """The cases of one file, in order."""
    base, title, spec = "", "", None
    for match in sorted(
        [*_FENCE.finditer(markdown), *_HEADING.finditer(markdown)],
        key=lambda each: each.start(),
    ):
        if match.re is _HEADING:
            title, spec = match[1], None
            continue
        match match[1]:
            case "yaml base":
                base = match[2]
            case "yaml" | "json" as form:
                spec = (f"spec.{form}", match[2])
            case "yaml change":
                spec = ("spec.yaml", put_keys(base, match[2]))
            case "text":
                assert spec is not None, f"no spec before the text of {title!r}"
                yield Case(title, *spec, match[2], match.start(2), match.end(2))
            case form:
                raise AssertionError(f"{title!r} has a fence of an unknown form {form}")


def put_keys(base: str, change: str) -> str:
    """The base with the top-level keys of `change` put in."""
    blocks = dict(_blocks(base))
    blocks.update(_blocks(change))
    return "".join(blocks.values())


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    for block in _KEY.split(text):
        if block:
            yield block.split(":")[0], block


def say(case: Case, folder: Path) -> str:
    """What the text reporter says about a case's spec."""
    source = Source(case.name, case.text, str(folder))
    _, diagnostics = check_source(source)
    return format_text(diagnostics)


def update(path: Path, title: str, said: str) -> None:
    """Write what is said now into a case's text fence."""
    markdown = path.read_text(encoding="utf-8")
    (case,) = (each for each in read_cases(markdown) if each.title == title)
    text = markdown[: case.start] + said + markdown[case.end :]
    path.write_text(text, encoding="utf-8")

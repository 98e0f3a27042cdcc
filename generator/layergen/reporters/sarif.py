"""Diagnostics -> SARIF 2.1.0, which code scanning of GitHub and editors read."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from layergen.diagnostics import Code, Diagnostic, Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def format_sarif(
    diagnostics: Sequence[Diagnostic],
    further: Sequence[Mapping[str, object]] | None = None,
) -> str:
    """The findings as one run.

    Args:
        diagnostics: the findings.
        further: keys of the result of each, besides those that every finding has.
    """
    codes = {found.code.id: found.code for found in diagnostics}
    places = {identifier: i for i, identifier in enumerate(sorted(codes))}
    keys = further if further is not None else [{} for _ in diagnostics]
    results = [
        {**_result(found, places[found.code.id]), **more}
        for found, more in zip(diagnostics, keys, strict=True)
    ]
    driver = {
        "name": "layergen",
        "rules": [_rule(codes[identifier]) for identifier in sorted(codes)],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The project."}}},
        "results": results,
    }
    data = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _rule(code: Code) -> dict[str, object]:
    return {
        "id": code.id,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.means},
        "help": {"text": f"{code.means} {code.why}"},
    }


def _result(found: Diagnostic, rule: int) -> dict[str, object]:
    text = ". ".join([found.message, *found.notes])
    return {
        "ruleId": found.code.id,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": _locations(found),
    }


_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def _locations(found: Diagnostic) -> list[dict[str, object]]:
    path = found.span.source.path if found.span else found.path
    if path is None:
        return []
    place: dict[str, object] = {
        "artifactLocation": {"uri": quote(path), "uriBaseId": "ROOT"}
    }
    if found.span is not None:
        end_line, end_column = found.span.end_position
        place["region"] = {
            "startLine": found.span.line,
            "startColumn": found.span.column,
            "endLine": end_line,
            "endColumn": end_column,
        }
    return [{"physicalLocation": place}]

"""Diagnostics -> JSON.

A list with an object for each finding, in order of report:

    code        string, such as "LG304"
    severity    "error" or "warning"
    message     string, one sentence
    path        string or null: the file, relative to the project
    line, column, endLine, endColumn
                integers from 1, or null when no text is to blame; the end is the
                place just past the last character; columns count characters
    notes       list of strings: help
"""

import json
from collections.abc import Sequence

from layergen.diagnostics import Diagnostic


def format_json(diagnostics: Sequence[Diagnostic]) -> str:
    """The findings as a JSON list."""
    return json.dumps([to_json(d) for d in diagnostics], indent=2) + "\n"


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """One finding as plain data."""
    span = diagnostic.span
    end_line, end_column = span.end_position if span else (None, None)
    return {
        "code": diagnostic.code.id,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "path": span.source.path if span else diagnostic.path,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "endLine": end_line,
        "endColumn": end_column,
        "notes": list(diagnostic.notes),
    }

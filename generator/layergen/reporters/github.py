"""Diagnostics -> workflow commands that GitHub shows beside the lines of a change."""

from collections.abc import Sequence

from layergen.diagnostics import Diagnostic, Severity

_KINDS = {Severity.NOTE: "notice"}
"""Severities that GitHub has another word for."""


def format_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command a line, one line a finding."""
    return "".join(_command(found) + "\n" for found in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {**_place(diagnostic), "title": _title(diagnostic)}
    listed = ",".join(f"{key}={_property(text)}" for key, text in properties.items())
    notes = "".join(f"\nhelp: {note}" for note in diagnostic.notes)
    kind = _KINDS.get(diagnostic.severity, str(diagnostic.severity))
    return f"::{kind} {listed}::{_data(diagnostic.message + notes)}"


def _place(diagnostic: Diagnostic) -> dict[str, str]:
    span = diagnostic.span
    if span is None:
        return {"file": diagnostic.path} if diagnostic.path else {}
    end_line, end_column = span.end_position
    place = {
        "file": span.source.path,
        "line": str(span.line),
        "endLine": str(end_line),
    }
    if end_line == span.line:  # GitHub refuses columns across lines
        place |= {"col": str(span.column), "endColumn": str(end_column)}
    return {key: place[key] for key in _ORDER if key in place}


_ORDER = ("file", "line", "col", "endLine", "endColumn")


def _title(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code.id} {diagnostic.code.title}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""Diagnostics -> text: for people, for programs, for pull requests on GitHub."""

from collections.abc import Sequence
from enum import StrEnum

from layergen.diagnostics import Diagnostic, Severity


class OutputFormat(StrEnum):
    """How findings are told."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def format_report(
    diagnostics: Sequence[Diagnostic], output_format: OutputFormat, *, colour: bool
) -> str:
    """All findings in one format; empty for none, but for JSON and SARIF."""
    match output_format:
        case OutputFormat.TEXT:
            from layergen.reporters.text import format_text

            return format_text(diagnostics, colour=colour)
        case OutputFormat.JSON:
            from layergen.reporters.json import format_json

            return format_json(diagnostics)
        case OutputFormat.GITHUB:
            from layergen.reporters.github import format_github

            return format_github(diagnostics)
        case OutputFormat.SARIF:
            from layergen.reporters.sarif import format_sarif

            return format_sarif(diagnostics)


def summarize(diagnostics: Sequence[Diagnostic]) -> str:
    """How many findings there are, such as `2 errors and 1 warning`."""
    counts = []
    for severity in Severity:
        number = sum(found.severity is severity for found in diagnostics)
        if number:
            counts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return " and ".join(counts) or "no findings"

"""Outcome -> text: for people, for programs, for pull requests."""

from layergen.verify.formats import VerifyFormat
from layergen.verify.outcome import Outcome
from layergen.verify.output.json import format_json
from layergen.verify.output.markdown import format_markdown
from layergen.verify.output.text import format_text


def format_outcome(found: Outcome, output_format: VerifyFormat, *, colour: bool) -> str:
    """The outcome as text; empty if there is nothing to tell."""
    match output_format:
        case VerifyFormat.TEXT:
            return format_text(found, colour=colour)
        case VerifyFormat.JSON:
            return format_json(found)
        case VerifyFormat.MARKDOWN:
            return format_markdown(found)

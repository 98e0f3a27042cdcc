"""Review -> text: for people, for programs, for pull requests."""

from collections.abc import Callable, Mapping
from functools import partial

from layergen.review.formats import ReviewFormat
from layergen.review.report import LayerReview, Review

CodeDiff = Callable[[LayerReview], str]
"""What becomes of the generated class, as a unified diff."""


def format_review(
    found: Review, wanted: ReviewFormat, code_diff: CodeDiff, *, colour: bool
) -> str:
    """A review in one format."""
    from layergen.review.output.annotations import format_annotations, format_results
    from layergen.review.output.json import format_json
    from layergen.review.output.markdown import format_markdown
    from layergen.review.output.text import format_text

    formats: Mapping[ReviewFormat, Callable[[Review], str]] = {
        ReviewFormat.TEXT: partial(format_text, colour=colour),
        ReviewFormat.JSON: format_json,
        ReviewFormat.MARKDOWN: partial(format_markdown, code_diff=code_diff),
        ReviewFormat.GITHUB: format_annotations,
        ReviewFormat.SARIF: format_results,
    }
    return formats[wanted](found)

"""How a review can be told; the command line reads this and nothing else here."""

from enum import StrEnum


class ReviewFormat(StrEnum):
    """How a review is told."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"

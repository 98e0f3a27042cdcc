"""How a verification can be told; the command line reads this and nothing else here."""

from enum import StrEnum


class VerifyFormat(StrEnum):
    """How a verification is told."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"

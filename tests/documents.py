"""The documents, and the specs that they show."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
DOCUMENTS = (
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
)
FOLDER = REPOSITORY / "specs/zoo"
"""Where the files lie that these specs name."""

_SPEC = re.compile(r"^```yaml\n(layergen:.*?)^```$", re.M | re.S)


def shown_specs(document: Path) -> list[str]:
    """The whole specs in a document, in order."""
    return _SPEC.findall(document.read_text("utf-8"))

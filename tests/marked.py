"""Documents of which a part, between two marks, is written by a command.

The marks are the lines `<!-- NAME -->` and `<!-- end of NAME -->`.
"""

from pathlib import Path


def read_marked(path: Path, name: str) -> str:
    """The text between the marks, without blank lines around it."""
    return _split(path, name)[1].strip("\n")


def write_marked(path: Path, name: str, text: str) -> None:
    """Put a text between the marks."""
    before, _, after = _split(path, name)
    begin, end = _marks(name)
    body = text.strip("\n")
    path.write_text(f"{before}{begin}\n{body}\n\n{end}{after}", "utf-8")


def _split(path: Path, name: str) -> tuple[str, str, str]:
    begin, end = _marks(name)
    before, _, rest = path.read_text("utf-8").partition(begin)
    marked, _, after = rest.partition(end)
    return before, marked, after


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"

"""Text -> Markdown that it cannot break out of."""


def cell(text: str) -> str:
    """Text that cannot leave its cell; code in backticks stays code."""
    parts = text.split("`")
    for i, part in enumerate(parts):
        if i % 2 == 0 or i == len(parts) - 1:
            parts[i] = _escape(part)
        else:
            parts[i] = code_span(part)
    return "".join(parts)


def _escape(text: str) -> str:
    for char in "\\*_[]<>#~@":
        text = text.replace(char, f"\\{char}" if char not in "<>@" else _ENTITIES[char])
    return text.replace("|", "\\|").replace("\n", " ")


_ENTITIES = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}


def code_span(text: str) -> str:
    """Code that may hold backticks and bars."""
    if not text:
        return ""
    ticks = "`" * (longest_run(text) + 1)
    space = " " if len(ticks) > 1 else ""
    return f"{ticks}{space}{text}{space}{ticks}".replace("|", "\\|")


def longest_run(text: str, char: str = "`") -> int:
    """How often a character stands in a row, at most."""
    longest = run = 0
    for each in text:
        run = run + 1 if each == char else 0
        longest = max(longest, run)
    return longest

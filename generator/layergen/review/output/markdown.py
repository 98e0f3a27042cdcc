"""Review -> Markdown for a comment on a pull request."""

from collections.abc import Callable, Iterable, Iterator

from layergen.codes.review import list_breaks
from layergen.diagnostics import Diagnostic
from layergen.review.change import Change
from layergen.review.output.approving import how_to_approve
from layergen.review.output.words import summarize
from layergen.review.report import LayerReview, Review

_MOST_LINES = 400
"""Lines of a diff of generated code that are shown."""

_SIGNS = {True: "❌", False: "✅"}


def format_markdown(found: Review, code_diff: Callable[[LayerReview], str]) -> str:
    """A summary, a table of changes for each layer, and the code's diff, folded."""
    lines = [f"### {_SIGNS[found.fails]} layergen: {summarize(found)}", ""]
    for layer in found.layers:
        lines += [*_layer(layer, found), *_code(code_diff(layer))]
    if found.stale:
        lines += ["#### Approvals that approve nothing", "", *_findings(found.stale)]
    if found.diagnostics:
        lines += ["#### Specs that could not be compared", ""]
        lines += _findings(found.diagnostics)
    return "\n".join(lines)


def _findings(found: Iterable[Diagnostic]) -> Iterator[str]:
    for each in found:
        place = str(each.span) if each.span else each.path or ""
        yield f"- {_code_span(place)}: {each.code.id}: {_cell(each.message)}"
    yield ""


def _layer(layer: LayerReview, found: Review) -> Iterator[str]:
    moved = layer.before and layer.after and layer.before.path != layer.after.path
    was = f" (was {_code_span(layer.before.path)})" if moved and layer.before else ""
    yield f"#### `{layer.name}` · {_code_span(layer.path)}{was}"
    yield ""
    yield "| breaks | change | before | after | code |"
    yield "|---|---|---|---|---|"
    for change in layer.changes:
        yield _row(change, found)
    yield ""
    failing = [change for change in layer.changes if change.fails(found.failing)]
    if failing:
        yield f"To approve: {_code_span(how_to_approve(layer, *failing))}"
        yield ""


def _row(change: Change, found: Review) -> str:
    breaks = list_breaks(change.breaks)
    if change.fails(found.failing):
        breaks = f"**{breaks}**"
    told = change.notes
    if change.approved is not None:
        breaks = f"{breaks} ✅ approved"
        told = (f"approved: {change.approved}", *told)
    notes = "".join(f"<br>{_cell(note)}" for note in told)
    cells = [
        breaks,
        _cell(change.message) + notes,
        _code_span(change.before),
        _code_span(change.after),
        change.code.id,
    ]
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Text that cannot leave its cell; code in backticks stays code."""
    parts = text.split("`")
    for i, part in enumerate(parts):
        if i % 2 == 0 or i == len(parts) - 1:
            parts[i] = _escape(part)
        else:
            parts[i] = _code_span(part)
    return "".join(parts)


def _escape(text: str) -> str:
    for char in "\\*_[]<>#~@":
        text = text.replace(char, f"\\{char}" if char not in "<>@" else _ENTITIES[char])
    return text.replace("|", "\\|").replace("\n", " ")


_ENTITIES = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}


def _code_span(text: str) -> str:
    """Code that may hold backticks and bars."""
    if not text:
        return ""
    ticks = "`" * (_longest_run(text) + 1)
    space = " " if len(ticks) > 1 else ""
    return f"{ticks}{space}{text}{space}{ticks}".replace("|", "\\|")


def _longest_run(text: str, char: str = "`") -> int:
    longest = run = 0
    for each in text:
        run = run + 1 if each == char else 0
        longest = max(longest, run)
    return longest


def _code(diff: str) -> list[str]:
    if not diff:
        return []
    lines = diff.rstrip("\n").split("\n")
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], f"... and {more} lines more"]
    fence = "`" * max(3, _longest_run(diff) + 1)
    return [
        "<details><summary>generated code</summary>",
        "",
        f"{fence}diff",
        *lines,
        fence,
        "",
        "</details>",
        "",
    ]

"""Review -> Markdown for a comment on a pull request."""

from collections.abc import Callable, Iterable, Iterator

from layergen.codes.review import Breaks, list_breaks
from layergen.diagnostics import Diagnostic
from layergen.reporters.markdown import cell, code_span, longest_run
from layergen.review.change import Change
from layergen.review.output.approving import how_to_approve, is_removal
from layergen.review.output.words import MEANINGS, summarize
from layergen.review.report import LayerReview, Review

_MOST_LINES = 400
"""Lines of a diff of generated code that are shown."""

_SIGNS = {True: "❌", False: "✅"}


def format_markdown(found: Review, code_diff: Callable[[LayerReview], str]) -> str:
    """A summary, a table of changes for each layer, and the code's diff, folded.

    What fails comes first, as a comment that is too long loses its end.
    """
    lines = [f"### {_SIGNS[found.fails]} layergen: {summarize(found)}", ""]
    if found.diagnostics:
        lines += ["#### Specs that could not be compared", ""]
        lines += _findings(found.diagnostics)
    for layer in sorted(found.layers, key=lambda each: not _failing(each, found)):
        lines += [*_layer(layer, found), *_code(code_diff(layer))]
    if found.stale:
        lines += ["#### Approvals that approve nothing", "", *_findings(found.stale)]
    return "\n".join([*lines, *_legend(found)])


def _failing(layer: LayerReview, found: Review) -> list[Change]:
    return [change for change in layer.changes if change.fails(found.failing)]


def _legend(found: Review) -> Iterator[str]:
    """What the levels mean that are broken."""
    broken = {each for change in found.changes for each in change.breaks}
    if broken:
        told = "; ".join(f"{e}: {MEANINGS[e]}" for e in Breaks if e in broken)
        yield f"<sub>{told}. More of a code: `layergen explain CODE`.</sub>"
        yield ""


def _findings(found: Iterable[Diagnostic]) -> Iterator[str]:
    for each in found:
        place = str(each.span) if each.span else each.path or ""
        yield f"- {code_span(place)}: {each.code.id}: {cell(each.message)}"
    yield ""


def says_no_change(markdown: str) -> bool:
    """Whether this is a review in which no layer changed and no spec was wrong."""
    heading = f"### {_SIGNS[False]} layergen: "
    return markdown.startswith(heading) and "\n" not in markdown.strip()


def _layer(layer: LayerReview, found: Review) -> Iterator[str]:
    moved = layer.before and layer.after and layer.before.path != layer.after.path
    was = f" (was {code_span(layer.before.path)})" if moved and layer.before else ""
    yield f"#### `{layer.name}` · {code_span(layer.path)}{was}"
    yield ""
    yield "| breaks | change | before | after | code |"
    yield "|---|---|---|---|---|"
    for change in layer.changes:
        yield _row(change, found)
    yield ""
    failing = _failing(layer, found)
    if failing:
        place = "pyproject.toml" if is_removal(*failing) else layer.path
        how = code_span(how_to_approve(layer, *failing))
        yield f"To approve, in {code_span(place)}: {how}"
        yield ""


def _row(change: Change, found: Review) -> str:
    breaks = list_breaks(change.breaks)
    if change.fails(found.failing):
        breaks = f"**{breaks}**"
    told = change.notes
    if change.approved is not None:
        breaks = f"{breaks} ✅ approved"
        told = (f"approved: {change.approved}", *told)
    notes = "".join(f"<br>{cell(note)}" for note in told)
    cells = [
        breaks,
        cell(change.message) + notes,
        code_span(change.before),
        code_span(change.after),
        change.code.id,
    ]
    return f"| {' | '.join(cells)} |"


def _code(diff: str) -> list[str]:
    if not diff:
        return []
    lines = diff.rstrip("\n").split("\n")
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], f"... and {more} lines more"]
    fence = "`" * max(3, longest_run(diff) + 1)
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

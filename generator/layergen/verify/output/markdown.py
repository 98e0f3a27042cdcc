"""Outcome -> Markdown for a comment on a pull request."""

from collections.abc import Iterator

from layergen.reporters.markdown import cell, code_span
from layergen.verify.outcome import Fact, LayerOutcome, Outcome
from layergen.verify.output.words import (
    COLUMNS,
    remarks,
    rows,
    summarize,
    verdict,
)

_SIGNS = {True: "❌", False: "✅"}


def format_markdown(found: Outcome) -> str:
    """A summary, and a table of saved instances for each layer."""
    head = f"layergen verify --against {found.base}: {summarize(found)}"
    lines = [f"### {_SIGNS[found.fails]} {cell(head)}", ""]
    for layer in found.layers:
        lines += _layer(layer, found)
    if found.diagnostics:
        lines += ["#### Specs that could not be compared", ""]
        for each in found.diagnostics:
            place = str(each.span) if each.span else each.path or ""
            lines.append(f"- {code_span(place)}: {each.code.id}: {cell(each.message)}")
        lines.append("")
    return "\n".join(lines)


def _layer(layer: LayerOutcome, found: Outcome) -> Iterator[str]:
    subject = layer.subject
    yield f"#### `{subject.name}` · {code_span(subject.path)} · {verdict(layer)}"
    yield ""
    shown = rows(layer)
    if shown:
        yield f"| {' | '.join(COLUMNS)} |"
        yield "|---|---|---|---|"
    for row in shown:
        more = f" and {len(row.titles) - 1} more" if len(row.titles) > 1 else ""
        cells = [code_span(row.titles[0]) + more, *map(_told, row.cells)]
        yield f"| {' | '.join(cells)} |"
    yield ""
    for remark in remarks(layer, found.base):
        yield f"- {cell(remark)}"
    yield ""


def _told(fact: Fact) -> str:
    return f"{fact.status}: {cell(fact.reason)}" if fact.reason else str(fact.status)

"""Outcome -> Markdown for a comment on a pull request."""

from collections.abc import Iterator

from layergen.reporters.markdown import cell, code_span
from layergen.verify.outcome import Fact, LayerOutcome, Outcome
from layergen.verify.output.words import (
    COLUMNS,
    facts,
    remarks,
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
    yield f"#### `{layer.subject.name}` · {code_span(layer.subject.path)} · {verdict(layer)}"
    yield ""
    if layer.tried:
        yield f"| {' | '.join(COLUMNS)} |"
        yield "|---|---|---|---|"
    for result in layer.tried:
        cells = [code_span(result.case.title), *map(_told, facts(result))]
        yield f"| {' | '.join(cells)} |"
    yield ""
    for remark in remarks(layer, found.base):
        yield f"- {cell(remark)}"
    yield ""


def _told(fact: Fact) -> str:
    return f"{fact.status}: {cell(fact.reason)}" if fact.reason else str(fact.status)

"""Outcome -> text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from layergen.reporters.text import format_text as format_diagnostics
from layergen.verify.outcome import Fact, LayerOutcome, Outcome
from layergen.verify.output.words import (
    COLUMNS,
    facts,
    number_reasons,
    remarks,
    verdict,
)

_WIDEST = 60


def format_text(found: Outcome, *, colour: bool = False) -> str:
    """A table for each layer, with reasons below it; then what is wrong with specs."""
    blocks = ["".join(f"{line}\n" for line in _layer(e, found)) for e in found.layers]
    wrong = format_diagnostics(found.diagnostics, colour=colour)
    return "\n".join([*blocks, wrong] if wrong else blocks)


def _layer(layer: LayerOutcome, found: Outcome) -> Iterator[str]:
    yield f"{layer.subject.path}: {layer.subject.name}: {verdict(layer)}"
    reasons = number_reasons(layer)
    rows = [
        [_cut(each.case.title), *(_cell(fact, reasons) for fact in facts(each))]
        for each in layer.tried
    ]
    yield from _table([list(COLUMNS), *rows] if rows else [])
    yield from (f"  [{number}] {reason}" for reason, number in reasons.items())
    yield from (f"  note: {remark}" for remark in remarks(layer, found.base))


def _cell(fact: Fact, reasons: Mapping[str, int]) -> str:
    return f"{fact.status} [{reasons[fact.reason]}]" if fact.reason else fact.status


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST - 3]}..."


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()

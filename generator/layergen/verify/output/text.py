"""Outcome -> text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from layergen.reporters.text import format_text as format_diagnostics
from layergen.verify.outcome import Fact, LayerOutcome, Outcome
from layergen.verify.output.words import (
    COLUMNS,
    number_reasons,
    remarks,
    rows,
    verdict,
)

_WIDEST, _END = 60, 24
"""Characters of an instance that are shown, and how many of them from its end."""


def format_text(found: Outcome, *, colour: bool = False) -> str:
    """A table for each layer, with reasons below it; then what is wrong with specs."""
    blocks = ["".join(f"{line}\n" for line in _layer(e, found)) for e in found.layers]
    wrong = format_diagnostics(found.diagnostics, colour=colour)
    return "\n".join([*blocks, wrong] if wrong else blocks)


def _layer(layer: LayerOutcome, found: Outcome) -> Iterator[str]:
    yield f"{layer.subject.path}: {layer.subject.name}: {verdict(layer)}"
    shown = rows(layer)
    reasons = number_reasons(shown)
    cells = [
        [_title(row.titles), *(_cell(fact, reasons) for fact in row.cells)]
        for row in shown
    ]
    yield from _table([list(COLUMNS), *cells] if cells else [])
    yield from (f"  [{number}] {reason}" for reason, number in reasons.items())
    yield from (f"  note: {remark}" for remark in remarks(layer, found.base))


def _title(titles: Sequence[str]) -> str:
    """The first instance, and how many more there are."""
    first = titles[0]
    if len(first) > _WIDEST:  # arguments come first, shapes last
        first = f"{first[:_WIDEST - _END - 3]}...{first[-_END:]}"
    return f"{first} and {len(titles) - 1} more" if len(titles) > 1 else first


def _cell(fact: Fact, reasons: Mapping[str, int]) -> str:
    return f"{fact.status} [{reasons[fact.reason]}]" if fact.reason else fact.status


def _table(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for row in lines:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()

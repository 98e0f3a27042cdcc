"""Diagnostics -> assertions that hold for every one of them."""

from collections.abc import Iterable

from layergen.codes import ALL
from layergen.diagnostics import Diagnostic
from layergen.reporters.github import format_github
from layergen.reporters.json import format_json
from layergen.reporters.text import format_text
from layergen.source import Source


def check_diagnostics(diagnostics: Iterable[Diagnostic], source: Source) -> None:
    found = tuple(diagnostics)
    for one in found:
        assert one.code in ALL
        assert one.message
        assert one.message == one.message.strip()
        assert len(one.message.splitlines()) == 1
        assert len(one.message) < 400
        assert all(len(note.splitlines()) <= 1 for note in one.notes)
        if one.span is not None:
            assert one.span.source == source
            assert 0 <= one.span.start <= one.span.end <= len(source.text)
    for colour in (False, True):
        assert bool(format_text(found, colour=colour)) == bool(found)
    format_json(found)
    format_github(found)

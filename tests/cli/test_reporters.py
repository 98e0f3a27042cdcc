"""Findings as people, programs and GitHub are told them, to the letter."""

import json
import re

import pytest
from tests.cli.conftest import WARNING
from tests.cli.fake_compiler import BAD

from layergen.diagnostics import Diagnostic
from layergen.reporters import OutputFormat, format_report, summarize
from layergen.reporters.text import WIDTH, mark_line
from layergen.source import Source

SPEC = "name: X\ncall: |\n  return matmull(x, kernel)\nend: 1\n"


def _found(text: str, piece: str, *notes: str) -> Diagnostic:
    start = text.index(piece)
    span = Source("specs/a.yaml", text).span(start, start + len(piece))
    return Diagnostic(BAD, "unknown function `matmull`", span, notes)


def _text(found: Diagnostic) -> str:
    return format_report([found], OutputFormat.TEXT, colour=False)


def test_text() -> None:
    assert _text(_found(SPEC, "matmull", "did you mean `matmul`?")) == (
        "specs/a.yaml:3:10: error[LG304]: unknown function `matmull`\n"
        "   |\n"
        " 3 |   return matmull(x, kernel)\n"
        "   |          ^^^^^^^\n"
        "   = help: did you mean `matmul`?\n"
    )


def test_span_of_several_lines() -> None:
    assert _text(_found(SPEC, "call: |\n  return matmull(x")) == (
        "specs/a.yaml:2:1: error[LG304]: unknown function `matmull`\n"
        "   |\n"
        " 2 | call: |\n"
        "   | ^^^^^^^\n"
        " 3 |   return matmull(x, kernel)\n"
        "   |   ^^^^^^^^^^^^^^^^\n"
    )


def test_span_of_many_lines_is_cut() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 13))
    assert _text(_found(text, text)) == (
        "specs/a.yaml:1:1: error[LG304]: unknown function `matmull`\n"
        "   |\n"
        " 1 | line 1\n"
        "   | ^^^^^^\n"
        " 2 | line 2\n"
        "   | ^^^^^^\n"
        "   ...\n"
        "12 | line 12\n"
        "   | ^^^^^^^\n"
    )


def test_no_place_and_two_findings() -> None:
    drift = Diagnostic(WARNING, "odd", path="generated/x.py")
    text = format_report(
        [drift, Diagnostic(BAD, "bad")], OutputFormat.TEXT, colour=False
    )
    assert (
        text == "generated/x.py: warning[LG399]: odd\n\nlayergen: error[LG304]: bad\n"
    )
    assert summarize([drift, drift, Diagnostic(BAD, "bad")]) == "1 error and 2 warnings"


@pytest.mark.parametrize(
    ("line", "piece", "shown", "marks"),
    [
        ("\tx: bad", "bad", "    x: bad", "       ^^^"),
        ("a\tbad", "bad", "a   bad", "    ^^^"),
        ("名前: 悪い x", "悪い", "名前: 悪い x", "      ^^^^"),
        ("e\u0301: bad", "bad", "e\u0301: bad", "   ^^^"),
        ("x: \x1b[31mbad", "bad", "x: \ufffd[31mbad", "        ^^^"),
        ("abc", "", "abc", "^"),
    ],
)
def test_marks_stand_under_the_span(
    line: str, piece: str, shown: str, marks: str
) -> None:
    start = line.index(piece)
    assert mark_line(line, start, start + len(piece)) == (shown, marks)


@pytest.mark.parametrize("before", [0, 5, 60, 99, 150, 5000])
@pytest.mark.parametrize("after", [0, 40, 5000])
@pytest.mark.parametrize("fill", ["x", "名"])
def test_long_lines_are_cut_around_the_span(before: int, after: int, fill: str) -> None:
    line = f"{fill * before}BAD{fill * after}"
    shown, marks = mark_line(line, before, before + 3)
    cells = "".join(c * (1 + (c == "名")) for c in shown)
    assert len(cells) <= WIDTH
    assert cells[marks.index("^") : len(marks)] == "BAD"
    assert shown.startswith("...") == (not line.startswith(shown[:10]))


def test_end_of_text_and_empty_text() -> None:
    source = Source("a.yaml", "x: 1\n")
    text = _text(Diagnostic(BAD, "m", source.span(5, 5)))
    assert text.endswith("   |\n 2 |\n   | ^\n")
    assert _text(Diagnostic(BAD, "m", Source("a.yaml", "").span(0, 0))).count("\n") == 1


def test_colour_adds_nothing_but_colour() -> None:
    found = [_found(SPEC, "matmull", "help")]
    plain = format_report(found, OutputFormat.TEXT, colour=False)
    coloured = format_report(found, OutputFormat.TEXT, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain != coloured


def test_json() -> None:
    found = [_found(SPEC, "matmull", "help"), Diagnostic(WARNING, "odd", path="p")]
    assert json.loads(format_report(found, OutputFormat.JSON, colour=False)) == [
        {
            "code": "LG304",
            "severity": "error",
            "message": "unknown function `matmull`",
            "path": "specs/a.yaml",
            "line": 3,
            "column": 10,
            "endLine": 3,
            "endColumn": 17,
            "notes": ["help"],
        },
        {
            "code": "LG399",
            "severity": "warning",
            "message": "odd",
            "path": "p",
            "line": None,
            "column": None,
            "endLine": None,
            "endColumn": None,
            "notes": [],
        },
    ]
    assert format_report([], OutputFormat.JSON, colour=False) == "[]\n"


def test_github() -> None:
    found = _found(SPEC, "matmull", "100%, or: not")
    assert format_report([found], OutputFormat.GITHUB, colour=False) == (
        "::error file=specs/a.yaml,line=3,col=10,endLine=3,endColumn=17,"
        "title=LG304 unknown function::"
        "unknown function `matmull`%0Ahelp: 100%25, or: not\n"
    )
    odd = Diagnostic(WARNING, "odd\r\nthing", path="a,b:c%.py")
    assert format_report([odd], OutputFormat.GITHUB, colour=False) == (
        "::warning file=a%2Cb%3Ac%25.py,title=LG399 odd::odd thing\n"
    )
    lines = _found(SPEC, "call: |\n  return")
    assert format_report([lines], OutputFormat.GITHUB, colour=False).startswith(
        "::error file=specs/a.yaml,line=2,endLine=3,title="
    )

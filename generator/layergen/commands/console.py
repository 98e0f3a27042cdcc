"""Words and data -> terminal: data on standard output, talk on standard error."""

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from layergen.diagnostics import Diagnostic
from layergen.reporters import OutputFormat, format_report, summarize

_LONG_WORK = 8


def say(text: str) -> None:
    """Tell a person something."""
    _put(sys.stderr, text + "\n")


def put(text: str) -> None:
    """Give out data, in UTF-8 with line feeds whatever the platform."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(text.encode(errors="backslashreplace"))
    buffer.flush()


def report(
    diagnostics: Sequence[Diagnostic],
    output_format: OutputFormat,
    *,
    asked_for: bool = False,
    stdout_is_taken: bool = False,
) -> None:
    """Tell findings.

    They are data where a command was asked for them, or where a program will read
    them; but never among the data of a command that prints files.
    """
    is_text = output_format is OutputFormat.TEXT
    as_data = not stdout_is_taken and (asked_for or not is_text)
    colour = wants_colour(sys.stdout if as_data else sys.stderr)
    text = format_report(diagnostics, output_format, colour=colour)
    if text:
        put(text) if as_data else _put(sys.stderr, text)
    if diagnostics:
        say(f"{chr(10) if is_text else ''}found {summarize(diagnostics)}")


def wants_colour(stream: TextIO) -> bool:
    """Whether colours would be seen and are not refused (https://no-color.org)."""
    refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not refused and stream.isatty()


def show_progress(done: int, total: int) -> None:
    """Count up on one line of a terminal, when there is much to do."""
    if total < _LONG_WORK or not sys.stderr.isatty():
        return
    end = "\r\x1b[K" if done == total else ""
    _put(sys.stderr, f"\rcompiled {done} of {total} specs{end}")


def _put(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()

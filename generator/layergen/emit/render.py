"""Context + template -> formatted text, guarded.

The rendered text is meant to be in black's shape already. Black has the last word, and
checks by itself that it changed no meaning and that formatting again changes nothing.
"""

import dataclasses
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from layergen.artifact import FormatCache
from layergen.resources import templates_folder


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Python, and what is placed is quoted already
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


def render(name: str, context: object) -> str:
    """The text of a template with the fields and properties of a dataclass."""
    assert dataclasses.is_dataclass(context)
    names = [n for n in dir(context) if not n.startswith("_")]
    return _template(name).render({n: getattr(context, n) for n in names})


def format_source(
    text: str, path: str, width: int, known: FormatCache | None = None
) -> str:
    """The text as black formats it.

    Args:
        text: Python source.
        path: where it will stand, for `known`.
        width: black's line length.
        known: remembers what black made of it before.
    """
    if known is not None and (found := known.get(text, path)) is not None:
        return found
    formatted = _format(text, width)
    if known is not None:
        known.put(text, path, formatted)
    return formatted


def _format(text: str, width: int) -> str:
    from black import format_file_contents
    from black.mode import Mode, TargetVersion
    from black.report import NothingChanged

    mode = Mode(target_versions={TargetVersion.PY311}, line_length=width)
    try:
        return format_file_contents(text, fast=False, mode=mode)
    except NothingChanged:
        return text

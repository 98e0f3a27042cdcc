"""A list or mapping in brackets -> the values that YAML split at a comma.

Of `{value: maximum(a, b)}` YAML makes the value `maximum(a` and the key `b)`, which
has no value. The author meant one text.
"""

import re
from collections.abc import Iterator

import yaml

from layergen.codes import reading as codes
from layergen.diagnostics import Diagnostic
from layergen.source import Source, Span

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLOSE_COLON = re.compile(r"[A-Za-z_]\w*:\S")
_LONGEST_SHOWN = 60


def find_splits(node: yaml.Node, source: Source) -> Iterator[Diagnostic]:
    """What a comma splits among the direct members of a node in brackets."""
    if not getattr(node, "flow_style", False):
        return
    match node:
        case yaml.MappingNode(value=pairs):
            yield from _find_in_mapping(pairs, source)
        case yaml.SequenceNode(value=items):
            yield from _find_in_sequence(items, source)


def _find_in_sequence(items: list[yaml.Node], source: Source) -> Iterator[Diagnostic]:
    at = 0
    while at < len(items):
        end = at + 1
        if _is_plain(items[at]) and _depth(items[at].value) > 0:
            span = _span(source, items[at], items[at])
            while end < len(items) and _depth(span.text) > 0:
                span = _span(source, items[at], items[end])
                end += 1
            if end > at + 1:
                yield _split(span, "[...]")
        at = end


def _find_in_mapping(
    pairs: list[tuple[yaml.Node, yaml.Node]], source: Source
) -> Iterator[Diagnostic]:
    at = 0
    while at < len(pairs):
        key, value = pairs[at]
        end = at + 1
        while end < len(pairs) and _is_bare(*pairs[end], source):
            end += 1
        if _is_bare(key, value, source):
            yield _without_value(key, source, "a list is written in square brackets")
        elif end > at + 1:
            yield from _explain_bare(
                value, [key for key, _ in pairs[at + 1 : end]], source
            )
        at = end


def _explain_bare(
    value: yaml.Node, bare: list[yaml.Node], source: Source
) -> Iterator[Diagnostic]:
    """Keys without values that follow a value: parts of it, or flags."""
    close = [key for key in bare if _CLOSE_COLON.match(key.value)]
    if close:
        for key in close:
            name, _, rest = key.value.partition(":")
            note = f"write `{name}: {rest}`: behind a colon stands a space"
            yield _without_value(key, source, note)
        return
    is_part = _is_plain(value) and (
        _depth(value.value) > 0 or not all(_WORD.fullmatch(key.value) for key in bare)
    )
    if is_part:
        yield _split(_span(source, value, bare[-1]), "{...}")
        return
    note = "give it one; if the comma belongs to the value before it, quote that"
    for key in bare:
        yield _without_value(key, source, note)


def _split(span: Span, brackets: str) -> Diagnostic:
    quote = "'" if '"' in span.text else '"'
    note = f"quote it: `{quote}{span.text}{quote}`"
    if len(span.text) > _LONGEST_SHOWN or len(span.text.splitlines()) > 1:
        note = "quote it"
    message = f"a comma splits this value within `{brackets}`"
    return Diagnostic(codes.SPLIT_VALUE, message, span, (note,))


def _without_value(key: yaml.Node, source: Source, note: str) -> Diagnostic:
    shown = " ".join(key.value.split())[:_LONGEST_SHOWN]
    message = f"`{shown}` is a key without a value"
    return Diagnostic(codes.SPLIT_VALUE, message, _span(source, key, key), (note,))


def _is_bare(key: yaml.Node, value: yaml.Node, source: Source) -> bool:
    """Whether a key stands without `:` and value."""
    between = source.text[key.end_mark.index : value.end_mark.index]
    return _is_plain(key) and _is_plain(value) and not between.strip()


def _is_plain(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style


def _depth(text: str) -> int:
    """Round brackets that are open at the end of a text."""
    return text.count("(") - text.count(")")


def _span(source: Source, first: yaml.Node, last: yaml.Node) -> Span:
    return source.span(first.start_mark.index, last.end_mark.index)

"""Source -> Tree: the data of a YAML or JSON text, each piece with its place.

YAML is read by PyYAML's C parser and resolved by the core schema of YAML 1.2
(https://yaml.org/spec/1.2.2/#103-core-schema): `no` and `on` are strings, `1e-3` is
a number. Only plain data may stand in a spec: tags, anchors, aliases, second
documents and duplicate keys are refused, because a reviewer should see what a line
says without looking elsewhere.
"""

import json
import re
from collections.abc import Iterator

import yaml
from yaml import _yaml

from layergen.codes import reading as codes
from layergen.diagnostics import Diagnostic, Diagnostics, SpecError
from layergen.loading.flow import find_splits
from layergen.loading.syntax import explain_json, explain_yaml, find_json_constant
from layergen.loading.tree import Mapping, Node, Plain, Scalar, Sequence, Tree
from layergen.source import Source, Span

MAX_DEPTH = 64
"""Levels of nesting that a spec may have."""

MAX_VALUES = 10_000
"""Keys and values that a spec may have."""

_SAFE_NESTING = 1000
"""PyYAML's C parser recurses; deeper text is measured before it is composed."""


def read_tree(source: Source) -> Tree:
    """Read a YAML text, or a JSON text if the source's name ends in `.json`.

    Raises:
        SpecError: the text is not plain data of YAML or JSON.
    """
    if source.path.endswith(".json"):
        _check_json(source)
    try:
        _check_depth(source)
        composed = _compose(source.text)
    except yaml.YAMLError as error:
        raise SpecError([explain_yaml(source, error)]) from None
    except UnicodeEncodeError as error:
        message = "not valid YAML: half of a surrogate pair"
        span = source.span(error.start, error.start + 1)
        raise SpecError([Diagnostic(codes.SYNTAX, message, span)]) from None
    if composed is None:
        note = "`layergen new NAME` writes a spec to start from"
        span = source.span(0, 0)
        diagnostic = Diagnostic(codes.EMPTY, "the spec is empty", span, (note,))
        raise SpecError([diagnostic])
    found = Diagnostics()
    builder = _Builder(source, found)
    root = builder.build(composed, 0)
    if not builder.has_alias:
        _refuse_anchor(source, found)
    found.raise_if_errors()
    return Tree(source, root)


class _Parser(_yaml.CParser):
    """PyYAML's C parser; it leaves plain scalars unresolved, with an empty tag."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, parent: object, index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def _compose(text: str) -> yaml.Node | None:
    parser = _Parser(text)
    try:
        node: yaml.Node | None = parser.get_single_node()
        return node
    finally:
        parser.dispose()


def _check_depth(source: Source) -> None:
    """Refuse text so deeply nested that composing it could exhaust the C stack."""
    text = source.text
    openers = text.count("[") + text.count("{")
    if openers + max(map(len, text.split("\n"))) < _SAFE_NESTING:
        return
    depth = 0
    for event in _events(text):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise SpecError([_too_deep(source, _offset(event.start_mark))])


def _events(text: str) -> Iterator[yaml.Event]:
    parser = _Parser(text)
    try:
        while parser.check_event():
            event = parser.get_event()
            assert event is not None
            yield event
    finally:
        parser.dispose()


def _refuse_anchor(source: Source, found: Diagnostics) -> None:
    """An anchor names what no alias repeats: the parser drops it without a word."""
    for event in _events(source.text) if "&" in source.text else ():
        anchor = getattr(event, "anchor", None)
        if anchor:
            start = _offset(event.start_mark)
            span = source.span(start, start + 1 + len(anchor))
            message = f"an anchor (`&{anchor}`) is not plain data"
            found.add(codes.NOT_PLAIN, message, span, "remove it")
            return


def _offset(mark: object) -> int:
    """The offset of one of PyYAML's marks, whose types differ by implementation."""
    offset: int = getattr(mark, "index", 0)
    return offset


def _too_deep(source: Source, offset: int) -> Diagnostic:
    return Diagnostic(
        codes.TOO_DEEP,
        f"more than {MAX_DEPTH} levels of nesting",
        source.span(offset, offset + 1),
    )


def _check_json(source: Source) -> None:
    """What YAML would let pass in a JSON text is an error there."""
    try:
        json.loads(source.text)
    except json.JSONDecodeError as error:
        raise SpecError([explain_json(source, error)]) from None
    except (RecursionError, ValueError):
        raise SpecError([_too_deep(source, 0)]) from None
    constant = find_json_constant(source)
    if constant:
        raise SpecError([constant])
    pair = re.search(r"\\u[dD][89abAB][0-9a-fA-F]{2}", source.text)
    if pair:
        diagnostic = Diagnostic(
            codes.SYNTAX,
            "a character written as two `\\u` escapes",
            source.span(pair.start(), pair.end()),
            ("write the character itself",),
        )
        raise SpecError([diagnostic])


class _Builder:
    """PyYAML's nodes -> ours."""

    def __init__(self, source: Source, found: Diagnostics) -> None:
        self.source = source
        self.found = found
        self.seen: set[int] = set()
        self.has_alias = False

    def build(self, node: yaml.Node, depth: int) -> Node:
        start, end = _offset(node.start_mark), _offset(node.end_mark)
        span = self.source.span(start, end)
        if id(node) in self.seen:
            self._refuse_alias(span)
            return Scalar(span, None, "", False)
        self.seen.add(id(node))
        if len(self.seen) > MAX_VALUES:
            message = f"more than {MAX_VALUES} keys and values"
            note = "keep a large array in an `.npy` file beside the spec"
            raise SpecError([Diagnostic(codes.TOO_MANY, message, span, (note,))])
        if node.tag:
            self._refuse_tag(node.tag, span)
        if depth > MAX_DEPTH:
            self.found.extend([_too_deep(self.source, start)])
            return Scalar(span, None, "", False)
        self.found.extend(find_splits(node, self.source))
        match node:
            case yaml.ScalarNode():
                return self._scalar(node, span)
            case yaml.SequenceNode(value=values):
                items = tuple(self.build(value, depth + 1) for value in values)
                return Sequence(span, items)
            case yaml.MappingNode(value=pairs):
                return Mapping(span, tuple(self._entries(pairs, depth)))
        raise AssertionError(f"a YAML node of an unknown kind: {node!r}")

    def _entries(
        self, pairs: list[tuple[yaml.Node, yaml.Node]], depth: int
    ) -> Iterator[tuple[Scalar, Node]]:
        first: dict[str, Span] = {}
        for key_node, value_node in pairs:
            key = self.build(key_node, depth + 1)
            value = self.build(value_node, depth + 1)
            if not isinstance(key, Scalar):
                self.found.add(codes.KEY, "a key must be a name", key.span)
            elif key.text == "<<" and not key.quoted:
                message = "a merge key (`<<`) is not plain data"
                self.found.add(codes.NOT_PLAIN, message, key.span, "write it all out")
            elif key.text in first:
                line = first[key.text].line
                self.found.add(
                    codes.DUPLICATE_KEY,
                    f"`{key.text}` is given twice",
                    key.span,
                    f"it is given first in line {line}",
                )
            else:
                first[key.text] = key.span
                yield key, value

    def _scalar(self, node: yaml.ScalarNode, span: Span) -> Scalar:
        quoted = node.style in ("'", '"')
        text: str = node.value
        if node.style:
            return Scalar(span, text, text, quoted)
        if len(text) > _LONGEST_NUMBER and _NUMBER_START.match(text):
            self.found.add(codes.BIG_NUMBER, "a number of too many digits", span)
            return Scalar(span, None, text, quoted)
        return Scalar(span, _resolve(text), text, quoted)

    def _refuse_alias(self, span: Span) -> None:
        if self.has_alias:
            return  # the first is told, and the way out is the same
        self.has_alias = True
        for event in _events(self.source.text):
            if isinstance(event, yaml.AliasEvent):
                start, end = _offset(event.start_mark), _offset(event.end_mark)
                span = self.source.span(start, end)
                break
        message = "an alias (`*name`) is not plain data"
        self.found.add(codes.NOT_PLAIN, message, span, "write the value out")

    def _refuse_tag(self, tag: str, span: Span) -> None:
        short = tag.replace("tag:yaml.org,2002:", "!!")
        message = f"a tag (`{short}`) is not plain data"
        self.found.add(codes.NOT_PLAIN, message, span, "remove the tag")


_LONGEST_NUMBER = 40
_NUMBER_START = re.compile(r"[-+.]?[0-9][0-9_.eExXoOa-fA-F+-]*$")
_INT = re.compile(r"[-+]?[0-9]+$")
_OCTAL = re.compile(r"0o[0-7]+$")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)$")
_NAMED: dict[str, Plain] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


def _resolve(text: str) -> Plain:
    """The value of a plain scalar by the core schema of YAML 1.2."""
    if text in _NAMED:
        return _NAMED[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _OCTAL.match(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.match(text):
        return int(text[2:], 16)
    if infinity := _INFINITY.match(text):
        return float(f"{infinity[1]}inf")
    return text

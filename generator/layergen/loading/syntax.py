"""What a parser of YAML or JSON complains of -> a diagnostic in our words.

The parsers say what their grammar expected; an author wants to know what to change.
What is not told apart here keeps the parser's own words.
"""

import json
import re

import yaml

from layergen.codes import reading as codes
from layergen.diagnostics import Diagnostic
from layergen.source import Source

_CLOSERS = {"[": "]", "{": "}"}

_TOP_KEY = re.compile(r"^(\w+):", re.MULTILINE)
_LINE_WITH_KEY = re.compile(r"[^,{\[\s]\s*\n *[\w-]+$")
"""A key that begins a line, behind a line that does not end with a comma."""


def explain_yaml(source: Source, error: yaml.YAMLError) -> Diagnostic:
    """The diagnostic for a text that is not valid YAML."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or ""
    at = _index(getattr(error, "problem_mark", None), getattr(error, "position", 0))
    start = _index(getattr(error, "context_mark", None), at)
    context = getattr(error, "context", None) or ""
    char = source.text[at : at + 1]
    if "cannot start any token" in problem and char == "\t":
        return _yaml(source, at, "a tab cannot indent", "indent with spaces")
    if "cannot start any token" in problem and char in ("%", "@", "`"):
        return _begins(source, at)
    if "expected node content" in problem and char.strip():
        return _begins(source, at)
    if "tab character" in problem:
        return _yaml(source, at, "a tab cannot indent", "indent with spaces")
    if "block scalar" in context and "line break" in problem:
        note = "begin the text in the next line, indented"
        return _yaml(source, at, "text behind the sign of a block", note)
    if "scanning an a" in context:  # an alias or an anchor
        return _begins(source, start)
    if "mapping values are not allowed" in problem:
        return _second_colon(source, at)
    if "another document" in problem or "single document" in problem:
        note = "one file holds one spec: remove what follows `---`"
        return _yaml(source, at, "a second document", note, length=3)
    if "',' or" in problem:
        return _explain_flow(source, start, at)
    if "quoted scalar" in context and "end of stream" in problem:
        note = f"close it with `{source.text[start : start + 1]}`"
        return _yaml(source, start, "a quoted text is never closed", note)
    if "unknown escape" in problem:
        shown = source.text[at : at + 2]
        note = "write two backslashes for one, or put the text in single quotes"
        return _yaml(source, at, f"`{shown}` is no escape", note, length=2)
    if "expected key" in problem or "'-' indicator" in problem:
        return _explain_block(source, at, "-" in problem)
    if "could not find expected ':'" in problem:
        note = "a key is followed by `: `; what goes on from above is indented"
        if _TOP_KEY.findall(source.text[:start])[-1:] == ["call"]:
            note = "text of several lines is indented, and begins with `call: |`"
        length = len(source.text[start:].split("\n")[0])
        return _yaml(source, start, "a line without a key", note, length)
    note = f"the parser stopped {context}" if context else ""
    return _yaml(source, at, problem or "unreadable", note)


def _index(mark: object, otherwise: int) -> int:
    """The offset of one of PyYAML's marks, whose types differ by implementation."""
    index: int = getattr(mark, "index", otherwise)
    return index


def _yaml(
    source: Source, at: int, problem: str, note: str, length: int = 1
) -> Diagnostic:
    span = source.span(at, at + length)
    notes = (note,) if note else ()
    return Diagnostic(codes.SYNTAX, f"not valid YAML: {problem}", span, notes)


def _begins(source: Source, at: int) -> Diagnostic:
    char = source.text[at : at + 1]
    problem = (
        f"a value cannot begin with a {'backtick' if char == '`' else f'`{char}`'}"
    )
    return _yaml(source, at, problem, "quote the value")


def _second_colon(source: Source, at: int, otherwise: str = "") -> Diagnostic:
    note = f"quote a value that has `: ` in it{otherwise}"
    return _yaml(source, at, "a second `: ` within one value", note)


def _explain_flow(source: Source, start: int, at: int) -> Diagnostic:
    """A list or mapping in brackets that opens at `start` and goes wrong at `at`."""
    text = source.text
    char, opener = text[at : at + 1], text[start : start + 1]
    closer = _CLOSERS.get(opener, "]")
    line = text.rfind("\n", 0, at) + 1
    if not char or (line > start and not text[line:at].strip()):
        return _yaml(
            source, start, f"`{opener}` is never closed", f"close it with `{closer}`"
        )
    if char == ":" and _LINE_WITH_KEY.search(text, start, at):
        note = f"close it with `{closer}`"
        return _yaml(source, start, f"`{opener}` is never closed", note)
    if char == ":":
        return _second_colon(source, at, ", or put a comma before the next key")
    if char in "[{":
        problem, note = f"`{char}` within a value", "quote a value that has brackets"
        return _yaml(source, at, problem, note)
    if char in "]}":
        line_number = source.position(start)[0]
        note = f"`{opener}` of line {line_number} is closed by `{closer}`"
        return _yaml(source, at, f"`{char}` closes nothing", note)
    note = "quote a value that has commas, quotes or brackets in it"
    return _yaml(source, at, f"`,` or `{closer}` is missing", note)


def _explain_block(source: Source, at: int, in_list: bool) -> Diagnostic:
    line = source.text.rfind("\n", 0, at) + 1
    char = source.text[at : at + 1]
    if char and char in "]}":
        return _yaml(source, at, f"`{char}` closes nothing", "remove it")
    if source.text[line:at].strip():
        note = "quote the whole value"
        return _yaml(source, at, "text behind the end of a value", note)
    if in_list:
        note = "every item of a list has `- ` before it"
        return _yaml(source, at, "a key among the items of a list", note)
    note = "the keys of one mapping stand in one column"
    return _yaml(source, at, "the indentation fits no line above", note)


def explain_json(source: Source, error: json.JSONDecodeError) -> Diagnostic:
    """The diagnostic for a text that is not valid JSON."""
    text, at = source.text, error.pos
    char = text[at : at + 1]
    comma = re.compile(r",\s*$").search(text, 0, at)
    if not text[at:].strip():
        return _json(source, at, "the text ends too early", "")
    if text[at : at + 2] in ("//", "/*") or char == "#":
        return _json(source, at, "a comment", "JSON has none; YAML has", 2)
    if char == "'":
        return _json(source, at, "a text in single quotes", 'write `"`')
    if char in "]}" and comma:
        problem = f"a comma before `{char}`"
        return _json(source, comma.start(), problem, "remove it")
    if char == "," and "trailing comma" in error.msg:  # from Python 3.13 on
        closer = text[at + 1 :].strip()[:1]
        return _json(source, at, f"a comma before `{closer}`", "remove it")
    if error.msg.startswith(("Unterminated", "Invalid control")):
        return _json(source, at, "a text is not closed in its line", "")
    if error.msg.startswith("Extra"):
        return _json(source, at, "text behind the end of the spec", "")
    if error.msg.startswith("Expecting '"):
        return _json(source, at, f"`{error.msg[11]}` is missing", "")
    return _json(source, at, f"{error.msg[:1].lower()}{error.msg[1:]}", "")


def find_json_constant(source: Source) -> Diagnostic | None:
    """`NaN` or `Infinity`, which Python reads and JSON does not have."""
    for match in re.finditer(r'"(?:\\.|[^"\\])*"|-?Infinity|NaN', source.text):
        if match[0][0] != '"':
            problem = f"`{match[0]}` is no number"
            return _json(source, match.start(), problem, "", len(match[0]))
    return None


def _json(
    source: Source, at: int, problem: str, note: str, length: int = 1
) -> Diagnostic:
    span = source.span(at, at + length)
    notes = (note,) if note else ()
    return Diagnostic(codes.SYNTAX, f"not valid JSON: {problem}", span, notes)

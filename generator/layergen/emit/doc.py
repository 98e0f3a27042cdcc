"""Pieces of Python source -> Doc: expressions and statements that know where to break.

A `Doc` is a plain string (a token or a few that stay together), a `Group` (a pair
of brackets and what stands in it) or a `Concat` of these. `layergen.emit.layout`
turns one into lines. Precedence is the caller's: `parenthesized` is never implied.
"""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

# The higher its priority, the sooner a place is broken; the order is black's.
COMPREHENSION, COMMA_PRIORITY, TERNARY, LOGIC = 20, 18, 16, 14
STRINGS, COMPARISON, DOT_PRIORITY = 12, 10, 1
PRIORITIES: Mapping[str, int] = {
    **dict.fromkeys(("or", "and"), LOGIC),
    **dict.fromkeys(("<", "<=", "==", "!=", ">", ">=", "is", "in"), COMPARISON),
    **dict.fromkeys(("is not", "not in"), COMPARISON),
    "|": 9,
    "^": 8,
    "&": 7,
    **dict.fromkeys(("<<", ">>"), 6),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "//", "%", "@"), 4),
    "**": 2,
}


class Kind(Enum):
    """What a pair of brackets is; it decides how its content is broken.

    `DISPLAY` (list, tuple, dict, parenthesized) puts one item a line once it is broken,
    `ROW` (many short items) as many as fit, which is not black's way. `TRAILER` (call,
    subscript) and `PARAMETERS` try all items on one line first.
    `OPTIONAL` and `VALUE` (after `=`) are parentheses shown only when needed.
    """

    DISPLAY = "display"
    ROW = "row"
    TRAILER = "trailer"
    PARAMETERS = "parameters"
    OPTIONAL = "optional"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a line may end: flat, it reads `head + gap + tail`."""

    priority: int
    head: str
    gap: str
    tail: str
    flat: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", self.head + self.gap + self.tail)


@dataclass(frozen=True, slots=True)
class Group:
    """Brackets around a body; `flat` is its text on one line, made once."""

    open: str
    body: "tuple[Part, ...]"
    close: str
    kind: Kind = Kind.DISPLAY
    flat: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        flat = flatten(self.body)
        shown = flat if self.is_invisible else f"{self.open}{flat}{self.close}"
        object.__setattr__(self, "flat", shown)

    @property
    def is_invisible(self) -> bool:
        """Whether the brackets are written only when the group is broken."""
        return self.kind is Kind.OPTIONAL or self.kind is Kind.VALUE


@dataclass(frozen=True, slots=True)
class Concat:
    """Docs side by side."""

    parts: "tuple[Part, ...]"


Part = str | Break | Group
Doc = str | Group | Concat

COMMA = Break(COMMA_PRIORITY, ",", " ", "")
_DOT = Break(DOT_PRIORITY, "", "", "")
_JUXTAPOSED = Break(STRINGS, "", " ", "")
_OPERATORS = {
    name: Break(priority, "", " ", f"{name} ") for name, priority in PRIORITIES.items()
}
_HUGGING_POWER = Break(PRIORITIES["**"], "", "", "**")


def flatten(parts: Iterable[Part]) -> str:
    """The text of parts on one line."""
    return "".join([p if isinstance(p, str) else p.flat for p in parts])


def parts_of(doc: Doc) -> tuple[Part, ...]:
    """A doc as the parts that it consists of."""
    return doc.parts if isinstance(doc, Concat) else (doc,)


def concat(*docs: Doc) -> Doc:
    """Docs one after the other, with nothing between."""
    return Concat(tuple(part for doc in docs for part in parts_of(doc)))


def separated(items: Iterable[Doc], separator: Break = COMMA) -> tuple[Part, ...]:
    """Docs with a separator between each two."""
    parts: list[Part] = []
    for item in items:
        if parts:
            parts.append(separator)
        if isinstance(item, Concat):
            parts.extend(item.parts)
        else:
            parts.append(item)
    return tuple(parts)


def bracketed(opening: str, items: Sequence[Doc], closing: str, kind: Kind) -> Group:
    """Items between brackets, separated by commas."""
    if opening == "(" and len(items) == 1:
        return Group(opening, parts_of(_bare(items[0])), closing, kind)
    return Group(opening, separated(items), closing, kind)


def list_of(items: Sequence[Doc]) -> Group:
    """A list display."""
    return bracketed("[", items, "]", Kind.DISPLAY)


def tuple_of(items: Sequence[Doc]) -> Group:
    """A tuple display in parentheses; one item keeps its comma."""
    if len(items) == 1:
        return Group("(", (*parts_of(items[0]), ","), ")")
    return bracketed("(", items, ")", Kind.DISPLAY)


def dict_of(entries: Iterable[tuple[Doc, Doc] | Doc]) -> Group:
    """A dict display of keys with values, and of entries such as `"**defaults"`."""
    items = [
        concat(entry[0], ": ", entry[1]) if isinstance(entry, tuple) else entry
        for entry in entries
    ]
    return bracketed("{", items, "}", Kind.DISPLAY)


def wrap_message(message: str) -> list[str]:
    """A message in pieces that fit on a line, each with the space at its end."""
    lines = textwrap.wrap(message, 69, break_long_words=False, break_on_hyphens=False)
    return [f"{line} " for line in lines]


def parenthesized(doc: Doc) -> Group:
    """An expression in parentheses that its meaning needs."""
    return bracketed("(", (doc,), ")", Kind.DISPLAY)


def comprehension(
    opening: str, element: Doc, clauses: Iterable[tuple[str, Doc]], closing: str
) -> Group:
    """A comprehension; a clause is such as `("for x in ", xs)` or `("if ", test)`."""
    parts = list(parts_of(element))
    for words, value in clauses:
        parts += [Break(COMPREHENSION, "", " ", words), *parts_of(value)]
    return Group(opening, tuple(parts), closing)


def call(function: Doc, arguments: Sequence[Doc]) -> Doc:
    """A call; see `keyword` for arguments given by name."""
    return concat(function, bracketed("(", arguments, ")", Kind.TRAILER))


def keyword(name: str, value: Doc) -> Doc:
    """An argument given by name."""
    return concat(f"{name}=", value)


def subscript(value: Doc, indices: Sequence[Doc]) -> Doc:
    """A subscript; slices are docs whose text the caller writes."""
    return concat(value, bracketed("[", indices, "]", Kind.TRAILER))


def attribute(value: Doc, name: str) -> Doc:
    """An attribute; after a call or subscript it is a place to break."""
    if isinstance(parts_of(value)[-1], Group):
        return Concat((*parts_of(value), _DOT, f".{name}"))
    return concat(value, f".{name}")


def unary(operator: str, operand: Doc) -> Doc:
    """`-x`, `+x`, `~x` or `not x`."""
    return concat("not " if operator == "not" else operator, operand)


def binary(left: Doc, operator: str, right: Doc) -> Doc:
    """Two operands; a chain is made of calls of this one."""
    between = _OPERATORS[operator]
    if operator == "**" and _is_simple(left) and _is_simple(right):
        between = _HUGGING_POWER
    return Concat((*parts_of(left), between, *parts_of(right)))


def ternary(value: Doc, test: Doc, other: Doc) -> Doc:
    """`value if test else other`, in parentheses where it has to be broken."""
    branch = [Break(TERNARY, "", " ", word) for word in ("if ", "else ")]
    parts = (*parts_of(value), branch[0], *parts_of(test), branch[1], *parts_of(other))
    return Group("(", parts, ")", Kind.OPTIONAL)


def strings(*pieces: Doc) -> Doc:
    """String literals that Python joins."""
    return Concat(separated(pieces, _JUXTAPOSED))


def optional(doc: Doc, kind: Kind = Kind.OPTIONAL) -> Group:
    """A doc in parentheses that show only where it has to be broken.

    Parentheses of its own that this makes superfluous are dropped, as black does.
    """
    bare = _bare(doc)
    while isinstance(bare, Group) and _is_parenthesized(bare):
        bare = _bare(Concat(bare.body))
    return Group("(", parts_of(bare), ")", kind)


def quote(text: str) -> str:
    """A string literal, in double quotes unless that takes more escapes."""
    literal = str.__repr__(text)
    if literal[0] == '"' or text.count('"') > text.count("'"):
        return literal
    body = literal[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{body}"'


def literal(value: object) -> Doc:
    """Plain Python data: None, bool, int, float, str and lists, tuples, dicts of them.

    Raises:
        TypeError: for anything else.
    """
    match value:
        case None | bool():
            return repr(value)
        case int():
            return int.__repr__(value)
        case float():
            text = float.__repr__(value).replace("e+", "e")
            return text if math.isfinite(value) else f'float("{text}")'
        case str():
            return quote(value)
        case list():
            return list_of([literal(item) for item in value])
        case tuple():
            return tuple_of([literal(item) for item in value])
        case dict():
            return dict_of((literal(key), literal(item)) for key, item in value.items())
        case _:
            raise TypeError(f"no literal for {type(value).__name__}")


def _bare(doc: Doc) -> Doc:
    """A doc without optional parentheses of its own, where others stand around it."""
    parts = parts_of(doc)
    if len(parts) != 1:
        return doc
    only = parts[0]
    if isinstance(only, Group):
        return Concat(only.body) if only.is_invisible else only
    return doc


def _is_parenthesized(group: Group) -> bool:
    """Whether a group is an expression in parentheses: no tuple, generator or `:=`."""
    if group.open != "(" or not group.body or ":=" in group.flat:
        return False
    keep = (COMMA_PRIORITY, COMPREHENSION)
    breaks = [part for part in group.body if isinstance(part, Break)]
    return group.body[-1] != "," and not any(b.priority in keep for b in breaks)


def _is_simple(operand: Doc) -> bool:
    """Whether `**` hugs an operand: a number or a dotted name, with a sign or not."""
    parts = parts_of(operand)
    if not all(isinstance(part, str) for part in parts):
        return False
    text = flatten(parts).lstrip("+-~")
    return text[:1].isdigit() or all(name.isidentifier() for name in text.split("."))

"""The typed tree of the language. It keeps the author's expressions and names.

Every expression knows its type and *when* its value is known: from the constructor's
arguments (CONFIG), from the shapes of the inputs (BUILD), or only in the call (CALL).
`str()` of a node is the author's text in canonical form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import TypeAlias

from layergen.source import Span


class Known(IntEnum):
    """When a value is known; the later of two is the greater."""

    CONFIG = 0
    BUILD = 1
    CALL = 2


class Kind(StrEnum):
    """What a scalar is, or the elements of an array are."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    STR = "str"
    NONE = "none"


CONDITIONAL, COMPARISON, SPREAD, SIGN, ATOM = 1, 5, 6, 8, 20
BINDING: Mapping[str, int] = {
    "or": 2,
    "and": 3,
    "not": 4,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "is", "is not"), COMPARISON),
    **dict.fromkeys(("+", "-"), 6),
    **dict.fromkeys(("*", "/", "//", "%"), 7),
    "**": 9,
}
"""How tightly operators bind, by Python's precedence."""


@dataclass(frozen=True)
class ScalarType:
    """A plain Python value."""

    kind: Kind

    def __str__(self) -> str:
        return "None" if self.kind is Kind.NONE else f"a Python {self.kind}"


@dataclass(frozen=True)
class ArrayType:
    """A NumPy array while it is known before the call, a tensor in the call."""

    kind: Kind

    def __str__(self) -> str:
        return f"a tensor of {self.kind}"


@dataclass(frozen=True)
class TupleType:
    """A tuple or list.

    Attributes:
        items: the type of each element; None when the length is not known (`x.shape`).
        element: the type that all elements share, where the length is not known.
        size: how many types it is made of.
    """

    items: tuple["Type", ...] | None
    element: "Type | None" = None
    size: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = (*(self.items or ()), self.element)
        size = 1 + sum(p.size if isinstance(p, TupleType) else 1 for p in parts)
        object.__setattr__(self, "size", size)

    def __str__(self) -> str:
        return "a tuple"


@dataclass(frozen=True)
class AnyType:
    """The type of an expression in which an error was found: fits everywhere."""

    def __str__(self) -> str:
        return "a value"


Type: TypeAlias = ScalarType | ArrayType | TupleType | AnyType

BOOL = ScalarType(Kind.BOOL)
INT = ScalarType(Kind.INT)
FLOAT = ScalarType(Kind.FLOAT)
STR = ScalarType(Kind.STR)
NONE = ScalarType(Kind.NONE)
ANY = AnyType()
SHAPE = TupleType(None, INT)


class Origin(StrEnum):
    """What a name stands for."""

    ARGUMENT = "an argument"
    DIM = "a dimension"
    INPUT = "an input"
    WEIGHT = "a weight"
    CONSTANT = "a constant"
    LOCAL = "a variable"
    TRAINING = "the training flag"
    NUMBER = "a number"


@dataclass(frozen=True)
class Symbol:
    """A name and what it stands for."""

    name: str
    origin: Origin
    type: Type
    known: Known


@dataclass(frozen=True)
class Node:
    """What every expression has."""

    span: Span = field(repr=False, compare=False)
    type: Type
    known: Known


@dataclass(frozen=True)
class Literal(Node):
    """A number, a string, `True`, `False` or `None`."""

    value: bool | int | float | str | None

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True)
class Name(Node):
    """A use of a symbol."""

    symbol: Symbol

    def __str__(self) -> str:
        return self.symbol.name


@dataclass(frozen=True)
class Call(Node):
    """An op applied to arguments, in the author's choice of positions and keywords."""

    op: str
    args: tuple["Expr", ...]
    keywords: tuple[tuple[str, "Expr"], ...]

    def __str__(self) -> str:
        parts = [str(arg) for arg in self.args]
        parts += [f"{name}={value}" for name, value in self.keywords]
        return f"{self.op}({', '.join(parts)})"


@dataclass(frozen=True)
class Unary(Node):
    """`-x`, `+x` or `not x`."""

    operator: str
    operand: "Expr"

    def __str__(self) -> str:
        if self.operator == "not":
            return f"not {_inside(self.operand, BINDING['not'])}"
        return f"{self.operator}{_inside(self.operand, SIGN)}"


@dataclass(frozen=True)
class Binary(Node):
    """An arithmetic operator between two values."""

    operator: str
    left: "Expr"
    right: "Expr"

    def __str__(self) -> str:
        level = BINDING[self.operator]
        left, right = level, level + 1
        if self.operator == "**":
            left, right = ATOM, SIGN
        sides = _inside(self.left, left), _inside(self.right, right)
        return f"{sides[0]} {self.operator} {sides[1]}"


@dataclass(frozen=True)
class Compare(Node):
    """A comparison of two values: elementwise if one of them is a tensor."""

    operator: str
    left: "Expr"
    right: "Expr"

    def __str__(self) -> str:
        sides = _inside(self.left, 6), _inside(self.right, 6)
        return f"{sides[0]} {self.operator} {sides[1]}"


@dataclass(frozen=True)
class Logical(Node):
    """`and` or `or` between Python values."""

    operator: str
    values: tuple["Expr", ...]

    def __str__(self) -> str:
        level = BINDING[self.operator] + 1
        return f" {self.operator} ".join(_inside(v, level) for v in self.values)


@dataclass(frozen=True)
class Conditional(Node):
    """`then if test else otherwise`, with a Python value as the test."""

    test: "Expr"
    then: "Expr"
    otherwise: "Expr"

    def __str__(self) -> str:
        then, test = _inside(self.then, 2), _inside(self.test, 2)
        return f"{then} if {test} else {self.otherwise}"


@dataclass(frozen=True)
class Display(Node):
    """A tuple or a list that is written out."""

    items: tuple["Expr", ...]

    def __str__(self) -> str:
        comma = "," if len(self.items) == 1 else ""
        return f"({', '.join(str(item) for item in self.items)}{comma})"


@dataclass(frozen=True)
class Spread(Node):
    """`*xs` in a tuple or a list that is written out."""

    value: "Expr"

    def __str__(self) -> str:
        return f"*{_inside(self.value, SPREAD)}"


@dataclass(frozen=True)
class Subscript(Node):
    """One element or a slice of a shape or of a tuple: `x.shape[-1]`."""

    value: "Expr"
    index: "Expr | Slice"

    def __str__(self) -> str:
        return f"{_inside(self.value, ATOM)}[{self.index}]"


@dataclass(frozen=True)
class Slice:
    """`start:stop:step` of an index; what is left out is None."""

    start: "Expr | None"
    stop: "Expr | None"
    step: "Expr | None"

    def __str__(self) -> str:
        text = f"{_or_empty(self.start)}:{_or_empty(self.stop)}"
        return text if self.step is None else f"{text}:{self.step}"


@dataclass(frozen=True)
class Dots:
    """`...` of an index: all axes that are not named."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True)
class Index(Node):
    """Part of a tensor: `x[:, None, ..., ::2]`. `None` is a literal: a new axis."""

    value: "Expr"
    items: "tuple[Expr | Slice | Dots, ...]"

    def __str__(self) -> str:
        items = ", ".join(str(item) for item in self.items)
        return f"{_inside(self.value, ATOM)}[{items}]"


@dataclass(frozen=True)
class Builtin(Node):
    """A function of Python on Python values: `range(n)`, `len(xs)`."""

    name: str
    args: "tuple[Expr, ...]"

    def __str__(self) -> str:
        return f"{self.name}({', '.join(str(arg) for arg in self.args)})"


@dataclass(frozen=True)
class Comprehension(Node):
    """`[element for targets in iterable if test]` over a Python sequence."""

    element: "Expr"
    targets: tuple[Symbol, ...]
    iterable: "Expr"
    test: "Expr | None"

    def __str__(self) -> str:
        names = ", ".join(symbol.name for symbol in self.targets)
        test = "" if self.test is None else f" if {self.test}"
        return f"[{self.element} for {names} in {self.iterable}{test}]"


@dataclass(frozen=True)
class Attribute(Node):
    """`x.shape`, `x.ndim` or `x.dtype` of a tensor."""

    value: "Expr"
    name: str

    def __str__(self) -> str:
        return f"{_inside(self.value, ATOM)}.{self.name}"


Expr: TypeAlias = (
    Literal
    | Name
    | Call
    | Unary
    | Binary
    | Compare
    | Logical
    | Conditional
    | Display
    | Spread
    | Subscript
    | Index
    | Builtin
    | Comprehension
    | Attribute
)


@dataclass(frozen=True)
class Assign:
    """`a = value`, or `a, b = value`."""

    span: Span = field(repr=False, compare=False)
    targets: tuple[Symbol, ...]
    value: Expr


@dataclass(frozen=True)
class Update:
    """`state.assign(value)`: a weight that is not trainable takes a new value."""

    span: Span = field(repr=False, compare=False)
    target: Symbol
    value: Expr


@dataclass(frozen=True)
class If:
    """A branch on a value that is known before the call, or on `training`."""

    span: Span = field(repr=False, compare=False)
    test: Expr
    then: "Body"
    otherwise: "Body"


@dataclass(frozen=True)
class For:
    """A loop over a Python sequence."""

    span: Span = field(repr=False, compare=False)
    targets: tuple[Symbol, ...]
    iterable: Expr
    body: "Body"


@dataclass(frozen=True)
class Return:
    """The result of the forward pass."""

    span: Span = field(repr=False, compare=False)
    value: Expr


Statement: TypeAlias = Assign | Update | If | For | Return
Body: TypeAlias = tuple[Statement, ...]


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one, in the order in which they are written."""
    match expr:
        case Literal() | Name():
            return ()
        case Call(args=args, keywords=keywords):
            return args + tuple(value for _, value in keywords)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Logical(values=values):
            return values
        case Conditional(test=test, then=then, otherwise=otherwise):
            return (then, test, otherwise)
        case Display(items=items):
            return items
        case Spread(value=value):
            return (value,)
        case Subscript(value=value, index=index):
            return (value, *index_parts(index))
        case Index(value=value, items=items):
            return (value, *(part for item in items for part in index_parts(item)))
        case Builtin(args=args):
            return args
        case Comprehension(element=element, iterable=iterable, test=test):
            return (element, iterable) if test is None else (element, iterable, test)
        case Attribute(value=value):
            return (value,)


def index_parts(item: "Expr | Slice | Dots") -> "tuple[Expr, ...]":
    """The expressions of one item of an index."""
    match item:
        case Dots():
            return ()
        case Slice(start=start, stop=stop, step=step):
            return tuple(part for part in (start, stop, step) if part is not None)
    return (item,)


def rewrite(expr: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """An expression in which `change` has replaced parts, outermost first.

    Args:
        expr: the expression.
        change: gives what stands for a part, or None to look inside it.
    """
    if (changed := change(expr)) is not None:
        return changed

    def inner(part: Expr) -> Expr:
        return rewrite(part, change)

    match expr:
        case Literal() | Name():
            return expr
        case Call(args=args, keywords=keywords):
            named = tuple((name, inner(value)) for name, value in keywords)
            return replace(expr, args=tuple(map(inner, args)), keywords=named)
        case Unary(operand=operand):
            return replace(expr, operand=inner(operand))
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return replace(expr, left=inner(left), right=inner(right))
        case Logical(values=values):
            return replace(expr, values=tuple(map(inner, values)))
        case Conditional(test=test, then=then, otherwise=otherwise):
            test, then, otherwise = inner(test), inner(then), inner(otherwise)
            return replace(expr, test=test, then=then, otherwise=otherwise)
        case Display(items=items):
            return replace(expr, items=tuple(map(inner, items)))
        case Spread(value=value) | Subscript(value=value):
            return replace(expr, value=inner(value))
        case Index(value=value):
            return replace(expr, value=inner(value))
        case Builtin(args=args):
            return replace(expr, args=tuple(map(inner, args)))
        case Comprehension(element=element, iterable=iterable):
            return replace(expr, element=inner(element), iterable=inner(iterable))
        case Attribute(value=value):
            return replace(expr, value=inner(value))


def walk(expr: Expr) -> Iterator[Expr]:
    """An expression and all inside it, outermost first."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def statements(body: Body) -> Iterator[Statement]:
    """The statements of a body and of its branches, in order."""
    for statement in body:
        yield statement
        if isinstance(statement, If):
            yield from statements(statement.then)
            yield from statements(statement.otherwise)
        elif isinstance(statement, For):
            yield from statements(statement.body)


def expression(statement: Statement) -> Expr:
    """The expression that a statement evaluates itself: value, test or sequence."""
    match statement:
        case If(test=test):
            return test
        case For(iterable=iterable):
            return iterable
    return statement.value


def symbols(expr: Expr) -> Iterator[Symbol]:
    """The symbols that an expression uses, in order, with repetitions."""
    return (node.symbol for node in walk(expr) if isinstance(node, Name))


def read_after_update(body: Body, updated: frozenset[str] = frozenset()) -> set[str]:
    """The states that are read again after they were given a new value."""
    found: set[str] = set()
    for statement in body:
        used = {symbol.name for symbol in symbols(expression(statement))}
        found |= used & updated
        if isinstance(statement, Update):
            updated |= {statement.target.name}
        elif isinstance(statement, If):
            found |= read_after_update(statement.then, updated)
            found |= read_after_update(statement.otherwise, updated)
            inner = statements((*statement.then, *statement.otherwise))
            updated |= {s.target.name for s in inner if isinstance(s, Update)}
        elif isinstance(statement, For):
            inner = statements(statement.body)
            updated |= {s.target.name for s in inner if isinstance(s, Update)}
            found |= read_after_update(statement.body, updated)
    return found


def body_symbols(body: Body) -> Iterator[Symbol]:
    """The symbols that a body reads or updates."""
    for statement in statements(body):
        yield from symbols(expression(statement))
        if isinstance(statement, Update):
            yield statement.target


def _or_empty(expr: Expr | None) -> str:
    return "" if expr is None else str(expr)


def binding(expr: Expr) -> int:
    """How tightly an expression holds together, by Python's precedence."""
    match expr:
        case Conditional():
            return CONDITIONAL
        case Logical(operator=operator) | Binary(operator=operator):
            return BINDING[operator]
        case Compare():
            return COMPARISON
        case Unary(operator=operator):
            return BINDING["not"] if operator == "not" else SIGN
        case Literal(value=int() | float() as value) if not isinstance(value, bool):
            return SIGN if value < 0 else ATOM
    return ATOM


def _inside(expr: Expr, least: int) -> str:
    """An operand, in parentheses if it binds less than `least`."""
    return f"({expr})" if binding(expr) < least else str(expr)

"""Expressions. `str()` of one is the author's text in canonical form."""

from dataclasses import dataclass, field
from typing import TypeAlias

from layergen.expr.ir.precedence import (
    ATOM,
    BINDING,
    COMPARISON,
    CONDITIONAL,
    SIGN,
    SPREAD,
)
from layergen.expr.ir.types import CallableType, Known, Symbol, Type
from layergen.source import Span


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
    is_list: bool = False

    def __str__(self) -> str:
        items = ", ".join(str(item) for item in self.items)
        if self.is_list:
            return f"[{items}]"
        return f"({items}{',' if len(self.items) == 1 else ''})"


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
class Apply(Node):
    """A call of something that the layer owns: `reduce(x)`, `blocks[0](x)`."""

    callee: "Expr"
    args: "tuple[Expr, ...]"
    keywords: "tuple[tuple[str, Expr], ...]"

    @property
    def has_training(self) -> bool:
        """Whether the flag `training` is passed on."""
        of_type = self.callee.type
        return isinstance(of_type, CallableType) and of_type.has_training

    def __str__(self) -> str:
        parts = [str(arg) for arg in self.args]
        parts += [f"{name}={value}" for name, value in self.keywords]
        return f"{self.callee}({', '.join(parts)})"


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
    | Apply
    | Comprehension
    | Attribute
)


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

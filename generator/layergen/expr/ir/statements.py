"""Statements, and the bodies that they make."""

from dataclasses import dataclass, field
from typing import TypeAlias

from layergen.expr.ir.nodes import Expr
from layergen.expr.ir.types import Symbol
from layergen.source import Span


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
class Loss:
    """`add_loss(value)`: a number that training makes small too."""

    span: Span = field(repr=False, compare=False)
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
    """The result of the forward pass, or of a function."""

    span: Span = field(repr=False, compare=False)
    value: Expr


@dataclass(frozen=True)
class Function:
    """`def name(parameters):`, a function of the forward pass's own."""

    span: Span = field(repr=False, compare=False)
    symbol: Symbol
    parameters: tuple[Symbol, ...]
    body: "Body"


Evaluating: TypeAlias = Assign | Update | Loss | If | For | Return
"""What evaluates an expression where it stands."""

Statement: TypeAlias = Evaluating | Function
Body: TypeAlias = tuple[Statement, ...]

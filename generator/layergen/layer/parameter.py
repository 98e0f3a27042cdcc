"""Weights and constants, as the compiler knows them."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from layergen.expr import ir
from layergen.layer.argument import KerasObject
from layergen.layer.call_input import Array
from layergen.source import Span


@dataclass(frozen=True)
class Weight:
    """A parameter that `add_weight` makes and that may change.

    `settings` pairs those of the three objects that the constructor's caller chooses
    with the arguments' names; what the weight has itself is then their default.
    `first` has the first values where they are computed, not drawn. `renamed_from` are
    names that it had.
    """

    name: str
    shape: tuple[ir.Expr, ...]
    initializer: KerasObject
    regularizer: KerasObject | None
    constraint: KerasObject | None
    trainable: bool
    autocast: bool
    settings: tuple[tuple[str, str], ...]
    dtype: str
    when: ir.Expr | None
    first: "Constant | None" = None
    renamed_from: tuple[str, ...] = ()
    doc: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Computed:
    """The value of an expression over arguments and dimensions."""

    expr: ir.Expr


@dataclass(frozen=True, eq=False)
class Written:
    """An array that is written in the spec."""

    array: Array


@dataclass(frozen=True, eq=False)
class Loaded:
    """An array from a file beside the spec."""

    file: str
    array: Array
    sha256: str


@dataclass(frozen=True)
class Drawn:
    """An array that is drawn once and then kept in the checkpoint."""

    initializer: KerasObject
    seed: ir.Symbol | None
    offset: int


ConstantSource: TypeAlias = Computed | Written | Loaded | Drawn


@dataclass(frozen=True)
class Constant:
    """A parameter that never changes. A `shape` of None is whatever the source has."""

    name: str
    shape: tuple[ir.Expr, ...] | None
    source: ConstantSource
    dtype: str
    storage: Literal["attribute", "weight"] | None
    renamed_from: tuple[str, ...] = ()
    doc: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


Parameter: TypeAlias = Weight | Constant


def parameter_expressions(
    parameters: tuple[Parameter, ...],
) -> tuple[ir.Expr, ...]:
    """The expressions in the parameters' shapes, values and conditions."""
    exprs: list[ir.Expr] = []
    for parameter in parameters:
        exprs += parameter.shape or ()
        if isinstance(parameter, Weight):
            exprs += [parameter.when] if parameter.when else []
            first = parameter.first
            if first is not None and isinstance(first.source, Computed):
                exprs.append(first.source.expr)
        elif isinstance(parameter.source, Computed):
            exprs.append(parameter.source.expr)
    return tuple(exprs)

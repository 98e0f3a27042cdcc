"""What the constructor takes, as the compiler knows it."""

from dataclasses import dataclass, field
from typing import Any

from layergen.source import Span


@dataclass(frozen=True)
class Argument:
    """A constructor argument.

    Attributes:
        name: its name.
        type: its type, a key of `lower.argument_types.TYPES`.
        required: whether the caller must give it.
        default: its value otherwise; a `KerasObject` for an initializer and the like.
        optional: whether `None` may be given.
        minimum, maximum: bounds that are themselves accepted.
        above, below: bounds that are not accepted themselves.
        choices: what may be given (`choice`, `data_format`).
        length: how many there are of `ints` or in a `shape`; None for any number.
        infer: whether one size of a `shape` may be -1.
        stays_none: of a `seed` that is `None`: whether it stays so. Otherwise one is
            drawn and kept.
        dtype, rank: of an `array`; the rank is None if any will do. Of a `dtype`, the
            kind of those that may be named.
        renamed_from: its names in models that were saved, under which it is still read.
        doc: for the docstring.
        span: where it is declared; None for one that the compiler adds.
    """

    name: str
    type: str
    required: bool
    default: Any = None
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    length: int | None = None
    stays_none: bool = False
    infer: bool = False
    dtype: str = "float"
    rank: int | None = None
    renamed_from: tuple[str, ...] = ()
    doc: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Deprecated:
    """A constructor argument that is taken with a warning and has no effect.

    Attributes:
        name: its name.
        follows: the arguments that stand before it in the spec.
        doc: for the docstring and the warning.
    """

    name: str
    follows: frozenset[str]
    doc: str = ""


@dataclass(frozen=True)
class KerasObject:
    """A built-in initializer, regularizer or constraint with its parameters.

    Attributes:
        name: its name in snake case.
        path: its class: `keras.initializers.RandomNormal`.
        identifier: the text by which Keras finds it when it has no parameters.
        parameters: its keyword arguments.
        random: whether it draws, and takes a seed.
    """

    name: str
    path: str
    identifier: str
    parameters: tuple[tuple[str, Any], ...] = ()
    random: bool = False

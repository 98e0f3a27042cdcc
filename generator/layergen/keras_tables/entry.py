"""What is known of one thing of Keras that a spec may name: names, parameters, limits.

Parameters are without `seed` (see `Initializer.random`) and without the tensor that
an activation takes.
"""

from dataclasses import dataclass
from enum import StrEnum

FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})
INTEGERS = frozenset(
    f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
)
DTYPES = FLOATS | INTEGERS | {"bool"}

Value = float | int | bool | str | None


class ParameterKind(StrEnum):
    """What a parameter takes: `SCALAR` a number or bool, `AXES` one int or several."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    STR = "str"
    CHOICE = "choice"
    SCALAR = "scalar"
    AXES = "axes"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a Keras object.

    Attributes:
        name: its keyword.
        kind: what it takes.
        default: its default value; meaningless if it is `required`.
        choices: the values of a `CHOICE`; None may be one of them.
        required: whether it has no default.
        optional: whether None is a value too.
        least, above: what a number must be at least, or be greater than.
    """

    name: str
    kind: ParameterKind
    default: Value = None
    choices: tuple[str | None, ...] = ()
    required: bool = False
    optional: bool = False
    least: float | None = None
    above: float | None = None


@dataclass(frozen=True)
class KerasObject:
    """Something of Keras that a spec names.

    Attributes:
        name: how a spec spells it, in snake_case.
        path: how Python spells it: `keras.initializers.RandomNormal`.
        parameters: what it may be given, in order.
        aliases: further spellings that Keras exports or `get` takes.
        identifier: the string that Keras's `get` takes for it.
        only_called: whether its name alone is of no use: it must be made with
            parameters, or `get` fails on it.
        min_rank: lowest rank of a tensor that it works on.
        max_rank: highest rank; None for any.
    """

    name: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    identifier: str = ""
    only_called: bool = False
    min_rank: int = 0
    max_rank: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "identifier", self.identifier or self.name)

    @property
    def class_name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name under which a spec may ask for it."""
        return (self.name, self.class_name, *self.aliases)


@dataclass(frozen=True)
class Initializer(KerasObject):
    """An initializer.

    Attributes:
        random: whether it draws, and takes a `seed`.
        dtypes: the dtypes that it can make on every use, whatever its parameters.
        needs: a package that must be installed beside Keras; empty for none.
    """

    random: bool = False
    dtypes: frozenset[str] = FLOATS
    needs: str = ""


@dataclass(frozen=True)
class Activation(KerasObject):
    """An activation function.

    Attributes:
        elementwise: whether each element of the result depends on one of the input.
        keeps_shape: whether the result has the input's shape.
    """

    elementwise: bool = True
    keeps_shape: bool = True

"""What a value is, and when it is known."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeAlias


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
class DtypeType:
    """The name of a dtype that only the constructor's caller knows, and its kind."""

    kind: Kind

    def __str__(self) -> str:
        return "the name of a dtype"


@dataclass(frozen=True)
class ObjectType:
    """An initializer, a regularizer or a constraint: weights take it, nothing else."""

    word: str

    def __str__(self) -> str:
        return f"{'an' if self.word[0] in 'aeiou' else 'a'} {self.word}"


@dataclass(frozen=True)
class AnyType:
    """The type of an expression in which an error was found: fits everywhere."""

    def __str__(self) -> str:
        return "a value"


@dataclass(frozen=True)
class CallableType:
    """Something that the layer owns and calls.

    Attributes:
        noun: what it is: `a layer`, `an activation`.
        parameters: the names of the tensors that it takes.
        required: how many of them every call gives.
        result: what it yields.
        has_training: whether it takes the flag `training`, which is passed on.
        masks: the masks that it takes, by keyword: each parameter with the mask's name.
        masking: what becomes of the mask of its first tensor, as Keras sees it.
    """

    noun: str
    parameters: tuple[str, ...]
    required: int
    result: "Type"
    has_training: bool = False
    masks: tuple[tuple[str, str], ...] = ()
    masking: str = "none"

    def mask_of(self, parameter: str) -> str | None:
        """The name of the mask of a tensor, if it is taken."""
        return dict(self.masks).get(parameter)

    @property
    def mask_names(self) -> tuple[str, ...]:
        """The names of the masks."""
        return tuple(mask for _, mask in self.masks)

    def __str__(self) -> str:
        return self.noun


@dataclass(frozen=True)
class FunctionType:
    """A function that the forward pass defines itself.

    Attributes:
        parameters: their names.
    """

    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return "a function"


Type: TypeAlias = (
    ScalarType
    | ArrayType
    | TupleType
    | CallableType
    | FunctionType
    | DtypeType
    | ObjectType
    | AnyType
)

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
    FLAG = "a flag of the call"
    MASK = "a mask"
    WEIGHT = "a weight"
    SUBLAYER = "a sublayer"
    CONSTANT = "a constant"
    LOCAL = "a variable"
    FUNCTION = "a function"
    TRAINING = "the training flag"
    NUMBER = "a number"


@dataclass(frozen=True)
class Symbol:
    """A name and what it stands for."""

    name: str
    origin: Origin
    type: Type
    known: Known

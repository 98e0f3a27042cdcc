"""What a function of the language is: signature, result, spellings.

A signature lists parameters as Python does; after the colon stands what may be passed:
one of the words in `ACCEPTS` (`language.py`), or texts to choose from: `same|valid`.
`*x` takes any number of arguments. What follows `*` is always printed by name, because
NumPy has something else in its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from layergen.expr.ir import Expr, Kind, Type


@dataclass(frozen=True)
class Parameter:
    """A parameter of an op: what it accepts, and whether it may be left out."""

    name: str
    accepts: str
    required: bool = True
    is_variadic: bool = False
    is_named: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts that it may be, if it is one of several."""
        return tuple(self.accepts.split("|")) if "|" in self.accepts else ()


@dataclass(frozen=True)
class Op:
    """A function of the language.

    Attributes:
        name: as specs write it.
        signature: see the module.
        result: the kind that it yields: the function from the bound arguments.
        doc: what it does, in a few words.
        keras: how `call` spells it.
        numpy: how values known before the call are computed; None when NumPy has no
            function for it, and then the op stays in `call`.
        math: how a Python number is computed, when all arguments are numbers.
        converts: whether Keras Variables must be made tensors first, because a backend
            fails on them; by `convert_to_tensor`, or by the function that it names.
        creates: whether it makes an array out of numbers. In `call` it needs a dtype:
            Keras would take float32 whatever the layer's policy says.
        gathers: whether it reads a few entries of its first argument, so that a large
            table is better cast after than before.
        draws: whether it draws random numbers, others at every call. It is given the
            layer's seed generator.
        explicit: texts that are printed if they are not given, by parameter: Keras
            would take what the user's own settings say.
    """

    name: str
    signature: str
    result: Callable[[Mapping[str, Expr]], Type]
    doc: str
    keras: str
    numpy: str | None = None
    math: str | None = None
    converts: bool | str = False
    creates: bool = False
    gathers: bool = False
    draws: bool = False
    explicit: tuple[tuple[str, str], ...] = ()

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, in order."""
        found: list[Parameter] = []
        is_named = False
        for part in self.signature.split(", "):
            name, _, rest = part.partition(": ")
            accepts, _, default = rest.partition(" = ")
            if part == "*":
                is_named = True
                continue
            word, is_variadic = name.removeprefix("*"), name.startswith("*")
            found.append(Parameter(word, accepts, not default, is_variadic, is_named))
            is_named |= is_variadic
        return tuple(found)

    def slots(self, count: int) -> tuple[tuple[str, Parameter], ...]:
        """The parameters that take so many arguments by position, each with a key."""
        found: list[tuple[str, Parameter]] = []
        for parameter in self.parameters:
            if parameter.is_variadic:
                left = range(count - len(found))
                found += [(f"{parameter.name}[{i}]", parameter) for i in left]
                break
            found.append((parameter.name, parameter))
        return tuple(found[:count])


def dtype_kind(dtype: str) -> Kind:
    """The kind of a dtype's name: `int32` is INT, `float` and `bfloat16` are FLOAT."""
    if dtype == "bool":
        return Kind.BOOL
    return Kind.INT if dtype.startswith(("int", "uint")) else Kind.FLOAT

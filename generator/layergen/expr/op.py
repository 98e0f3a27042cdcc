"""What a function of the language is: signature, result, spellings.

A signature lists parameters as Python does; after the colon stands what may be passed:
one of the words in `ACCEPTS` (`language.py`), or texts to choose from: `same|valid`.
Behind `=` stands Keras's own default; what has `None` there may be given what does not
exist. `*x` takes any number of arguments. What follows `*` is always printed by name,
because NumPy has something else in its place.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from layergen.expr.ir import Expr, Kind, ScalarType, Type


@dataclass(frozen=True)
class Parameter:
    """A parameter of an op.

    Attributes:
        name: as calls by name give it.
        accepts: what may be passed.
        required: whether every call gives it.
        is_variadic: whether it takes any number of arguments.
        is_named: whether it is printed by name always.
        takes_none: whether what does not exist may be passed: it counts as left out.
    """

    name: str
    accepts: str
    required: bool = True
    is_variadic: bool = False
    is_named: bool = False
    takes_none: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts that it may be, if it is one of several."""
        return tuple(self.accepts.split("|")) if "|" in self.accepts else ()


@dataclass(frozen=True)
class Sizes:
    """Sizes of its operands that a function needs when a call is traced.

    Attributes:
        words: which they are, for the reference.
        find: the values of the arguments of a call, by parameter -> the operands and
            the axes of theirs whose sizes are needed; axes may be negative.
        instead: what can be written where such a size can never be known.
    """

    words: str
    find: Callable[[Mapping[str, Any]], Iterable[tuple[str, int]]]
    instead: str = ""


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
            fails on them.
        creates: whether it makes an array out of numbers. In `call` it needs a dtype:
            Keras would take float32 whatever the layer's policy says.
        gathers: whether it reads a few entries of its first argument, so that a large
            table is better cast after than before.
        draws: whether it draws random numbers, others at every call. It is given the
            layer's seed generator.
        single: whether it computes in single precision, whatever dtype it is given:
            `partly` and somewhere, or `only`, and then nothing else may be passed.
        explicit: texts that are printed if they are not given, by parameter: Keras
            would take what the user's own settings say.
        sizes: the sizes that must be known when a call is traced, because a backend
            fails without them; None if any may be unknown.
    """

    name: str
    signature: str
    result: Callable[[Mapping[str, Expr]], Type]
    doc: str
    keras: str
    numpy: str | None = None
    math: str | None = None
    converts: bool = False
    creates: bool = False
    gathers: bool = False
    draws: bool = False
    single: Literal["", "partly", "only"] = ""
    explicit: tuple[tuple[str, str], ...] = ()
    sizes: Sizes | None = None
    steps: Callable[[Mapping[str, Expr]], tuple[Type, ...]] | None = None

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
            none = default == "None"
            found.append(
                Parameter(word, accepts, not default, is_variadic, is_named, none)
            )
            is_named |= is_variadic
        return tuple(found)

    def is_early(self, result: Type) -> bool:
        """Whether it can yield this before the call."""
        return self.numpy is not None or isinstance(result, ScalarType)

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

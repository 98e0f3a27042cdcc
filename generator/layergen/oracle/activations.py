"""Name of an activation of Keras -> the function, as `call` applies it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from layergen.keras_tables.objects import find_activation
from layergen.oracle.kernels import KERNELS
from layergen.source import Span

_OWN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "linear": np.asarray,
    "exponential": KERNELS["exp"],
    "mish": lambda x: x * KERNELS["tanh"](KERNELS["softplus"](x)),
    "gelu": partial(KERNELS["gelu"], approximate=False),
}
"""Those that are not the op of the same name with its defaults."""


def kernel(name: str) -> Callable[[Any], Any]:
    """What an activation computes.

    Args:
        name: a name that Keras knows it by.
    """
    entry = find_activation(name)
    assert entry is not None, name
    return _OWN.get(entry.name) or KERNELS[entry.name]


def activation(name: str) -> Callable[..., Any]:
    """The same, called as a layer calls what it owns."""

    def apply(args: Sequence[Any], named: Mapping[str, Any], span: Span) -> Any:
        return np.asarray(kernel(name)(*args, **named))

    return apply

"""NumPy functions -> kernels: the parameters and the limits that they share."""

from collections.abc import Callable
from typing import Any

import numpy as np

from layergen.oracle.kernels.limits import guard_broadcast

Kernel = Callable[..., Any]


def as_axes(axis: Any) -> Any:
    """An axis or several; NumPy takes no list of them."""
    return tuple(axis) if isinstance(axis, list) else axis


def over_axes(function: Kernel) -> Kernel:
    """A NumPy function whose `axis` may also be a list."""

    def call(x: Any, axis: Any = None, **options: Any) -> Any:
        return function(x, axis=as_axes(axis), **options)

    return call


def reduce(function: Kernel) -> Kernel:
    """A NumPy reduction, with the parameters of the language's."""

    def call(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return function(x, axis=as_axes(axis), keepdims=keepdims)

    return call


def of_floats(function: Kernel) -> Kernel:
    """A function of one array in double precision; of booleans NumPy takes half."""
    return lambda x: function(np.asarray(x, float))


def broadcast(function: Kernel) -> Kernel:
    """A NumPy function of two operands that broadcast."""

    def call(x1: Any, x2: Any) -> Any:
        guard_broadcast(x1, x2)
        return function(x1, x2)

    return call

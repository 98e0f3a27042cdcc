"""The meaning of every op in NumPy. Same keys as `expr.ops.OPS`, same parameters.

Floats are double precision, integers int64. A kernel may raise ValueError or
IndexError when its operands do not fit; the evaluator says where. By topic:

limits         what is too large, what does not fit
wrap           NumPy's functions with the parameters of the language
elements, ...  the kernels
work           how long the costly ones take
"""

from collections.abc import Mapping

from layergen.oracle.kernels.activations import ACTIVATIONS
from layergen.oracle.kernels.elements import ELEMENTS
from layergen.oracle.kernels.limits import (
    MisfitError,
    TooLargeError,
    guard_broadcast,
    guard_size,
)
from layergen.oracle.kernels.making import MAKING
from layergen.oracle.kernels.normalization import NORMALIZATION
from layergen.oracle.kernels.picking import PICKING
from layergen.oracle.kernels.products import PRODUCTS
from layergen.oracle.kernels.recurrence import RECURRENCE
from layergen.oracle.kernels.reductions import REDUCTIONS
from layergen.oracle.kernels.shapes import SHAPES
from layergen.oracle.kernels.signals import SIGNALS
from layergen.oracle.kernels.windows import WINDOWS
from layergen.oracle.kernels.wrap import Kernel

KERNELS: Mapping[str, Kernel] = {
    **ELEMENTS,
    **ACTIVATIONS,
    **REDUCTIONS,
    **PRODUCTS,
    **SHAPES,
    **PICKING,
    **MAKING,
    **NORMALIZATION,
    **WINDOWS,
    **SIGNALS,
    **RECURRENCE,
}

__all__ = [
    "KERNELS",
    "MisfitError",
    "TooLargeError",
    "guard_broadcast",
    "guard_size",
]

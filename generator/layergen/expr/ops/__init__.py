"""The functions of the language: how each is called, what it yields, how it is spelled.

One row an op. The oracle holds the meaning (`oracle/kernels/`), under the same keys.
"""

from collections.abc import Mapping

from layergen.expr.op import Op
from layergen.expr.ops.activations import ACTIVATIONS
from layergen.expr.ops.elements import CONDITIONS, ELEMENTS
from layergen.expr.ops.layers import CONVOLUTION, NORMALIZATION, POOLING
from layergen.expr.ops.making import MAKING
from layergen.expr.ops.picking import PICKING
from layergen.expr.ops.products import PRODUCTS
from layergen.expr.ops.random import RANDOM
from layergen.expr.ops.recurrence import RECURRENCE
from layergen.expr.ops.reductions import REDUCTIONS
from layergen.expr.ops.shapes import SHAPES
from layergen.expr.ops.signals import SIGNALS

GROUPS: Mapping[str, tuple[Op, ...]] = {
    "Of every element": ELEMENTS,
    "Conditions": CONDITIONS,
    "Activations": ACTIVATIONS,
    "Over axes": REDUCTIONS,
    "Products": PRODUCTS,
    "Shapes": SHAPES,
    "By place or order": PICKING,
    "Arrays made of numbers": MAKING,
    "Normalization": NORMALIZATION,
    "Convolution": CONVOLUTION,
    "Pooling": POOLING,
    "Images and signals": SIGNALS,
    "Steps over time": RECURRENCE,
    "Random numbers": RANDOM,
}
"""The ops by topic, as the reference shows them."""

OPS: Mapping[str, Op] = {op.name: op for group in GROUPS.values() for op in group}

NUMBERS: Mapping[str, float] = {"pi": 3.141592653589793, "e": 2.718281828459045}
"""Numbers with a name."""

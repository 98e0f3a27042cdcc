"""What a kernel must not take: arrays that are too large, operands that do not fit."""

import math
from typing import Any

import numpy as np

MOST_ELEMENTS = 10_000_000
"""Elements that one array of a probe may have."""

MOST_PRODUCTS = 100_000_000
"""Products of numbers that one op may take."""


class TooLargeError(Exception):
    """An array would have more than `MOST_ELEMENTS` elements."""


class MisfitError(ValueError):
    """Operands do not go together, and this says why."""


def guard_size(shape: Any) -> int:
    """Refuse an array before it is made; the number of its elements.

    Raises:
        TooLargeError: it would have too many elements.
    """
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    count = 1
    for size in sizes:
        if size < 0:
            raise ValueError(f"a size of {size}")
        count *= int(size)
    if count > MOST_ELEMENTS:
        shown = f"{count} elements" if count < 2**63 else "more than 2**63 elements"
        raise TooLargeError(shown)
    return count


def guard_products(*sizes: int) -> None:
    """Refuse an op that takes too many products.

    Raises:
        TooLargeError: it would take more than `MOST_PRODUCTS`.
    """
    count = math.prod(int(size) for size in sizes)
    if count > MOST_PRODUCTS:
        raise TooLargeError(f"{count} products")


def guard_broadcast(*operands: Any) -> None:
    """Refuse operands that broadcast to too large an array, or not at all.

    Raises:
        TooLargeError: the result would have too many elements.
        ValueError: the shapes do not go together.
    """
    guard_size(np.broadcast_shapes(*(np.shape(operand) for operand in operands)))

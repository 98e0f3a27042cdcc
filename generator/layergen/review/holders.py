"""Values that are refused -> a saved model that holds one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from layergen.layer import Argument
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instantiate import instantiate
from layergen.review.change import Witness
from layergen.review.pair import Pair, witness


def find_holder(
    pair: Pair, before: Argument, values: tuple[Any, ...], is_flag: bool
) -> tuple[Witness | None, bool]:
    """An instance that holds one of the values, and whether there may be one."""
    if is_flag:
        shown = pair.witness if values else None
        return shown and replace(shown, flags={before.name: values[0]}), bool(values)
    for value in values:
        for sample in pair.samples:
            if _equal(sample.instance.arguments[before.name], value):
                return witness(sample), True
    shown = next(_with_arrays(pair, before, values), None)
    return shown, bool(shown) or (bool(values) and not pair.samples)


def _with_arrays(
    pair: Pair, before: Argument, values: tuple[Any, ...]
) -> Iterator[Witness]:
    """Instances that hold one of the arrays, and can be saved; their call may fail."""
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    for array, sample in product(arrays, pair.samples[:_MOST_TRIED]):
        arguments = {**sample.instance.arguments, before.name: array}
        with suppress(EvaluationError, IndexError, KeyError):
            instantiate(pair.before, arguments, sample.shapes)
            yield replace(witness(sample), arguments=arguments)


_MOST_TRIED = 3
"""Instances into which arrays are put."""


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.shape(one) == np.shape(other) and bool(np.all(one == other))
    return type(one) is type(other) and bool(one == other)

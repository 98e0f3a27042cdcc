"""Arguments of a call -> the sizes that must be known when it is traced.

Backends that trace with unknown sizes, TensorFlow first of all, fail without these.
`tests/keras/test_sizes.py` finds out which they are, and compares.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from layergen.expr.op import Sizes

Given: TypeAlias = Mapping[str, Any]
"""The values of the arguments that a call gives, by parameter."""

Found: TypeAlias = Iterator[tuple[str, int]]


def _all_of(operand: str, given: Given) -> Found:
    yield from ((operand, axis) for axis in range(np.ndim(given[operand])))


def _axes(given: Given, default: Any = -1) -> tuple[int, ...]:
    axis = given.get("axis", default)
    return tuple(axis) if isinstance(axis, tuple | list) else (axis,)


def _is_channels_first(given: Given) -> bool:
    return given.get("data_format") == "channels_first"


def _over_several(given: Given) -> Found:
    if len(_axes(given)) > 1:
        yield from _all_of("x", given)


def _of_integers(given: Given) -> Found:
    if np.asarray(given["x"]).dtype.kind in "biu":
        yield from _all_of("x", given)


def _halved(given: Given) -> Found:
    yield "x", _axes(given)[0]


def _squeezed(given: Given) -> Found:
    if given.get("axis") is None:
        yield from _all_of("x", given)
    else:
        yield from (("x", axis) for axis in _axes(given))


def _between_indices(given: Given) -> Found:
    if isinstance(given["indices_or_sections"], tuple | list):
        yield "x", _axes(given, 0)[0]


def _of_statistics(given: Given) -> Found:
    if given["axis"] != -1:
        yield "mean", 0


def _scaled(given: Given) -> Found:
    if given.get("gamma") is not None or given.get("beta") is not None:
        yield from (("x", axis) for axis in _axes(given))


def _all_but_last(given: Given) -> Found:
    yield from list(_all_of("kernel", given))[:-1]


def _dilated(operand: str, given: Given) -> Found:
    dilation = np.max(given.get("dilation_rate", 1))
    if dilation > 1 and given.get("padding") == "same":
        yield from _all_of(operand, given)


def _pooled(given: Given) -> Found:
    first = 2 if _is_channels_first(given) else 1
    for i in range(np.ndim(given["inputs"]) - 2):
        yield "inputs", first + i


def _channels(given: Given) -> Found:
    yield "images", -3 if _is_channels_first(given) else -1


def _grouped_heads(given: Given) -> Found:
    if np.shape(given["query"])[2] != np.shape(given["key"])[2]:
        yield "query", 2
        yield "key", 2


ALL_IF_SEVERAL = Sizes(
    "all of `x`, if there are several axes",
    _over_several,
    "`exp(x - logsumexp(x, axis=axes, keepdims=True))` does without",
)
ALL_OF_INTEGERS = Sizes(
    "all of `x`, if it holds integers",
    _of_integers,
    "integers are always finite: leave it out",
)
HALVED = Sizes("that of `axis`", _halved)
SQUEEZED = Sizes(
    "those of `axis`; all without it",
    _squeezed,
    "say which axis is taken away, or `reshape`",
)
BETWEEN_INDICES = Sizes("that of `axis`, if indices are given", _between_indices)
STATISTICS = Sizes("that of `mean`, if `axis` is not -1", _of_statistics)
SCALED = Sizes("those of `axis`, with `gamma` or `beta`", _scaled)
KERNEL = Sizes("all but the last of `kernel`", _all_but_last)
DILATED_KERNEL = Sizes(
    'all of `kernel`, if it is dilated and `padding` is "same"',
    partial(_dilated, "kernel"),
)
DILATED_DEPTHWISE = Sizes(
    'all of `depthwise_kernel`, if it is dilated and `padding` is "same"',
    partial(_dilated, "depthwise_kernel"),
)
POOLED = Sizes("those that are pooled", _pooled)
CHANNELS = Sizes("that of the channels", _channels)
GROUPED_HEADS = Sizes("the numbers of heads, if they differ", _grouped_heads)

"""An evaluation -> the functions called in it that need sizes, and which these were."""

import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from layergen.expr.builtins import BUILTINS
from layergen.expr.numbers import OF_NUMBERS
from layergen.expr.op import Op
from layergen.expr.ops import OPS
from layergen.oracle.draws import DRAWS
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.expressions import DECIDE, python
from layergen.oracle.kernels import KERNELS
from layergen.source import Span

Kernels: TypeAlias = Mapping[str, Callable[..., Any]]
Evaluation: TypeAlias = Callable[[Kernels], object]
"""Evaluates something with the kernels that it is given."""


@dataclass(frozen=True)
class Use:
    """Something that may need sizes.

    Attributes:
        what: a function, in backticks, or a condition.
        instead: what can be written where such a size can never be known.
        sizes: those that it needed; of what Python computes, all numbers that it is of.
    """

    what: str
    instead: str
    sizes: tuple[Any, ...]


def record_uses(evaluate: Evaluation) -> list[Use]:
    """The uses in order; of an evaluation that fails, those before it does."""
    uses: list[Use] = []
    with warnings.catch_warnings(), suppress(EvaluationError):
        warnings.simplefilter("ignore")  # NumPy's, of sizes of 0
        evaluate(_recording(uses.append))
    return uses


def place_use(evaluate: Evaluation, number: int) -> Span | None:
    """Where the call stands that is the use of a number."""
    uses: list[Use] = []

    def stop(use: Use) -> None:
        uses.append(use)
        if len(uses) > number:
            raise ValueError("found")  # the evaluator says where a kernel fails

    try:
        evaluate(_recording(stop))
    except EvaluationError as error:
        return error.span
    return None


def _recording(take: Callable[[Use], None]) -> Kernels:
    """The kernels, of which those that may need sizes tell what they need."""
    ops = [op for op in OPS.values() if op.sizes is not None]
    of_tensors = {op.name: _wrap(op, take) for op in ops}
    of_numbers = {
        op.name: _wrap_number(op.name, KERNELS[op.name], take)
        for op in OPS.values()
        if op.math is not None and op not in ops
    }
    of_python = {
        python(name): _wrap_number(name, BUILTINS[name].compute, take)
        for name in OF_NUMBERS
    }

    def decide(*numbers: Any) -> None:
        take(Use("a condition", _CHOOSE, numbers))

    return {**DRAWS, **of_tensors, **of_numbers, **of_python, DECIDE: decide}


_CHOOSE = "`where(condition, x1, x2)` chooses by what only the call knows"


def _wrap_number(
    name: str, compute: Callable[..., Any], take: Callable[[Use], None]
) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        values = (*args, *options.values())
        if not any(isinstance(value, np.ndarray) for value in values):
            take(Use(f"`{name}`", "", values))
        return compute(*args, **options)

    return call


def _wrap(op: Op, take: Callable[[Use], None]) -> Callable[..., Any]:
    names = [parameter.name for parameter in op.parameters]

    def call(*args: Any, **options: Any) -> Any:
        given = {**dict(zip(names, args, strict=False)), **options}
        assert op.sizes is not None
        sizes = tuple(np.shape(given[n])[axis] for n, axis in op.sizes.find(given))
        take(Use(f"`{op.name}`", op.sizes.instead, sizes))
        return KERNELS[op.name](*args, **options)

    return call

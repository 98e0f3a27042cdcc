"""How many there are of a sublayer or an output, and the place of each."""

from collections.abc import Iterator

from layergen.codes import language, numbers
from layergen.expr import ir
from layergen.layer import INDEX
from layergen.oracle.evaluate import EvaluationError, Evaluator

_MOST = 100
"""Of one list, of layers or of tensors."""


def each_place(evaluator: Evaluator, count: ir.Expr, what: str) -> Iterator[int]:
    """The places from 0; for each, the evaluator knows it as the index.

    Args:
        evaluator: knows what the count depends on.
        count: how many there are.
        what: is counted, as messages have it: `layers`.

    Raises:
        EvaluationError: the count has no value, is no whole number from 0, or is large.
    """
    number = evaluator.value(count)
    if not isinstance(number, int) or number < 0:
        message = f"`{count}` is {number} here, which is no number of {what}"
        raise EvaluationError(numbers.FAILED, message, count.span)
    if number > _MOST:
        message = f"a list of more than {_MOST} {what}"
        raise EvaluationError(language.TOO_LARGE, message, count.span)
    for place in range(number):
        evaluator.values[INDEX.name] = place
        yield place

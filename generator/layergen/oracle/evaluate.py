"""Bodies + values -> what they return, and what they change.

A function is called with the values that names have then, as in Python.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from layergen.codes import numbers
from layergen.expr import ir
from layergen.oracle.draws import DRAWS
from layergen.oracle.expressions import ExpressionEvaluator
from layergen.oracle.failures import EvaluationError as EvaluationError
from layergen.oracle.shown import show_shape
from layergen.source import Span


class Evaluator(ExpressionEvaluator):
    """Evaluates the expressions and bodies of one instance of a layer.

    See `ExpressionEvaluator` for its arguments.

    Attributes:
        updates: the new values of states.
        losses: what `add_loss` was given.
        returned: where the value that was returned is written.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        sizes: Mapping[str, int] | None = None,
        shapes: Mapping[str, Sequence[Any]] | None = None,
        draws: Mapping[str, Callable[..., Any]] = DRAWS,
    ) -> None:
        super().__init__(values, sizes, shapes, draws)
        self.updates: dict[str, Any] = {}
        self.losses: list[float] = []
        self.returned: Span | None = None

    def run(self, body: ir.Body) -> Any:
        """The value that a body returns.

        Then `updates` holds the new states, `losses` what `add_loss` was given, and
        `returned` is where that value is written.
        """
        for statement in body:
            match statement:
                case ir.Return(value=value):
                    result = self.value(value)
                    self.returned = value.span
                    return result
                case ir.Assign(targets=targets, value=value):
                    self.assign(targets, self.value(value), statement.span)
                case ir.Update(target=target, value=value):
                    self._update(target, self.value(value), statement.span)
                case ir.Loss(value=value):
                    self.losses.append(self._loss(value))
                case ir.If(test=test, then=then, otherwise=otherwise):
                    result = self.run(then if self.holds(test) else otherwise)
                    if result is not None:
                        return result
                case ir.For(targets=targets, iterable=iterable, body=inner):
                    for element in self.value(iterable):
                        self.assign(targets, element, statement.span)
                        self.run(inner)
                case ir.Function(symbol=symbol):
                    self.values[symbol.name] = partial(self._call, statement)
        return None

    def _update(self, target: ir.Symbol, value: Any, span: Span) -> None:
        before = np.shape(self.values[target.name])
        if np.shape(value) != before:
            own = show_shape(before, self.sizes, batch=False)
            new = show_shape(np.shape(value), self.sizes)
            message = f"`{target.name}` has the shape {own}, its new value {new}"
            raise EvaluationError(numbers.SHAPES, message, span)
        self.values[target.name] = self.updates[target.name] = np.asarray(value)

    def _loss(self, expr: ir.Expr) -> float:
        value = self.tensor(expr)
        if np.shape(value):
            shape = show_shape(np.shape(value), self.sizes)
            message = f"a loss is one number, this has the shape {shape}"
            note = "`mean` or `sum` makes one number of it"
            raise EvaluationError(numbers.SHAPES, message, expr.span, note)
        return float(value)

    def _call(self, function: ir.Function, *args: Any, **named: Any) -> Any:
        """What a function yields; its variables are its own."""
        outer = self.values
        names = (symbol.name for symbol in function.parameters)
        self.values = {**outer, **dict(zip(names, args, strict=False)), **named}
        try:
            return self.run(function.body)
        finally:
            self.values = outer

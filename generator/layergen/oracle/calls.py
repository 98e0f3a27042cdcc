"""Child + tensors -> what its call yields, for the call of its owner."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from layergen.codes import numbers
from layergen.layer import BATCH, Array, Sublayer
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Child
from layergen.oracle.outcome import Outcome
from layergen.oracle.shown import show_shape
from layergen.source import Span

Run: TypeAlias = Callable[..., Outcome]


@dataclass(frozen=True, eq=False)
class Calls:
    """How the children of one run are called.

    Attributes:
        weights: the values of all weights, by path.
        updates: takes the new values of states, by path.
        losses: takes what they add to the loss.
        training: the flag of that name.
        draws: the kernels of the ops that draw.
        run: calls an instance.
        sizes: the named sizes of the owner, for messages.
    """

    weights: Mapping[str, Array | None]
    updates: dict[str, Any]
    losses: list[float]
    training: bool
    draws: Mapping[str, Callable[..., Any]]
    run: Run
    sizes: Mapping[str, int]

    def value(self, sublayer: Sublayer, children: Sequence[Child]) -> Any:
        """What the name of a sublayer stands for in the call."""
        functions = tuple(self._function(child) for child in children)
        if sublayer.count is not None:
            return functions
        return functions[0] if functions else None

    def _function(self, child: Child) -> Callable[..., Any]:
        def apply(args: Sequence[Any], named: Mapping[str, Any], span: Span) -> Any:
            layer = child.instance.layer
            names = [member.name for member in layer.inputs]
            given = {**dict(zip(names, args, strict=False)), **named}
            there = [n for n in names if given.get(n) is not None]
            inputs = {n: np.asarray(given[n]) for n in there}
            self._check(child, inputs, span)
            masks = {n: given.get(layer.mask_names[n]) for n in inputs}
            present = {n: np.asarray(m) for n, m in masks.items() if m is not None}
            self._check_masks(child, inputs, present, span)
            return self._call(child, inputs, present, span)

        return apply

    def _check(self, child: Child, inputs: Mapping[str, Array], span: Span) -> None:
        """Refuse a tensor of another shape than the layer was built for."""
        for name, built in child.shapes.items():
            shape = inputs[name].shape if name in inputs else ()
            fits = len(shape) == len(built) and all(
                size in (None, actual)
                for size, actual in zip(built, shape, strict=True)
            )
            if not fits:
                known = {**self.sizes}
                plain = tuple(-1 if size is None else size for size in built)
                says = show_shape(plain, {**known, BATCH: -1}).replace("-1", BATCH)
                has = show_shape(shape, known)
                message = f"`{child.name}` is built for {says}, this is {has}"
                note = f"that is {list(shape)}"
                raise EvaluationError(numbers.SHAPES, message, span, note)

    def _check_masks(
        self,
        child: Child,
        inputs: Mapping[str, Array],
        masks: Mapping[str, Array],
        span: Span,
    ) -> None:
        """Refuse a mask that does not cover its tensor."""
        members = {member.name: member for member in child.instance.layer.inputs}
        for name, mask in masks.items():
            wanted = members[name].mask_shape(inputs[name].shape)
            if mask.shape != wanted:
                shown = [
                    show_shape(shape, self.sizes) for shape in (wanted, mask.shape)
                ]
                message = f"the mask of `{name}` is {shown[0]}, this is {shown[1]}"
                note = f"that is {list(mask.shape)}"
                raise EvaluationError(numbers.SHAPES, message, span, note)

    def _call(
        self,
        child: Child,
        inputs: Mapping[str, Array],
        masks: Mapping[str, Array],
        span: Span,
    ) -> Any:
        weights = below({**self.weights, **self.updates}, child.name)
        try:
            outcome = self.run(
                child.instance,
                inputs,
                weights,
                training=self.training,
                masks=masks,
                draws=self.draws,
            )
        except EvaluationError as error:
            message = f"`{child.name}` cannot take this: {error.message}"
            raise EvaluationError(error.code, message, span, *error.notes) from None
        self.losses.extend(outcome.losses)
        for key, value in outcome.updates.items():
            self.updates[f"{child.name}/{key}"] = value
        return outcome.value


def below(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The entries whose path begins with a name, by the rest of their paths."""
    start = f"{name}/"
    return {k.removeprefix(start): v for k, v in values.items() if k.startswith(start)}

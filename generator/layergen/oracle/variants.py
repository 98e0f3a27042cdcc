"""Instance -> its calls with other flags than the defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from layergen.layer import Array, Layer
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance, Outcome, run
from layergen.oracle.plans import other_flags


@dataclass(frozen=True, eq=False)
class Variant:
    """A call, without `training`, that gives more than the inputs.

    Attributes:
        flags: the flags that are given.
        outcome: what it yields.
    """

    flags: Mapping[str, Any]
    outcome: Outcome


def try_variants(
    instance: Instance,
    inputs: Mapping[str, Array],
    weights: Mapping[str, Array | None],
    given: Mapping[str, Any],
) -> tuple[Variant, ...]:
    """The calls of an instance with other flags.

    Args:
        instance: the layer.
        inputs: the inputs' values.
        weights: the weights' values.
        given: the flags of an example, which come first; may be empty.

    Raises:
        EvaluationError: one of them yields nothing.
    """
    calls = [dict(given)] if given else []
    calls += [flags for flags in other_flags(instance.layer) if flags not in calls]
    return tuple(_try(instance, inputs, weights, flags) for flags in calls)


def _try(
    instance: Instance,
    inputs: Mapping[str, Array],
    weights: Mapping[str, Array | None],
    flags: Mapping[str, Any],
) -> Variant:
    try:
        outcome = run(instance, inputs, weights, training=False, flags=flags)
    except EvaluationError as error:
        note = f"called with {', '.join(_describe(flags))}"
        raise EvaluationError(
            error.code, error.message, error.span, *error.notes, note
        ) from None
    return Variant(flags, outcome)


def _describe(flags: Mapping[str, Any]) -> Iterator[str]:
    for name, value in flags.items():
        yield f"`{name}` {value}"


def notes_on_absence(layer: Layer, name: str) -> Iterator[str]:
    """How to use an optional input, or a size of one, only where it is there."""
    dim = layer.dims.get(name)
    source = name if dim is None else dim.input
    for member in layer.inputs:
        if member.optional and member.name == source:
            test = f"if {source} is not None:"
            yield f"`{source}` may be left out: use it within `{test}`"

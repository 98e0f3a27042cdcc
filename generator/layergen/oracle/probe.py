"""Layer -> trials: the layer run on its examples and on inputs of distinct prime sizes.

Sizes that are all different, and prime, show what equal ones hide: a transposed
matrix, a reshape that mixes two axes, a declared output that fits by chance.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from layergen.codes import language, numbers
from layergen.diagnostics import Diagnostics
from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind
from layergen.layer import (
    BATCH,
    ELLIPSIS,
    Argument,
    Array,
    Constant,
    Drawn,
    Example,
    Input,
    Layer,
    Weight,
)
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance, Outcome, instantiate, run
from layergen.oracle.kernels import TooLargeError, guard_size

_PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)
_RANKS = (0, 1, 2)
"""Axes that `...` stands for, one probe each."""

_MOST_FLAGS = 4
"""Flags and choices that are tried one by one."""

_TOLERANCE = 1e-5
"""How near, relative to the largest, an example's expected outputs must be."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A run of the layer on given numbers.

    Attributes:
        id: `example 1`, `probe 2`, ...
        given: the constructor arguments that are passed.
        instance: the layer, built.
        inputs: the inputs' values.
        weights: the values of weights and drawn constants; None if not there.
        outcome: what a call yields without `training`.
        trained: what it yields in training, if the layer tells the two apart.
    """

    id: str
    given: Mapping[str, Any]
    instance: Instance
    inputs: Mapping[str, Array]
    weights: Mapping[str, Array | None]
    outcome: Outcome
    trained: Outcome | None


def probe(layer: Layer, found: Diagnostics) -> tuple[Trial, ...]:
    """Try a layer out; what does not hold goes to `found`."""
    trials = []
    for i, example in enumerate(layer.examples):
        trial = _try_example(layer, example, f"example {i + 1}", found)
        if trial is not None:
            trials.append(trial)
    if found.has_errors:
        return ()
    for number, (arguments, shapes) in enumerate(_plans(layer)):
        name = f"probe {number + 1}"
        trial = _try_plan(layer, name, arguments, shapes, found)
        if trial is None:
            break
        trials.append(trial)
    return tuple(trials)


def _try_example(
    layer: Layer, example: Example, name: str, found: Diagnostics
) -> Trial | None:
    try:
        shapes = {key: np.shape(value) for key, value in example.inputs.items()}
        instance = instantiate(layer, example.arguments, shapes)
        weights = {**_draw_weights(instance, name), **example.weights}
        _check_weights(instance, example, found)
        trial = _trial(name, example.arguments, instance, example.inputs, weights)
    except EvaluationError as error:
        span = layer.document.span(*example.path)
        note = f"seen with the example of line {span.line}"
        found.add(error.code, error.message, error.span, *error.notes, note)
        return None
    if example.outputs is not None:
        _check_expected(layer, example, trial, found)
    return trial


def _check_weights(instance: Instance, example: Example, found: Diagnostics) -> None:
    for name, value in example.weights.items():
        wanted = instance.shapes[name]
        if wanted != np.shape(value):
            span = instance.layer.document.span(*example.path, "weights", name)
            shown = "does not exist here" if wanted is None else f"is {list(wanted)}"
            message = f"`{name}` {shown}, the example gives {list(np.shape(value))}"
            raise EvaluationError(numbers.WRONG_EXAMPLE, message, span)


def _check_expected(
    layer: Layer, example: Example, trial: Trial, found: Diagnostics
) -> None:
    assert example.outputs is not None
    span = layer.document.span(*example.path, "outputs")
    actual, expected = trial.outcome.output, np.asarray(example.outputs)
    if actual.shape != expected.shape:
        message = f"the output has the shape {list(actual.shape)}"
        note = f"the example says {list(expected.shape)}"
        found.add(numbers.WRONG_EXAMPLE, message, span, note)
        return
    scale = float(np.max(np.abs(expected), initial=0.0)) + 1e-30
    if not np.allclose(
        actual, expected, rtol=0.0, atol=_TOLERANCE * scale, equal_nan=True
    ):
        shown = np.array2string(actual, precision=6, separator=", ", threshold=50)
        message = "the forward pass yields other numbers"
        note = f"it yields {' '.join(shown.split())[:200]}"
        found.add(numbers.WRONG_EXAMPLE, message, span, note)


def _try_plan(
    layer: Layer,
    name: str,
    arguments: Mapping[str, Any],
    shapes: Mapping[str, tuple[int, ...]],
    found: Diagnostics,
) -> Trial | None:
    try:
        instance = instantiate(layer, arguments, shapes)
        for positive in (False, True):
            inputs = _draw_inputs(instance, shapes, name, positive=positive)
            weights = _draw_weights(instance, name)
            trial = _trial(name, arguments, instance, inputs, weights)
            if _is_finite(trial):
                return trial
        message = "the output is not finite"
        raise EvaluationError(numbers.NOT_FINITE, message, _call_span(layer))
    except EvaluationError as error:
        note = f"tried with {_describe(layer, arguments, shapes)}"
        if _is_guessed(layer) and error.code is not language.TOO_LARGE:
            message = "the layer cannot be tried out: give an example"
            reason = f"a guess failed: {error.message} ({error.span})"
            found.add(numbers.NO_PROBE, message, _call_span(layer), reason, note)
        else:
            found.add(error.code, error.message, error.span, *error.notes, note)
        return None


def _is_guessed(layer: Layer) -> bool:
    """Whether values had to be made up that may not suit the layer."""
    return not layer.examples and any(
        a.type in ("array", "str") for a in layer.arguments
    )


def _call_span(layer: Layer) -> Any:
    return layer.document.key_span("call")


def _describe(
    layer: Layer, arguments: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]
) -> str:
    parts = []
    for name, value in arguments.items():
        shape = np.shape(value)
        parts.append(
            f"`{name}` of shape {list(shape)}" if shape else f"`{name}` {value}"
        )
    parts += [f"`{name}` of shape {list(shape)}" for name, shape in shapes.items()]
    return ", ".join(parts)


def _trial(
    name: str,
    given: Mapping[str, Any],
    instance: Instance,
    inputs: Mapping[str, Array],
    weights: Mapping[str, Array | None],
) -> Trial:
    outcome = run(instance, inputs, weights, training=False)
    trained = None
    if instance.layer.uses_training:
        trained = run(instance, inputs, weights, training=True)
    return Trial(name, given, instance, inputs, weights, outcome, trained)


def _is_finite(trial: Trial) -> bool:
    outcomes = [trial.outcome] + ([trial.trained] if trial.trained else [])
    return all(np.all(np.isfinite(outcome.output)) for outcome in outcomes)


def _plans(
    layer: Layer,
) -> Iterator[tuple[dict[str, Any], dict[str, tuple[int, ...]]]]:
    """Arguments and input shapes to try."""
    base = _base_arguments(layer)
    ranks = _RANKS if any(member.has_ellipsis for member in layer.inputs) else (0, 0)
    lowest = 1 if all(size == ELLIPSIS for m in layer.inputs for size in m.shape) else 0
    for i, rank in enumerate(ranks):
        yield base, _shapes(layer, base, rank + lowest, start=i)
    for argument in _flags(layer.arguments):
        for value in _others(argument, base.get(argument.name, argument.default)):
            arguments = {**base, argument.name: value}
            yield arguments, _shapes(layer, arguments, ranks[-1], start=1)


def _flags(arguments: tuple[Argument, ...]) -> list[Argument]:
    return [a for a in arguments if a.type in ("bool", "choice")][:_MOST_FLAGS]


def _others(argument: Argument, value: Any) -> list[Any]:
    if argument.type == "bool":
        return [not value]
    return [choice for choice in argument.choices if choice != value]


def _base_arguments(layer: Layer) -> dict[str, Any]:
    """The first example's arguments and other floats, or values made from the types."""
    if layer.examples:
        given = dict(layer.examples[0].arguments)
        floats = [a for a in layer.arguments if a.type == "float"]
        return given | {a.name: _value_for(a, 0) for a in floats if a.name not in given}
    values: dict[str, Any] = {}
    for i, argument in enumerate(layer.arguments):
        value = _value_for(argument, i)
        if value is not None:
            values[argument.name] = value
    return values


def _value_for(argument: Argument, index: int) -> Any:
    """A value that is not the default, if the limits allow one."""
    match argument.type:
        case "bool":
            return argument.default if argument.default is not None else True
        case "choice":
            return argument.default or argument.choices[0]
        case "str":
            return argument.default if argument.default is not None else "text"
        case "seed":
            return 7
        case "int":
            wanted = 2 + index if argument.required else (argument.default or 0) + 1
            return int(_clamp(argument, wanted))
        case "float":
            wanted_float = 0.5 if argument.default in (None, 0.0, 1.0) else 0.9
            return float(_clamp(argument, wanted_float))
        case "array":
            rank = 1 if argument.rank is None else argument.rank
            return _numbers((4, 3, 2, 5)[:rank], argument.dtype, argument.name, False)
    raise AssertionError(argument.type)


def _clamp(argument: Argument, value: float) -> float:
    lower = [b for b in (argument.minimum, argument.above) if b is not None]
    upper = [b for b in (argument.maximum, argument.below) if b is not None]
    low, high = max(lower, default=None), min(upper, default=None)
    inside = (low is None or value > low) and (high is None or value < high)
    if inside:
        return value
    if low is not None and high is not None:
        middle = (low + high) / 2
        return int(np.ceil(middle)) if argument.type == "int" else middle
    return low + 1 if low is not None else (high or 0) - 1


def _shapes(
    layer: Layer, arguments: Mapping[str, Any], rank: int, start: int
) -> dict[str, tuple[int, ...]]:
    """A shape for every input; named sizes are primes that occur nowhere else."""
    taken = {v for v in arguments.values() if isinstance(v, int)}
    free = [prime for prime in _PRIMES if prime not in taken]
    sizes = {BATCH: 2}
    names = [name for name in layer.dims if name != BATCH]
    start = start % 2
    for i, name in enumerate(names):
        sizes[name] = free[i + start]
    if layer.examples and any(a.type == "array" for a in layer.arguments):
        sizes.update(_example_sizes(layer, names))
    others = [prime for prime in free if prime not in sizes.values()]
    rest = tuple(others[:rank])
    return {m.name: _shape_of(m, sizes, rest) for m in layer.inputs}


def _example_sizes(layer: Layer, names: list[str]) -> dict[str, int]:
    """Sizes that go with an array that only the example knows."""
    inputs = layer.examples[0].inputs
    shapes = {name: np.shape(value) for name, value in inputs.items()}
    return {
        name: shapes[layer.dims[name].input][layer.dims[name].axis] for name in names
    }


def _shape_of(
    member: Input, sizes: Mapping[str, int], rest: tuple[int, ...]
) -> tuple[int, ...]:
    shape: list[int] = []
    for size in member.shape:
        if isinstance(size, int):
            shape.append(size)
        elif size == ELLIPSIS:
            shape += rest
        else:
            shape.append(sizes[size])
    return tuple(shape)


def _draw_inputs(
    instance: Instance,
    shapes: Mapping[str, tuple[int, ...]],
    name: str,
    *,
    positive: bool,
) -> dict[str, Array]:
    arrays = [v for v in instance.arguments.values() if isinstance(v, np.ndarray)]
    most = min((len(array) for array in arrays if array.ndim), default=2)
    drawn = {}
    for member in instance.layer.inputs:
        shape = shapes[member.name]
        values = _numbers(shape, member.dtype, f"{name}/{member.name}", positive)
        kind = dtype_kind(member.dtype)
        drawn[member.name] = values % max(most, 1) if kind is Kind.INT else values
    return drawn


def _draw_weights(instance: Instance, name: str) -> dict[str, Array | None]:
    parameters = {p.name: p for p in instance.layer.parameters}
    drawn: dict[str, Array | None] = {}
    for key, shape in instance.shapes.items():
        if shape is None:
            drawn[key] = None
            continue
        parameter = parameters[key]
        assert parameter.span is not None
        try:
            guard_size(shape)
        except TooLargeError as error:
            raise EvaluationError(
                language.TOO_LARGE, str(error), parameter.span
            ) from None
        drawn[key] = _numbers(
            shape, parameter.dtype, f"{name}/{key}", _must_be_positive(parameter)
        )
    return drawn


def _must_be_positive(parameter: Weight | Constant) -> bool:
    """Scales and variances are drawn positive, so that roots and quotients exist."""
    source = parameter.initializer if isinstance(parameter, Weight) else None
    if isinstance(parameter, Constant) and isinstance(parameter.source, Drawn):
        source = parameter.source.initializer
    return source is not None and source.name == "ones"


def _numbers(shape: tuple[int, ...], dtype: str, key: str, positive: bool) -> Array:
    """Short random numbers that depend on nothing but `key` and the shape."""
    random = np.random.default_rng(zlib.crc32(key.encode()))
    match dtype_kind(dtype):
        case Kind.BOOL:
            return random.random(shape) < 0.5
        case Kind.INT:
            return random.integers(0, 100, shape)
    low = 0.25 if positive else -1.5
    values: Array = np.round(random.uniform(low, 1.5, shape), 2)
    return np.where(np.abs(values) < 0.1, 0.37, values)

"""Trial -> whether its gradients can be tested, and how wide a step tells them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import Array, Layer, Tensors
from layergen.oracle.instance import walk_instances
from layergen.oracle.run import run
from layergen.oracle.trial import Trial
from layergen.passes.place import Place
from layergen.testgen.saved import saved_parameters

_STEP = 1e-5
_BREAKING = frozenset(
    {
        *("abs", "ceil", "clip", "floor", "max", "maximum", "min", "minimum", "round"),
        *("adaptive_max_pool", "max_pool", "sort", "top_k", "where", "threshold"),
        *("relu", "relu6", "leaky_relu", "hard_sigmoid", "hard_silu", "hard_tanh"),
        *("hard_shrink", "soft_shrink", "sparse_plus", "sparse_sigmoid"),
    }
)
"""Ops whose derivative is that of one side where the slope breaks, as at a tie."""

_WIDE = 1e-3
"""A step at which single precision tells slopes apart."""

_BREAK = 1e-3
"""Difference of two slopes, as a share, that no curve makes within a step."""

_CUTS_GRADIENTS = frozenset({"stop_gradient"})

_STEPS = (1e-2, 3e-3, 1e-3)
"""Steps of a difference quotient in single precision: wide ones round less."""

_TOLERANCE = 1e-2
"""Half of what the generated test tolerates in single precision."""


def order_trials(
    layer: Layer, trials: Sequence[Trial]
) -> tuple[tuple[Trial, ...], int]:
    """Those first whose gradients are tested, and how many these are; then the others.

    Where the output does not vary, which a guess may bring about, there is no case.
    """
    broken = {trial.id for trial in trials if _is_at_break(layer, trial)}
    smooth = {trial.id for trial in trials if _is_differentiable(layer, trial)} - broken
    if smooth >= {trial.id for trial in trials if not trial.is_guess} - broken:
        kept = [trial for trial in trials if trial.id in smooth | broken]
        kept.sort(key=lambda trial: trial.id in broken)
        return tuple(kept or trials), len(smooth)
    return tuple(sorted(trials, key=lambda trial: not is_trained(layer, trial))), 0


def name_cases(trials: Sequence[Trial], smooth: int) -> str:
    """The source of the first cases, whose gradients are tested; empty for none."""
    scalars = sum(map(has_scalars, trials))
    if smooth == len(trials) > scalars:
        return "TRAINED" if scalars else "CASES"
    return f"CASES[:{smooth}]" if smooth and not scalars else ""


def has_scalars(trial: Trial) -> bool:
    """Whether a tensor without axes is among the inputs."""
    given = trial.inputs.values()
    return any(not isinstance(value, tuple) and np.ndim(value) == 0 for value in given)


def _is_differentiable(layer: Layer, trial: Trial) -> bool:
    """Whether the output varies with every trained weight and every float input."""
    bodies = [owned.layer.body for _, owned in walk_instances(trial.instance)]
    floats = (array.dtype.kind == "f" for array in trial.outcome.arrays)
    if not any(floats) or any(map(_cuts_gradients, bodies)):
        return False
    moving = _moving(layer, trial)
    return bool(moving) and all(
        abs(_slope(trial, name, _STEP)) > 1e-3 for name in moving
    )


def _is_at_break(layer: Layer, trial: Trial) -> bool:
    """Whether the slope on one side is not that on the other, as of `abs` at zero."""
    bodies = (owned.layer.body for _, owned in walk_instances(trial.instance))
    return any(_calls(body, _BREAKING) for body in bodies) and any(
        _breaks(trial, name) for name in _moving(layer, trial)
    )


def is_trained(layer: Layer, trial: Trial) -> bool:
    """Whether training reaches a weight, or there is none: Keras refuses others."""
    trained = _moving(layer, trial).keys() - trial.inputs.keys()
    return not trained or any(_slope(trial, name, _STEP) for name in trained)


def choose_step(layer: Layer, trials: Iterable[Trial]) -> float:
    """The widest step at which difference quotients are still the gradients.

    Where the slope breaks, as that of `relu` does, a wide step goes past the break.
    """
    moved = [(trial, name) for trial in trials for name in _moving(layer, trial)]
    slopes = [_slope(trial, name, _STEP) for trial, name in moved]
    for step in _STEPS[:-1]:
        quotients = (_quotient(trial, name, step) for trial, name in moved)
        if all(map(_is_close, quotients, slopes)):
            return step
    return _STEPS[-1]


def _is_close(quotient: float, slope: float) -> bool:
    return abs(quotient - slope) <= _TOLERANCE * (1.0 + abs(slope))


def _quotient(trial: Trial, name: str, step: float) -> float:
    """What the generated test compares the gradient with."""
    coarse, fine = _slope(trial, name, step), _slope(trial, name, step / 2)
    return (4 * fine - coarse) / 3


def _cuts_gradients(body: ir.Body) -> bool:
    """Whether a difference quotient may differ from the gradient."""
    if ir.read_after_update(body):
        return True
    return _calls(body, _CUTS_GRADIENTS)


def _calls(body: ir.Body, ops: frozenset[str]) -> bool:
    exprs = (ir.expression(statement) for statement in ir.statements(body))
    nodes = (node for expr in exprs for node in ir.walk(expr))
    return any(isinstance(n, ir.Call) and n.op in ops for n in nodes)


def _moving(layer: Layer, trial: Trial) -> dict[str, Tensors]:
    """The float inputs, and the weights that are trained."""
    moving: dict[str, Tensors] = {
        m.name: trial.inputs[m.name]
        for m in layer.inputs
        if m.name in trial.inputs and dtype_kind(m.dtype) is ir.Kind.FLOAT
    }
    for saved in saved_parameters(trial):
        value = trial.weights.get(saved.path)
        if saved.place is Place.WEIGHT and value is not None:
            moving[saved.path] = value
    return moving


def _slope(trial: Trial, name: str, step: float) -> float:
    """How fast the weighed outputs and the losses grow along one direction."""
    ahead, behind = _loss(trial, name, step), _loss(trial, name, -step)
    return (ahead - behind) / (2 * step)


def _breaks(trial: Trial, name: str) -> bool:
    """Whether the slope breaks: a curve's would change half as much in half a step.

    The narrow step goes past no break, the wide one is not taken in by rounding.
    """
    if _bend(trial, name, _STEP) <= _BREAK:
        return False
    wide = _bend(trial, name, _WIDE)
    return wide > _BREAK and _bend(trial, name, _WIDE / 2) > 0.75 * wide


def _bend(trial: Trial, name: str, step: float) -> float:
    """How much the slopes ahead and behind differ, as a share."""
    ahead, here, behind = (_loss(trial, name, each) for each in (step, 0.0, -step))
    after, before = (ahead - here) / step, (here - behind) / step
    return abs(after - before) / (1.0 + abs(after))


def _loss(trial: Trial, name: str, step: float) -> float:
    outcome = run(
        trial.instance,
        _moved(trial.inputs, name, step),
        _moved(trial.weights, name, step),
        training=trial.trained is not None,
    )
    total = float(sum(outcome.losses))
    for array in outcome.arrays:
        if array.dtype.kind == "f":
            factors = np.cos(np.arange(array.size)).reshape(array.shape)
            total += float(np.sum(array * factors))
    return total


def _moved(values: Mapping[str, Any], name: str, step: float) -> Mapping[str, Any]:
    """Values of which one is a little further on; of a list, each tensor."""
    if name not in values:
        return values
    value = values[name]
    if isinstance(value, tuple):
        return {**values, name: tuple(_moved_array(array, step) for array in value)}
    return {**values, name: _moved_array(value, step)}


def _moved_array(value: Array, step: float) -> Array:
    direction = np.cos(np.arange(np.size(value)) + 1.0).reshape(np.shape(value))
    return np.asarray(value + step * direction)

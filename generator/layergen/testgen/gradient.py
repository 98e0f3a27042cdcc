"""Trial -> whether its gradients can be tested, and how wide a step tells them."""

from collections.abc import Iterable, Mapping
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
_ROUNDS = frozenset({"floor", "ceil", "round"})
"""Ops whose derivative is that of one side, where the slope breaks."""

_BREAK = 1e-3
"""Difference of two slopes, as a share, that no curve makes within a step."""

_CUTS_GRADIENTS = frozenset({"stop_gradient"})

_STEPS = (1e-2, 3e-3, 1e-3)
"""Steps of a difference quotient in single precision: wide ones round less."""

_TOLERANCE = 1e-2
"""Half of what the generated test tolerates in single precision."""


def is_differentiable(layer: Layer, trial: Trial) -> bool:
    """Whether the output varies with every trained weight and every float input."""
    bodies = [owned.layer.body for _, owned in walk_instances(trial.instance)]
    floats = (array.dtype.kind == "f" for array in trial.outcome.arrays)
    if not any(floats) or any(map(_cuts_gradients, bodies)):
        return False
    moving = _moving(layer, trial)
    rounds = any(_calls(body, _ROUNDS) for body in bodies)
    return bool(moving) and all(
        abs(_slope(trial, name, _STEP)) > 1e-3 and not (rounds and _breaks(trial, name))
        for name in moving
    )


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
    """Whether the slope on one side is not that on the other, as of `abs` at zero."""
    ahead, here, behind = (_loss(trial, name, step) for step in (_STEP, 0.0, -_STEP))
    after, before = (ahead - here) / _STEP, (here - behind) / _STEP
    return abs(after - before) > _BREAK * (1.0 + abs(after))


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

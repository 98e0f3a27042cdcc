"""Trial -> how far a run in each dtype policy may be from the expected numbers.

Half precision rounds what comes in; a layer that divides by a small deviation, as a
normalization over few numbers, makes much of that. How much is found by rounding the
inputs and weights of the trial and running it again.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from layergen.expr import ir
from layergen.expr.ops.layers import CONVOLUTION
from layergen.layer import Array
from layergen.oracle.instance import Instance, walk_instances
from layergen.oracle.run import run
from layergen.oracle.trial import Trial

_BITS = {"mixed_float16": 11, "mixed_bfloat16": 8}
"""Bits that a number keeps."""

_LEAST = {"float32": 1e-5, "mixed_float16": 2e-2, "mixed_bfloat16": 3e-2}
_EXACT, _ROUGH = 1e-10, 1e-7
"""Tolerances in double precision: of most functions, of the error function."""
_DOUBLE, _SINGLE = 1e-14, 1e-6
"""Tolerances of constants, by the precision of what they are computed from."""

_CONVOLUTIONS = frozenset(op.name for op in CONVOLUTION)

_MARGIN = 4.0
"""Rounding inside of the layer comes on top of that of what goes in."""


def tolerances(trial: Trial) -> dict[str, float]:
    """The relative tolerance of each policy, but for double precision."""
    found = dict(_LEAST)
    for policy, bits in _BITS.items():
        moved = _MARGIN * _deviation(trial, bits)
        if moved > found[policy]:
            found[policy] = _rounded_up(moved)
    return found


def double_tolerance(trial: Trial) -> float:
    """The relative tolerance in double precision."""
    rough = any(_is_rough(instance) for _, instance in walk_instances(trial.instance))
    return _ROUGH if rough else _EXACT


def has_single_arrays(trial: Trial) -> bool:
    """Whether arrays are kept in single precision, and all that is made of them."""
    layers = (instance.layer for _, instance in walk_instances(trial.instance))
    return any(
        "float32" in {member.dtype for member in layer.arguments}
        or "float32" in {parameter.dtype for parameter in layer.parameters}
        for layer in layers
    )


def constant_tolerance(trial: Trial) -> float:
    """The relative tolerance of constants that are computed before the call."""
    return _SINGLE if has_single_arrays(trial) else _DOUBLE


def _is_rough(instance: Instance) -> bool:
    """Whether a layer uses the error function, which TensorFlow does not know better.

    `gelu` is made of it, unless it is the approximate one.
    """
    if any(_ROUGH_OPS.get(call.op, _no)(call) for call in _calls(instance)):
        return True
    arguments = instance.layer.arguments
    chosen = (a.name for a in arguments if a.type == "activation")
    return any(instance.arguments[name] in _ROUGH_ACTIVATIONS for name in chosen)


def _calls(instance: Instance) -> Iterator[ir.Call]:
    """The calls of functions in a layer's forward pass."""
    for statement in ir.statements(instance.layer.body):
        for node in ir.walk(ir.expression(statement)):
            if isinstance(node, ir.Call):
                yield node


def _no(call: ir.Call) -> bool:
    return False


def _is_exact_gelu(call: ir.Call) -> bool:
    given = [*call.args[1:], *(value for _, value in call.keywords)]
    return any(not isinstance(x, ir.Literal) or x.value is False for x in given)


_ROUGH_ACTIVATIONS = frozenset({"gelu"})
_ROUGH_OPS: Mapping[str, Callable[[ir.Call], bool]] = {
    "erf": lambda call: True,
    "gelu": _is_exact_gelu,
}


def convolves_channels_first(trial: Trial) -> bool:
    """Whether it convolves what TensorFlow cannot in double precision on a CPU."""
    return any(
        call.op in _CONVOLUTIONS and _is_first(instance, call)
        for _, instance in walk_instances(trial.instance)
        for call in _calls(instance)
    )


def _is_first(instance: Instance, call: ir.Call) -> bool:
    """Whether a call is given `channels_first`, or an argument that is."""
    for value in (*call.args, *(value for _, value in call.keywords)):
        match value:
            case ir.Literal(value="channels_first"):
                return True
            case ir.Name(symbol=symbol):
                if instance.arguments.get(symbol.name) == "channels_first":
                    return True
    return False


def _deviation(trial: Trial, bits: int) -> float:
    """How far the outputs move, relative to the greatest, if all is rounded."""
    inputs = {name: _round_all(value, bits) for name, value in trial.inputs.items()}
    weights = {name: _round_all(value, bits) for name, value in trial.weights.items()}
    worst = 0.0
    for training, outcome in ((False, trial.outcome), (True, trial.trained)):
        if outcome is None:
            continue
        moved = run(trial.instance, inputs, weights, training=training)
        for before, after in zip(outcome.arrays, moved.arrays, strict=True):
            difference = _relative(before.astype(float), after.astype(float))
            worst = max(worst, difference) if math.isfinite(difference) else worst
    return worst


def _relative(before: Array, after: Array) -> float:
    """The greatest difference, relative to the greatest number."""
    most = np.abs(before).max(initial=1.0)
    return float(np.abs(after - before).max(initial=0.0) / most)


def _round_all(value: Any, bits: int) -> Any:
    """An array, the arrays of a list, or nothing, each number cut to so many bits."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(_round(array, bits) for array in value)
    return _round(value, bits)


def _round(array: Array, bits: int) -> Array:
    if array.dtype.kind != "f":
        return array
    mantissa, exponent = np.frexp(array)
    rounded: Array = np.ldexp(np.round(mantissa * 2.0**bits) / 2.0**bits, exponent)
    return rounded


def _rounded_up(value: float) -> float:
    """A number with one digit that is not below."""
    unit = 10.0 ** math.floor(math.log10(value))
    return float(f"{math.ceil(value / unit) * unit:.1g}")


def print_policies(found: Mapping[str, float]) -> str:
    """The source of a dictionary of tolerances."""
    parts = (f'"{policy}": {print_tolerance(value)}' for policy, value in found.items())
    return f"{{{', '.join(parts)}}}"


def print_tolerance(value: float) -> str:
    """A tolerance as people write it: `2e-2`."""
    return f"{value:.0e}".replace("e-0", "e-").replace("e+00", "")

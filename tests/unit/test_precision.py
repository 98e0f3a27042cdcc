"""How much a generated test tolerates, and how far it steps, follow from the layer."""

import pytest

from layergen.diagnostics import Diagnostics
from layergen.loading.load import load
from layergen.lower import lower
from layergen.oracle.probe import probe
from layergen.oracle.trial import Trial
from layergen.source import Source
from layergen.testgen.gradient import choose_step, order_trials
from layergen.testgen.precision import (
    convolves_channels_first,
    double_tolerance,
    print_policies,
    tolerances,
)

SPEC = """\
layergen: 1
name: Sample
package: demo
summary: Computes something.
inputs:
  inputs: {shape: [batch, 3]}
call: |
  CALL
outputs: {shape: like inputs}
examples:
  - inputs: [[1.0013, 1.0024, 1.0041], [0.5, 2.0, 3.0]]
"""


def trial_of(call: str, inputs: str = "[batch, 3]") -> Trial:
    text = SPEC.replace("CALL", call).replace("[batch, 3]", inputs)
    found = Diagnostics()
    trials = probe(lower(load(Source("a.yaml", text)), found), found)
    assert not found.has_errors
    return trials[0]


def test_tolerances_of_a_plain_layer() -> None:
    found = tolerances(trial_of("return inputs * 2.0"))
    shown = '{"float32": 1e-5, "mixed_float16": 2e-2, "mixed_bfloat16": 3e-2}'
    assert print_policies(found) == shown


def test_tolerances_of_a_small_difference_between_large_numbers() -> None:
    difference = "(inputs - mean(inputs, axis=-1, keepdims=True))"
    call = f"return {difference} / max(abs({difference}), axis=-1, keepdims=True)"
    found = tolerances(trial_of(call))
    assert found["float32"] == 1e-5
    assert found["mixed_bfloat16"] > found["mixed_float16"] >= 0.02


@pytest.mark.parametrize(
    ("call", "tolerance"),
    [
        ("return inputs * 2.0", 1e-10),
        ("return erf(inputs)", 1e-7),
        ("return gelu(inputs)", 1e-10),
        ("return gelu(inputs, approximate=False)", 1e-7),
    ],
)
def test_tolerance_in_double_precision(call: str, tolerance: float) -> None:
    assert double_tolerance(trial_of(call)) == tolerance


@pytest.mark.parametrize("place", ["channels_first", "channels_last"])
def test_convolutions_in_double_precision(place: str) -> None:
    call = "kernel = ones((1, 3, 3))\n"
    call += "  steps = conv(expand_dims(inputs, 1), kernel, 1, 'valid', "
    call += f"'{place}')\n  return steps[:, 0]"
    if place == "channels_first":
        call = call.replace("expand_dims(inputs, 1)", "expand_dims(inputs, 2)")
        call = call.replace("steps[:, 0]", "steps[:, :, 0]")
    assert convolves_channels_first(trial_of(call)) == (place == "channels_first")


@pytest.mark.parametrize(
    ("call", "step"),
    [
        ("return inputs * inputs", 1e-2),
        ("return 100.0 * relu(inputs - 0.998)", 3e-3),
        ("return 100.0 * relu(inputs - 1.0021)", 1e-3),
    ],
)
def test_step_of_difference_quotients(call: str, step: float) -> None:
    trial = trial_of(call)
    layer = trial.instance.layer
    assert order_trials(layer, [trial]) == ((trial,), 1)
    assert choose_step(layer, [trial]) == step


@pytest.mark.parametrize(
    "call", ["return stop_gradient(inputs)", "return sign(inputs)"]
)
def test_what_has_no_gradient(call: str) -> None:
    trial = trial_of(call)
    assert order_trials(trial.instance.layer, [trial]) == ((trial,), 0)

"""The tables of argument types, and the search for what a layer requires."""

from typing import get_args

import pytest

from layergen.compiler import check_source
from layergen.emit.argument_types import SPELLINGS
from layergen.layer import Layer
from layergen.loading.argument_forms import KeptArgument
from layergen.lower.argument_types import TYPES
from layergen.oracle.guesses import GUESSES
from layergen.oracle.plans import plans
from layergen.oracle.requirements import Plan, holds
from layergen.oracle.search import violate
from layergen.source import Source
from layergen.testgen.invalid import WRONG

SPEC = """\
layergen: 1
name: Heads
package: demo
summary: Splits features into heads.
arguments:
  units: {{type: int, min: 1}}
  heads: {{type: int, default: 2, min: 1}}
  axis: {{type: axis, default: -1}}
  size: {{type: ints, length: 2, default: 3, min: 1}}
  rate: {{type: float, default: 0.5}}
  data_format: {{type: data_format}}
requires:
{requires}
inputs:
  inputs: {{shape: [batch, ..., features]}}
call: |
  return inputs * rate
outputs: {{shape: like inputs}}
"""


def layer_of(*conditions: str) -> Layer:
    requires = "\n".join(f"  - {{that: {condition!r}}}" for condition in conditions)
    layer, _ = check_source(Source("a.yaml", SPEC.format(requires=requires)))
    assert layer is not None
    return layer


def test_every_type_has_its_rows() -> None:
    forms = get_args(KeptArgument)
    named = {get_args(form.model_fields["type"].annotation)[0] for form in forms}
    for table in (TYPES, SPELLINGS, GUESSES, WRONG):
        assert table.keys() == named


@pytest.mark.parametrize(
    "conditions",
    [
        ("units % heads == 0", "features % units == 0"),
        ("features == 3 * heads + 1",),
        ("units > 20", "units >= 10 * heads"),
        ("inputs.shape[axis] == 2 * units",),
        ("axis != -1 or units == 1", "inputs.shape[axis] % 2 == 0"),
        ("inputs.ndim > 4",),
        ("size[0] * size[1] == features", "size[0] != size[1] or units < 3"),
        ("rate > 1.0 or data_format == 'channels_last'", "features > 10"),
        ("features == units",),
    ],
    ids=" & ".join,
)
def test_what_is_required_is_found_and_broken(conditions: tuple[str, ...]) -> None:
    layer = layer_of(*conditions)
    found = list(plans(layer))
    assert found
    for plan in found:
        assert all(holds(layer, requirement, plan) for requirement in layer.requires)
    for i, requirement in enumerate(layer.requires):
        broken = violate(layer, found[0], requirement)
        assert broken is not None
        assert not holds(layer, requirement, broken)
        known = requirement.test.known
        before = [r for r in layer.requires[:i] if r.test.known <= known]
        assert all(holds(layer, earlier, broken) for earlier in before)


def test_sizes_stay_apart() -> None:
    layer = layer_of("units % heads == 0", "features % units == 0")
    for plan in plans(layer):
        numbers = [*plan.sizes.values(), *plan.rest]
        numbers += [plan.arguments["units"], plan.arguments["heads"]]
        assert len(set(numbers)) == len(numbers)


def test_what_needs_no_change_stays() -> None:
    layer = layer_of("units % heads == 0")
    plan = Plan({"units": 6, "heads": 3}, {"batch": 2, "features": 5}, ())
    broken = violate(layer, plan, layer.requires[0])
    assert broken is not None
    assert (broken.sizes, broken.rest) == (plan.sizes, plan.rest)
    assert broken.arguments["units"] == 6


def test_what_cannot_be_met_is_given_up() -> None:
    layer = layer_of("heads > units", "units > heads", "features == inputs.ndim * 1000")
    assert not list(plans(layer))

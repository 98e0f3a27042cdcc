"""An array that every use casts to one dtype becomes a tensor of this dtype at once."""

import pytest

from layergen.artifact import Target
from layergen.compiler import compile_source
from layergen.source import Source

SPEC = """\
layergen: 1
name: Sample
package: demo
summary: Computes something.
inputs:
  inputs: {shape: [batch, features]}
parameters:
  ramp: {role: constant, value: arange(features) * 0.5}
call: |
  CALL
outputs: {shape: like inputs}
"""
COMPUTE = "ramp = ops.convert_to_tensor(self._ramp, dtype=self.compute_dtype)"
DRAWN = "noise: {role: constant, shape: [features], initializer: random_normal}"
STATE = "noise: {role: weight, trainable: false, shape: [features]}"
SINGLE = 'ramp = ops.convert_to_tensor(self._ramp, dtype="float32")'


@pytest.mark.parametrize(
    ("call", "conversion", "casts"),
    [
        ('return inputs * cast(cos(cast(ramp, "float32")), "float")', SINGLE, 1),
        (
            'if training:\n      return cast(cast(ramp, "float32") + cast(inputs,'
            ' "float32"), "float")\n  return inputs + cast(sin(cast(ramp, "float32")),'
            ' "float")',
            SINGLE,
            3,
        ),
        ('return inputs * ramp + cast(cast(ramp, "float32"), "float")', COMPUTE, 2),
        (
            'return inputs * cast(cast(ramp, "float32") + 1.0, "float")'
            ' + cast(cast(ramp, "float64"), "float")',
            COMPUTE,
            4,
        ),
        ('return inputs * cast(ramp, "float")', COMPUTE, 1),
        ('return inputs * cast(cast(ramp, "int32"), "float")', COMPUTE, 2),
    ],
)
def test_conversion(call: str, conversion: str, casts: int) -> None:
    source = Source("sample.yaml", SPEC.replace("CALL", call))
    artifacts = compile_source(source, Target()).artifacts
    (text,) = (a.content.decode() for a in artifacts if "test_" not in a.path)
    assert conversion in text
    assert text.count("ops.cast(") == casts


@pytest.mark.parametrize(
    ("call", "source", "single"),
    [
        ('return inputs * cast(cos(cast(noise, "float32")), "float")', DRAWN, True),
        ("return inputs * noise", DRAWN, False),
        ('return inputs * noise + cast(cast(noise, "float32"), "float")', DRAWN, False),
        (
            "noise.assign(noise * 0.5)\n  return inputs + cast(square(cast(noise,"
            ' "float32")), "float")',
            STATE,
            True,
        ),
    ],
)
def test_what_keras_would_round(call: str, source: str, single: bool) -> None:
    """A cast of what a layer draws once, or keeps, begins with all its digits."""
    ramp = "ramp: {role: constant, value: arange(features) * 0.5}"
    spec = SPEC.replace(ramp, source).replace("CALL", call)
    artifacts = compile_source(Source("sample.yaml", spec), Target()).artifacts
    (text,) = (a.content.decode() for a in artifacts if "test_" not in a.path)
    assert ("autocast=False" in text) is single
    assert 'ops.cast(self.noise, "float32")' in text or not single

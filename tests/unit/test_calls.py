"""What calls of functions look like in a generated layer."""

import pytest

from layergen.artifact import Target
from layergen.compiler import compile_source
from layergen.source import Source

SPEC = """\
layergen: 1
name: Probe
package: demo
summary: Calls functions.
arguments:
  center: {type: bool, default: true}
  sizes: {type: ints, default: [2, 3]}
inputs:
  inputs: {shape: [batch, length, features]}
  gamma: {shape: [batch, length, features], dtype: int32, optional: true}
parameters:
  beta: {role: weight, shape: [features], when: center, autocast: false}
  norm: {role: weight, shape: [features], when: center}
call: |
  center_of_all = inputs if center else inputs * 2.0
  return EXPRESSION
outputs: {shape: like inputs}
"""


def call_of(expression: str) -> str:
    source = Source("spec.yaml", SPEC.replace("EXPRESSION", expression))
    compilation = compile_source(source, Target())
    (layer,) = [a for a in compilation.artifacts if a.path.endswith("demo/probe.py")]
    _, _, call = layer.content.decode().partition("def call(")
    return " ".join(call.partition("    def ")[0].split())


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("rms_normalization(inputs, norm)", "ops.rms_normalization(inputs, self.norm)"),
        (
            "rms_normalization(inputs, beta)",
            "None if self.beta is None else ops.cast(self.beta, self.compute_dtype)",
        ),
        (
            "rms_normalization(inputs, scale=gamma)",
            "scale=None if gamma is None else ops.cast(gamma, self.compute_dtype)",
        ),
        ("inputs * sum(sizes)", "inputs * sum(self.sizes)"),
        ("inputs * prod(sizes)", "inputs * math.prod(self.sizes)"),
        ("inputs * max(sizes[0], 3)", "inputs * max(self.sizes[0], 3)"),
        (
            "inputs * min([s * 2 for s in sizes])",
            "inputs * min(s * 2 for s in self.sizes)",
        ),
        ("cast(inputs * 2, inputs.dtype)", "ops.cast(inputs * 2, inputs.dtype)"),
        (
            "inputs + stft(inputs[:, 0], 2, 1, 2)[0][0, 0, 0]",
            'for part in ops.stft(ops.cast(inputs[:, 0], "float32"), 2, 1, 2)',
        ),
    ],
)
def test_a_call_is_printed(expression: str, printed: str) -> None:
    assert printed in call_of(expression)

"""What a small spec yields, where the generated tests once failed in Keras."""

from layergen.artifact import Target
from layergen.codes.example import body, spec
from layergen.compiler import compile_source
from layergen.source import Source


def texts(text: str) -> tuple[str, str]:
    """The generated module and its tests."""
    compilation = compile_source(Source("a.yaml", text), Target())
    assert not compilation.diagnostics
    layer, test = (a.content.decode() for a in compilation.artifacts)
    return layer, test


def test_constant_initializer_is_called() -> None:
    """Keras does not find the initializer `constant` by its name alone."""
    weight = "\n  gain: {role: weight, shape: [features], initializer: constant}"
    layer, _ = texts(body("return factor * inputs + gain", parameters=weight))
    assert "keras.initializers.Constant(value=0.0)" in layer


def test_fit_wants_outputs_of_as_many_samples() -> None:
    _, test = texts(spec())
    assert "parent.fit(case.inputs, targets_of(case), verbose=0)" in test
    outputs = "\n  outputs: {shape: like inputs}\n  most: {shape: [features]}"
    lines = "return factor * inputs, max(inputs, axis=0)"
    _, test = texts(body(lines, outputs=outputs))
    assert "parent.fit(" not in test
    assert "parent.train_on_batch(case.inputs" in test


CANCELLED = """\
layergen: 1
name: Pyramid
package: demo
summary: Joins a sequence with ever shorter means of it.
arguments:
  levels: {type: int, default: 2, min: 1, max: 8}
  axes: {type: axes, default: -1}
inputs:
  inputs: {shape: [batch, length, features]}
parameters:
  gains: {role: weight, shape: [levels + 1], initializer: ones}
  offset: {role: weight, shape: ["inputs.shape[-1]"], initializer: zeros}
call: |
  others = [a for a in range(inputs.ndim) if a > 9]
  centered = inputs - mean(inputs, axis=others, keepdims=True)
  parts = [centered * gains[0]]
  level = centered
  for i in range(levels):
      level = (level + concatenate([level[:, 1:], level[:, :1]], axis=1)) / 2.0
      parts.append(level * gains[i + 1])
  total = parts[0]
  for part in parts[1:]:
      total = total + part
  sizes = (*inputs.shape[:-1], -1)
  return reshape(total, sizes) + offset - mean(total, axis=axes, keepdims=True)
outputs: {shape: like inputs}
"""
"""Its mean is over no axis, so all but the weights' part of the output is zero."""


def test_output_that_hardly_depends_on_the_input() -> None:
    """Where no trial has a gradient to compare, the other tests remain."""
    _, test = texts(CANCELLED)
    assert "def test_outputs(" in test

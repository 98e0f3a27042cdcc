"""What a small spec yields, where the generated tests once failed in Keras."""

import pytest

from layergen.artifact import Target
from layergen.codes.example import WEIGHT, body, spec
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


HELD = "expected axis"
"""What Keras says where a layer was built with another size."""


@pytest.mark.parametrize("place", ["-1", "1", "axis"])
def test_size_at_a_place_is_held(place: str) -> None:
    """The layer takes no other size at a place that the spec itself gives."""
    axis = "\n  axis: {role: constant, value: 1}" * (place == "axis")
    weight = f'\n  gain: {{role: weight, shape: ["inputs.shape[{place}]"]}}'
    layer, test = texts(body("return factor * inputs * gain", parameters=axis + weight))
    named = "self.axis" if axis else place
    assert f"ndim=2, axes={{{named}: input_shape[{named}]}}" in layer
    assert HELD in test


def test_product_of_sizes_is_not_held() -> None:
    """Others may have the same, so the layer is not said to refuse them."""
    weight = '\n  kernel: {role: weight, shape: ["prod(inputs.shape[1:])", 2]}'
    lines = "return factor * reshape(inputs, (batch, -1)) @ kernel"
    outputs = "{shape: [batch, 2]}"
    layer, test = texts(body(lines, parameters=weight, outputs=outputs))
    assert "axes=" not in layer
    assert HELD not in test


def test_dtype_of_a_variable_that_has_several() -> None:
    """What meets it is cast to the one that it has then."""
    layer, _ = texts(
        body(
            'total = cast(inputs, "float32") / batch',
            'total = cast(total, "float") * factor',
            "return total / batch",
        )
    )
    assert "total / ops.cast(batch, total.dtype)" in layer
    layer, _ = texts(
        body(
            'exact, own = cast(inputs, "float32"), inputs',
            'return factor * (own / batch + cast(exact / batch, "float"))',
        )
    )
    assert "own / ops.cast(batch, self.compute_dtype)" in layer
    assert 'exact / ops.cast(batch, "float32")' in layer


def test_a_sublayer_yields_the_dtype_of_the_layer() -> None:
    dense = "\n  dense: {layer: Dense, arguments: {units: 3}, shape: like inputs}"
    lines = 'return factor * dense(cast(inputs, "float32")) / batch'
    outputs = "{shape: [batch, 3]}"
    layer, _ = texts(body(lines, sublayers=dense, outputs=outputs))
    assert "ops.cast(ops.shape(inputs)[0], self.compute_dtype)" in layer


def test_cast_of_a_number_keeps_its_digits() -> None:
    """Keras would make a tensor of float32 of it first."""
    layer, _ = texts(body("return inputs * cast(factor, inputs.dtype)"))
    assert "ops.convert_to_tensor(self.factor, dtype=inputs.dtype)" in layer
    layer, _ = texts(body('return inputs * cast(factor, "int32")'))
    assert 'ops.cast(self.factor, "int32")' in layer


def test_config_without_the_only_argument_which_is_gone() -> None:
    """Keras's own `get_config` would return what the constructor was given."""
    gone = "\n  factor: {type: deprecated}"
    layer, _ = texts(body("return inputs", arguments=gone))
    assert "return super().get_config()" in layer


def test_training_begins_where_it_reaches_a_weight() -> None:
    """Keras refuses to train a model whose weights take no part."""
    arguments = "\n  scaled: {type: bool, default: true}"
    weights = (
        f"{WEIGHT}\n  state: {{role: weight, shape: [features], trainable: false}}"
    )
    lines = "return inputs * gain * state if scaled else inputs"
    _, test = texts(body(lines, arguments=arguments, parameters=weights))
    assert '"scaled": True' in test[test.index("CASES = [") :].split("\n")[3]


def test_gradients_where_the_slope_does_not_break() -> None:
    """At a tie the difference quotient is between the slopes on its sides."""
    examples = """
  - {inputs: [[0.0, 2.0]], outputs: [[0.0, 4.0]]}
  - {inputs: [[1.0, -2.0]], outputs: [[2.0, 0.0]]}"""
    _, test = texts(body("return factor * relu(inputs)", examples=examples))
    assert "params=CASES[:" in test
    assert test.index('id="example 2"') < test.index('id="example 1"')


def test_single_numbers_in_half_precision() -> None:
    """NumPy takes no bfloat16 without axes from TensorFlow."""
    _, test = texts(body("return factor * sum(inputs)", outputs="{shape: []}"))
    assert "convert_to_numpy(tensor[None])[0]" in test
    _, test = texts(spec())
    assert "convert_to_numpy(tensor)" in test

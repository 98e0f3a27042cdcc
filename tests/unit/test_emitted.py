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

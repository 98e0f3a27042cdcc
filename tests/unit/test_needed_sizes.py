"""Which sizes a layer asks for because functions that it calls need them."""

import pytest

from layergen.compiler import check_source
from layergen.source import Source

SPEC = """\
layergen: 1
name: Sample
package: demo
summary: Computes something.
inputs:
  inputs: {shape: [batch, height, width, features]}
  others: {shape: [batch, entries]}
call: |
  CALL
outputs: {shape: []}
"""


@pytest.mark.parametrize(
    ("call", "required"),
    [
        ("return sum(inputs) + sum(others)", ()),
        ("return sum(adaptive_max_pool(inputs, 2))", ("height", "width")),
        ("return sum(image.extract_patches(inputs, 2))", ("features",)),
        ("return sum(image.extract_patches(inputs[..., :1], 2))", ("features",)),
        ("return sum(split(others, [1], axis=1)[0])", ("entries",)),
        ("return sum(split(others, 1, axis=1)[0])", ()),
        ("return sum(squeeze(inputs[:, :1], axis=1))", ("height",)),
        ("return sum(squeeze(expand_dims(inputs, 1), axis=1))", ()),
        ("return sum(layer_normalization(inputs))", ()),
        (
            "return sum(layer_normalization(inputs, mean(inputs, (0, 1, 2))))",
            ("features",),
        ),
        (
            "gains = mean(others, 0)\n"
            "  return sum(batch_normalization(others, gains, gains * gains, 1))",
            ("entries",),
        ),
        (
            "gains = mean(others, 0)\n"
            "  return sum(batch_normalization(others, gains, gains * gains, -1))",
            (),
        ),
        (
            "if training:\n      return sum(adaptive_max_pool(inputs, 2))\n"
            "  return sum(inputs)",
            ("height", "width"),
        ),
        (
            "both = concatenate([others, reshape(inputs, (batch, -1))], axis=1)\n"
            "  return sum(split(both, [2], axis=1)[1])",
            ("height", "width", "features", "entries"),
        ),
        ("return sum(softmax(mean(inputs, 0), axis=-1))", ()),
        (
            "return sum(softmax(mean(inputs, (0, 1)), axis=(0, 1)))",
            ("width", "features"),
        ),
    ],
)
def test_sizes_are_asked_for(call: str, required: tuple[str, ...]) -> None:
    layer, found = check_source(Source("sample.yaml", SPEC.replace("CALL", call)))
    assert layer is not None, [finding.message for finding in found]
    assert layer.required_dims == required

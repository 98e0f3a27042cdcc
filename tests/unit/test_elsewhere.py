"""Whoever knows Keras or another library is led to the language's own words."""

import pytest

from layergen.compiler import check_source
from layergen.expr.elsewhere import INSTEAD_OF, LEFT_OUT
from layergen.expr.ops import OPS
from layergen.expr.parse import parse_expression
from layergen.loading.tree import Scalar
from layergen.source import Source

# The functions of keras.ops that the layers of Keras 3.15 call.
CALLED_BY_KERAS = """
    abs adaptive_average_pool adaptive_max_pool add any arange arctan2 average_pool
    batch_normalization broadcast_to cast clip concatenate conv conv_transpose
    convert_to_tensor cumsum depthwise_conv divide dot_product_attention einsum elu exp
    expand_dims extract_sequences greater greater_equal image.resize
    layer_normalization leaky_relu less linspace log log10 logical_and logical_not
    logical_or logsumexp matmul max max_pool maximum mean minimum moments multi_hot
    multiply normalize not_equal one_hot ones ones_like pad power relu repeat reshape
    rms_normalization rsqrt separable_conv shape softmax split sqrt square squeeze stft
    stop_gradient subtract sum swapaxes take tanh tensordot transpose where zeros
    zeros_like random.dropout random.normal random.uniform
    """
SPEC = """\
layergen: 1
name: Probe
package: demo
summary: Calls a function.
inputs:
  inputs: {shape: [batch, features]}
call: |
  return CALL(inputs)
outputs: {shape: like inputs}
"""


def notes(function: str) -> tuple[str, ...]:
    _, found = check_source(Source("spec.yaml", SPEC.replace("CALL", function)))
    (mistake,) = found
    assert mistake.code.id == "LG304"
    return mistake.notes


@pytest.mark.parametrize("name", CALLED_BY_KERAS.split())
def test_what_layers_of_keras_call_can_be_said(name: str) -> None:
    assert name in OPS or name in INSTEAD_OF or name in LEFT_OUT


def test_no_word_leads_away_from_a_function() -> None:
    assert not (INSTEAD_OF.keys() | LEFT_OUT.keys()) & OPS.keys()


@pytest.mark.parametrize("words", INSTEAD_OF.values())
def test_what_to_write_is_of_the_language(words: str) -> None:
    text = words.replace("...", "0")
    span = Source("spec.yaml", text).span(0, len(text))
    parse_expression(Scalar(span, text, text, False))
    function, bracket, _ = text.partition("(")
    assert not bracket or not function.isidentifier() or function in OPS


@pytest.mark.parametrize(
    ("function", "note"),
    [
        ("tf.reduce_sum", "write `sum(x, axis=...)`"),
        ("tf.nn.relu", "write `relu(...)`"),
        ("tf.concat", "write `concatenate(xs, axis=...)`"),
        ("tf.convert_to_tensor", "arrays and numbers become tensors by themselves"),
        ("torch.cat", "write `concatenate(xs, axis=...)`"),
        ("torch.nn.functional.silu", "write `silu(...)`"),
        ("np.linalg.norm", "write `norm(...)`"),
        ("np.power", "write `x ** y`"),
        ("keras.ops.resize", "write `image.resize(...)`"),
        ("unsqueeze", "write `expand_dims(x, axis)`"),
    ],
)
def test_functions_of_other_libraries(function: str, note: str) -> None:
    assert notes(function) == (note,)

"""Which sizes of a tensor an expression reads, as far as its names are known."""

from typing import Any

import pytest

from layergen.compiler import check_source
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.bind import bind_sizes
from layergen.expr.parse import parse_expression
from layergen.expr.reads import UNKNOWN, ShapeReader
from layergen.expr.scope import Scope
from layergen.loading.tree import Scalar
from layergen.source import Source

SYMBOLS = {
    "x": ir.Symbol("x", ir.Origin.INPUT, ir.ArrayType(ir.Kind.FLOAT), ir.Known.BUILD),
    "n": ir.Symbol("n", ir.Origin.ARGUMENT, ir.INT, ir.Known.CONFIG),
    "first": ir.Symbol("first", ir.Origin.ARGUMENT, ir.BOOL, ir.Known.CONFIG),
    "axes": ir.Symbol("axes", ir.Origin.ARGUMENT, ir.SHAPE, ir.Known.CONFIG),
}
ALL = None


def read(text: str, rank: int | None, values: dict[str, Any]) -> tuple[Any, set[int]]:
    span = Source("a.yaml", text).span(0, len(text))
    found = Diagnostics()
    parsed = parse_expression(Scalar(span, text, text, False))
    bound = bind_sizes(parsed, Scope(SYMBOLS, ir.Known.BUILD, "a shape"), found)
    assert not found.has_errors
    reader = ShapeReader("x", rank, values)
    value = reader.read(bound)
    return value, ALL if reader.reads_all else reader.axes


@pytest.mark.parametrize(
    ("text", "values", "axes"),
    [
        ("x.shape[-1] // 2", {}, {-1}),
        ("x.shape[n]", {"n": 1}, {1}),
        ("x.shape[n]", {}, ALL),
        ("x.shape[1 if first else -1]", {"first": True}, {1}),
        ("x.shape[1 if first else -1]", {"first": False}, {-1}),
        ("x.shape[1] if first else x.shape[2]", {}, {1, 2}),
        ("*[x.shape[a] for a in axes]", {"axes": (1, -1)}, {1, -1}),
        ("*[x.shape[a] for a in axes]", {}, ALL),
        ("*[x.shape[a] for a in range(1, x.ndim) if a != n]", {"n": 2}, {1, 3}),
        (
            "*[1 if a in axes else x.shape[a] for a in range(4)]",
            {"axes": (1, 2)},
            {0, 3},
        ),
        ("*x.shape[1:]", {}, {1, 2, 3}),
        ("*x.shape[:-n]", {"n": 1}, {0, 1, 2}),
        ("*x.shape[n:]", {}, ALL),
        ("len(x.shape)", {}, ALL),
        ("n * 2", {"n": 1}, set()),
    ],
)
def test_axes(text: str, values: dict[str, Any], axes: set[int] | None) -> None:
    assert read(text, 4, values)[1] == axes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n * 3 - 1", 5),
        ("*(n, *axes)", (2, 1, -1)),
        ("*[n + a for a in axes]", (3, 1)),
        ("axes[0] if n == 2 and not first else 7", UNKNOWN),
        ("axes[-1] + n // 2", 0),
        ("-n", -2),
        ("len(range(n))", 2),
        ("n // 0", UNKNOWN),
        ("x.ndim", UNKNOWN),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert read(text, None, {"n": 2, "axes": (1, -1)})[0] == value


OWNER = """\
layergen: 1
name: Owner
package: demo
summary: Owns a layer.
inputs:
  inputs: {shape: [batch, height, width, channels]}
sublayers:
  inner: {layer: LAYER}
call: |
  return inner(inputs)
outputs: {shape: OUTPUTS}
"""


@pytest.mark.parametrize(
    ("layer", "needed"),
    [
        ("BatchNormalization", {"channels"}),
        ("BatchNormalization, arguments: {axis: 1}", {"height"}),
        ("LayerNormalization, arguments: {axis: [1, 2]}", {"height", "width"}),
        ("PReLU, arguments: {shared_axes: [1, 2]}", {"channels"}),
        ("PReLU", {"height", "width", "channels"}),
        ("Softmax", set()),
        (
            "DepthwiseConv2D, arguments: "
            "{kernel_size: 3, padding: same, data_format: channels_first}",
            {"height"},
        ),
    ],
)
def test_sizes_that_an_owner_must_know(layer: str, needed: set[str]) -> None:
    text = OWNER.replace("LAYER", layer).replace("OUTPUTS", "like inputs")
    owner, found = check_source(Source("owner.yaml", text))
    assert owner is not None, found
    assert set(owner.required_dims) == needed

"""Generated layers beside others that do the same: time and length, as ratios.

    python -m benchmarks.layers [NAME ...]

The others are Keras's own, or written by hand in `peers.py`. Each pair is timed in one
process, in turns, in eager mode, in a `tf.function`, and there with gradients; what
counts is the median over rounds of the ratio of two calls that follow one another, so
that a noisy machine disturbs both alike. Before, both are given the same weights and
must yield the same numbers.
"""

import ast
import inspect
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from benchmarks import peers
from generated import zoo

ROUNDS = 150
"""Times that each of a pair is called, in turn."""

Layer = Any
Tensor = Any


@dataclass(frozen=True)
class Pair:
    """Two layers that do the same.

    Attributes:
        ours: makes the generated one.
        theirs: makes the other one.
        shapes: of the inputs.
        options: what both calls are told besides tensors.
        tokens: how many tokens there are, if the input has whole numbers.
        alike: whether both have the same weights and yield the same numbers; not so
            where they draw, or where one has weights that the other lacks.
        note: what tells this pair from others of the layer.
    """

    ours: Callable[[], Layer]
    theirs: Callable[[], Layer]
    shapes: tuple[tuple[int, ...], ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    tokens: int = 0
    alike: bool = True
    note: str = ""


_IMAGES = ((16, 16, 16, 64),)
_STEPS = ((16, 64, 128),)
_TRAINED = {"training": True}
_layers = keras.layers

PAIRS = (
    Pair(zoo.BatchNorm, _layers.BatchNormalization, _IMAGES, {"training": False}),
    Pair(zoo.BatchNorm, _layers.BatchNormalization, _IMAGES, _TRAINED, note="training"),
    Pair(zoo.LayerNorm, lambda: _layers.LayerNormalization(epsilon=0.001), _STEPS),
    Pair(zoo.RmsNorm, lambda: _layers.RMSNormalization(epsilon=1e-6), _STEPS),
    Pair(lambda: zoo.GroupNorm(8), lambda: _layers.GroupNormalization(8), _IMAGES),
    Pair(
        zoo.ParametricRelu,
        lambda: _layers.PReLU(alpha_initializer="uniform", shared_axes=(1, 2)),
        _IMAGES,
        alike=False,
    ),
    Pair(
        lambda: zoo.Dropout(0.5),
        lambda: _layers.Dropout(0.5),
        _STEPS,
        _TRAINED,
        alike=False,
        note="training",
    ),
    Pair(
        lambda: zoo.GaussianNoise(0.5),
        lambda: _layers.GaussianNoise(0.5),
        _STEPS,
        _TRAINED,
        alike=False,
        note="training",
    ),
    Pair(
        lambda: zoo.ActivityPenalty(0.0, 0.5),
        lambda: _layers.ActivityRegularization(0.0, 0.5),
        _STEPS,
    ),
    Pair(
        lambda: zoo.MaskedEmbedding(1000, 64),
        lambda: _layers.Embedding(1000, 64, mask_zero=True),
        ((16, 64),),
        tokens=1000,
    ),
    Pair(zoo.MaskedAveragePool, _layers.GlobalAveragePooling1D, _STEPS),
    Pair(
        zoo.DotProductAttention,
        peers.DotProductAttention,
        _STEPS * 2,
    ),
    Pair(
        lambda: zoo.MultiHeadAttention(4, 32),
        lambda: _layers.MultiHeadAttention(4, 32),
        _STEPS * 2,
        alike=False,
    ),
    Pair(
        lambda: _layers.RNN(zoo.GatedRecurrentCell(64)),
        lambda: _layers.RNN(_layers.GRUCell(64)),
        ((16, 8, 64),),
    ),
    Pair(lambda: zoo.GatedLinearUnit(64), lambda: peers.GatedLinearUnit(64), _STEPS),
    Pair(zoo.Highway, peers.Highway, _STEPS),
    Pair(
        lambda: zoo.PatchEmbedding(4, 64),
        lambda: peers.PatchEmbedding(4, 64),
        ((16, 32, 32, 3),),
    ),
    Pair(zoo.PositionalEncoding, peers.PositionalEncoding, _STEPS),
    Pair(zoo.RotaryEmbedding, peers.RotaryEmbedding, ((16, 64, 4, 32),)),
    Pair(lambda: zoo.SqueezeExcite(4), lambda: peers.SqueezeExcite(4), _IMAGES),
    Pair(
        lambda: zoo.TimestepEmbedding(64),
        lambda: peers.TimestepEmbedding(64),
        ((64,),),
    ),
    Pair(
        lambda: zoo.TokenAndPositionEmbedding(1000, 64, 64),
        lambda: peers.TokenAndPositionEmbedding(1000, 64, 64),
        ((16, 64),),
        tokens=1000,
    ),
    Pair(
        lambda: zoo.VectorQuantizer(64),
        lambda: peers.VectorQuantizer(64),
        _STEPS,
        _TRAINED,
        note="training",
    ),
    Pair(
        lambda: zoo.RandomProjection(64, seed=1),
        lambda: peers.RandomProjection(64),
        _STEPS,
    ),
    Pair(zoo.SobelEdges, peers.SobelEdges, _IMAGES),
)


def measure(pair: Pair) -> list[float]:
    """The time of ours over that of theirs: eager, in a graph, with gradients."""
    inputs = make_inputs(pair)
    both = [pair.ours(), pair.theirs()]
    outputs = [layer(*inputs, **pair.options) for layer in both]
    if pair.alike:
        both[0].set_weights(both[1].get_weights())
        outputs = [layer(*inputs, **pair.options) for layer in both]
        ours, theirs = (np.asarray(output) for output in outputs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)
    kinds = (_eager, _graph, _gradients)
    return [
        ratio(*(kind(layer, inputs, pair.options) for layer in both)) for kind in kinds
    ]


def make_inputs(pair: Pair) -> list[Tensor]:
    """Tensors of a pair's shapes, the same in every run."""
    generator = np.random.default_rng(0)
    if pair.tokens:
        drawn = [generator.integers(1, pair.tokens, size=s) for s in pair.shapes]
        return [tf.constant(array, "int32") for array in drawn]
    return [tf.constant(generator.normal(size=s), "float32") for s in pair.shapes]


def ratio(ours: Callable[[], Tensor], theirs: Callable[[], Tensor]) -> float:
    """The median ratio of the times of two calls, the order of which alternates."""
    for _ in range(5):
        ours(), theirs()
    ratios = []
    for i in range(ROUNDS):
        first, second = (ours, theirs) if i % 2 else (theirs, ours)
        times = [_time(first), _time(second)]
        ratios.append(times[0] / times[1] if i % 2 else times[1] / times[0])
    return statistics.median(ratios)


def _time(call: Callable[[], Tensor]) -> float:
    start = time.perf_counter()
    for value in tf.nest.flatten(call()):
        if value is not None:
            value.numpy()
    return time.perf_counter() - start


def _eager(
    layer: Layer, inputs: Sequence[Tensor], options: Mapping[str, Any]
) -> Callable[[], Tensor]:
    return lambda: layer(*inputs, **options)


def _graph(
    layer: Layer, inputs: Sequence[Tensor], options: Mapping[str, Any]
) -> Callable[[], Tensor]:
    function = tf.function(lambda *given: layer(*given, **options))
    return lambda: function(*inputs)


def _gradients(
    layer: Layer, inputs: Sequence[Tensor], options: Mapping[str, Any]
) -> Callable[[], Tensor]:
    """One forward pass and one backward pass, to the weights and inputs of floats."""

    def function(*given: Tensor) -> Tensor:
        floats = [x for x in given if x.dtype.is_floating]
        with tf.GradientTape() as tape:
            tape.watch(floats)
            outputs = layer(*given, **options)
            loss = tf.reduce_sum(outputs * tf.stop_gradient(outputs + 1.0))
            loss += sum(layer.losses)
        weights = [weight.value for weight in layer.trainable_weights]
        found = tape.gradient(loss, [weights, floats])
        # Only that they are there, so that copying them does not count.
        return [tf.reduce_max(x) for x in tf.nest.flatten(found) if x is not None]

    compiled = tf.function(function)
    return lambda: compiled(*inputs)


def lines_of(layer: type) -> int:
    """Lines of a class, as `ast` writes them: no docstrings, comments or blanks."""
    tree = ast.parse(Path(inspect.getfile(layer)).read_text("utf-8"))
    found = next(
        n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == layer.__name__
    )
    for node in ast.walk(found):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            is_doc = isinstance(node.body[0], ast.Expr) and isinstance(
                node.body[0].value, ast.Constant
            )
            node.body = node.body[1:] if is_doc else node.body
    return len(ast.unparse(found).splitlines())


def row_of(pair: Pair) -> list[str]:
    """What the table says of a pair."""
    layers = [pair.ours(), pair.theirs()]
    ours, theirs = (type(getattr(layer, "cell", layer)) for layer in layers)
    name = f"{ours.__name__}, {pair.note}" if pair.note else ours.__name__
    is_keras = theirs.__module__.startswith("keras.")
    other = f"`{theirs.__name__}`" if is_keras else "by hand"
    times = [f"{value:.2f}" for value in measure(pair)]
    return [f"`{name}`", other, *times, f"{lines_of(ours)} / {lines_of(theirs)}"]


def main(names: Sequence[str]) -> None:
    """Print one row a pair, or those of the layers named."""
    print("| layer | beside | eager | graph | with gradients | lines |")
    print("|---|---|---|---|---|---|")
    for pair in PAIRS:
        row = row_of(pair) if not names or _is_named(pair, names) else None
        if row:
            print(f"| {' | '.join(row)} |", flush=True)


def _is_named(pair: Pair, names: Sequence[str]) -> bool:
    layer = pair.ours()
    return type(getattr(layer, "cell", layer)).__name__ in names


if __name__ == "__main__":
    main(sys.argv[1:])

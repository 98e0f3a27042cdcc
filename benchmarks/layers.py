"""Generated layers beside others that do the same: time and length.

    python -m benchmarks.layers [NAME ...]

The others are Keras's own, or written by hand in `peers/`; `pairs.py` says which. Each
pair is timed in one process, in turns, in eager mode, in a `tf.function`, and there
with gradients. TensorFlow has one thread, and what is measured is processor time, so
that other work on the machine disturbs little. What counts is the median over rounds of
the ratio of two calls that follow one another; a row that comes near the limit is
measured three times. Before, both are given the same weights and must yield the same
numbers.
"""

import ast
import inspect
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from benchmarks.pairs import PAIRS, Pair

ROUNDS = 60
"""Times that each of a pair is called, in turn."""

NEAR = 1.03
"""A ratio from which a row is measured again, twice."""

Layer = Any
Tensor = Any


def measure(pair: Pair) -> list[float]:
    """The time of ours over that of theirs: eager, in a graph, with gradients."""
    inputs = make_inputs(pair)
    both = [pair.ours(), pair.theirs()]
    check(both, inputs, pair)
    calls = [
        [make(layer, inputs, pair) for layer in both]
        for make in (_eager, _graph, _gradients)
    ]
    times = [ratio(*each) for each in calls]
    if max(times) < NEAR:
        return times
    runs = [times, *([ratio(*each) for each in calls] for _ in range(2))]
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def check(both: Sequence[Layer], inputs: Sequence[Tensor], pair: Pair) -> None:
    """Give both layers the same weights, and see that they yield the same numbers."""
    ours, theirs = (_eager(layer, inputs, pair) for layer in both)
    ours(), theirs()
    values = both[1].get_weights()
    values = [values[place] for place in pair.weights or range(len(values))]
    shapes = [weight.shape for weight in both[0].weights]
    both[0].set_weights(list(map(np.reshape, values, shapes)))
    for mine, other in zip(*map(tf.nest.flatten, (ours(), theirs())), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-3, atol=1e-4)


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
    start = time.process_time()
    for value in tf.nest.flatten(call()):
        if value is not None:
            value.numpy()
    return time.process_time() - start


def _eager(layer: Layer, inputs: Sequence[Tensor], pair: Pair) -> Callable[..., Tensor]:
    """A call, with the inputs or, if they are given, with others."""

    def called(*given: Tensor) -> Tensor:
        tensors = given or inputs
        if pair.is_list:
            return layer(list(tensors), **pair.options)
        return layer(*tensors, **pair.options)

    return called


def _graph(layer: Layer, inputs: Sequence[Tensor], pair: Pair) -> Callable[[], Tensor]:
    function = tf.function(_eager(layer, inputs, pair))
    return lambda: function(*inputs)


def _gradients(
    layer: Layer, inputs: Sequence[Tensor], pair: Pair
) -> Callable[[], Tensor]:
    """One forward pass and one backward pass, to the weights and inputs of floats."""
    called = _eager(layer, inputs, pair)

    def function(*given: Tensor) -> Tensor:
        floats = _floats(given)
        with tf.GradientTape() as tape:
            tape.watch(floats)
            parts = _floats(called(*given))
            loss = sum(tf.reduce_sum(x * tf.stop_gradient(x + 1.0)) for x in parts)
            loss += sum(layer.losses)
        weights = [weight.value for weight in layer.trainable_weights]
        found = tape.gradient(loss, [weights, floats])
        # Only that they are there, so that copying them does not count.
        return [tf.reduce_max(x) for x in tf.nest.flatten(found) if x is not None]

    compiled = tf.function(function)
    return lambda: compiled(*inputs)


def _floats(tensors: Any) -> list[Tensor]:
    return [x for x in tf.nest.flatten(tensors) if x.dtype.is_floating]


def lines_of(layer: type) -> tuple[int, int]:
    """Lines of a class and of its `call`, as `ast` writes them.

    Docstrings, comments, blanks and the header of `call` do not count.
    """
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
    methods = [n for n in found.body if isinstance(n, ast.FunctionDef)]
    body = next(n.body for n in methods if n.name == "call")
    return _count(found), sum(map(_count, body))


def _count(node: ast.AST) -> int:
    return sum(bool(line) for line in ast.unparse(node).splitlines())


def row_of(pair: Pair) -> list[str]:
    """What the table says of a pair."""
    layers = [pair.ours(), pair.theirs()]
    ours, theirs = map(class_of, layers)
    name = f"{ours.__name__}, {pair.note}" if pair.note else ours.__name__
    is_keras = theirs.__module__.startswith("keras.")
    other = f"`{theirs.__name__}`" if is_keras else "by hand"
    times = [f"{value:.2f}" for value in measure(pair)]
    sides = zip(lines_of(ours), lines_of(theirs), strict=True)
    whole, call = (f"{mine} / {other}" for mine, other in sides)
    return [f"`{name}`", other, *times, call, whole]


def main(names: Sequence[str]) -> None:
    """Print one row a pair, or those of the layers named."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    print("| layer | beside | eager | graph | with gradients | `call` | class |")
    print("|---|---|---|---|---|---|---|")
    for pair in PAIRS:
        row = row_of(pair) if not names or _is_named(pair, names) else None
        if row:
            print(f"| {' | '.join(row)} |", flush=True)


def _is_named(pair: Pair, names: Sequence[str]) -> bool:
    return class_of(pair.ours()).__name__ in names


def class_of(layer: Layer) -> type:
    """The class of a layer or, of `keras.layers.RNN`, that of its cell."""
    return type(layer.cell if type(layer) is keras.layers.RNN else layer)


if __name__ == "__main__":
    main(sys.argv[1:])

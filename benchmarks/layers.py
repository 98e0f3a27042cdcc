"""Generated layers beside those of Keras that do the same: time and length, as ratios.

For each pair: a call in eager mode, a call compiled with XLA, and lines of code without
docstrings, comments and blanks. Both run in turn in one process, and the least of many
times counts, so that a noisy machine disturbs both alike.
"""

import ast
import inspect
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from generated import zoo

ROUNDS = 60
"""Times that each of a pair is called, in turn."""

Layer = Any


@dataclass(frozen=True)
class Pair:
    """Two layers that do the same.

    Attributes:
        ours: makes the generated one.
        theirs: makes that of Keras.
        shape: of the input.
        training: what both are told, if they take the flag.
    """

    ours: Callable[[], Layer]
    theirs: Callable[[], Layer]
    shape: tuple[int, ...]
    training: bool | None = None


PAIRS = (
    Pair(zoo.BatchNorm, keras.layers.BatchNormalization, (32, 32, 32, 64), False),
    Pair(zoo.BatchNorm, keras.layers.BatchNormalization, (32, 32, 32, 64), True),
    Pair(zoo.LayerNorm, keras.layers.LayerNormalization, (32, 128, 256)),
    Pair(zoo.RmsNorm, keras.layers.RMSNormalization, (32, 128, 256)),
    Pair(zoo.ParametricRelu, keras.layers.PReLU, (32, 32, 32, 64)),
)


def measure(pair: Pair, compiled: bool) -> float:
    """How many times as long ours takes as theirs."""
    inputs = keras.ops.convert_to_tensor(
        np.random.default_rng(0).normal(size=pair.shape).astype("float32")
    )
    calls = [_call(make(), inputs, pair.training, compiled) for make in _both(pair)]
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for call, own in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            own.append(time.perf_counter() - start)
    ours, theirs = (statistics.median(sorted(own)[: ROUNDS // 2]) for own in times)
    return ours / theirs


def _both(pair: Pair) -> Sequence[Callable[[], Layer]]:
    return (pair.ours, pair.theirs)


def _call(
    layer: Layer, inputs: tf.Tensor, training: bool | None, compiled: bool
) -> Callable[[], object]:
    options = {} if training is None else {"training": training}
    layer(inputs, **options)

    def forward(x: tf.Tensor) -> tf.Tensor:
        return layer(x, **options)

    function = tf.function(forward, jit_compile=True) if compiled else forward
    function(inputs)
    return lambda: np.asarray(function(inputs))[:0]


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


def main() -> None:
    """Print one row a pair."""
    print("| layer | beside | eager | compiled | lines |")
    print("|---|---|---|---|---|")
    for pair in PAIRS:
        ours, theirs = type(pair.ours()), type(pair.theirs())
        name = ours.__name__
        if pair.training is not None:
            name += ", training" if pair.training else ", inference"
        eager, compiled = (measure(pair, compiled) for compiled in (False, True))
        lines = f"{lines_of(ours)} to {lines_of(theirs)}"
        row = [name, theirs.__name__, f"{eager:.2f}", f"{compiled:.2f}", lines]
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()

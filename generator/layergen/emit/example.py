"""A trial -> the example in the docstring: a few lines that can be pasted."""

from collections.abc import Sequence

import numpy as np

from layergen.emit.doc import Doc, call, keyword, list_of, literal
from layergen.emit.layout import layout
from layergen.emit.output_words import join_words
from layergen.emit.statement import assignment, unpacked
from layergen.expr import ir
from layergen.layer import Argument, Array, Layer
from layergen.oracle.outcome import Outcome
from layergen.oracle.trial import Trial

_WIDTH = 84


_TUNING = frozenset({"float", "seed", "activation"})
"""Types of arguments that change numbers, not shapes."""


def choose_example(layer: Layer, trials: Sequence[Trial]) -> Trial | None:
    """The trial that shows the layer at its plainest: with the fewest choices."""
    sure = [trial for trial in trials if not trial.is_guess] or trials
    return min(sure, key=lambda trial: len(_choices(layer, trial)), default=None)


def _choices(layer: Layer, trial: Trial) -> list[Argument]:
    """The arguments that are shown although they need not be given."""
    return [a for a in _given(layer, trial) if not a.required]


def _given(layer: Layer, trial: Trial) -> list[Argument]:
    """The arguments that are shown.

    Numbers that tell a test something are no advice to a reader: those on which no
    shape depends keep their defaults.
    """
    deciding = _deciding(layer)
    given = [a for a in layer.arguments if a.name in trial.given]
    telling = [a for a in given if a.type not in _TUNING or a.name in deciding]
    changed = {a.name for a in telling if trial.given[a.name] is not a.default}
    return [a for a in given if a.required or a.name in changed]


def _deciding(layer: Layer) -> set[str]:
    """The names that shapes, requirements and the making of sublayers are read from.

    What a sublayer is only handed on is not among them.
    """
    exprs = [requirement.test for requirement in layer.requires]
    exprs += [expr for output in layer.outputs for expr in output.expressions]
    exprs += [size for parameter in layer.parameters for size in parameter.shape or ()]
    for owned in layer.sublayers:
        exprs += [e for e in owned.expressions if not isinstance(e, ir.Name)]
    return {symbol.name for expr in exprs for symbol in ir.symbols(expr)}


def print_example(layer: Layer, trial: Trial, by_shape: set[str]) -> str:
    """A few lines that work when pasted behind the imports."""
    given = [(a.name, trial.given[a.name]) for a in _given(layer, trial)]
    arguments = [keyword(name, _plain(value)) for name, value in given]
    made = layout(call(layer.name, arguments), width=_WIDTH - 12)
    tensors: list[Doc] = []
    for member in (m for m in layer.inputs if m.name in trial.inputs):
        value = trial.inputs[member.name]
        source = _made(value) if isinstance(value, np.ndarray) else ""
        if isinstance(value, tuple):
            source = layout(list_of([_made(each) for each in value]), width=10**6)
        skips = len(tensors) < layer.inputs.index(member)
        tensors.append(f"{member.name}={source}" if skips else source)
    lines = [f"layer = {made}"]
    results = unpacked(*trial.outcome.outputs)
    called = layout(assignment(results, call("layer", tensors)), width=_WIDTH - 4)
    comment = f"# {_result_shapes(trial.outcome)}"
    fits = len(called) + len(comment) + 2 <= _WIDTH
    lines += [f"{called}  {comment}"] if fits else [called, comment]
    return "Example:\n```python\n" + "\n".join(lines) + "\n```"


def _result_shapes(outcome: Outcome) -> str:
    """The shapes of what a call returns, in the order of its outputs."""
    shapes = [
        list(map(np.shape, value)) if isinstance(value, tuple) else np.shape(value)
        for value in outcome.outputs.values()
    ]
    noun = "shape" if len(outcome.arrays) == 1 else "shapes"
    return f"{noun} {join_words([layout(literal(s), width=10**6) for s in shapes])}"


def _made(array: Array) -> str:
    """The source of a tensor of the same shape; of whole numbers, the same."""
    if array.dtype.kind != "f":
        return f"np.array({layout(literal(array.tolist()))})"
    shape = layout(literal(tuple(int(size) for size in array.shape)))
    return f"keras.ops.ones({shape})"


def _plain(value: object) -> Doc:
    return literal(value.tolist() if isinstance(value, np.ndarray) else value)

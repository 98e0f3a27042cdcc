"""Trial -> whether both versions yield the same numbers from the same weights."""

from collections.abc import Mapping, Sequence

import numpy as np

from layergen.oracle.draw import draw_weights
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.run import run
from layergen.review.trials import Trial


def agrees(
    trial: Trial,
    inputs: Mapping[str, str],
    parameters: Mapping[str, str],
    modes: Sequence[bool],
) -> bool:
    """Whether the numbers are the same.

    Args:
        trial: an instance that is loaded.
        inputs: the names of inputs after, by those before.
        parameters: likewise of weights and constants.
        modes: values of `training` to try.
    """
    sample, new = trial.sample, trial.after
    assert new is not None
    given = {inputs[n]: value for n, value in sample.inputs.items() if n in inputs}
    kept = {parameters.get(n, n): value for n, value in sample.weights.items()}
    weights = draw_weights(new, "review", kept)
    try:
        for training in modes:
            one = sample.yields(training=training)
            other = run(new, given, weights, training=training).arrays
            pairs = zip(one, other, strict=True)
            if not all(
                np.shape(a) == np.shape(b) and np.allclose(a, b) for a, b in pairs
            ):
                return False
    except (EvaluationError, IndexError, ValueError):
        return False
    return True

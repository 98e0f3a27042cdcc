"""The generated tests kill nearly all of a sample of mutants; the rest is explained.

`python -m tests.mutation` runs all mutants of all layers; this takes about a minute.
"""

import pytest
from tests.mutation.__main__ import GOAL
from tests.mutation.mutants import make_mutants, sample
from tests.mutation.report import print_survivors, summarize
from tests.mutation.runner import find_layers, run_all
from tests.mutation.survivors import read_survivors

pytestmark = [pytest.mark.keras, pytest.mark.mutation]

SAMPLED = {
    "seeds/lookup",
    "seeds/scaled_linear",
    "zoo/activity_penalty",
    "zoo/centering",
    "zoo/gaussian_noise",
    "zoo/masked_average_pool",
    "zoo/squeeze_excite",
}
"""Layers with a constant, weights, a loss, state, draws, masks and sublayers."""

SIZE = 15
"""Mutants of each: enough to show that tests of a kind have stopped to look."""


def test_sample() -> None:
    work = {
        layer: sample(make_mutants(layer.text), SIZE, f"0/{layer.name}")
        for layer in find_layers()
        if layer.name in SAMPLED
    }
    assert len(work) == len(SAMPLED)
    summary = summarize(run_all(work, 2, print), read_survivors())
    survivors = "\n".join(print_survivors(summary))
    assert summary.total.killed > len(work)
    assert summary.total.share >= GOAL, survivors
    assert summary.unexplained == 0, survivors
    assert summary.wrong == []

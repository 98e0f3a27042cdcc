"""The generated tests kill nearly all of a sample of mutants."""

import pytest
from tests.mutation.__main__ import GOAL
from tests.mutation.mutants import make_mutants, sample
from tests.mutation.report import print_survivors, summarize
from tests.mutation.runner import find_layers, run_all
from tests.mutation.survivors import read_survivors

pytestmark = [pytest.mark.keras, pytest.mark.mutation]

SIZE = 8
"""Mutants of each layer: enough to show that tests of a kind have stopped to look."""


def test_sample() -> None:
    work = {
        layer: sample(make_mutants(layer.text), SIZE, layer.name)
        for layer in find_layers()
    }
    summary = summarize(run_all(work, 2, print), read_survivors())
    assert summary.total.killed > len(work)
    assert summary.total.share >= GOAL, "\n".join(print_survivors(summary))
    assert summary.wrong == []

"""Layers of the zoo yield the numbers of those that the benchmark sets beside them."""

import pytest

pytest.importorskip("tensorflow")
pytestmark = pytest.mark.keras


def test_every_layer_of_the_zoo_beside_another() -> None:
    from benchmarks.layers import class_of
    from benchmarks.pairs import PAIRS
    from generated import zoo

    assert {class_of(pair.ours()).__name__ for pair in PAIRS} == set(zoo.__all__)


def test_the_numbers_of_each_pair() -> None:
    from benchmarks.layers import check, make_inputs
    from benchmarks.pairs import PAIRS

    for pair in PAIRS:
        check([pair.ours(), pair.theirs()], make_inputs(pair), pair)

"""The data of generated tests: what is written is what was meant, and black's shape."""

import black
import numpy as np
import pytest

from layergen.testgen.statements import write_statements

NARROW = {"facts": {"cube": np.arange(24.0).reshape(2, 3, 4), "mask": np.eye(2) > 0}}
LONG = {"facts": [np.linspace(-1.0, 1.0, 25)], "trainable": {"kernel"}}


def run(text: str) -> dict[str, object]:
    names: dict[str, object] = {"np": np}
    exec(text, names)
    return names


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24.0).reshape(2, 3, 4),
        np.arange(30).reshape(2, 3, 5),
        np.linspace(-1.0, 1.0, 286).reshape(2, 11, 13),
        np.arange(22).reshape(2, 11) % 3 == 0,
        np.arange(286).reshape(2, 11, 13) % 3 == 0,
        np.linspace(0.0, 1.0, 40),
        np.arange(40, dtype="int32").reshape(40, 1),
        np.zeros((2, 0, 3), "float32"),
        np.array(0.5),
    ],
    ids=lambda array: f"{array.dtype} {array.shape}",
)
def test_an_array_comes_back_as_it_was(array: np.ndarray) -> None:
    found = run(write_statements([], {"array": {"of": array}}, ()))["ARRAY"]["of"]
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert np.array_equal(found, array)


@pytest.mark.parametrize("facts", [NARROW, LONG])
def test_black_leaves_what_is_written(facts: dict[str, object]) -> None:
    text = f"{write_statements([], facts, ())}\n"
    assert black.format_str(text, mode=black.Mode()) == text
    assert all(len(line) <= 88 for line in text.splitlines())


def test_black_is_kept_away_from_long_rows_only() -> None:
    assert "fmt" not in write_statements([], NARROW, ())
    lines = write_statements([], LONG, ()).splitlines()
    last = lines.index("# fmt: on")
    assert lines[0] == "CASES = []"
    assert lines[1] == "# fmt: off"
    assert lines[last + 1] == 'TRAINABLE = {"kernel"}'
    commas = [line.count(",") for line in lines[2:last]]
    assert sum(commas) == 25
    assert max(commas) > 2

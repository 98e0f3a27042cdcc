"""The generated tests of the specs that the documents show pass in Keras.

So do those of specs that once yielded tests which failed: each has the reason.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.compiled import write_compiled
from tests.documents import DOCUMENTS, FOLDER, shown_specs

from layergen.codes.example import WEIGHT, body, spec
from layergen.source import Source

pytest.importorskip("keras")
pytestmark = pytest.mark.keras

SCALED = "return factor * inputs * gain"
FOUND = {
    "size_at_a_literal_place": body(
        SCALED,
        parameters='\n  gain: {role: weight, shape: ["inputs.shape[-1]"]}',
    ),
    "size_at_a_constant_place": body(
        SCALED,
        parameters="\n  axis: {role: constant, value: 1}"
        '\n  gain: {role: weight, shape: ["inputs.shape[axis]"]}',
    ),
    "product_of_sizes": body(
        "return factor * reshape(inputs, (batch, -1)) @ kernel",
        parameters='\n  kernel: {role: weight, shape: ["prod(inputs.shape[1:])", 2]}',
        outputs="{shape: [batch, 2]}",
    ),
    "variable_of_two_dtypes": body(
        'total = cast(inputs, "float32") * arange(features)',
        'total = cast(total, "float") * factor',
        'return total * cast(inputs > 0.0, "int32") / batch',
    ),
    "sublayer_of_single_precision": body(
        'return factor * dense(cast(inputs, "float32")) / batch',
        sublayers="\n  dense: {layer: Dense, arguments: {units: 3}, "
        "shape: like inputs}",
        outputs="{shape: [batch, 3]}",
    ),
    "cast_of_a_number": body('return inputs * cast(factor, "float")'),
    "no_argument_but_a_deprecated_one": body(
        "return inputs", arguments="\n  factor: {type: deprecated}"
    ),
    "weights_without_a_part": body(
        "return inputs * gain * state if scaled else inputs",
        arguments="\n  scaled: {type: bool, default: true}",
        parameters=f"{WEIGHT}"
        "\n  state: {role: weight, shape: [features], trainable: false}",
    ),
    "tie": body(
        "return factor * max(inputs, axis=-1)",
        outputs="{shape: [batch]}",
        examples="\n  - {inputs: [[3.0, 3.0]], outputs: [6.0]}",
    ),
    "one_number": spec(
        call="|\n  scaled = factor * inputs"
        "\n  return (scaled, sum(inputs)) if scored else scaled",
        inputs="\n  inputs: {shape: [batch, features]}"
        "\n  scored: {type: bool, default: false}",
        outputs="\n  scaled: {shape: like inputs}\n  score: {shape: [], when: scored}",
    ),
}


def sources() -> Iterator[Source]:
    """All of these specs, each in a package of its own: the names of some are alike."""
    texts = dict(FOUND)
    for path in DOCUMENTS:
        for i, text in enumerate(shown_specs(path)):
            texts[f"{path.stem.lower()}_{i}"] = text
    for name, text in texts.items():
        renamed, count = re.subn(
            r"^package: \w+$", f"package: {name}", text, flags=re.M
        )
        assert count == 1
        yield Source(f"{name}.yaml", renamed, str(FOLDER))


def test_generated_tests_pass(tmp_path: Path) -> None:
    write_compiled(sources(), "shown", tmp_path)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "shown/tests"]
    ended = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert len(list(tmp_path.glob("shown/tests/*/test_*.py"))) > len(FOUND)

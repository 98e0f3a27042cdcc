"""A model -> what LiteRT makes of its inputs."""

from pathlib import Path
from typing import Any

import pytest
from tests.matrix.kinds import Array


def require_converter() -> None:
    """Leave out a test of LiteRT on PyTorch where there is no converter."""
    reason = "Keras exports to LiteRT by it on PyTorch"
    pytest.importorskip("litert_torch", reason=reason)


def run_as_litert(model: Any, inputs: Array, path: Path) -> Array:
    """Export a model of a fixed batch, and let LiteRT's interpreter run it."""
    from ai_edge_litert.interpreter import Interpreter

    model(inputs)
    model.export(str(path), format="litert", verbose=False)
    runner = Interpreter(str(path)).get_signature_runner()
    (name,) = runner.get_input_details()
    outputs: Array
    (outputs,) = runner(**{name: inputs}).values()
    return outputs

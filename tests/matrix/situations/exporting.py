"""Export, checked by running what was exported."""

from pathlib import Path

import numpy as np
import pytest
from tests.matrix.checks import BACKEND, TOLERANCES, close, model_of
from tests.matrix.kinds import KINDS, Kind, file_of, folder, use
from tests.matrix.litert import require_converter, run_as_litert
from tests.matrix.processes import perform, run_alone
from tests.matrix.situation import Outcomes, outcomes_of, process, situation

EXPORTERS = {"tensorflow": "tf2onnx", "jax": "jax2onnx", "torch": "onnxscript"}
"""What Keras exports to ONNX by."""


@process("SavedModel, without the generated code", "tensorflow", "jax")
def saved_model() -> Outcomes:
    pytest.importorskip("tensorflow", reason="Keras exports by it")
    exported = outcomes_of(export_for_serving)
    served = perform("serve")
    return {name: exported[name] or served[name] for name in exported}


def export_for_serving(kind: Kind) -> None:
    """Export a model, and what it must yield."""
    model = model_of(kind)
    model.export(file_of(kind, ""), format="tf_saved_model", verbose=False)
    np.save(file_of(kind, ".outputs.npy"), kind.expect({}))


@situation("ONNX, run by onnxruntime")
def onnx(kind: Kind) -> None:
    for name in ("onnxruntime", EXPORTERS[BACKEND]):
        pytest.importorskip(name, reason="Keras exports to ONNX by it")
    import onnxruntime

    model = model_of(kind)
    path = str(file_of(kind, ".onnx"))
    model(kind.inputs)  # Keras exports to ONNX only what has been called
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(path)
    (given,) = session.get_inputs()
    (outputs,) = session.run(None, {given.name: kind.inputs})
    close(outputs, kind.expect({}), TOLERANCES["float32"])


@situation("LiteRT, run by its interpreter", "tensorflow", "torch")
def litert(kind: Kind) -> None:
    if BACKEND == "tensorflow":
        run_litert(kind)
        return
    # litert-torch cannot convert a second model with constants in the same process.
    require_converter()
    call = f"alone({str(folder())!r}, {kind.name!r})"
    run_alone(f"from tests.matrix.situations.exporting import alone; {call}")


def alone(place: str, name: str) -> None:
    """Export one kind, in a process that does nothing else."""
    use(Path(place))
    run_litert(next(kind for kind in KINDS if kind.name == name))


def run_litert(kind: Kind) -> None:
    """Export to LiteRT, and let its interpreter run it."""
    model = model_of(kind, batch=len(kind.inputs))
    outputs = run_as_litert(model, kind.inputs, file_of(kind, ".tflite"))
    close(outputs, kind.expect({}), TOLERANCES["float32"])

"""Export, checked by running what was exported."""

import numpy as np
from tests.matrix.checks import TOLERANCES, close, model_of
from tests.matrix.kinds import Kind, file_of
from tests.matrix.processes import perform
from tests.matrix.situation import Outcomes, outcomes_of, process, situation


@process("SavedModel, without the generated code", "tensorflow", "jax")
def saved_model() -> Outcomes:
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
    import onnxruntime

    model = model_of(kind)
    path = str(file_of(kind, ".onnx"))
    model(kind.inputs)  # Keras exports to ONNX only what has been called
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(path)
    (given,) = session.get_inputs()
    (outputs,) = session.run(None, {given.name: kind.inputs})
    close(outputs, kind.expect({}), TOLERANCES["float32"])


@situation("LiteRT, run by its interpreter", "tensorflow")
def litert(kind: Kind) -> None:
    from ai_edge_litert.interpreter import Interpreter

    model = model_of(kind)
    path = str(file_of(kind, ".tflite"))
    model.export(path, format="litert", verbose=False)
    interpreter = Interpreter(path)
    runner = interpreter.get_signature_runner()
    (name,) = runner.get_input_details()
    (outputs,) = runner(**{name: kind.inputs}).values()
    close(outputs, kind.expect({}), TOLERANCES["float32"])

"""What must be true of a layer in every situation."""

from typing import Any

import keras
import numpy as np
from tests.matrix.kinds import Array, Kind

TOLERANCES = {"float64": 1e-10, "float32": 1e-5, "float16": 4e-3, "bfloat16": 3e-2}
"""Of the largest number, by the dtype that is computed in."""

BACKEND: str = keras.backend.backend()


def make(kind: Kind, **more: Any) -> Any:
    """A new layer of the kind."""
    return kind.made(**kind.arguments, **more)


def numpy(tensor: Any) -> Array:
    """The numbers of a tensor or a variable."""
    array: Array = keras.ops.convert_to_numpy(tensor)
    return array


def weights_of(layer: Any) -> dict[str, Any]:
    """The variables of a layer by their paths below it."""
    return {path_below(layer, weight): weight for weight in layer.weights}


def path_below(layer: Any, weight: Any) -> str:
    """`kernel` for its own, `dense/kernel` for one of a sublayer."""
    _, _, path = f"/{weight.path}".partition(f"/{layer.name}/")
    return path or weight.name


def fill(kind: Kind, layer: Any) -> Any:
    """Give every weight a value that no initializer would give it."""
    for path, variable in weights_of(layer).items():
        if path in kind.values:
            variable.assign(kind.values[path])
    return layer


def built(kind: Kind, **more: Any) -> Any:
    """A layer that has been called, with other weights than at first."""
    layer = make(kind, **more)
    layer(kind.inputs)
    return fill(kind, layer)


def model_of(kind: Kind, layer: Any = None, *, batch: int | None = None) -> Any:
    """A functional model of one layer, with other weights than at first."""
    layer = layer or make(kind)
    model = around(kind, layer, batch=batch)
    fill(kind, layer)
    return model


def around(kind: Kind, layer: Any, *, batch: int | None = None) -> Any:
    """A functional model of the inputs of a kind, and a layer."""
    inputs = keras.Input(kind.shape[1:], batch_size=batch)
    return keras.Model(inputs, layer(inputs))


def check(kind: Kind, layer: Any, outputs: Any = None) -> None:
    """The layer's constants are the spec's, and it computes what the spec says."""
    check_constants(kind, layer)
    outputs = layer(kind.inputs) if outputs is None else outputs
    check_outputs(kind, layer, outputs)


def predict(kind: Kind, model: Any) -> Any:
    """What a model predicts, as a tensor."""
    return keras.ops.convert_to_tensor(model.predict(kind.inputs, verbose=0))


def check_outputs(kind: Kind, layer: Any, outputs: Any) -> None:
    """The outputs are those of the spec, with the weights that the layer has now."""
    dtype = keras.backend.standardize_dtype(outputs.dtype)
    assert dtype == layer.compute_dtype, f"{dtype} in place of {layer.compute_dtype}"
    values = {path: numpy(w) for path, w in weights_of(layer).items()}
    close(outputs, kind.expect(values), TOLERANCES[dtype])


def close(actual: Any, expected: Any, tolerance: float) -> None:
    """The numbers agree to a part of the largest."""
    half = keras.backend.standardize_dtype(actual.dtype) in ("float16", "bfloat16")
    actual = numpy(keras.ops.cast(actual, "float32") if half else actual)
    size = float(np.max(np.abs(expected), initial=1.0))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * size)


def check_constants(kind: Kind, layer: Any) -> None:
    """Constants are kept as numbers, read-only arrays, or weights that do not train."""
    weights = weights_of(layer)
    for name, value in kind.instance.constants.items():
        if name in weights:
            assert not weights[name].trainable
            kept = numpy(weights[name])
            np.testing.assert_array_equal(kept, np.asarray(value, kept.dtype))
            continue
        kept = vars(layer).get(f"_{name}", vars(layer).get(name))
        if kept is not None:  # else it is read from where the caller gave it
            np.testing.assert_array_equal(kept, value)
            assert not isinstance(kept, np.ndarray) or not kept.flags.writeable


def check_values(kind: Kind, layer: Any) -> None:
    """Every weight has the value that it was filled with."""
    weights = weights_of(layer)
    assert kind.values.keys() <= weights.keys()
    for path, value in kind.values.items():
        np.testing.assert_array_equal(numpy(weights[path]), value)

"""Dtype policies."""

import keras
import numpy as np
from tests.matrix.checks import check, fill, make, numpy, weights_of
from tests.matrix.kinds import Kind
from tests.matrix.processes import perform
from tests.matrix.situation import Outcomes, process, situation


def check_policy(kind: Kind, policy: str) -> None:
    """Under the policy for all layers, symbolic and actual dtypes agree."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        layer = make(kind)
        inputs = keras.Input(kind.shape[1:], dtype="float32")
        outputs = layer(inputs)
    finally:
        keras.config.set_dtype_policy(before)
    assert layer.dtype_policy.name == policy
    assert keras.backend.standardize_dtype(outputs.dtype) == layer.compute_dtype
    for path, variable in weights_of(fill(kind, layer)).items():
        assert variable.dtype == layer.variable_dtype, path
    check(kind, layer)


@situation("mixed_float16")
def mixed_float16(kind: Kind) -> None:
    check_policy(kind, "mixed_float16")


@situation("mixed_bfloat16")
def mixed_bfloat16(kind: Kind) -> None:
    check_policy(kind, "mixed_bfloat16")


@process("float64")
def float64() -> Outcomes:
    """In a process of its own, since JAX computes in double precision only if told."""
    return perform("compute_in_double", {"JAX_ENABLE_X64": "1"})


@situation("a policy for one layer")
def layer_policy(kind: Kind) -> None:
    """One layer in half precision between others in single precision."""
    layer = make(kind, dtype="mixed_bfloat16")
    inputs = keras.Input(kind.shape[1:])
    outputs = keras.layers.Identity(dtype="float32")(layer(inputs))
    model = keras.Model(inputs, outputs)
    fill(kind, layer)
    check(kind, layer)
    found = numpy(model(kind.inputs))
    assert found.dtype == np.float32
    again = kind.made.from_config(layer.get_config())
    assert again.dtype_policy.name == "mixed_bfloat16"

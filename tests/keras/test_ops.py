"""Every op: what is printed for Keras, for NumPy, and what the oracle says, agree."""

import inspect
import math
from functools import reduce
from types import SimpleNamespace

import numpy as np
import pytest
from tests.keras.op_cases import ARRAYS, CASES, NOT_ON_A_CPU

from layergen.diagnostics import Diagnostics
from layergen.emit.layout import layout
from layergen.emit.printer import print_expr
from layergen.emit.stage import Stage
from layergen.expr import ir
from layergen.expr.bind import bind_expression
from layergen.expr.ops import OPS
from layergen.expr.parse import parse_expression
from layergen.expr.scope import Scope
from layergen.loading.tree import Scalar
from layergen.oracle.evaluate import Evaluator
from layergen.source import Source

pytestmark = pytest.mark.keras

KINDS = {"f": ir.Kind.FLOAT, "i": ir.Kind.INT, "b": ir.Kind.BOOL}
DTYPES = {"f": "float32", "i": "int32", "b": "bool"}
LAYER = SimpleNamespace(compute_dtype="float32")
each_call = pytest.mark.parametrize(
    "call", [c for calls in CASES.values() for c in calls]
)


def bind(call: str) -> ir.Expr:
    """The call as the compiler sees it, of arrays that come in the call."""
    symbols = {
        name: ir.Symbol(
            name,
            ir.Origin.INPUT,
            ir.ArrayType(KINDS[array.dtype.kind]),
            ir.Known.CALL,
        )
        for name, array in ARRAYS.items()
    }
    span = Source("spec.yaml", call).span(0, len(call))
    found = Diagnostics()
    parsed = parse_expression(Scalar(span, call, call, False))
    bound = bind_expression(parsed, Scope(symbols, ir.Known.CALL, "call"), found)
    assert not found.has_errors, [finding.message for finding in found]
    return bound


def flat(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def kinds(of_type: ir.Type) -> list[ir.Kind]:
    items = of_type.items if isinstance(of_type, ir.TupleType) else (of_type,)
    assert items is not None
    return [item.kind for item in items]


def run(bound: ir.Expr, stage: Stage, names) -> list:
    source = layout(print_expr(bound, stage))
    return flat(eval(source, {"self": LAYER, "math": math, "np": np, **names}))


def compare(actual: list, bound: ir.Expr, rtol: float) -> list:
    expected = flat(Evaluator(ARRAYS).value(bound))
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=rtol, atol=rtol / 5)
        assert np.shape(one) == np.shape(other)
    return expected


def kinds_of(values: list) -> list[ir.Kind]:
    return [KINDS[np.asarray(value).dtype.kind] for value in values]


def as_tensors(floats: str) -> dict:
    from keras import ops

    dtypes = {**DTYPES, "f": floats}
    return {
        name: ops.convert_to_tensor(array, dtype=dtypes[array.dtype.kind])
        for name, array in ARRAYS.items()
    }


@pytest.fixture(scope="module")
def tensors():
    return as_tensors("float32")


@pytest.fixture(scope="module")
def half():
    return as_tensors("float16"), as_tensors("bfloat16")


def test_every_op_has_calls() -> None:
    assert CASES.keys() == {
        name for name, op in OPS.items() if not (op.draws or op.steps)
    }
    for name, calls in CASES.items():
        assert all(call.startswith(f"{name}(") for call in calls), name


@each_call
def test_keras_agrees_with_the_oracle(call: str, tensors) -> None:
    from keras import ops

    bound = bind(call)
    found = run(bound, Stage({}, tensors=True), {"ops": ops, **tensors})
    actual = [ops.convert_to_numpy(tensor) for tensor in found]
    expected = compare(actual, bound, rtol=5e-5)
    assert kinds_of(actual) == kinds_of(expected) == kinds(bound.type)


@each_call
def test_half_precision(call: str, half, monkeypatch) -> None:
    """In the dtype of the layer, whatever that is."""
    import keras

    if call in NOT_ON_A_CPU.get(keras.backend.backend(), ()):
        return
    bound = bind(call)
    for tensors in half:
        dtype = keras.backend.standardize_dtype(tensors["x"].dtype)
        monkeypatch.setattr(LAYER, "compute_dtype", dtype)
        names = {"ops": keras.ops, **tensors}
        found = run(bound, Stage({}, tensors=True), names)
        dtypes = [keras.backend.standardize_dtype(tensor.dtype) for tensor in found]
        expected = flat(Evaluator(ARRAYS).value(bound))
        is_float = [kind is ir.Kind.FLOAT for kind in kinds_of(expected)]
        wanted = "float32" if "float32" in call else dtype
        assert [found == wanted for found in dtypes] == is_float
        assert [tuple(t.shape) for t in found] == [np.shape(e) for e in expected]


@each_call
def test_numpy_agrees_with_the_oracle(call: str) -> None:
    """What leaves the call is computed in double precision."""
    bound = bind(call)
    parts = [node for node in ir.walk(bound) if isinstance(node, ir.Call)]
    if all(OPS[part.op].numpy is not None for part in parts):
        compare(run(bound, Stage({}, tensors=False), ARRAYS), bound, rtol=1e-12)


@pytest.mark.parametrize("name", OPS)
def test_parameters_are_those_of_keras(name: str) -> None:
    """Under the same names; at the same places, but for those printed by name."""
    import keras

    op = OPS[name]
    path = op.keras if op.draws else f"keras.{op.keras}"
    function = reduce(getattr, path.split(".")[1:], keras)
    theirs = inspect.signature(function).parameters
    places = list(theirs)
    for place, parameter in enumerate(op.parameters):
        assert parameter.name in theirs
        assert parameter.is_named or places[place] == parameter.name
        has_default = theirs[parameter.name].default is not inspect.Parameter.empty
        assert has_default or parameter.required or parameter.is_variadic
    assert not op.creates or "dtype" in theirs


@each_call
def test_variables_are_taken(call: str, tensors) -> None:
    """Weights may be passed to every op, eager and traced."""
    import keras
    from keras import ops

    bound = bind(call)
    used = {s.name for s in ir.symbols(bound) if ARRAYS[s.name].dtype.kind == "f"}
    if not used:
        return
    stage = Stage({}, tensors=True, variables=frozenset(used))

    class Holder(keras.layers.Layer):
        def build(self, input_shape):
            for name in sorted(used):
                value = ARRAYS[name]
                setattr(
                    self,
                    f"w_{name}",
                    self.add_weight(
                        shape=value.shape, initializer="zeros", name=f"w_{name}"
                    ),
                )
                getattr(self, f"w_{name}").assign(value)

        def call(self, inputs):
            weights = {name: getattr(self, f"w_{name}") for name in used}
            found = run(bound, stage, {"ops": ops, **tensors, **weights})
            return [ops.cast(each, "float32") for each in found]

    holder = Holder()
    model_input = ops.ones((1, 1))
    actual = holder(model_input)
    traced = compiled(holder)(model_input)
    expected = flat(Evaluator(ARRAYS).value(bound))
    for one, two, other in zip(actual, traced, expected, strict=True):
        for value in (one, two):
            np.testing.assert_allclose(
                ops.convert_to_numpy(value), other, rtol=5e-5, atol=1e-5
            )


def compiled(layer):
    """The layer, traced as the backend does in a training step."""
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(layer)
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(
            lambda x: layer.stateless_call(layer.trainable_variables, [], x)[0]
        )
    return layer

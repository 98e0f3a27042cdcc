"""Every op with unknown sizes, traced: it needs those that its row names, no others."""

from functools import partial

import numpy as np
import pytest
from tests.keras.op_cases import ARRAYS
from tests.keras.test_ops import DTYPES, bind, each_call, flat, run

from layergen.emit.stage import Stage
from layergen.expr import ir
from layergen.expr.ops import OPS
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.record import record_uses

pytestmark = pytest.mark.keras

Axes = set[tuple[str, int]]


@pytest.fixture(autouse=True)
def tensorflow():
    """The one backend that traces layers with unknown sizes."""
    import keras

    if keras.backend.backend() != "tensorflow":
        pytest.skip("sizes are known whenever this backend traces")


def axes_of(bound: ir.Expr) -> Axes:
    """All axes of all arrays that an expression reads."""
    names = {symbol.name for symbol in ir.symbols(bound)}
    return {(name, axis) for name in names for axis in range(ARRAYS[name].ndim)}


def traces(bound: ir.Expr, hidden: Axes) -> bool:
    """Whether a call can be traced with some sizes unknown, and is then right."""
    import keras
    import tensorflow as tf

    names = sorted({symbol.name for symbol in ir.symbols(bound)})
    values = [ARRAYS[n].astype(DTYPES[ARRAYS[n].dtype.kind]) for n in names]
    specs = [
        tf.TensorSpec(
            [None if (name, a) in hidden else s for a, s in enumerate(value.shape)],
            value.dtype,
        )
        for name, value in zip(names, values, strict=True)
    ]
    ranks = []

    def call(*tensors):
        given = dict(zip(names, tensors, strict=True))
        found = run(bound, Stage({}, tensors=True), {"ops": keras.ops, **given})
        ranks.extend(tensor.shape.rank for tensor in found)
        return found

    try:
        found = tf.function(call, autograph=False, input_signature=specs)(*values)
    except (TypeError, ValueError, tf.errors.InvalidArgumentError):
        return False
    for one, other in zip(found, flat(Evaluator(ARRAYS).value(bound)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    return None not in ranks


def needed_axes(bound: ir.Expr) -> Axes:
    """The axes that decide the sizes which the rows of the ops say are needed.

    An array of another size need not fit the others: what was needed before counts.
    """

    usual = record_uses(partial(evaluate, bound, ARRAYS))
    needed = set()
    for name, axis in axes_of(bound):
        for count in (0, 2 * ARRAYS[name].shape[axis]):
            arrays = {**ARRAYS, name: resized(ARRAYS[name], axis, count)}
            uses = record_uses(partial(evaluate, bound, arrays))
            pairs = zip(usual, uses, strict=False)
            if any(one.sizes and one != other for one, other in pairs):
                needed.add((name, axis))
    return needed


def evaluate(bound: ir.Expr, arrays, kernels) -> None:
    Evaluator(arrays, draws=kernels).value(bound)


def resized(array: np.ndarray, axis: int, count: int) -> np.ndarray:
    """The array with another number of entries along an axis."""
    return np.take(array, np.arange(count) % array.shape[axis], axis)


@each_call
def test_sizes_are_needed_where_the_row_says_so(call: str) -> None:
    bound = bind(call)
    if not any(OPS[n.op].sizes for n in ir.walk(bound) if isinstance(n, ir.Call)):
        assert traces(bound, axes_of(bound))
        return
    needed = needed_axes(bound)
    assert traces(bound, axes_of(bound) - needed)
    assert [axis for axis in sorted(needed) if traces(bound, {axis})] == []

"""Every op of the language in keras.ops, against the oracle's kernel."""

import numpy as np
import pytest

from layergen.expr.ops import OPS
from layergen.oracle.kernels import KERNELS

pytestmark = pytest.mark.keras

RANDOM = np.random.default_rng(11)
X = RANDOM.normal(size=(2, 3, 4)).round(2)
Y = RANDOM.normal(size=(3, 1)).round(2)
POSITIVE = np.abs(X) + 0.5
INTS = RANDOM.integers(1, 9, (2, 3))
FLAGS = RANDOM.random((2, 3)) < 0.5

ELEMENTS = [
    "abs",
    "cos",
    "exp",
    "floor",
    "relu",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "softplus",
    "square",
    "tanh",
]
ELEMENTS += ["stop_gradient", "zeros_like", "ones_like", "gelu", "softmax"]
REDUCTIONS = ["sum", "mean", "max", "min", "var", "logsumexp"]
CASES = [
    *((name, (X,), {}) for name in ELEMENTS),
    *(
        (name, (INTS,), {})
        for name in ("abs", "sign", "square", "relu", "exp", "floor")
    ),
    *((name, (POSITIVE,), {}) for name in ("log", "log1p", "rsqrt", "sqrt")),
    *((name, (X,), {}) for name in REDUCTIONS),
    *((name, (X,), {"axis": -2, "keepdims": True}) for name in REDUCTIONS),
    *((name, (X,), {"axis": (0, -1)}) for name in REDUCTIONS),
    *((name, (INTS,), {"axis": 0}) for name in ("sum", "mean", "max", "min")),
    *((name, (X, Y), {}) for name in ("maximum", "minimum")),
    *((name, (FLAGS, ~FLAGS), {}) for name in ("logical_and", "logical_or")),
    ("sum", (FLAGS,), {"axis": -1}),
    ("cumsum", (X,), {"axis": -1}),
    ("cumsum", (X,), {}),
    ("logical_not", (FLAGS,), {}),
    ("gelu", (X,), {"approximate": False}),
    ("softmax", (X,), {"axis": (0, 1)}),
    ("clip", (X, -0.5, 0.25), {}),
    ("where", (FLAGS, 1.5, X[0, :2, :3]), {}),
    ("cast", (X, "int32"), {}),
    ("cast", (INTS, "float32"), {}),
    ("moments", (X, (0, -1)), {"keepdims": True}),
    ("matmul", (X, X[0].T), {}),
    ("matmul", (X[0, 0], X[0, 1]), {}),
    ("reshape", (X, (4, -1)), {}),
    ("transpose", (X,), {"axes": (1, 0, 2)}),
    ("transpose", (X,), {}),
    ("expand_dims", (X, -1), {}),
    ("squeeze", (Y,), {"axis": -1}),
    ("concatenate", ((X, X[:1]),), {}),
    ("concatenate", ((X, X[..., :1]),), {"axis": -1}),
    ("stack", ((Y, Y),), {"axis": -1}),
    ("take", (X, np.array([[2, 0]])), {"axis": 1}),
    ("take", (X, np.array([-1, 5])), {}),
    ("flip", (X,), {"axis": -1}),
    ("flip", (X,), {}),
    ("full", ((2, 1), 3.5), {}),
    ("zeros", ((2, 3),), {}),
    ("ones", ((2, 3),), {}),
    ("arange", (1, 7), {"step": 2}),
    ("linspace", (0.0, 1.0), {"num": 5}),
    ("eye", (2,), {"M": 3}),
    ("outer", (X[0, 0], Y), {}),
    ("tril", (X,), {"k": 1}),
    ("triu", (X,), {"k": -1}),
]


def test_every_op_is_compared() -> None:
    assert {name for name, _, _ in CASES} == KERNELS.keys()


@pytest.mark.parametrize(("name", "args", "options"), CASES)
def test_op(name, args, options) -> None:
    from keras import ops, tree

    def tensor(value):
        if not isinstance(value, np.ndarray):
            return value
        dtype = {"f": "float32", "i": "int32"}.get(value.dtype.kind, "bool")
        return ops.convert_to_tensor(value, dtype=dtype)

    given = [
        [tensor(x) for x in a] if name in ("concatenate", "stack") else tensor(a)
        for a in args
    ]
    function = getattr(ops, OPS[name].keras.removeprefix("ops."))
    actual = tree.flatten(function(*given, **options))
    expected = KERNELS[name](*args, **options)
    pairs = expected if isinstance(expected, tuple) else (expected,)
    for one, other in zip(actual, pairs, strict=True):
        found = ops.convert_to_numpy(one)
        np.testing.assert_allclose(found, other, rtol=2e-5, atol=2e-6)
        assert found.shape == np.shape(other)
        kinds = (found.dtype.kind, np.asarray(other).dtype.kind)
        assert kinds[0] == kinds[1], kinds

import inspect
import math

import numpy as np
import pytest
from tests.keras.op_cases import CASES

from layergen.expr.ops import OPS
from layergen.oracle.draws import DRAWS
from layergen.oracle.kernels import KERNELS, TooLargeError

RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=(2, 3, 4))
Y = RANDOM.normal(size=(3, 1))
POSITIVE = np.abs(X) + 0.5
INTS = RANDOM.integers(-5, 5, (2, 3))
FLAGS = RANDOM.random((2, 3)) < 0.5


def test_tables_have_the_same_keys() -> None:
    assert OPS.keys() == KERNELS.keys() | DRAWS.keys()
    assert {name for name, op in OPS.items() if op.draws} == DRAWS.keys()
    assert all(op.name == name for name, op in OPS.items())


@pytest.mark.parametrize("name", OPS)
def test_parameters_match(name: str) -> None:
    """Required ones are passed by position, the others also by name."""
    op, kernel = OPS[name], {**KERNELS, **DRAWS}[name]
    if isinstance(kernel, np.ufunc):
        assert kernel.nin == len(op.parameters)
        return
    found = list(inspect.signature(kernel).parameters.values())
    for parameter, actual in zip(op.parameters, found, strict=False):
        has_default = actual.default is not inspect.Parameter.empty
        assert has_default or parameter.required
        if not parameter.required:
            assert actual.name == parameter.name
    assert len(found) >= len(op.parameters)


def each(formula):
    """A formula of one number, over an array."""
    return lambda x: np.array([formula(v) for v in x.ravel()]).reshape(x.shape)


ELEMENTS = {
    "abs": lambda v: v if v > 0 else -v,
    "cos": math.cos,
    "exp": math.exp,
    "floor": math.floor,
    "relu": lambda v: max(v, 0.0),
    "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
    "sign": lambda v: int(v > 0) - int(v < 0),
    "silu": lambda v: v / (1 + math.exp(-v)),
    "sin": math.sin,
    "softplus": lambda v: math.log(1 + math.exp(v)),
    "square": lambda v: v * v,
    "tanh": math.tanh,
    "stop_gradient": lambda v: v,
    "logical_not": lambda v: v == 0,
    "zeros_like": lambda v: 0.0,
    "ones_like": lambda v: 1.0,
    "gelu": lambda v: (
        0.5 * v * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))
    ),
}
OF_POSITIVE = {
    "log": math.log,
    "log1p": lambda v: math.log(1 + v),
    "rsqrt": lambda v: v**-0.5,
    "sqrt": lambda v: v**0.5,
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_elements(name: str) -> None:
    np.testing.assert_allclose(KERNELS[name](X), each(ELEMENTS[name])(X), rtol=1e-12)


@pytest.mark.parametrize("name", OF_POSITIVE)
def test_elements_of_positive_numbers(name: str) -> None:
    expected = each(OF_POSITIVE[name])(POSITIVE)
    np.testing.assert_allclose(KERNELS[name](POSITIVE), expected, rtol=1e-12)


def softmax(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(axis, keepdims=True)


def erf_gelu(v: float) -> float:
    return 0.5 * v * (1 + math.erf(v / math.sqrt(2)))


FORMULAS = [
    ("gelu", (X, False), each(erf_gelu)(X)),
    ("clip", (X, -0.5, 0.25), each(lambda v: min(max(v, -0.5), 0.25))(X)),
    ("clip", (INTS, -1, 2), each(lambda v: min(max(v, -1), 2))(INTS)),
    ("maximum", (X, Y), (X + Y + np.abs(X - Y)) / 2),
    ("minimum", (X, Y), (X + Y - np.abs(X - Y)) / 2),
    ("logical_and", (FLAGS, INTS), FLAGS * (INTS != 0) == 1),
    ("logical_or", (FLAGS, INTS), FLAGS + 1 * (INTS != 0) > 0),
    ("where", (FLAGS, 1.5, INTS), FLAGS * 1.5 + (1 - FLAGS) * INTS),
    ("cast", (X, "int32"), each(int)(X)),
    ("cast", (INTS, "bool"), INTS != 0),
    ("cast", (FLAGS, "float"), each(float)(FLAGS)),
    ("sum", (X,), np.dot(X.ravel(), np.ones(24))),
    ("sum", (FLAGS, 1), FLAGS @ np.ones(3, int)),
    ("sum", (X, (0, -1), True), np.einsum("ijk->j", X)[None, :, None]),
    ("mean", (X, 1), np.einsum("ijk->ik", X) / 3),
    ("mean", (INTS, [0, 1]), INTS.sum() / 6),
    ("max", (X, -1), np.sort(X, -1)[..., -1]),
    ("min", (X, -1, True), np.sort(X, -1)[..., :1]),
    ("var", (X, 0), ((X - X.sum(0) / 2) ** 2).sum(0) / 2),
    ("logsumexp", (X, (1, 2)), np.log(np.exp(X).sum((1, 2)))),
    ("logsumexp", (X, -1, True), np.log(np.exp(X).sum(-1, keepdims=True))),
    ("logsumexp", (np.array([1000.0, 1000.0]),), 1000 + math.log(2)),
    ("softmax", (X,), softmax(X)),
    ("softmax", (X, (0, 1)), softmax(X, (0, 1))),
    ("softmax", (np.array([1000.0, 1000.0]),), np.array([0.5, 0.5])),
    ("matmul", (X, X[0].T), np.einsum("ijk,lk->ijl", X, X[0])),
    ("matmul", (X[0, 0], X[0, 1]), sum(X[0, 0] * X[0, 1])),
    ("reshape", (X, (4, -1)), np.array(X.ravel().tolist()).reshape(4, 6)),
    ("transpose", (X,), np.einsum("ijk->kji", X)),
    ("transpose", (X, (1, 0, 2)), np.einsum("ijk->jik", X)),
    ("expand_dims", (X, [0, -1]), X[None, ..., None]),
    ("squeeze", (Y, -1), Y[:, 0]),
    ("squeeze", (Y[None],), Y[:, 0]),
    ("concatenate", ((X, X[:1]), 0), X[[0, 1, 0]]),
    ("stack", ((Y, Y), -1), Y[..., None] * np.ones(2)),
    ("take", (X, np.array([[2, 0]]), 1), X[:, [[2, 0]]]),
    ("take", (X, np.array([23, -24])), X[[1, 0], [2, 0], [3, 0]]),
    ("flip", (X, (0, 2)), X[::-1, :, ::-1]),
    ("flip", (X,), X[::-1, ::-1, ::-1]),
    ("cumsum", (X, 1), np.tri(3) @ X),
    ("cumsum", (FLAGS,), np.tri(6, dtype=int) @ FLAGS.ravel()),
    ("full", ((2, 1), 3), np.array([[3], [3]])),
    ("zeros", ((2,),), np.array([0.0, 0.0])),
    ("ones", (2,), np.array([1.0, 1.0])),
    ("arange", (3,), np.array([0, 1, 2])),
    ("arange", (1, 2.0, 0.25), np.array([1.0, 1.25, 1.5, 1.75])),
    ("arange", (3, 0), np.zeros(0)),
    ("linspace", (0, 1, 3), np.array([0.0, 0.5, 1.0])),
    ("eye", (2, 3), np.array([[1.0, 0, 0], [0, 1, 0]])),
    ("outer", (X[0, 0], Y), X[0, 0][:, None] * Y.ravel()),
    ("tril", (X, 1), X * (np.arange(4) <= np.arange(3)[:, None] + 1)),
    ("triu", (X, -1), X * (np.arange(4) >= np.arange(3)[:, None] - 1)),
]


@pytest.mark.parametrize(("name", "args", "expected"), FORMULAS)
def test_formula(name, args, expected) -> None:
    actual, expected = np.asarray(KERNELS[name](*args)), np.asarray(expected)
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-15)
    assert actual.shape == expected.shape


STEPS = np.array([[1.0], [2.0], [4.0]])


@pytest.mark.parametrize(
    ("options", "outputs"),
    [
        ({"xs": STEPS}, [1.0, 5.0, 19.0]),
        ({"xs": STEPS, "reverse": True}, [43.0, 14.0, 4.0]),
        ({"xs": (STEPS, 2.0 * STEPS)}, [3.0, 15.0, 57.0]),
        ({"length": 2}, [1.0, 4.0]),
    ],
)
def test_scan(options, outputs) -> None:
    def step(state, x):
        state = 3.0 * state + (1.0 if x is None else np.sum(x))
        return state, state

    last, found = KERNELS["scan"](step, np.zeros(1), **options)
    np.testing.assert_array_equal(found[:, 0], outputs)
    np.testing.assert_array_equal(last[0], max(outputs))


def test_scan_of_several_states() -> None:
    def step(states, x):
        first, second = states
        return (second, first + x), (first, x)

    last, found = KERNELS["scan"](step, (np.zeros(1), np.ones(1)), STEPS)
    np.testing.assert_array_equal(np.concatenate(last), [3.0, 5.0])
    np.testing.assert_array_equal(found[0][:, 0], [0.0, 1.0, 1.0])
    np.testing.assert_array_equal(found[1], STEPS)


def test_moments() -> None:
    mean, variance = KERNELS["moments"](X, [0, 2], keepdims=True)
    np.testing.assert_allclose(mean, X.mean((0, 2), keepdims=True))
    np.testing.assert_allclose(variance, (X**2).mean((0, 2), keepdims=True) - mean**2)


def test_every_kernel_is_compared() -> None:
    """With a formula here, or with Keras's own numbers in `tests/keras/test_ops.py`."""
    by_formula = {*ELEMENTS, *OF_POSITIVE, "moments", *(name for name, *_ in FORMULAS)}
    assert by_formula <= KERNELS.keys()
    repeating = {name for name, op in OPS.items() if op.steps}
    assert CASES.keys() | repeating == KERNELS.keys()


ROW, COLUMN = np.zeros((1, 10**6)), np.zeros((10**6, 1))


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("maximum", (ROW, COLUMN)),
        ("minimum", (ROW, COLUMN)),
        ("logical_and", (ROW, COLUMN)),
        ("logical_or", (ROW, COLUMN)),
        ("where", (True, ROW, COLUMN)),
        ("clip", (1.0, ROW, COLUMN)),
        ("matmul", (COLUMN, ROW)),
        ("outer", (ROW, COLUMN)),
        ("linspace", (ROW, 1.0, 10**6)),
        ("arange", (10**18,)),
        ("full", ((10**9, 10**9), 1.0)),
        ("eye", (10**6,)),
        ("take", (ROW, np.zeros(10**6, int), 0)),
        ("concatenate", ((ROW,) * 100, 0)),
        ("stack", ((ROW,) * 100, 0)),
    ],
)
def test_too_large(name, args) -> None:
    with pytest.raises(TooLargeError):
        KERNELS[name](*args)

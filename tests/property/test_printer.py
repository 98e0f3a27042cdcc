"""What the printer writes for NumPy computes what the oracle says of the tree.

The source is run by Python itself, so parentheses and precedence are Python's.
"""

import math
import warnings
from types import SimpleNamespace

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from layergen.diagnostics import Diagnostics, SpecError
from layergen.emit.layout import layout
from layergen.emit.printer import print_expr
from layergen.emit.stage import Stage
from layergen.expr import ir
from layergen.expr.bind import bind_expression
from layergen.expr.parse import parse_expression
from layergen.expr.scope import Scope
from layergen.loading.tree import Scalar
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.source import Source

VALUES = {
    "i": 3,
    "j": -2,
    "f": 0.75,
    "g": -1.25,
    "b": True,
    "m": "a",
    "t": (2, 3),
    "s": (1, 0, 2),
    "v": np.array([0.5, -1.5, 2.0]),
    "w": np.array([[1.0, -2.0, 3.0], [-0.25, 4.0, 0.125]]),
    "n": np.array([2, 0, 1]),
    "q": np.array([True, False, True]),
}
FLOATS, INTS = ir.ArrayType(ir.Kind.FLOAT), ir.ArrayType(ir.Kind.INT)
TYPES = {
    **dict.fromkeys("ij", ir.INT),
    **dict.fromkeys("fg", ir.FLOAT),
    "b": ir.BOOL,
    "m": ir.STR,
    "t": ir.TupleType((ir.INT, ir.INT)),
    "s": ir.SHAPE,
    **dict.fromkeys("vw", FLOATS),
    "n": INTS,
    "q": ir.ArrayType(ir.Kind.BOOL),
}
SYMBOLS = {
    name: ir.Symbol(name, ir.Origin.ARGUMENT, of_type, ir.Known.CONFIG)
    for name, of_type in TYPES.items()
}
NAMES = {name: f"self.{name}" for name in VALUES}

NUMBERS = st.sampled_from(["i", "j", "f", "g", "1", "2", "0.5", "pi", "1e-3", "True"])
ARRAYS = st.sampled_from(["v", "w", "n", "v", "w"])
UNARY = [
    "abs",
    "cos",
    "exp",
    "floor",
    "log",
    "log1p",
    "sin",
    "sqrt",
    "square",
    "tanh",
    "sign",
    "zeros_like",
]


def grow_number(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        joined(inner, ["+", "-", "*", "/", "//", "%", "**"]),
        st.tuples(st.sampled_from("-+"), inner).map("".join),
        st.tuples(st.sampled_from(["abs", "sin", "floor", "sqrt"]), inner).map(call),
        st.tuples(st.sampled_from(["maximum", "minimum"]), inner, inner).map(call),
        st.tuples(inner, conditions(inner), inner).map(chosen),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}, {p[1]})[1]"),
        st.sampled_from(["w.shape[0]", "(v * w).ndim", "v.shape[-1]", "t[1]"]),
        st.tuples(st.sampled_from(["int", "float"]), inner).map(call),
        st.tuples(st.sampled_from(SEQUENCES)).map(lambda p: f"len({p[0]})"),
        st.tuples(sequences(inner), st.sampled_from(["0", "-1", "s[1]"])).map(
            lambda p: f"({p[0]})[{p[1]}]"
        ),
    )


SEQUENCES = [
    "s",
    "t",
    "range(3)",
    "range(1, i + 1)",
    "reversed(s)",
    "reversed(range(2, 5))",
    "tuple(s)",
    "tuple(range(4))",
    "w.shape",
    "s[1:]",
    "s[:-1]",
    "(*s, 1)",
    "(*t, *range(2))",
    "[4, *s[::2]]",
]


def sequences(element: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Tuples of numbers: written out, and made of others."""
    source = st.sampled_from(SEQUENCES)
    return st.one_of(
        source,
        st.tuples(element, element).map(lambda p: f"[{p[0]}, {p[1]}]"),
        st.tuples(source, element).map(lambda p: f"(*{p[0]}, {p[1]})"),
        st.tuples(element, source).map(lambda p: f"[k * ({p[0]}) for k in {p[1]}]"),
        st.tuples(element, source, conditions(st.just("k"))).map(
            lambda p: f"[({p[0]}) + k for k in {p[1]} if {p[2]}]"
        ),
        st.tuples(element, source).map(
            lambda p: f"[({p[0]}) ** a + b for a, b in enumerate({p[1]})]"
        ),
        st.tuples(element, source).map(
            lambda p: f"tuple(a - ({p[0]}) for a, b in zip({p[1]}, reversed({p[1]})))"
        ),
    )


BOUNDS = ["", "0", "1", "-1", "i - 2", "s[1]", "len(t)", "-(1)"]


def slices() -> st.SearchStrategy[str]:
    bound = st.sampled_from(BOUNDS)
    step = st.sampled_from(["", ":", ":2", ":i - 1", ":1"])
    return st.tuples(bound, bound, step).map(lambda p: f"{p[0]}:{p[1]}{p[2]}")


def indices() -> st.SearchStrategy[str]:
    """What stands in the brackets behind an array."""
    item = slices() | st.sampled_from(["0", "-1", "None", "i - 3", "s[1]"])
    items = st.lists(item, min_size=1, max_size=3).map(", ".join)
    return items | items.map(lambda text: f"..., {text}") | st.just("...")


def joined(inner: st.SearchStrategy[str], operators) -> st.SearchStrategy[str]:
    operator = st.sampled_from(operators)
    bare = st.tuples(inner, operator, inner).map(" ".join)
    return bare | bare.map(lambda text: f"({text})")


def call(parts: tuple[str, ...]) -> str:
    return f"{parts[0]}({', '.join(parts[1:])})"


def chosen(parts: tuple[str, str, str]) -> str:
    return f"({parts[0]} if {parts[1]} else {parts[2]})"


def conditions(number: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = joined(number, ["==", "!=", "<", "<=", ">", ">="])
    chain = st.tuples(number, number, number).map(
        lambda p: f"{p[0]} < {p[1]} <= {p[2]}"
    )
    start = compared | chain | st.sampled_from(["b", "m == 'a'", "m is None", "not b"])
    return st.recursive(
        start,
        lambda inner: joined(inner, ["and", "or", "=="])
        | inner.map(lambda text: f"not {text}")
        | st.tuples(inner, inner, inner).map(chosen),
        max_leaves=4,
    )


SCALARS = st.recursive(NUMBERS, grow_number, max_leaves=6)


def grow_array(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    either = inner | SCALARS
    return st.one_of(
        joined(either, ["+", "-", "*", "/", "//", "%", "**"]),
        st.tuples(st.sampled_from("-+"), inner).map("".join),
        st.tuples(st.sampled_from(UNARY), inner).map(call),
        st.tuples(st.sampled_from(["maximum", "minimum"]), either, either).map(call),
        st.tuples(st.sampled_from(["clip"]), inner, either, either).map(call),
        st.tuples(inner, SCALARS).map(lambda p: f"where({p[0]} > {p[1]}, {p[0]}, 1.0)"),
        st.tuples(inner, st.sampled_from(["", ", axis=-1", ", axis=0, keepdims=True"]))
        .map("".join)
        .flatmap(lambda a: st.sampled_from([f"{r}({a})" for r in REDUCTIONS])),
        inner.map(lambda a: f"stack([{a}, {a}], axis=-1)"),
        inner.map(lambda a: f"concatenate(({a}, -{a}), axis=0)"),
        inner.map(lambda a: f"reshape({a}, (-1, 1))"),
        inner.map(lambda a: f"transpose({a} * w)"),
        st.tuples(inner, indices()).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, sequences(st.just("i"))).map(
            lambda p: f"stack([{p[0]} * k for k in {p[1]}])"
        ),
        inner.map(lambda a: f"concatenate([*[{a}, {a}], {a}], axis=-1)"),
        inner.map(lambda a: f"take({a}, [0, -1], axis=0)"),
        inner.map(lambda a: f"({a} * w).shape[-1] * v"),
        st.tuples(inner, conditions(SCALARS), inner).map(chosen),
        st.sampled_from(["eye(2, 3)", "linspace(0, 1, num=3)", "full((2, 3), f)"]),
    )


REDUCTIONS = ["sum", "mean", "max", "min", "var"]
EXPRESSIONS = st.one_of(
    SCALARS, st.recursive(ARRAYS, grow_array, max_leaves=6), sequences(SCALARS)
)


def bind(text: str) -> ir.Expr:
    source = Source("a.yaml", text)
    found = Diagnostics()
    scalar = Scalar(source.span(0, len(text)), text, text, False)
    bound = bind_expression(
        parse_expression(scalar), Scope(SYMBOLS, ir.Known.BUILD, "a test"), found
    )
    found.raise_if_errors()
    return bound


@given(EXPRESSIONS, st.sampled_from([20, 88, 10_000]))
@example("-(2 ** i)", 88)
@example("(-2) ** i", 88)
@example("2 ** -i ** 2", 88)
@example("(2 ** i) ** 2", 88)
@example("i - (j - 1)", 88)
@example("i // (j * 2) % 3", 88)
@example("(1 if b else 2) if (b and b) else (3 if b else 4)", 88)
@example("(not b) == b", 88)
@example("not b == b", 88)
@example("(i < j) == (j < i)", 88)
@example("-v ** 2", 88)
@example("(-v) ** 2", 88)
@example("(b or b) and b", 88)
@example("v[i - 2:]", 88)
@example("w[..., None][:, ::2, -1]", 88)
@example("[a if b else i for a in (s if b else t)]", 88)
@example("[a for a in s if (1 if b else 0) > 0]", 88)
@example("(*(s if b else t), 1)", 88)
@example("len(zip(s, s))", 88)
@example("reversed(reversed(s))[0]", 88)
@example("tuple(enumerate(s))[1][0]", 88)
def test_printed_source_means_the_same(text: str, width: int) -> None:
    try:
        bound = bind(text)
        expected = Evaluator(VALUES).value(bound)
    except (SpecError, EvaluationError):
        assume(False)
    stage = Stage(NAMES, tensors=False)
    source = layout(print_expr(bound, stage), 0, width, "(", ")")
    scope = {"self": SimpleNamespace(**VALUES), "np": np, "math": math}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error", SyntaxWarning)
        compiled = compile(source, "printed", "eval")
        assert set(compiled.co_names) <= ALLOWED
        actual = eval(compiled, {"__builtins__": BUILTINS, **scope})
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-12)
    assert np.shape(actual) == np.shape(expected)


BUILTINS = {
    function.__name__: function
    for function in (abs, max, min, enumerate, float, int, len, range, reversed, tuple)
} | {"zip": zip}
ALLOWED = {*VALUES, *dir(np), *dir(math), *BUILTINS, "self", "np", "math"}


@given(EXPRESSIONS)
def test_text_of_a_tree_is_the_tree(text: str) -> None:
    """`str()` of a node can be read again, and is the same tree."""
    try:
        bound = bind(text)
    except SpecError as error:
        assert error.diagnostics  # noqa: PT017
        assume(False)
    assert bind(str(bound)) == bound

"""Whatever stands in a body or an expression: refused in words, or in the language."""

import ast
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.property.mistakes import check_diagnostics

from layergen.compiler import check_source
from layergen.expr.builtins import BUILTINS
from layergen.expr.ops import OPS
from layergen.source import Source

# A second opinion on what the language has: written by hand, not read from it.
ACCEPTED_NODES = (
    ast.Module,
    ast.Expr,
    ast.Assign,
    ast.If,
    ast.For,
    ast.FunctionDef,
    ast.arguments,
    ast.arg,
    ast.Return,
    ast.Constant,
    ast.Name,
    ast.Call,
    ast.keyword,
    ast.UnaryOp,
    ast.BinOp,
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Tuple,
    ast.List,
    ast.Subscript,
    ast.Slice,
    ast.Starred,
    ast.ListComp,
    ast.GeneratorExp,
    ast.comprehension,
    ast.Attribute,
    ast.Load,
    ast.Store,
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow),
    *(ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot),
)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACCEPTED_BUILTINS = words(
    "enumerate float int len list max min prod range reversed sum tuple zip"
)
ACCEPTED_CALLS = words("""
    abs adaptive_average_pool adaptive_max_pool all any arange arccos arccosh arcsin
    arcsinh arctan arctan2 arctanh argmax argmin argsort average_pool
    batch_normalization broadcast_to cast ceil celu clip concatenate conv
    conv_transpose cos cosh cumprod cumsum depth_to_space depthwise_conv diag
    diagonal diff dot_product_attention einsum elu erf exp exp2 expand_dims expm1
    extract_sequences eye flip floor full full_like gelu glu hard_shrink
    hard_sigmoid hard_silu hard_tanh image.extract_patches image.resize isfinite
    isinf isnan layer_normalization leaky_relu linspace log log10 log1p log2
    log_sigmoid log_softmax logaddexp logical_and logical_not logical_or logical_xor
    logsumexp matmul max max_pool maximum mean meshgrid min minimum moments moveaxis
    multi_hot nan_to_num norm normalize one_hot ones ones_like outer pad prod
    random.categorical random.dropout random.normal random.randint
    random.truncated_normal random.uniform relu relu6 repeat reshape
    rms_normalization roll round rsqrt scan scatter_update searchsorted segment_sum selu
    separable_conv sigmoid sign silu sin sinh soft_shrink softmax softplus softsign
    sort space_to_depth sparse_plus sparse_sigmoid split sqrt square squareplus
    squeeze stack std stft stop_gradient sum swapaxes take take_along_axis tan tanh
    tanh_shrink tensordot threshold tile top_k trace transpose tril triu var where
    zeros zeros_like
    """)
NAMES = [
    "x",
    "y",
    "units",
    "rate",
    "flag",
    "mode",
    "table",
    "weight",
    "state",
    "scale",
    "batch",
    "features",
    "training",
    "pi",
    "e",
]


def spec(body: str, value: str = "2.0", size: str = "features") -> str:
    return json.dumps(
        {
            "layergen": 1,
            "name": "Tried",
            "package": "demo",
            "summary": "Tries a forward pass.",
            "arguments": {
                "units": {"type": "int", "default": 3, "min": 1},
                "rate": {"type": "float", "default": 0.5},
                "flag": {"type": "bool", "default": True},
                "mode": {"type": "choice", "choices": ["a", "b"], "default": "a"},
                "table": {"type": "array", "rank": 1},
            },
            "inputs": {
                "x": {"shape": ["batch", "...", "features"]},
                "y": {"shape": ["batch", "...", "features"], "dtype": "int32"},
            },
            "parameters": {
                "weight": {"role": "weight", "shape": [size]},
                "state": {"role": "weight", "shape": [], "trainable": False},
                "scale": {"role": "constant", "value": value},
            },
            "call": body,
            "outputs": {"shape": "like x"},
        }
    )


def check_accepted(tree: ast.Module) -> None:
    updates = {
        statement.value
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Expr)
    }
    dots = {
        item
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        for item in (
            node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        )
    }
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
    for node in ast.walk(tree):
        assert isinstance(node, ACCEPTED_NODES), ast.dump(node)
        match node:
            case ast.FunctionDef(name=name, args=args):
                assert node in tree.body
                assert name.isascii()
                assert not name.startswith("_")
                assert not node.decorator_list
                plain = [*args.posonlyargs, *args.kwonlyargs, *args.defaults]
                assert not any((plain, args.vararg, args.kwarg, node.returns))
                inner = {id(n) for n in ast.walk(node)}
                assert not any(id(update) in inner for update in updates)
            case ast.arg(arg=name, annotation=annotation):
                assert name.isascii()
                assert annotation is None
                assert name == "_" or not name.startswith("_")
            case ast.Call(func=ast.Name(id="add_loss")):
                assert node in updates
            case ast.Call(func=ast.Name(id=name)):
                assert name in ACCEPTED_CALLS | ACCEPTED_BUILTINS | functions
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="random" | "image")) as callee
            ):
                assert ast.unparse(callee) in ACCEPTED_CALLS
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=attribute)):
                assert attribute == "assign"
                assert node in updates
            case ast.Call():
                pytest.fail(ast.dump(node))
            case ast.For(orelse=orelse):
                assert not orelse
                assert not any(isinstance(n, ast.Return) for n in ast.walk(node))
            case ast.ListComp(generators=clauses) | ast.GeneratorExp(
                generators=clauses
            ):
                assert len(clauses) == 1
                assert not clauses[0].is_async
            case ast.Attribute(value=ast.Name(id="random" | "image")):
                assert ast.unparse(node) in ACCEPTED_CALLS
            case ast.Attribute(attr=attribute):
                assert attribute in ("shape", "ndim", "dtype", "assign")
            case ast.Name(id="_", ctx=ast.Store()):
                pass
            case ast.Name(id=name):
                assert name.isascii()
                assert not name.startswith("_")
            case ast.Constant(value=value):
                if value is ...:
                    assert node in dots
                    continue
                assert value is None or type(value) in (bool, int, float, str)
                assert type(value) is not int or abs(value) < 2**63


def check(text: str) -> bool:
    source = Source("a.json", text)
    layer, diagnostics = check_source(source)
    check_diagnostics(diagnostics, source)
    assert layer is not None or diagnostics
    return layer is not None


def check_body(body: str) -> None:
    if check(spec(body)):
        check_accepted(ast.parse(body))


ATOMS = st.sampled_from(
    [
        *NAMES,
        *ACCEPTED_CALLS,
        "a",
        "b",
        "self",
        "ops",
        "np",
        "keras",
        "__import__",
        "ñ",
        "\uff45xp",
        "__class__",
        "inputs",
        "step",
        "scan(step, sum(x), x)",
        "scan(f, (a, b), length=units)",
        "None",
        "True",
        "...",
        "0",
        "1",
        "2",
        "-1",
        "2.5",
        "1e400",
        "1j",
        "10**10",
        "0x10",
        "1_0",
        "'a'",
        "'float'",
        "'int32'",
        'b"x"',
        'f"{x}"',
        "'{0.__class__}'",
        "''",
        "9" * 30,
    ]
)
ATTRIBUTES = st.sampled_from(
    [
        "shape",
        "ndim",
        "dtype",
        "T",
        "assign",
        "numpy",
        "__class__",
        "__globals__",
        "format",
        "real",
        "ñ",
    ]
)
OPERATORS = st.sampled_from(
    [
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "@",
        "&",
        "|",
        "^",
        "<<",
        ">>",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "is",
        "in",
        "and",
        "or",
        "is not",
        "not in",
        "if x else",
        "if flag else",
    ]
)
CALLS = st.sampled_from(
    [
        *ACCEPTED_CALLS,
        *ACCEPTED_BUILTINS,
        "eval",
        "getattr",
        "x.assign",
        "state.assign",
        "ops.sum",
        "print",
        "open",
        "(lambda: x)",
        "x",
        "'{}'.format",
        "sum.__call__",
        "f",
        "step",
    ]
)
KEYWORDS = st.sampled_from(
    ["", "axis=", "keepdims=", "axes=", "dtype=", "k=", "num=", "*", "**", "x1=", "x2="]
)


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    argument = st.tuples(KEYWORDS, inner).map("".join)
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(CALLS, st.lists(argument, max_size=3)).map(
            lambda p: f"{p[0]}({', '.join(p[1])})"
        ),
        st.tuples(st.sampled_from(["-", "+", "~", "not ", "await ", "*"]), inner).map(
            "".join
        ),
        st.tuples(inner, ATTRIBUTES).map(".".join),
        st.tuples(inner, inner).map(lambda p: f"{p[0]}[{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]}[{p[1]}:]"),
        st.tuples(inner, inner, inner).map(lambda p: f"{p[0]}[{p[1]}:{p[2]}, ...]"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]}[..., None, ::{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]} for a in {p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]} for a, b in {p[1]}]"),
        st.tuples(inner, inner, inner).map(
            lambda p: f"tuple({p[0]} for a in {p[1]} if {p[2]})"
        ),
        st.tuples(inner, inner).map(lambda p: f"(*{p[0]}, {p[1]})"),
        inner.map(lambda p: f"[{p} for a in x for b in a]"),
        st.tuples(inner, inner).map(lambda p: f"{{{p[0]}: {p[1]}}}"),
        inner.map(lambda part: f"lambda a: {part}"),
        inner.map(lambda part: f"(a := {part})"),
        inner.map(lambda part: f"(yield {part})"),
        st.lists(inner, max_size=3).map(lambda parts: f"({', '.join(parts)},)"),
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
    )


EXPRESSIONS = st.recursive(ATOMS, grow, max_leaves=8)
TARGETS = st.sampled_from(
    [
        "a",
        "b",
        "a, b",
        "a, *b",
        "(a, (b, c))",
        "x",
        "weight",
        "state",
        "a.b",
        "a[0]",
        "sum",
        "self",
        "_a",
        "ops",
        "np",
        "ñ",
        "a = b",
        "a: int",
        "__builtins__",
        "max",
    ]
)
SIMPLE = st.one_of(
    EXPRESSIONS.map(lambda e: f"return {e}"),
    st.tuples(TARGETS, EXPRESSIONS).map(" = ".join),
    EXPRESSIONS.map(lambda e: f"state.assign({e})"),
    EXPRESSIONS.map(lambda e: f"add_loss({e})"),
    EXPRESSIONS,
    st.sampled_from(
        [
            "import os",
            "from os import *",
            "pass",
            "del x",
            "global x",
            "return",
            "raise",
            "assert x",
            "a += 1",
            "nonlocal x",
            "break",
            "from __future__ import x",
        ]
    ),
)
DEFS = ["def f(a):", "def step(a, b):", "def a(x):", "def f(_, b=a):", "def x(a):"]
HEADERS = st.one_of(
    EXPRESSIONS.map(lambda e: f"if {e}:"),
    st.sampled_from(
        ["if training:", "if flag:", "else:", "try:", "with x:", "def f():", *DEFS]
    )
    | EXPRESSIONS.map(lambda e: f"for a in {e}:")
    | EXPRESSIONS.map(lambda e: f"for a, b in {e}:")
    | st.sampled_from(["for a in range(units):", "for a, b in enumerate(x.shape):"])
    | EXPRESSIONS.map(lambda e: f"while {e}:"),
)


def block(header: str, lines: list[str]) -> str:
    return "\n".join([header, *(f"    {line}" for line in lines)])


STATEMENTS = SIMPLE | st.builds(
    block, HEADERS, st.lists(SIMPLE, min_size=1, max_size=2)
)
BODIES = st.lists(STATEMENTS, min_size=1, max_size=4).map("\n".join)


def test_ops_are_those_written_here() -> None:
    assert OPS.keys() == ACCEPTED_CALLS
    assert BUILTINS.keys() == ACCEPTED_BUILTINS


FUNCTIONS = st.builds(
    lambda header, lines, result: block(header, [*lines, f"return {result}"]),
    st.sampled_from(["def f(a):", "def step(a, b):", "def step(x, _):"]),
    st.lists(SIMPLE | st.just("b = a"), max_size=2),
    st.sampled_from(["a, a", "a, b", "(a, b), (b, a)", "x, x"]) | EXPRESSIONS,
)
USES = st.sampled_from(
    [
        "a, b = scan(step, x, x)",
        "a, b = scan(step, (sum(x), sum(x)), length=units)",
        "_, a = scan(step, sum(y), x, reverse=flag)",
        "a = f(x)",
        "for a in (1.0, 2.0):\n    b = f(x * a)",
    ]
)


@given(st.lists(FUNCTIONS, min_size=1, max_size=2), st.lists(USES, max_size=2))
def test_functions_are_answered(functions: list[str], uses: list[str]) -> None:
    check_body("\n".join([*functions, *uses, "return x"]))


@given(BODIES, EXPRESSIONS)
def test_any_body_is_answered(body: str, result: str) -> None:
    check_body(f"{body}\nreturn {result}")


@given(st.lists(st.one_of(ATOMS, OPERATORS, CALLS, st.text(max_size=3)), max_size=20))
@example(["\0"])
@example(["x \\\n"])
@example(["#"])
@example(["return x # type: ignore[" + "x" * 100])
def test_any_tokens_are_answered(tokens: list[str]) -> None:
    body = " ".join(tokens).encode(errors="ignore").decode()
    check_body(body)


@given(EXPRESSIONS, EXPRESSIONS)
def test_any_expression_is_answered(value: str, size: str) -> None:
    if check(spec("return x + scale + sum(weight)", value, size)):
        check_accepted(ast.parse(value.strip()))
        check_accepted(ast.parse(size.strip()))


@pytest.mark.parametrize(
    "expression",
    [
        "x.__class__",
        "().__class__.__bases__[0].__subclasses__()",
        "'{0.__class__.__init__.__globals__}'.format(x)",
        "f'{x.__class__}'",
        "__import__('os').system('true')",
        "eval('1')",
        "ops.sum(x)",
        "(lambda: x)()",
        "[a for a in (1, 2)]",
        "x[::-1]",
        "x[x]",
        "x + [a for a in (1, 2) for b in (3, 4)][0]",
        "x * float('1')",
        "x * len('a')",
        "x * range",
        "x * int.real",
        "x * [a.real for a in (1, 2)][0]",
        "(a := x)",
        "sum(*x)",
        "sum(**x)",
        "x | x",
        "x if x else x",
        "1j * x",
        "b'a'",
        "... + x",
        "x.shape.__len__()",
        "units.real",
        "mode.upper()",
        "training.numerator",
    ],
)
def test_what_is_not_in_the_language_is_refused(expression: str) -> None:
    assert not check(spec(f"return {expression}"))

"""Random right specs, and what is generated from them."""

import ast
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.property.emitted import check_artifacts
from tests.property.mistakes import check_diagnostics

from layergen.artifact import Compilation, Target
from layergen.compiler import compile_source
from layergen.source import Source

NASTY = [
    '"""',
    "'''",
    '"',
    "'",
    "\\",
    "\\\\",
    '\\"""',
    '""""',
    '"" ""',
    "\\N{DIGIT ONE}",
    "\\x",
    "\\u12",
    "{{ 7 }}",
    "{% raw %}",
    "{x}",
    "{",
    "}",
    "{x!r}",
    "%s",
    "\n",
    "\n\n",
    "\r",
    "\t",
    "\f",
    "\0",
    "\x1b[31m",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "é",
    "日本",
    "\U0001f600",
    "#",
    '"""\nimport os\nos.system("true")\n"""',
    "`",
    "Args:",
    "a" * 100,
]
TEXT = st.lists(
    st.sampled_from(NASTY)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    min_size=1,
    max_size=5,
).map("".join)
PLACES = st.lists(st.sampled_from([*NASTY, "specs/a", "x y"]), max_size=3).map("".join)

FLOATS = st.sampled_from([0.5, 1.0, -0.25, 1e-3, 2, 1e30, -0.0])


def numbers(kind: str, values: st.SearchStrategy[float]) -> st.SearchStrategy[object]:
    low, high = ("min", "max") if kind == "int" else ("above", "below")
    return st.fixed_dictionaries(
        {"type": st.just(kind), "default": values},
        optional={low: st.just(-(10**3)), high: st.just(10**3), "doc": TEXT},
    )


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "rate": numbers("float", FLOATS.filter(lambda x: abs(x) < 900)),
        "count": numbers("int", st.integers(-5, 5)),
        "flag": st.fixed_dictionaries(
            {"type": st.just("bool"), "default": st.booleans()}
        ),
        "label": st.fixed_dictionaries(
            {"type": st.just("str"), "default": TEXT, "doc": TEXT}
        ),
        "mode": st.lists(TEXT, min_size=1, max_size=3, unique=True).map(
            lambda c: {"type": "choice", "choices": c, "default": c[0]}
        ),
        "table": st.fixed_dictionaries(
            {"type": st.just("array")},
            optional={"dtype": st.sampled_from(["float", "int32"]), "doc": TEXT},
        ).map(lambda form: {**form, "rank": 1}),
    },
)
WEIGHT = st.fixed_dictionaries(
    {
        "role": st.just("weight"),
        "shape": st.sampled_from([[], ["features"], ["2 * 2"]]),
    },
    optional={
        "initializer": st.sampled_from(
            ["zeros", "ones", {"name": "random_normal", "stddev": 0.5}]
        ),
        "configurable": st.booleans(),
        "doc": TEXT,
    },
)
CONSTANT = st.one_of(
    st.sampled_from(
        [
            2.5,
            [0.5, -1.5],
            [1, 0, 2],
            "arange(features) * 0.5",
            "full((features,), 0.25)",
            "pi / features",
            "10 ** 2",
            "linspace(0, 1, num=3)",
            "where(arange(3) > 1, 1.0, -1.0)",
        ]
    ).map(lambda value: {"role": "constant", "value": value}),
    st.just({"role": "constant", "file": "filter_bank.npy"}),
    st.just(
        {
            "role": "constant",
            "shape": ["features"],
            "initializer": {"name": "random_uniform", "minval": -1.0, "maxval": 1.0},
        }
    ),
    st.just({"role": "constant", "value": [0.5, 1.5], "storage": "weight"}),
)


def terms(names: list[str]) -> st.SearchStrategy[str]:
    """Expressions that are scalars, or have the shape of the input."""
    numbers_ = [n for n in names if n in ("rate", "count")] + [
        "0.5",
        "2",
        "features",
        "pi",
    ]
    arrays = [f"mean({n})" for n in names if n[0] in "wc" and n != "count"]
    scalar = st.sampled_from(numbers_ + arrays + ["sum(table)"] * ("table" in names))
    tests = [n for n in names if n == "flag"] + ["training", "features > 2"]
    tests += ['mode == \'a"""\''] * ("mode" in names) + ["label != ''"] * (
        "label" in names
    )

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        operator = st.sampled_from(["+", "-", "*"])
        functions = ["tanh", "sigmoid", "relu", "square", "sin", "stop_gradient", "-"]
        return st.one_of(
            st.tuples(inner, operator, inner).map(lambda p: f"({' '.join(p)})"),
            st.tuples(inner, operator, scalar).map(" ".join),
            st.tuples(st.sampled_from(functions), inner).map(
                lambda p: f"{p[0]}({p[1]})"
            ),
            inner.map(lambda e: f"softmax({e})"),
            inner.map(lambda e: f"{e} - mean({e}, axis=-1, keepdims=True)"),
            st.tuples(inner, scalar).map(lambda p: f"where({p[0]} > 0.0, {p[1]}, 0.5)"),
            st.tuples(inner, st.sampled_from(tests), inner).map(
                lambda p: f"({p[0]} if {p[1]} else {p[2]})"
            ),
        )

    return st.recursive(st.just("inputs"), grow, max_leaves=5)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, object]:
    arguments = draw(OPTIONS)
    parameters = {}
    for i in range(draw(st.integers(0, 2))):
        parameters[f"w{i}"] = draw(WEIGHT)
    for i in range(draw(st.integers(0, 2))):
        parameters[f"c{i}"] = draw(CONSTANT)
    names = [*arguments, *parameters]
    term = terms(names)
    lines = [f"a = {draw(term)}"]
    if draw(st.booleans()):
        lines += ["if training:", f"    a = {draw(term)}"]
        lines += ["else:", f"    a = a + {draw(term)}"] if draw(st.booleans()) else []
    if draw(st.booleans()):
        lines += ["b = arange(3) * 0.5", "k = 2", "a = a * sum(b * k)"]
    lines += [f"a = a + sum({name})" for name in parameters]
    used = [n for n in arguments if n in ("rate", "count")]
    lines += [f"return {' + '.join(['a', *used])} + {draw(term)}"]
    head = draw(st.sampled_from([["batch"], ["batch", "..."], ["batch", "time"]]))
    return {
        "layergen": 1,
        "name": draw(st.sampled_from(["Made", "RMSNorm2D", "A", "X" * 50])),
        "package": draw(st.sampled_from(["demo", "a", "p" * 50])),
        "summary": draw(TEXT),
        "description": draw(TEXT),
        "references": draw(st.lists(TEXT, max_size=2)),
        "arguments": arguments,
        "inputs": {"inputs": {"shape": [*head, "features"], "doc": draw(TEXT)}},
        "parameters": parameters,
        "call": "\n".join(lines),
        "outputs": {
            "shape": draw(st.sampled_from(["like inputs", [*head, "features"]]))
        },
    }


FOLDER = Path(__file__).parents[2] / "specs" / "zoo"


def text_of(spec: object) -> str:
    """JSON in which what YAML takes for unprintable is written as an escape."""
    text = json.dumps(spec, ensure_ascii=False)
    return "".join(
        f"\\u{ord(c):04x}" if not c.isprintable() and ord(c) < 0xFFFF else c
        for c in text
    )


def compile_checked(spec: object, path: str, *, twice: bool = False) -> Compilation:
    source = Source(path, text_of(spec), str(FOLDER))
    compilation = compile_source(source, Target())
    check_diagnostics(compilation.diagnostics, source)
    check_artifacts(compilation)
    if twice:
        assert compile_source(source, Target()).artifacts == compilation.artifacts
    return compilation


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(specs(), PLACES)
def test_generated_source(spec: dict[str, object], place: str) -> None:
    compilation = compile_checked(spec, f"{place}.json", twice=True)
    errors = [d.message for d in compilation.diagnostics if d.severity == "error"]
    assert compilation.artifacts, errors


def scalar_spec(**changes: object) -> dict[str, object]:
    return {
        "layergen": 1,
        "name": "Made",
        "package": "demo",
        "summary": "Makes.",
        "arguments": {"rate": {"type": "float", "default": 0.5}},
        "inputs": {"inputs": {"shape": ["batch", "features"]}},
        "call": "return rate * inputs",
        "outputs": {"shape": "like inputs"},
        **changes,
    }


@cache
def structure(text: str) -> tuple[str, str]:
    mode = {"type": "choice", "choices": ["a", text], "default": text, "doc": text}
    spec = scalar_spec(
        summary=f"{text} s",
        description=text,
        references=[text],
        arguments={"mode": mode, "label": {"type": "str", "default": text}},
        inputs={"inputs": {"shape": ["batch", "features"], "doc": text}},
        call=f"return inputs * 2.0 if mode == {text!r} and label != '' else inputs",
        outputs={"shape": ["batch", f"features if {text!r} == 'a' else features"]},
        examples=[{"arguments": {"mode": text, "label": text}, "inputs": [[1.0]]}],
    )
    compilation = compile_checked(spec, f"{text}.json")
    layer, test = (a.content.decode() for a in compilation.artifacts)
    strings = [n for n in ast.walk(ast.parse(layer)) if isinstance(n, ast.Constant)]
    assert text in [node.value for node in strings]
    return shape_of(layer), shape_of(test)


@pytest.mark.parametrize("nasty", NASTY)
def test_text_stays_in_its_place(nasty: str) -> None:
    """Texts change docstrings and literals, never the structure of the module."""
    assert structure(nasty) == structure("b")


def shape_of(text: str) -> str:
    """The tree of a module, without the values of its strings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        if isinstance(node, ast.JoinedStr):
            node.values = [v for v in node.values if isinstance(v, ast.FormattedValue)]
        if isinstance(node, ast.Call):  # a message is one string, or two that join
            node.args = [ast.Constant("") if _is_text(a) else a for a in node.args]
    return ast.dump(tree)


def _is_text(node: ast.expr) -> bool:
    texts = (ast.JoinedStr, ast.Constant)
    return isinstance(node, texts) and not getattr(node, "values", None)


@pytest.mark.parametrize(
    "name", ["ops", "np", "math", "super", "class", "kwargs", "np_"]
)
@pytest.mark.parametrize("place", ["argument", "input", "parameter", "dim", "local"])
def test_names_hide_nothing(name: str, place: str) -> None:
    changes: dict[str, dict[str, object]] = {
        "argument": {
            "arguments": {name: {"type": "float", "default": 0.5}},
            "call": f"return inputs * {name} + log(2.0) + pi",
        },
        "input": {
            "inputs": {name: {"shape": ["batch", "features"]}},
            "call": f"return relu({name} * rate)",
            "outputs": {"shape": ["batch", "features"]},
        },
        "parameter": {
            "parameters": {name: {"role": "constant", "value": "arange(3)"}},
            "call": f"return inputs * rate + sum({name})",
        },
        "dim": {
            "inputs": {"inputs": {"shape": ["batch", name]}},
            "parameters": {"scale": {"role": "weight", "shape": [name]}},
            "call": "return relu(inputs * rate * scale)",
        },
        "local": {"call": f"{name} = relu(inputs)\nreturn exp({name} * rate)"},
    }
    compilation = compile_checked(scalar_spec(**changes[place]), "a.json")
    free = name == "np_" or (name, place) == ("kwargs", "local")
    assert bool(compilation.artifacts) == free


@pytest.mark.parametrize(
    "lines",
    [
        ["b = 2 * rate", "a = arange(3) * b", "return inputs + sum(a)"],
        ["a = arange(3)", "b = a * 2", "return inputs * rate + sum(b)"],
        ["a = arange(3)", "a = a * 2", "return inputs * rate + sum(a)"],
        [
            "if rate > 1:",
            "    a = arange(3)",
            "else:",
            "    a = arange(4)",
            "return inputs + sum(a * 2)",
        ],
        ["a, b = arange(3), 2", "return inputs * rate + sum(a * b)"],
        ["losses = arange(3)", "return inputs * rate + sum(losses)"],
        ["return inputs * rate + (sum(arange(3)) if rate > 1 else 0.0)"],
    ],
)
def test_what_moves_out_of_the_call_is_whole(lines: list[str]) -> None:
    compilation = compile_checked(scalar_spec(call="\n".join(lines)), "a.json")
    assert compilation.artifacts


def test_array_files_are_copied() -> None:
    parameters = {"filters": {"role": "constant", "file": "filter_bank.npy"}}
    call = "return rate * inputs + sum(filters)"
    compilation = compile_checked(
        scalar_spec(parameters=parameters, call=call), "a.json"
    )
    (array,) = (a for a in compilation.artifacts if a.path.endswith(".npy"))
    assert array.content.startswith(b"\x93NUMPY")
    assert np.load(FOLDER / "filter_bank.npy").shape == (4, 2)

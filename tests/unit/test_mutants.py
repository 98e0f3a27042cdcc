"""The operators that make mutants of generated layers, each on a snippet."""

import ast
from functools import cache
from pathlib import Path

import pytest
from tests.marked import read_marked, write_marked
from tests.mutation.__main__ import DOCUMENT, FIGURES
from tests.mutation.mutants import OPERATORS, Mutant, make_mutants, sample
from tests.mutation.report import print_layers, read_layers, summarize
from tests.mutation.runner import Layer, Outcome, find_layers
from tests.mutation.sites import sites
from tests.mutation.survivors import Survivor, read_survivors, stale

SNIPPETS: dict[str, list[tuple[str, set[str]]]] = {
    "arithmetic": [
        ("a + b", {"a - b", "a * b"}),
        ("a / b", {"a * b"}),
        ("a // b", {"a / b", "a * b"}),
        ("a % b", {"a // b", "a * b"}),
        ("a ** b", {"a * b"}),
    ],
    "operand": [
        ("a + b", {"a", "b"}),
        ("a - b", {"a", "b", "b - a"}),
        ("-a", {"a"}),
    ],
    "comparison": [
        ("a < b", {"a <= b", "a >= b"}),
        ("a is b", {"a is not b"}),
        ("a in b", {"a not in b"}),
        (
            "0 <= a < 1",
            {"0 < a < 1", "0 > a < 1", "0 <= a <= 1", "0 <= a >= 1"}
            | {"0 <= a", "a < 1"},
        ),
    ],
    "logic": [("a and b", {"a or b", "a", "b"})],
    "number": [
        ("f(2)", {"f(3)", "f(4)", "f(0)"}),
        ("f(0.5)", {"f(1.5)", "f(1.0)", "f(0.0)"}),
        ("f(True)", set()),
    ],
    "table entry": [
        (
            "[1, 2, 3, 4]",
            {"[2, 2, 3, 4]", "[1, 3, 3, 4]", "[1, 2, 3, 5]", "[2, 1, 3, 4]"},
        ),
        ("[1, 2]", set()),
        ("[a, 2, 3, 4]", set()),
    ],
    "boolean": [("f(trainable=False)", {"f(trainable=True)"})],
    "none": [("f(a=None)", {"f(a=True)"}), ("a is None", set())],
    "word": [
        ("f(name='kernel')", {"f(name='kernel_x')"}),
        ("f('zeros')", {"f('ones')"}),
        ("f(dtype='int32')", {"f(dtype='float32')"}),
    ],
    "sibling": [
        ("ops.mean(x)", {"ops.sum(x)"}),
        ("ops.sum(x)", {"ops.mean(x)"}),
        ("np.array(x)", {"np.asarray(x)"}),
        ("int(x)", {"float(x)"}),
        ("ops.other(x)", set()),
    ],
    "call unwrapped": [
        ("a = ops.cast(x, 'int32')", {"a = x"}),
        ("a = float(self.a)", {"a = self.a"}),
        ("a = self.table.tolist()", {"a = self.table"}),
        ("a = isinstance(x, int)", set()),
        ("ops.cast(x, 'int32')", set()),
    ],
    "dtype": [
        (
            "f(x, dtype=self.compute_dtype)",
            {"f(x, dtype='float32')", "f(x, dtype=self.variable_dtype)"},
        ),
        ("ops.cast(x, y.dtype)", {"ops.cast(x, 'float32')"}),
    ],
    "axis": [("f(x, axis=1)", {"f(x, axis=0)", "f(x, axis=-1)", "f(x, axis=None)"})],
    "keyword": [
        ("f(x, a=1, b=2)", {"f(x, b=2)", "f(x, a=1)"}),
        ("super().__init__(**kwargs)", {"super().__init__()"}),
    ],
    "options swapped": [
        ("f(regularizer=a, constraint=b)", {"f(regularizer=b, constraint=a)"}),
        ("f(name=a, shape=b)", set()),
    ],
    "positions": [
        ("f(a, b)", {"f(b, a)"}),
        ("ops.maximum(a, b)", set()),
    ],
    "statement": [
        ("def f():\n    a()\n    b()", {"def f():\n    b()", "def f():\n    a()"}),
        ("def f():\n    'Words.'\n    a()", {"def f():\n    'Words.'"}),
        ("class A:\n    a\n    b", {"class A:\n    b", "class A:\n    a"}),
        ("if a:\n    b()", set()),
        ("def f():\n    if a:\n        b()", set()),
        ("def f(self):\n    self.x.build(a)", {"def f(self):\n    pass"}),
    ],
    "condition": [
        ("if a:\n    b", {"if not a:\n    b", "if True:\n    b", "if False:\n    b"}),
        ("if not a:\n    b", {"if a:\n    b", "if True:\n    b", "if False:\n    b"}),
        (
            "a if b is None else c",
            {"a if b is not None else c", "a if True else c", "a if False else c"},
        ),
        (
            "[a for a in b if c]",
            {
                "[a for a in b if not c]",
                "[a for a in b if True]",
                "[a for a in b if False]",
            },
        ),
    ],
    "tuple entry": [
        ("f((a, 1))", {"f((1,))", "f((a,))", "f((1, a))", "f((a + 1, 1))"}),
        ("isinstance(a, (b, c))", {"isinstance(a, (c,))", "isinstance(a, (b,))"}),
        ("a in (1, 2)", {"a in (2,)", "a in (1,)"}),
    ],
    "bounds": [
        ("x[1:n]", {"x[:n]", "x[1:]"}),
        ("range(n)", {"range(n + 1)"}),
    ],
    "decorator": [("@f(1)\nclass A:\n    b", {"class A:\n    b"})],
}
IN_METHODS = {
    "variable": (
        "def f(self, a, b):\n    return g(a)",
        {"def f(self, a, b):\n    return g(b)"},
    ),
    "attribute": (
        "self.a = 1\nself.b = 2\nf(self.a)",
        {"self.a = 1\nself.b = 2\nf(self.b)"},
    ),
    "output shape": (
        "def compute_output_shape(self, s):\n    return tuple(s)",
        {
            "def compute_output_shape(self, s):\n    return tuple(s[:-1])",
            "def compute_output_shape(self, s):\n    return tuple(s[::-1])",
            "def compute_output_shape(self, s):\n    return list(s)",
        },
    ),
    "config": (
        "def get_config(self):\n    return {**a, 'b': b}",
        {
            "def get_config(self):\n    return {'b': b}",
            "def get_config(self):\n    return {**a}",
            "def get_config(self):\n    return {**a, 'b_x': b}",
            "def get_config(self):\n    return {**a, 'b': None}",
            "def get_config(self):\n    return {**a, 'b': 1}",
        },
    ),
}
LAYERS = find_layers()
mutants_of = cache(lambda layer: make_mutants(layer.text))
CASES = [
    (name, snippet, wanted)
    for name, pairs in [
        *SNIPPETS.items(),
        *((n, [pair]) for n, pair in IN_METHODS.items()),
    ]
    for snippet, wanted in pairs
]


@pytest.mark.parametrize(("name", "snippet", "wanted"), CASES)
def test_operator(name: str, snippet: str, wanted: set[str]) -> None:
    made = {m.source for m in make_mutants(snippet, {name: OPERATORS[name]})}
    assert made == {ast.unparse(ast.parse(text)) for text in wanted}


def test_every_operator_is_tested() -> None:
    assert {name for name, _, _ in CASES} == OPERATORS.keys()


def test_what_tests_need_not_tell_is_left_alone() -> None:
    text = (
        "'''Words.'''\nimport a\n"
        "def f(b: int = 1) -> int:\n    '''Words.'''\n"
        "    raise ValueError(f'no {b} or {1}' 'words')"
    )
    left = {type(site.node) for site in sites(ast.parse(text))}
    assert left == {ast.Module, ast.FunctionDef, ast.arguments, ast.arg} | {
        ast.Constant,
        ast.Raise,
    }
    default = "- def f(b: int=1) -> int:"
    assert {m.diff for m in make_mutants(text)} == {
        (default, "+ def f(b: int=0) -> int:"),
        (default, "+ def f(b: int=2) -> int:"),
        ("- raise ValueError(f'no {b} or {1}words')",),
    }


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_mutants_of_layers(layer: Layer) -> None:
    """They parse, differ from the layer and from one another, and keep its words."""
    mutants = mutants_of(layer)
    texts = {mutant.source for mutant in mutants}
    original = ast.unparse(ast.parse(layer.text))
    assert len(mutants) == len(texts) >= 40
    assert original not in texts
    for mutant in sample(mutants, 10, layer.name):
        assert mutant.original == original
        assert ast.unparse(ast.parse(mutant.source)) == mutant.source
        assert mutant.diff


def test_a_sample_takes_operators_in_turn() -> None:
    mutants = mutants_of(LAYERS[0])
    operators = {mutant.operator for mutant in mutants}
    some = sample(mutants, len(operators), "a")
    assert {mutant.operator for mutant in some} == operators
    assert sample(mutants, 5, "a") == some[:5]
    assert sample(mutants, 5, "a") != sample(mutants, 5, "b")
    assert len(sample(mutants, 10**6, "a")) == len(mutants)


def test_listed_survivors_exist() -> None:
    mutants = {layer.name: mutants_of(layer) for layer in LAYERS}
    assert list(stale(read_survivors(), mutants)) == []


LAYER = Layer("a/b", "generated/a/b.py", "generated/tests/a/test_b.py")
MUTANTS = make_mutants("f(1)")


def entry(mutant: Mutant, **fields: object) -> Survivor:
    given = {"layers": ("a/b",), "changes": ("\n".join(mutant.diff),)}
    given |= {"verdict": "equivalent", "where": mutant.where, "why": "so"}
    return Survivor(**{**given, **fields})  # type: ignore[arg-type]


def test_an_entry_that_names_nothing_is_stale() -> None:
    right, wrong = entry(MUTANTS[0]), entry(MUTANTS[0], where="another")
    assert list(stale([right], {"a/b": MUTANTS})) == []
    assert len(list(stale([wrong], {"a/b": MUTANTS}))) == 2
    assert list(stale([entry(MUTANTS[0], layers=("*",))], {"a/b": MUTANTS})) == []
    assert len(list(stale([right], {"a/b": MUTANTS[1:]}))) == 2
    both = entry(MUTANTS[0], changes=(*right.changes, *entry(MUTANTS[1]).changes))
    assert list(stale([both], {"a/b": MUTANTS})) == []
    assert len(list(stale([both], {"a/b": MUTANTS[1:]}))) == 1
    assert list(stale([wrong], {"another": MUTANTS})) == []


def test_an_entry_can_name_a_family() -> None:
    (mutant,) = [m for m in make_mutants("f(a, b)\ng()") if m.operator == "positions"]
    for change, fits in {
        "- f(<1>, <2>)\n+ f(<2>, <1>)": True,
        "- <1>(<2>)\n+ <1>(<3>)": True,
        "- f(<1>, <2>)\n+ f(<1>, <2>)": False,
        "- f(<1>)": False,
    }.items():
        family = entry(mutant, changes=(change,), where="")
        assert family.explains("a/b", mutant) == fits
        assert not family.explains("c/d", mutant)


def test_figures() -> None:
    killed, survived, listed = MUTANTS[0], MUTANTS[1], make_mutants("f(3)")[0]
    outcomes = {
        LAYER: {
            killed: Outcome("killed", "test_a"),
            survived: Outcome("survived"),
            listed: Outcome("survived"),
        }
    }
    summary = summarize(outcomes, [entry(listed)])
    assert (summary.total.killed, summary.total.survived) == (1, 1)
    assert summary.total.equivalent == 1
    assert summary.total.share == 0.5
    assert summary.survivors == [("a/b", survived, "")]
    assert summary.wrong == []

    summary = summarize(outcomes, [entry(killed), entry(survived, verdict="accepted")])
    assert summary.total.survived == 2
    assert [why for _, _, why in summary.survivors] == ["so", ""]
    assert len(summary.wrong) == 1
    assert summary.unexplained == 1


def test_survivors_are_read(tmp_path: Path) -> None:
    path = tmp_path / "survivors.toml"
    path.write_text(
        '[[survivor]]\nlayers = ["a/b"]\nwhere = "call"\n'
        "changes = '''\n- a\n+ b\n\n- c\n+ d\n'''\n"
        'verdict = "equivalent"\nwhy = "so"\n'
    )
    (read,) = read_survivors(path)
    assert read.changes == ("- a\n+ b", "- c\n+ d")
    path.write_text(path.read_text().replace("equivalent", "fine"))
    with pytest.raises(ValueError, match="not fine"):
        read_survivors(path)


def test_figures_are_written_between_their_marks(tmp_path: Path) -> None:
    path = tmp_path / "testing.md"
    begin, end = f"<!-- {FIGURES} -->\n", f"<!-- end of {FIGURES} -->\n"
    path.write_text(f"a\n{begin}\nold\n\n{end}b\n")
    write_marked(path, FIGURES, "| new |")
    assert path.read_text() == f"a\n{begin}\n| new |\n\n{end}b\n"
    assert begin in DOCUMENT.read_text("utf-8")
    assert end in DOCUMENT.read_text("utf-8")


def test_the_figures_of_every_layer_are_told_and_read_back() -> None:
    scope, table = read_marked(DOCUMENT, FIGURES).split("\n\n")
    figures = read_layers(table)
    assert figures.keys() == {layer.name for layer in find_layers()}
    assert print_layers(figures) == table
    mutants = sum(each.mutants for each in figures.values())
    assert scope == f"All {mutants} mutants of {len(figures)} layers."

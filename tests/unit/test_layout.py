"""The layout of docs against black and against Python's own parser."""

import ast
import math

import black
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layergen.emit.doc import (
    Concat,
    Doc,
    Kind,
    attribute,
    binary,
    bracketed,
    call,
    comprehension,
    concat,
    dict_of,
    flatten,
    keyword,
    list_of,
    literal,
    parenthesized,
    parts_of,
    quote,
    strings,
    subscript,
    ternary,
    tuple_of,
    unary,
)
from layergen.emit.layout import layout, lines_of
from layergen.emit.statement import (
    assert_statement,
    assignment,
    condition_header,
    for_header,
    function_header,
    parameter,
    raise_statement,
    return_statement,
    unpacked,
)

NAMES = st.sampled_from(
    [
        "x",
        "inputs",
        "kernel",
        "self.units",
        "moving_variance",
        "self.compute_dtype",
        "a",
        "normalized_inputs",
        "1.0",
        "2",
        "0.001",
        '"channels_last"',
        "training",
    ]
)
FUNCTIONS = st.sampled_from(
    ["ops.matmul", "ops.cast", "ops.einsum", "f", "self.add_weight", "ops.broadcast_to"]
)
OBJECT = "keras.initializers.Initializer"
KEYWORDS = ["axis", "dtype", "initializer", "keepdims", "name"]
CHECKED = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_subnormal=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
    lambda inner: st.lists(inner, max_size=7)
    | st.lists(inner, max_size=7).map(tuple)
    | st.dictionaries(st.text("abc'\"\\", max_size=6), inner, max_size=5),
    max_leaves=40,
)


def format_with_black(text: str, width: int = 88) -> str:
    mode = black.Mode(line_length=width, target_versions={black.TargetVersion.PY311})
    return black.format_str(text, mode=mode)


def blocked(text: str, indent: int, header: bool) -> str:
    """Text as a module: in a class where it is indented, a header with a body."""
    opening = "".join(f"{' ' * at}class C:\n" for at in range(0, indent, 4))
    body = f"\n{' ' * (indent + 4)}pass" if header else ""
    return f"{opening}{text}{body}\n"


def check_meaning(doc: Doc, indent: int, width: int, header: bool = False) -> str:
    """The laid out text in a module, checked to mean what the flat text does."""
    text = blocked(layout(doc, indent, width), indent, header)
    flat = blocked(" " * indent + flatten(parts_of(doc)), indent, header)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(flat))
    return text


def check_stable(
    doc: Doc, indent: int = 0, width: int = 88, header: bool = False
) -> str:
    text = check_meaning(doc, indent, width, header)
    assert format_with_black(text, width) == text
    return text


def operand(doc: Doc) -> Doc:
    """A doc that may stand beside an operator."""
    parts = parts_of(doc)
    is_atom = len(parts) == 1 and (
        isinstance(parts[0], str) or not parts[0].is_invisible
    )
    is_call = len(parts) == 2 and isinstance(parts[0], str) and parts[0].isidentifier()
    return doc if is_atom or is_call else parenthesized(doc)


def extend(inner: st.SearchStrategy[Doc]) -> st.SearchStrategy[Doc]:
    arguments = st.lists(inner, min_size=0, max_size=4)
    operators = st.sampled_from(["+", "-", "*", "/", "@", "**"])
    named = st.tuples(st.sampled_from(KEYWORDS), inner).map(lambda p: keyword(*p))
    calls = st.builds(
        lambda f, a, k: call(f, [*a, *k]),
        FUNCTIONS,
        arguments,
        st.lists(named, max_size=2, unique_by=lambda d: parts_of(d)[0]),
    )
    chains = st.builds(
        lambda first, op, rest: joined(first, op, rest),
        inner,
        st.sampled_from(["+", "-", "*", "and", "<"]),
        st.lists(inner, min_size=1, max_size=3),
    )
    choices = st.builds(
        lambda a, t, b: ternary(operand(a), operand(t), operand(b)), inner, inner, inner
    )
    return st.one_of(
        calls,
        calls,
        chains,
        st.builds(
            lambda a, o, b: binary(operand(a), o, operand(b)), inner, operators, inner
        ),
        st.builds(lambda a: unary("-", operand(a)), inner),
        st.builds(lambda a, b: subscript("table", [a, b]), inner, inner),
        st.builds(lambda c: attribute(c, "shape"), calls),
        st.lists(inner, min_size=1, max_size=4).map(list_of),
        st.lists(inner, min_size=1, max_size=4).map(tuple_of),
        choices.map(parenthesized),
        st.builds(
            lambda f, a, b: call(f, [*a, keyword("name", b)]),
            FUNCTIONS,
            arguments,
            choices,
        ),
        st.builds(lambda c: call("f", [c]), choices),
        st.builds(lambda c, a: call(attribute(c, "reshape"), a), calls, arguments),
        st.builds(
            lambda e, xs, t: comprehension(
                "[", operand(e), [("for y in ", operand(xs)), ("if ", operand(t))], "]"
            ),
            inner,
            inner,
            inner,
        ),
    )


def joined(first: Doc, operator: str, rest: list[Doc]) -> Doc:
    whole = operand(first)
    for each in rest:
        whole = binary(whole, operator, operand(each))
    return whole


EXPRESSIONS = st.recursive(NAMES, extend, max_leaves=14)


def statements(doc: Doc) -> list[Doc]:
    return [
        assignment("outputs", doc),
        assignment("self.rate: float", doc),
        assignment(unpacked("mean", "variance"), doc),
        return_statement(doc),
        call("self.add_loss", [doc]),
        call("f", [doc, keyword("name", doc)]),
    ]


@CHECKED
@given(PLAIN, st.sampled_from([0, 4, 8]), st.sampled_from([88, 60]))
def test_literals_are_stable_under_black(
    value: object, indent: int, width: int
) -> None:
    doc = literal(value)
    text = check_meaning(assignment("x", doc), indent, width)
    assert format_with_black(text, width) == text
    made = eval(layout(doc, 0, width))
    assert repr(made) == repr(value)


def test_random_statements_keep_their_meaning_and_mostly_black_agrees() -> None:
    agreed = []

    @settings(CHECKED, max_examples=120)
    @given(EXPRESSIONS, st.sampled_from([0, 8]), st.sampled_from([88, 72]))
    def collect(doc: Doc, indent: int, width: int) -> None:
        for statement in statements(doc):
            text = check_meaning(statement, indent, width)
            if text.count("\n") > indent // 4 + 1:
                agreed.append(format_with_black(text, width) == text)

    collect()
    share = sum(agreed) / len(agreed)
    print(f"black leaves {share:.1%} of {len(agreed)} broken statements alone")
    assert share >= 0.97


@CHECKED
@given(
    st.lists(
        st.sampled_from(["self", "inputs", "units: int = 3", "*", "**kwargs: Any"])
        | st.text("abcdefgh", min_size=1, max_size=20).map(lambda n: f"_{n}: float"),
        max_size=8,
        unique=True,
    ),
    st.sampled_from(["", "None", "dict[str, Any]"]),
    st.sampled_from([0, 4]),
)
def test_signatures_are_stable_under_black(
    parameters: list[str], returns: str, indent: int
) -> None:
    order = {"self": 0, "inputs": 1, "units: int = 3": 4, "*": 3, "**kwargs: Any": 6}
    ordered = sorted(parameters, key=lambda p: order.get(p, 2))
    if "*" in ordered and ordered.index("*") + 1 >= len(ordered):
        ordered.remove("*")
    if "*" in ordered and ordered[ordered.index("*") + 1].startswith("**"):
        ordered.remove("*")
    check_stable(
        function_header("compute_output_shape", ordered, returns), indent, header=True
    )


@CHECKED
@given(
    st.integers(1, 80),
    st.lists(st.sampled_from(["str", "None", "Sequence[int]", OBJECT]), min_size=1),
    st.sampled_from([None, "None", '"glorot_uniform"', '"a longer value, quoted"']),
)
def test_annotated_parameters_are_stable_under_black(
    length: int, types: list[str], default: str | None
) -> None:
    parameters = ["self", parameter("p" * length, types, default), "**kwargs: Any"]
    check_stable(function_header("__init__", parameters, "None"), 4, header=True)


LONG = "a_rather_long_name_of_a_value"
HAND_WRITTEN = {
    "weight": assignment(
        "self.kernel",
        call(
            "self.add_weight",
            [
                keyword("name", '"kernel"'),
                keyword("shape", "(input_shape[-1], self.units)"),
                keyword("initializer", "self.kernel_initializer"),
            ],
        ),
    ),
    "error": raise_statement(
        call(
            "ValueError",
            [
                strings(
                    '"Argument `units` must be a positive integer, and it is not. "',
                    'f"Received: units={units!r}"',
                )
            ],
        )
    ),
    "sum": return_statement(
        binary(binary(LONG, "+", LONG), "*", binary(LONG, "**", "2"))
    ),
    "pair": return_statement(
        unpacked(call("f", [LONG, LONG]), call("g", [LONG, LONG]))
    ),
    "ternary": assignment(
        "x", ternary(call("f", [LONG]), binary(LONG, "is", "None"), LONG)
    ),
    "nested ternary": call("f", [LONG, keyword("b", ternary(LONG, LONG, LONG))]),
    "sole ternary": call("f", [ternary(LONG, binary(LONG, "not in", LONG), LONG)]),
    "comprehension": assignment(
        "axes",
        comprehension(
            "[",
            "a",
            [("for a in ", call("range", [LONG])), ("if ", binary("a", "!=", LONG))],
            "]",
        ),
    ),
    "method chain": assignment(
        "x",
        call(
            attribute(
                call(attribute(call("first", [LONG]), "second"), [LONG]), "third"
            ),
            [LONG],
        ),
    ),
    "config": return_statement(
        dict_of(
            [
                concat("**", call("super().get_config", [])),
                *((quote(n), f"self.{n}") for n in ("units", "scale_factor", "axis")),
                (quote("kernel_initializer"), call("initializers.serialize", [LONG])),
            ]
        )
    ),
    "unpacking": return_statement(list_of([LONG, LONG, "*rest", LONG])),
    "one-tuple": assignment("shape", tuple_of([call("f", [LONG, LONG, LONG])])),
    "augmented": assignment("total", binary(LONG, "@", call("f", [LONG, LONG])), "+="),
    "assertion": assert_statement(
        binary(call("f", [LONG, LONG]), "==", call("g", [LONG]))
    ),
    "comparison": return_statement(
        binary(binary(LONG, "<", LONG), "and", binary(LONG, ">", LONG))
    ),
}


@pytest.mark.parametrize("indent", [0, 8, 24])
@pytest.mark.parametrize("width", [88, 70])
@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_hand_written_statements_are_stable(name: str, width: int, indent: int) -> None:
    doc = HAND_WRITTEN[name]
    if name == "error":
        width = 88
    check_stable(doc, indent, width)


@settings(CHECKED, max_examples=60)
@given(EXPRESSIONS, st.sampled_from([1, 20, 40]))
def test_meaning_is_kept_however_narrow_the_page(doc: Doc, width: int) -> None:
    for statement in statements(doc):
        check_meaning(statement, 0, width)


HEADERS = {
    "if": condition_header(
        "if", binary(binary(LONG, "is", "None"), "or", call("f", [LONG]))
    ),
    "while": condition_header("while", unary("not", call("isinstance", [LONG, LONG]))),
    "for": for_header(
        unpacked("name", "value"), call("zip", [LONG, LONG, keyword("strict", "True")])
    ),
}


@pytest.mark.parametrize("indent", [0, 4, 24])
@pytest.mark.parametrize("name", HEADERS)
def test_headers_of_blocks_are_stable(name: str, indent: int) -> None:
    check_stable(HEADERS[name], indent, header=True)


def test_what_fits_stays_on_one_line() -> None:
    doc = call("f", ["a", keyword("b", list_of(["1", "2"]))])
    assert layout(doc, 4) == "    f(a, b=[1, 2])"
    assert layout(doc, prefix="x = ", suffix="  # note") == "x = f(a, b=[1, 2])  # note"


def test_a_broken_call_puts_its_arguments_on_one_line_if_they_fit() -> None:
    doc = call("function_name", ["argument", "other"])
    assert layout(doc, 0, 28) == "function_name(\n    argument, other\n)"
    assert layout(doc, 0, 14) == "function_name(\n    argument,\n    other,\n)"


def test_a_broken_display_puts_each_item_on_a_line() -> None:
    assert layout(list_of(["1", "2", "3"]), 0, 8) == "[\n    1,\n    2,\n    3,\n]"


def test_a_broken_row_puts_as_many_items_on_a_line_as_fit() -> None:
    doc = bracketed("[", ["-1", "20", "300", "4", "5"], "]", Kind.ROW)
    assert layout(doc, 0, 22) == "[-1, 20, 300, 4, 5]"
    assert lines_of(doc, 0, 16) == ["[", "    -1, 20, 300,", "    4, 5,", "]"]


def test_special_numbers_and_one_tuples() -> None:
    assert layout(literal([math.inf, -math.inf, (1,), (), -0.0])) == (
        '[float("inf"), float("-inf"), (1,), (), -0.0]'
    )
    assert layout(literal(math.nan)) == 'float("nan")'


def test_numpy_scalars_are_written_as_plain_numbers() -> None:
    np = pytest.importorskip("numpy")
    assert literal(np.float64(0.1)) == "0.1"
    with pytest.raises(TypeError, match="no literal for float32"):
        literal(np.float32(0.1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ("'\"", '"\'\\""'),
        ("a\\'", '"a\\\\\'"'),
    ],
)
def test_quotes(text: str, expected: str) -> None:
    assert quote(text) == expected
    assert ast.literal_eval(quote(text)) == text


def test_powers_of_simple_operands_hug() -> None:
    assert layout(binary("self.x", "**", "-2")) == "self.x**-2"
    assert layout(binary(call("f", ["x"]), "**", "2")) == "f(x) ** 2"


def test_docs_are_plain_values() -> None:
    assert concat("a", "b") == Concat(("a", "b"))
    assert bracketed("(", [], ")", Kind.TRAILER).flat == "()"

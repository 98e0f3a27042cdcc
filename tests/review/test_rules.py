"""Every rule: a pair of specs and what is said of it, word for word.

A folder is named for the code that its pair shows. It holds `previous.yaml` and
`current.yaml`, or folders of these names with a `spec.yaml` and the files that it
reads, and `expected.txt`, which `pytest --update` writes.
"""

import dataclasses
import re
from pathlib import Path

import pytest

from layergen import codes, layer
from layergen.codes.review import Breaks, Member, ReviewCode, approvable
from layergen.compiler import check_source
from layergen.review import (
    arguments,
    compare,
    constants,
    identity,
    outputs,
    sublayers,
    tensors,
    weights,
)
from layergen.review.compare import compare_layers
from layergen.review.output.approving import how_to_approve
from layergen.review.output.text import format_text
from layergen.review.report import Review, Version, review
from layergen.review.row import Row
from layergen.review.values import takes
from layergen.source import Source

HERE = Path(__file__).parent
CODES = [code for code in codes.ALL if isinstance(code, ReviewCode)]
FAILING = frozenset({Breaks.CHECKPOINT, Breaks.CONFIG})


def versions(folder: Path, name: str) -> list[Version]:
    """The layer of one side of a pair; none if the side has no spec."""
    for file in (folder / f"{name}.yaml", folder / name / "spec.yaml"):
        if file.exists():
            path = file.relative_to(folder).as_posix()
            source = Source(path, file.read_text("utf-8"), str(file.parent))
            found, wrong = check_source(source)
            assert found is not None, wrong
            return [Version("spec.yaml", found)]
    return []


def review_pair(folder: Path) -> Review:
    before, after = versions(folder, "previous"), versions(folder, "current")
    assert before or after
    return review(before, after, same=0, diagnostics=(), failing=FAILING)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_pair(code: ReviewCode, request: pytest.FixtureRequest) -> None:
    found = review_pair(HERE / code.id)
    said = format_text(found)
    expected = HERE / code.id / "expected.txt"
    if request.config.getoption("--update"):
        expected.write_text(said, "utf-8")
    assert said == expected.read_text("utf-8")
    assert code.id in re.findall(r"\[(LG\d+)\]", said)


def test_every_folder_is_of_a_code() -> None:
    folders = {path.name for path in HERE.glob("LG*")}
    assert folders == {code.id for code in CODES}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_example_shows_the_change(code: ReviewCode) -> None:
    layers = []
    for text in (code.wrong, code.right):
        if not text.startswith("layergen:"):
            return  # a command line, or a layer that is not there
        found, wrong = check_source(Source("spec.yaml", text))
        assert found is not None, wrong
        layers.append(found)
    found_codes = {change.code for change in compare_layers(*layers)}
    assert code in found_codes


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_nothing_changes_of_itself(code: ReviewCode) -> None:
    for name in ("previous", "current"):
        for version in versions(HERE / code.id, name):
            assert compare_layers(version.layer, version.layer) == ()


def members(version: layer.Layer, kind: Member) -> set[str]:
    """The names of all members of a kind."""
    groups = {
        Member.ARGUMENT: (
            *version.arguments,
            *version.deprecated,
            *version.flags,
        ),
        Member.INPUT: version.inputs,
        Member.OUTPUT: version.outputs,
        # A constant that is saved has the shape and the place of a weight.
        Member.WEIGHT: version.parameters,
        Member.CONSTANT: version.parameters,
        Member.SUBLAYER: version.sublayers,
        Member.ATTRIBUTE: version.attributes,
    }
    return {member.name for member in groups[kind]}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_changes_name_a_member_as_their_code_says(code: ReviewCode) -> None:
    found = review_pair(HERE / code.id)
    assert found.changes
    for changed in found.layers:
        sides = [v.layer for v in (changed.before, changed.after) if v]
        for change in changed.changes:
            about = change.code.about
            known = {""}
            if about is not None:
                known = set().union(*(members(side, about) for side in sides))
            assert change.name in known, (change.code.id, change.name)


@pytest.mark.parametrize("code", approvable().values(), ids=lambda code: code.id)
def test_what_is_told_can_be_approved(code: ReviewCode) -> None:
    """Every break, by the entry that the review itself gives for it."""
    folder = HERE / code.id
    found = review_pair(folder)
    entries = dict.fromkeys(
        how_to_approve(changed, change)
        for changed in found.layers
        for change in changed.changes
        if change.breaks
    )
    assert entries
    listed = "".join(
        f"  - {text.removeprefix('approved: [').removesuffix(']')}\n"
        for text in entries
    ).replace("...", "It is meant.")
    path = folder / "current.yaml"
    path = path if path.exists() else folder / "current/spec.yaml"
    text = f"{path.read_text('utf-8').rstrip()}\napproved:\n{listed}"
    after, wrong = check_source(Source("current.yaml", text, str(path.parent)))
    assert after is not None, wrong
    before = versions(folder, "previous")
    mended = review(
        before,
        [Version("spec.yaml", after)],
        same=0,
        diagnostics=(),
        failing=frozenset(Breaks),
    )
    assert not mended.fails
    assert mended.stale == ()
    assert [(c.code, c.name, c.breaks) for c in mended.changes] == [
        (c.code, c.name, c.breaks) for c in found.changes
    ]
    assert {c.approved for c in mended.changes if c.breaks} == {"It is meant."}
    assert all(c.approved is None for c in mended.changes if not c.breaks)


ROWS: dict[type, tuple[Row, ...]] = {
    layer.Layer: compare.LAYER_ROWS,
    layer.Argument: arguments.ARGUMENT_ROWS,
    layer.Weight: weights.WEIGHT_ROWS,
    layer.Constant: constants.CONSTANT_ROWS,
    layer.Sublayer: sublayers.SUBLAYER_ROWS,
    layer.Attribute: identity.ATTRIBUTE_ROWS,
    layer.Output: outputs.OUTPUT_ROWS,
    layer.Input: tensors.INPUT_ROWS,
}
MATCHED = {"name", "doc", "span", "path"}
"""Members are matched by name; docs are compared for the layer as a whole."""
ELSEWHERE = {
    layer.Layer: {
        "document": "places only; examples are compared by it",
        "dims": "where sizes are read: by `canonical`, and with the inputs' shapes",
        "written": "the same as `body` before any pass",
    },
    layer.Argument: {"renamed_from": "by `find_former_names`"},
    layer.Weight: {"renamed_from": "weights are matched by it"},
    layer.Constant: {"renamed_from": "constants are matched by it"},
}
WHOLE = {
    layer.Deprecated: {"name", "follows", "doc"},
    layer.Dim: {"name", "input", "axis"},
    layer.KerasObject: {"name", "path", "identifier", "parameters", "random"},
    layer.Requirement: {"test", "message"},
    layer.Computed: {"expr"},
    layer.Written: {"array"},
    layer.Loaded: {"file", "array", "sha256"},
    layer.Drawn: {"initializer", "seed", "offset"},
    layer.LayerShape: {"sizes", "like"},
    layer.Masking: {"kind", "mask", "span"},
    layer.Example: {
        *("arguments", "inputs", "flags", "masks", "weights", "outputs"),
        *("output_mask", "path"),
    },
}
"""Compared as a whole: by `==`, by `canonical`, by `source_token` or by hand."""


def dataclasses_of_layers() -> set[type]:
    return {
        value
        for value in vars(layer).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value)
    }


def test_every_field_of_a_layer_is_compared() -> None:
    """A new field must get a row, or a reason."""
    assert dataclasses_of_layers() == ROWS.keys() | WHOLE.keys()
    for kind, rows in ROWS.items():
        fields = {field.name for field in dataclasses.fields(kind)}
        covered = {name for row in rows for name in row.fields}
        known = ELSEWHERE.get(kind, {}).keys() | (
            set() if kind is layer.Layer else MATCHED
        )
        assert fields <= covered | known, kind.__name__
        assert covered <= fields, kind.__name__
    for kind, names in WHOLE.items():
        assert {
            field.name for field in dataclasses.fields(kind)
        } == names, kind.__name__


SUM = "sum(x, axis=-1, keepdims=True)"
FUNCTIONS = """def {f}({s}, {x}):
      {t} = {s} + {x}
      return {t}, {s}
  def {g}({y}):
      return {y} * {factor}
  a, _ = scan({f}, 0.0 * sum(x, axis=1), transpose(x, (1, 0)))
  return {g}(a)[:, None]"""
EQUAL = {
    "names of variables": (
        f"a = {SUM}\n  b = a * 2.0\n  return b + a",
        f"total = {SUM}\n  a = total * 2.0\n  return a + total",
    ),
    "keywords": (f"return {SUM}", "return sum(x, -1, True)"),
    "form": (f"return ({SUM} * 2.0)", f"return {SUM}*2.0  # twice"),
    "functions": (
        FUNCTIONS.format(f="f", s="s", x="b", t="t", g="g", y="y", factor=2.0),
        FUNCTIONS.format(f="h", s="a", x="c", t="b", g="f", y="a", factor=2.0),
    ),
    "comprehensions": (
        "s = [a for a in range(2) if a > 0]\n  return sum(x, axis=s, keepdims=True)",
        "t = [i for i in range(2) if i > 0]\n  return sum(x, axis=t, keepdims=True)",
    ),
}
OTHER = {
    "functions": (
        FUNCTIONS.format(f="f", s="s", x="b", t="t", g="g", y="y", factor=2.0),
        FUNCTIONS.format(f="f", s="s", x="b", t="t", g="g", y="y", factor=3.0),
    ),
    "swapped parameters": (
        FUNCTIONS.format(f="f", s="s", x="b", t="t", g="g", y="y", factor=2.0),
        FUNCTIONS.format(f="f", s="b", x="s", t="t", g="g", y="y", factor=2.0).replace(
            "return t, b", "return t, s"
        ),
    ),
    "numbers": (f"return {SUM} * 2.0", f"return {SUM} * 3.0"),
    "swapped variables": (
        f"a = {SUM}\n  b = a * 2.0\n  return b - a",
        f"a = {SUM}\n  b = a * 2.0\n  return a - b",
    ),
}


def compile_call(call: str) -> layer.Layer:
    text = (
        "layergen: 1\nname: A\npackage: demo\nsummary: Text.\n"
        "inputs: {x: {shape: [batch, n]}}\n"
        f"call: |\n  {call}\noutputs: {{shape: [batch, 1]}}\n"
    )
    found, wrong = check_source(Source("a.yaml", text))
    assert found is not None, wrong
    return found


@pytest.mark.parametrize("what", EQUAL)
def test_no_change(what: str) -> None:
    before, after = map(compile_call, EQUAL[what])
    assert compare_layers(before, after) == ()


@pytest.mark.parametrize("what", OTHER)
def test_a_change(what: str) -> None:
    before, after = map(compile_call, OTHER[what])
    assert [change.code.id for change in compare_layers(before, after)] == ["LG662"]


def test_a_change_in_a_function_is_told_there() -> None:
    (change,) = compare_layers(*map(compile_call, OTHER["functions"]))
    assert (change.before, change.after) == ("return y * 2.0", "return y * 3.0")


def test_an_array_takes_what_its_dtype_holds() -> None:
    argument = layer.Argument("order", "array", required=True, dtype="uint8", rank=1)
    assert takes(argument, (0, 255))
    assert not takes(argument, (-1, 0))
    assert not takes(argument, (256,))

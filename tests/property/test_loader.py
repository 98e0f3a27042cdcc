"""Whatever a text holds, it is answered with diagnostics."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.property.mistakes import check_diagnostics

from layergen.compiler import check_source
from layergen.source import Source

ROOT = Path(__file__).parents[2]
SPECS = sorted(
    path for path in (ROOT / "specs").rglob("*") if path.suffix in (".yaml", ".json")
)
TEXTS = [path.read_text() for path in SPECS]
FOLDER = str(ROOT / "specs" / "zoo")

PIECES = st.sampled_from(
    [
        "layergen",
        "name",
        "package",
        "summary",
        "arguments",
        "inputs",
        "parameters",
        "call",
        "outputs",
        "shape\n",
        "",
        "",
        "",
        "dtype",
        "role",
        "weight",
        "constant",
        "value",
        "file",
        "initializer",
        "type",
        "min",
        "max",
        "default",
        "examples\n",
        "",
        "",
        "",
        "inputs:",
        "-",
        "?",
        ":",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&",
        "&a",
        "*a",
        "!",
        "!!python/name:os.system",
        "!!int",
        "|",
        ">",
        "|-",
        ">+2",
        "'",
        '"',
        "#",
        "%\n",
        "",
        "",
        "",
        "%YAML",
        "---",
        "...",
        "~",
        "null",
        "true",
        "yes",
        "on",
        ".inf",
        "-.nan",
        "1e400",
        "0x1F",
        "0o17",
        "1_000",
        "<<:",
        "$schema\n",
        "",
        "",
        "",
        "\\",
        "\\u0041",
        "\\x00",
        "\\ud800",
        "\t",
        "\ufeff",
        "\u2028",
        "\x85",
        "\u202e",
        "😀",
        "ЖЯ",
        "é\n",
        "",
        "",
        "",
        "",
        "\n",
        "\n  ",
        "\n    ",
        ": ",
        "- ",
        "\x00",
        "\x1b[31m",
        "9" * 50,
        "[" * 70,
    ]
)
SOUP = st.lists(PIECES, max_size=40).map("".join)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
PATHS = st.sampled_from(["a.yaml", "specs/a.json", "<stdin>", "o'\"\n\u202e.yml"])

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | ANYTHING
    | st.sampled_from(["...", "batch", "units", "like inputs", "1e400", "a + b"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["name", "shape", "type", "x", ""]), inner),
    max_leaves=8,
)


def check(text: str, path: str = "a.yaml", folder: str | None = FOLDER) -> None:
    source = Source(path, text, folder)
    layer, diagnostics = check_source(source)
    assert layer is not None or diagnostics
    check_diagnostics(diagnostics, source)


@given(SOUP | ANYTHING, PATHS)
@example("\ud800", "a.yaml")
@example("a: \0", "a.json")
@example('{"a": "\\ud83d\\ude00"}', "a.json")
@example("[" * 100_000, "a.yaml")
@example("[" * 100_000, "a.json")
@example("a: &a [*a]", "a.yaml")
@example("9" * 5000, "a.json")
@example("\ufeff" + TEXTS[0], "a.yaml")
def test_any_text_is_answered(text: str, path: str) -> None:
    check(text, path)


@given(st.data())
def test_mutated_specs_are_answered(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(SOUP | ANYTHING) + text[end:]
    check(text, data.draw(PATHS))


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> list[object]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(p for key, part in inner for p in paths_of(part, (*path, key)))]


def plain_specs() -> list[object]:
    from layergen.loading.compose import read_tree

    return [
        read_tree(Source(str(p), t)).plain() for p, t in zip(SPECS, TEXTS, strict=True)
    ]


PLAIN = plain_specs()


@given(st.data())
def test_mutated_values_are_answered(data: st.DataObject) -> None:
    """Any value may stand in the place of another, a key be renamed or left out."""
    spec = json.loads(json.dumps(data.draw(st.sampled_from(PLAIN))))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths_of(spec)))
        if not path:
            continue
        holder = spec
        for step in path[:-1]:
            holder = holder[step]
        key = path[-1]
        match data.draw(st.sampled_from(["replace", "drop", "rename"])):
            case "rename" if isinstance(key, str):
                holder[data.draw(ANYTHING)] = holder.pop(key)
            case "drop":
                del holder[key]
            case _:
                holder[key] = data.draw(VALUES)
    check(json.dumps(spec, ensure_ascii=False), "a.json")


@given(st.binary(max_size=60))
def test_any_array_file_is_answered(tmp_path_factory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for start in (b"", b"\x93NUMPY\x01\x00\x46\x00", b"PK\x03\x04", b"\x80\x04"):
        (folder / "any.npy").write_bytes(start + content)
        text = TEXTS[[p.stem for p in SPECS].index("filter_bank")]
        check(text.replace("filter_bank.npy", "any.npy"), folder=str(folder))


@pytest.mark.parametrize(
    "name",
    ["../a.npy", "/e/a.npy", "a\0.npy", "a\\b.npy", ".npy", "a" * 300 + ".npy"],
)
def test_files_outside_are_refused(name: str, tmp_path: Path) -> None:
    text = TEXTS[[p.stem for p in SPECS].index("filter_bank")]
    spec = text.replace("filter_bank.npy", json.dumps(name))
    source = Source("a.yaml", spec, str(tmp_path))
    layer, diagnostics = check_source(source)
    assert layer is None
    assert {d.code.id for d in diagnostics} == {"LG206"} or diagnostics
    check_diagnostics(diagnostics, source)

"""The documents say what the code does.

Specs in them compile, code in them stands in the file it is from, commands in them
print what is shown. `python -m tests.unit.test_docs` writes what the commands print
into the documents; with `--keras`, what `layergen verify` prints too. Marks that
readers do not see, on a line before a fence:

    <!-- from PATH -->   the lines of the fence stand in that file, in this order
    <!-- write PATH -->  the fence is what a file holds that later commands read
    <!-- run: COMMAND --> a step that is not shown

A line `...` stands for any lines. Between `<!-- known layers -->` and `<!-- end -->`
stands the list of the layers of Keras that a spec may own.
"""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.documents import DOCUMENTS, FOLDER, REPOSITORY, shown_specs
from typer.main import get_command

from layergen import codes
from layergen.cli import app, main
from layergen.compiler import check_source
from layergen.diagnostics import Severity
from layergen.expr.language import signature
from layergen.expr.op import Op
from layergen.expr.ops import GROUPS, OPS
from layergen.keras_tables.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS
from layergen.loading.spec import NOT_YET
from layergen.lower import lower
from layergen.lower.argument_types import type_of
from layergen.lower.children import keras_layer, known_layers
from layergen.source import Source
from layergen.workspace import project

_FROM = re.compile(r"^<!-- from (\S+) -->\n+```\w+\n(.*?)^```$", re.M | re.S)
_STEP = re.compile(
    r"^<!-- run: (?P<hidden>.*?) -->$"
    r"|^<!-- write (?P<path>\S+) -->\n+```\w+\n(?P<content>.*?)^```$"
    r"|(?<=^```console\n)(?P<shown>.*?)(?=^```$)",
    re.M | re.S,
)
_LAYERS = re.compile(r"(?<=^<!-- known layers -->\n).*?(?=^<!-- end -->$)", re.M | re.S)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
_SHELL = re.compile(r"[|<>;&*]|^(?!layergen\b)")
_VERIFY = "$ layergen verify "
_SETTINGS = '[tool.layergen]\nspecs = ["specs"]\nout = "generated"\n'

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def _text(name: str) -> str:
    return (REPOSITORY / name).read_text("utf-8")


@each_document
def test_specs_compile(path: Path) -> None:
    for spec in shown_specs(path):
        layer, found = check_source(Source(path.name, spec, str(FOLDER)))
        assert layer, [f"{finding.span}: {finding.message}" for finding in found]


@each_document
def test_code_is_from_its_file(path: Path) -> None:
    for place, shown in _FROM.findall(path.read_text("utf-8")):
        lines = iter(_text(place).splitlines())
        for line in shown.splitlines():
            if line.strip() not in ("", "..."):
                assert any(line.strip() in there for there in lines), (place, line)


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@each_document
def test_codes_exist(path: Path) -> None:
    known = {code.id for code in codes.ALL}
    assert set(re.findall(r"\bLG\d{3}\b", path.read_text("utf-8"))) <= known


def _table(ops: Iterable[Op]) -> str:
    """A group's table in the reference."""
    rows = [
        f"| `{signature(op)}` | {op.doc} | {'yes' * bool(op.numpy)} "
        f"| {'yes' * bool(op.math)} |"
        for op in ops
    ]
    header = ["| call | does | early | numbers |", "|---|---|---|---|"]
    return "\n".join([*header, *rows, ""])


@pytest.mark.parametrize("group", GROUPS)
def test_every_function_is_in_the_reference(group: str) -> None:
    """Under its group's heading, and an example that compiles calls some of them."""
    _, heading, section = _text("docs/spec.md").partition(f"## {group}\n")
    assert heading
    table, _, rest = section.partition("```yaml\n")
    assert _table(GROUPS[group]) in table
    example, *_ = rest.partition("```")
    called = [op.name for op in GROUPS[group] if f"{op.name}(" in example]
    assert len(called) >= min(2, len(GROUPS[group]))


def test_sizes_that_must_be_known_are_in_the_reference() -> None:
    rows = [
        f"| `{op.name}` | {op.sizes.words} |"
        for op in sorted(OPS.values(), key=lambda op: op.name)
        if op.sizes is not None
    ]
    header = ["| function | sizes |", "|---|---|"]
    assert "\n".join([*header, *rows, ""]) in _text("docs/spec.md")


def test_every_object_of_keras_is_in_the_reference() -> None:
    text = _text("docs/spec.md")
    names = [*INITIALIZERS, *REGULARIZERS, *CONSTRAINTS]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_what_is_planned_is_in_the_reference() -> None:
    text = _text("docs/spec.md").partition("## Not supported yet")[2]
    names = [name for group in NOT_YET.values() for name in group]
    assert [name for name in names if f"`{name}`" not in text] == []


def _known_layers() -> str:
    """The layers of Keras that a spec may own, and what each is given."""
    rows = ["| layer | arguments |", "|---|---|"]
    for name in known_layers():
        arguments = keras_layer(name, lower).arguments
        plain = [f"`{a.name}`" for a in arguments if not type_of(a).is_object]
        rows.append(f"| `{name}` | {', '.join(plain)} |")
    return "\n".join(rows) + "\n"


def test_known_layers_are_in_the_reference() -> None:
    assert _LAYERS.findall(_text("docs/spec.md")) == [_known_layers()]


def test_every_command_option_and_setting_is_told() -> None:
    text = _text("docs/cli.md")
    group = get_command(app)
    commands = getattr(group, "commands", {})
    assert commands
    options = [
        option
        for command in (group, *commands.values())
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
    ]
    names = [f"## layergen {name}\n" for name in commands]
    names += [f"`{option}" for option in options]
    names += [f"`{setting}`" for setting in project._SETTINGS]
    assert [name for name in names if name not in text] == []


@pytest.mark.skipif(os.name == "nt", reason="the commands are those of a Unix shell")
@each_document
def test_commands_print_what_is_shown(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == _with_outputs(text, tmp_path)


@pytest.mark.keras
@pytest.mark.skipif(find_spec("keras") is None, reason="there is no Keras")
@pytest.mark.skipif(os.name == "nt", reason="the commands are those of a Unix shell")
@pytest.mark.parametrize(
    "path",
    [p for p in DOCUMENTS if _VERIFY in p.read_text("utf-8")],
    ids=lambda p: p.name,
)
def test_commands_with_keras_print_what_is_shown(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == _with_outputs(text, tmp_path, with_keras=True)


def _with_outputs(text: str, folder: Path, *, with_keras: bool = False) -> str:
    """A document in which every command is followed by what it prints.

    Without Keras, `layergen verify` is taken to print what is there.
    """
    root = folder / "project"
    shutil.copytree(REPOSITORY / "specs/seeds", root / "specs/seeds")
    (root / "pyproject.toml").write_text(_SETTINGS)
    shim = folder / "bin/layergen"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m layergen.cli "$@"\n')
    shim.chmod(0o755)
    shutil.copy(REPOSITORY / "integrations/review.sh", shim.parent / "layergen-review")

    def step(match: re.Match[str]) -> str:
        if match["shown"] is not None:
            return "".join(_console(match["shown"], root, with_keras))
        if match["hidden"]:
            _execute(match["hidden"], root)
        else:
            (root / match["path"]).write_text(match["content"], "utf-8")
        return match[0]

    with chdir(root):
        return _STEP.sub(step, _LAYERS.sub(lambda _: _known_layers(), text))


def _console(shown: str, root: Path, with_keras: bool) -> Iterator[str]:
    for command, expected in re.findall(r"^\$ (.*\n)((?:(?!\$ ).*\n)*)", shown, re.M):
        if command.startswith(_VERIFY[2:]) and not with_keras:
            yield f"$ {command}{expected}"
            continue
        printed = _execute(command.strip(), root).strip("\n")
        printed = f"{printed}\n" if printed else ""
        yield f"$ {command}"
        yield expected if _agrees(expected, printed) else printed


def _agrees(expected: str, printed: str) -> bool:
    parts = re.split(r"^\.\.\.\n", expected, flags=re.M)
    return bool(re.fullmatch(r"(?:.*\n)*".join(map(re.escape, parts)), printed))


def _execute(command: str, root: Path) -> str:
    """What a command prints on both streams."""
    if _SHELL.search(command):
        places = [str(REPOSITORY / "generator"), *sys.path]
        ended = subprocess.run(
            ["bash", "-c", command],
            cwd=root,
            env={
                **os.environ,
                "PATH": f"{root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": os.pathsep.join(filter(None, places)),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ended.stdout
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with redirect_stdout(stream), redirect_stderr(stream):
        main(shlex.split(command)[1:])
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def test_errors_would_be_seen() -> None:
    wrong = Source("a.yaml", "layergen: 1\n")
    layer, found = check_source(wrong)
    assert layer is None
    assert {finding.severity for finding in found} == {Severity.ERROR}
    assert _agrees("a\n...\nd\n", "a\nb\nc\nd\n")
    assert not _agrees("a\n...\nd\n", "a\nb\n")


if __name__ == "__main__":
    keras = "--keras" in sys.argv[1:]
    for document in DOCUMENTS:
        with tempfile.TemporaryDirectory() as place:
            document.write_text(
                _with_outputs(
                    document.read_text("utf-8"), Path(place), with_keras=keras
                ),
                "utf-8",
            )

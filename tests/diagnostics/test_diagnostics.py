"""What a user is told about each mistake, word for word."""

import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from case import HERE, Case, read_cases, say, update

from layergen import codes
from layergen.codes import project
from layergen.diagnostics import Code

FILES = sorted(HERE.glob("*.md"))
SPEC_CODES = [
    code
    for code in codes.ALL
    if code not in vars(project).values() and not code.id.startswith("LG6")
]
"""Those that a spec's text can yield; the others are about files and changes."""
CASES = [
    pytest.param(path, case, id=f"{path.stem}: {case.title}")
    for path in FILES
    for case in read_cases(path.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the cases name."""
    folder = tmp_path_factory.mktemp("project") / "specs"
    folder.mkdir()
    floats = np.array([1.0, 2.5])
    np.save(folder / "floats.npy", floats)
    np.save(folder.parent / "outside.npy", floats)
    (folder / "link.npy").symlink_to(folder.parent / "outside.npy")
    np.save(folder / "pickled.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(folder / "complex.npy", np.array([1j]))
    np.save(folder / "words.npy", np.array(["a", "b"]))
    archive = io.BytesIO()
    np.savez(archive, floats)
    (folder / "archive.npy").write_bytes(archive.getvalue())
    (folder / "text.npy").write_text("1.0 2.5\n", encoding="utf-8")
    (folder / "cut.npy").write_bytes((folder / "floats.npy").read_bytes()[:-4])
    (folder / "empty.npy").touch()
    (folder / "folder.npy").mkdir()
    return folder


@pytest.mark.parametrize(("path", "case"), CASES)
def test_case(path: Path, case: Case, folder: Path, request: pytest.FixtureRequest):
    said = say(case, folder)
    if request.config.getoption("--update", default=False):
        update(path, case.title, said)
    else:
        assert said == case.expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_titles_differ(path: Path):
    titles = Counter(each.title for each in read_cases(path.read_text("utf-8")))
    assert not [title for title, count in titles.items() if count > 1]


TOO_LONG = {"LG008"}
"""Codes whose case would be thousands of values long; their examples are run below."""


def test_every_code_of_a_spec_has_a_case():
    shown = {
        identifier
        for path in FILES
        for identifier in re.findall(r"\[(LG\d{3})\]", path.read_text("utf-8"))
    }
    assert {code.id for code in SPEC_CODES} - TOO_LONG <= shown


@pytest.mark.parametrize("code", SPEC_CODES, ids=lambda code: code.id)
def test_examples_of_codes(code: Code, tmp_path: Path):
    for text, wanted in ((code.wrong, [code.id]), (code.right, [])):
        case = Case("", "spec.yaml", text, "", 0, 0)
        assert re.findall(r"\[(LG\d{3})\]", say(case, tmp_path)) == wanted

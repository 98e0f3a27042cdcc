"""Every pitfall is answered, and what is named as an answer exists.

Nothing is imported: tests are read with `ast`.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tests.pitfalls.table import LIST, PAGE, ROOT, Claim, Pitfall, read_topics, render

from layergen import codes
from layergen.codes.review import ReviewCode

TOPICS = read_topics()
PITFALLS = [pitfall for topic in TOPICS for pitfall in topic.pitfalls]
CODES = {code.id: code for code in codes.ALL}

each_pitfall = pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda p: p.number)


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The functions of a module."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return frozenset(n.name for n in nodes if isinstance(n, ast.FunctionDef))


def test_numbers_run_from_one() -> None:
    for topic in TOPICS:
        numbers = [p.number.rpartition(".")[2] for p in topic.pitfalls]
        assert numbers == [str(n + 1) for n in range(len(numbers))], topic.title


def test_titles_differ() -> None:
    assert len({pitfall.title for pitfall in PITFALLS}) == len(PITFALLS) > 100


@each_pitfall
def test_answered(pitfall: Pitfall) -> None:
    assert pitfall.refused or pitfall.proven or pitfall.outside
    for sentences in (pitfall.title, pitfall.happens, pitfall.outside, pitfall.open):
        assert not sentences or sentences.endswith(".")
    assert pitfall.title
    assert pitfall.happens


@each_pitfall
def test_diagnostics_are_shown(pitfall: Pitfall) -> None:
    for claim in pitfall.refused:
        shows_code(claim)


def shows_code(claim: Claim) -> None:
    """The code exists, and the case is told it."""
    code, _, topic = claim.place.partition(" ")
    path = ROOT / claim.file
    assert code in CODES
    if not topic:
        assert isinstance(CODES[code], ReviewCode)
        assert f"[{code}]" in (path / "expected.txt").read_text("utf-8")
        return
    assert path.exists(), f"there is no {path}"
    cases = re.split("^## ", path.read_text("utf-8"), flags=re.M)[1:]
    said = [case for case in cases if case.splitlines()[0] == claim.name]
    assert len(said) == 1, f"{path.name} has no case {claim.name!r}"
    assert f"[{code}]" in said[0]


@each_pitfall
def test_tests_exist(pitfall: Pitfall) -> None:
    for claim in pitfall.proven:
        exists(claim)


def exists(claim: Claim) -> None:
    """The file has the test, and the rule, or the situation and the kind."""
    path = ROOT / claim.file
    assert path.exists(), f"there is no {path}"
    assert claim.function in functions_of(path), claim
    match claim.place:
        case "rule":
            rules = [*path.parent.glob("rules*.py")]
            assert any(claim.name in functions_of(each) for each in rules), claim
        case "cell":
            situation, _, kind = claim.name.partition("-")
            files = [*(path.parent / "situations").glob("*.py")]
            assert any(situation in functions_of(each) for each in files), claim
            assert (path.parent / "specs" / f"{kind}.yaml").exists(), claim


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("LG001 statements", "a state that is assigned by name"),
        ("LG309 statements", "no such case"),
        ("LG999", ""),
        ("LG309", ""),
    ],
)
def test_a_wrong_code_would_be_seen(place: str, name: str) -> None:
    with pytest.raises((AssertionError, OSError)):
        shows_code(Claim(place, name))


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("rule", "no_such_rule"),
        ("cell", "onnx-no_such_kind"),
        ("cell", "no_such_situation-state"),
        ("zoo/dropout", "test_nothing"),
        ("zoo/nothing", "test_copies"),
        ("keras/test_ops", "test_nothing"),
    ],
)
def test_a_wrong_test_would_be_seen(place: str, name: str) -> None:
    with pytest.raises(AssertionError):
        exists(Claim(place, name))


def test_every_rule_answers_something() -> None:
    named = {c.name for p in PITFALLS for c in p.proven if c.place == "rule"}
    files = (LIST.parent / f"{name}.py" for name in ("rules", "rules_of_layers"))
    nodes = [n for f in files for n in ast.parse(f.read_text("utf-8")).body]
    functions = [n for n in nodes if isinstance(n, ast.FunctionDef)]
    assert {f.name for f in functions if f.decorator_list} == named


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == render(), "run `python -m tests.pitfalls`"

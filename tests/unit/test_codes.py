import pytest

from layergen.codes import ALL
from layergen.compiler import check_source
from layergen.diagnostics import Code
from layergen.source import Source

# LG090 to LG099 are about reading files, LG5xx about files and settings, LG6xx about
# changes: `tests/review` runs their examples.
SPECS = [code for code in ALL if not code.id.startswith(("LG09", "LG5", "LG6"))]


def codes_of(text: str) -> set[str]:
    _, diagnostics = check_source(Source("specs/example.yaml", text))
    return {found.code.id for found in diagnostics}


def test_ids_are_unique() -> None:
    ids = [code.id for code in ALL]
    assert len(ids) == len(set(ids))
    assert all(len(each) == 5 and each.startswith("LG") for each in ids)


@pytest.mark.parametrize("code", ALL, ids=lambda code: code.id)
def test_words(code: Code) -> None:
    assert code.title == code.title.strip()
    assert code.title[0].islower() or not code.title[0].isalpha()
    assert not code.title.endswith(".")
    for sentence in (code.means, code.why):
        assert sentence.endswith(".")
    assert code.wrong != code.right


@pytest.mark.parametrize("code", SPECS, ids=lambda code: code.id)
def test_wrong_example_yields_the_code(code: Code) -> None:
    assert code.id in codes_of(code.wrong)


@pytest.mark.parametrize("code", SPECS, ids=lambda code: code.id)
def test_right_example_yields_nothing(code: Code) -> None:
    assert codes_of(code.right) == set()

"""The list of pitfalls: TOML -> entries, and entries -> a page in Markdown."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LIST = HERE / "pitfalls.toml"
PAGE = ROOT / "docs" / "pitfalls.md"
FIELDS = ("title", "happens", "refused", "proven", "outside", "open")

_INTRODUCTION = """\
# What goes wrong in layers, and what layergen does about it

A constant or a weight in a Keras layer can be written in many ways, and most of them
fail somewhere: under another policy, on another backend, after a reload. Below is each
way that is known to fail, what comes of it, and why a generated layer does not fail so.

- **refused**: a spec that asks for it is told so, by the code that is named;
- **proven**: a test shows that generated layers are right: a rule, which reads the text
  of all generated layers, a cell of the
  [matrix](constants.md#right-in-every-situation), or another test;
- **outside**: a spec has no say in it, or in that part of it;
- **open**: nothing answers it yet, or not that part of it.

<!-- written by `python -m tests.pitfalls` from tests/pitfalls/pitfalls.toml -->
"""


@dataclass(frozen=True)
class Claim:
    """Where a pitfall is answered.

    Attributes:
        place: a code, or where a test stands: `rule`, `cell`, `zoo/dropout`.
        name: of the diagnostics case, or of the test; empty for a code of a review.
    """

    place: str
    name: str

    @property
    def function(self) -> str:
        """The test function that is meant."""
        known = {"rule": "test_rule_holds", "cell": "test_cell"}
        return known.get(self.place, self.name)

    @property
    def file(self) -> Path:
        """The file that shows it, below the repository."""
        if self.place[:2] == "LG":
            code, _, topic = self.place.partition(" ")
            shown = f"diagnostics/{topic}.md" if topic else f"review/{code}"
            return Path("tests", shown)
        known = {"rule": "pitfalls/test_emitted.py", "cell": "matrix/test_matrix.py"}
        folder, _, layer = self.place.partition("/")
        if folder in ("zoo", "seeds"):
            return Path("generated/tests", folder, f"test_{layer}.py")
        return Path("tests", known.get(self.place, f"{self.place}.py"))


@dataclass(frozen=True)
class Pitfall:
    """One thing that goes wrong.

    Attributes:
        number: its place in the list, `weights.3`.
        title: what a layer does.
        happens: what comes of it.
        refused: the diagnostics cases and the codes of reviews that tell it.
        proven: the tests that show that generated layers are right.
        outside: why a spec has no say in it, or in what part.
        open: what nothing answers yet.
    """

    number: str
    title: str
    happens: str
    refused: tuple[Claim, ...]
    proven: tuple[Claim, ...]
    outside: str
    open: str


@dataclass(frozen=True)
class Topic:
    """Pitfalls that belong together."""

    title: str
    pitfalls: tuple[Pitfall, ...]


def read_topics() -> tuple[Topic, ...]:
    """The list."""
    data = tomllib.loads(LIST.read_text("utf-8"))
    return tuple(
        Topic(
            topic.pop("title"),
            tuple(_read(f"{name}.{key}", entry) for key, entry in topic.items()),
        )
        for name, topic in data.items()
    )


def _read(number: str, entry: dict[str, object]) -> Pitfall:
    unknown = entry.keys() - set(FIELDS)
    assert not unknown, f"{number} has unknown fields: {unknown}"

    def text(field: str) -> str:
        value = entry.get(field, "")
        assert isinstance(value, str), f"{field} of {number} is no text"
        return value

    def claims(field: str) -> tuple[Claim, ...]:
        values = entry.get(field, [])
        assert isinstance(values, list), f"{field} of {number} is no list"
        parts = (value.partition(": ") for value in values)
        return tuple(Claim(place, name) for place, _, name in parts)

    return Pitfall(
        number,
        text("title"),
        text("happens"),
        claims("refused"),
        claims("proven"),
        text("outside"),
        text("open"),
    )


def render() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    for topic in read_topics():
        rows = [
            f"| {pitfall.number.rpartition('.')[2]} | {pitfall.title} "
            f"| {pitfall.happens} | {'<br>'.join(_answers(pitfall))} |"
            for pitfall in topic.pitfalls
        ]
        header = [
            "| | what a layer does | what comes of it | here |",
            "|---|---|---|---|",
        ]
        parts.append("\n".join([f"## {topic.title}\n", *header, *rows, ""]))
    return "\n".join(parts)


def _answers(pitfall: Pitfall) -> Iterator[str]:
    if pitfall.refused:
        yield f"**refused** {', '.join(map(_link, pitfall.refused))}"
    if pitfall.proven:
        yield f"**proven** {', '.join(map(_link, pitfall.proven))}"
    if pitfall.outside:
        yield f"**outside** {pitfall.outside}"
    if pitfall.open:
        yield f"**open** {pitfall.open}"


def _link(claim: Claim) -> str:
    code, _, topic = claim.place.partition(" ")
    if code[:2] == "LG":
        shown = f"{code} ({claim.name})" if topic else code
    elif claim.place == "rule":
        shown = f"rule: {claim.name.replace('_', ' ')}"
    elif claim.place == "cell":
        situation, _, kind = claim.name.partition("-")
        shown = f"cell: `{kind}`, `{situation}`"
    else:
        shown = f"`{claim.name}` of {claim.place}"
    return f"[{shown}](../{claim.file.as_posix()})"

"""`survivors.toml` -> what is known of mutants that no test kills.

Each entry names mutants by layers and changed lines, and says why they survive.
`verdict` is `equivalent` if no caller could see a difference, and `accepted` if one
could, but no generated test looks. The former are left out of the share killed.

A blank line parts one change from the next. In a change, `<1>` to `<9>` stand for any
text, each for the same text in both lines, so that an entry can name a family.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutation.mutants import Mutant

FILE = Path(__file__).with_name("survivors.toml")
EVERY_LAYER = "*"
_ANY_TEXT = re.compile(r"<([1-9])>")


@dataclass(frozen=True)
class Survivor:
    """An entry of the file.

    Attributes:
        layers: names of layers, each of which has such a mutant; `*` stands for all.
        changes: lines that differ, as in `Mutant.diff`; each is in one of the layers.
        verdict: `equivalent` or `accepted`.
        why: the reason.
        where: the method; if empty, any.
    """

    layers: tuple[str, ...]
    changes: tuple[str, ...]
    verdict: str
    why: str
    where: str = ""

    def explains(self, layer: str, mutant: Mutant) -> bool:
        """Whether the entry names this mutant."""
        if not {layer, EVERY_LAYER}.intersection(self.layers):
            return False
        return any(self.fits(change, mutant) for change in self.changes)

    def fits(self, change: str, mutant: Mutant) -> bool:
        """Whether the mutant makes this change, in the method of the entry."""
        if self.where not in ("", mutant.where):
            return False
        return _pattern(change).fullmatch("\n".join(mutant.diff)) is not None


@cache
def _pattern(change: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = _ANY_TEXT.split(change)
    texts = [re.escape(part) for part in parts]
    for index in range(1, len(parts), 2):
        number = parts[index]
        texts[index] = rf"(?P=t{number})" if number in seen else rf"(?P<t{number}>.*)"
        seen.add(number)
    return re.compile("".join(texts))


def read_survivors(path: Path = FILE) -> list[Survivor]:
    """The entries of the file."""
    entries = tomllib.loads(path.read_text("utf-8")).get("survivor", [])
    return [_survivor(entry) for entry in entries]


def _survivor(entry: Mapping[str, object]) -> Survivor:
    given = dict(entry)
    changes = tuple(str(given.pop("changes")).strip().split("\n\n"))
    layers = given.pop("layers")
    assert isinstance(layers, list)
    result = Survivor(layers=tuple(layers), changes=changes, **given)  # type: ignore[arg-type]
    if result.verdict not in ("equivalent", "accepted"):
        raise ValueError(f"a verdict is equivalent or accepted, not {result.verdict}")
    return result


def explanation(
    known: Sequence[Survivor], layer: str, mutant: Mutant
) -> Survivor | None:
    """The entry that names the mutant."""
    return next((entry for entry in known if entry.explains(layer, mutant)), None)


def stale(
    known: Sequence[Survivor], mutants: Mapping[str, Sequence[Mutant]]
) -> Iterator[str]:
    """A line for each layer, and each change, of an entry that names no mutant.

    An entry is left alone if one of its layers is not among the mutants.
    """
    for entry in known:
        names = [name for name in entry.layers if name != EVERY_LAYER]
        if not set(names) <= mutants.keys():
            continue
        for name in names:
            if not any(entry.explains(name, mutant) for mutant in mutants[name]):
                yield f"{name}: no such survivor: {entry.why}"
        places = mutants if EVERY_LAYER in entry.layers else names
        everyone = [mutant for name in places for mutant in mutants[name]]
        for change in entry.changes:
            if not any(entry.fits(change, mutant) for mutant in everyone):
                yield f"{', '.join(entry.layers)}: no such survivor: {change}"

"""`survivors.toml` -> what is known of mutants that no test kills.

Each entry names mutants by layer, operator, method and changed lines, and says why they
survive. `verdict` is `equivalent` if no caller could see a difference, and `accepted`
if one could, but no generated test looks. The former are left out of the share killed.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant

FILE = Path(__file__).with_name("survivors.toml")
EVERY_LAYER = "*"


@dataclass(frozen=True)
class Survivor:
    """An entry of the file.

    Attributes:
        layers: names of layers; `*` stands for all, at least one of which must have it.
        operator: the operator's name.
        where: the method.
        change: the lines that differ, as in `Mutant.diff`.
        verdict: `equivalent` or `accepted`.
        why: the reason.
    """

    layers: tuple[str, ...]
    operator: str
    where: str
    change: tuple[str, ...]
    verdict: str
    why: str

    def explains(self, layer: str, mutant: Mutant) -> bool:
        """Whether the entry names this mutant."""
        return (
            (layer in self.layers or EVERY_LAYER in self.layers)
            and (self.operator, self.where) == (mutant.operator, mutant.where)
            and self.change == mutant.diff
        )


def read_survivors(path: Path = FILE) -> list[Survivor]:
    """The entries of the file; each change is there once for each layer."""
    entries = tomllib.loads(path.read_text("utf-8")).get("survivor", [])
    return [_survivor(entry) for entry in entries]


def _survivor(entry: Mapping[str, object]) -> Survivor:
    given = dict(entry)
    change = str(given.pop("change")).strip().splitlines()
    layers = given.pop("layers")
    assert isinstance(layers, list)
    result = Survivor(layers=tuple(layers), change=tuple(change), **given)  # type: ignore[arg-type]
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
    """A line for each entry and layer that names none of the mutants given by layer.

    Layers that are not among the mutants are not looked at.
    """
    for entry in known:
        named = [n for n in entry.layers if n in mutants or n == EVERY_LAYER]
        for name in named:
            places = mutants if name == EVERY_LAYER else [name]
            found = (entry.explains(p, m) for p in places for m in mutants[p])
            if not any(found):
                yield f"{name}: no such survivor: {' / '.join(entry.change)}"

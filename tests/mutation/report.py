"""Outcomes -> figures, as Markdown, and the survivors as diffs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.mutation.mutants import OPERATORS, Mutant
from tests.mutation.runner import Layer, Outcome
from tests.mutation.survivors import Survivor, explanation

Outcomes = Mapping[Layer, Mapping[Mutant, Outcome]]


@dataclass
class Figures:
    """Counts of mutants, for a layer, an operator or all."""

    killed: int = 0
    equivalent: int = 0
    survived: int = 0
    invalid: int = 0

    @property
    def mutants(self) -> int:
        """All that could be imported."""
        return self.killed + self.equivalent + self.survived

    @property
    def share(self) -> float:
        """The share killed of those that a test could kill."""
        able = self.killed + self.survived
        return self.killed / able if able else 1.0


@dataclass
class Summary:
    """What a run shows.

    Attributes:
        total: of all mutants.
        layers: by name of the layer.
        operators: by name of the operator.
        survivors: what is not equivalent, with its layer and, if listed, why.
        wrong: entries of the list that name mutants which were killed.
    """

    total: Figures = field(default_factory=Figures)
    layers: defaultdict[str, Figures] = field(
        default_factory=lambda: defaultdict(Figures)
    )
    operators: defaultdict[str, Figures] = field(
        default_factory=lambda: defaultdict(Figures)
    )
    survivors: list[tuple[str, Mutant, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def unexplained(self) -> int:
        """How many survivors are not listed."""
        return sum(not why for _, _, why in self.survivors)


def summarize(outcomes: Outcomes, known: Sequence[Survivor]) -> Summary:
    """Count the outcomes, and hold the list of survivors against them."""
    summary = Summary()
    for layer, results in outcomes.items():
        for mutant, outcome in results.items():
            entry = explanation(known, layer.name, mutant)
            column = outcome.outcome
            if column == "survived" and entry and entry.verdict == "equivalent":
                column = "equivalent"
            for figures in (
                summary.total,
                summary.layers[layer.name],
                summary.operators[mutant.operator],
            ):
                setattr(figures, column, getattr(figures, column) + 1)
            if column == "survived":
                why = entry.why if entry else ""
                summary.survivors.append((layer.name, mutant, why))
            if column == "killed" and entry and layer.name in entry.layers:
                lines = " / ".join(mutant.diff)
                summary.wrong.append(f"{layer.name}: killed by {outcome.by}: {lines}")
    return summary


def print_layers(layers: Mapping[str, Figures]) -> str:
    """A Markdown table by layer."""
    return "\n".join(_table("layer", dict(sorted(layers.items()))))


def read_layers(table: str) -> dict[str, Figures]:
    """The figures of a table by layer."""
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    figures = {row[0]: row[1:] for row in rows if "/" in row[0]}
    return {
        name: Figures(int(killed), int(equivalent), int(accepted))
        for name, (_, killed, equivalent, accepted, _) in figures.items()
    }


def print_operators(summary: Summary) -> str:
    """A Markdown table by operator, with what it does."""
    described = {
        f"{name}: {_describe(name)}": summary.operators[name]
        for name in OPERATORS
        if name in summary.operators
    }
    return "\n".join(_table("operator", described))


def _describe(operator: str) -> str:
    return (OPERATORS[operator].__doc__ or "").splitlines()[0].rstrip(".")


def _table(head: str, rows: Mapping[str, Figures]) -> Iterator[str]:
    total = Figures(
        killed=sum(f.killed for f in rows.values()),
        equivalent=sum(f.equivalent for f in rows.values()),
        survived=sum(f.survived for f in rows.values()),
    )
    yield f"| {head} | mutants | killed | equivalent | accepted | share killed |"
    yield "|---|---|---|---|---|---|"
    for name, f in [*rows.items(), ("all", total)]:
        share = f"{100 * f.share:.1f}%"
        counts = f"{f.mutants} | {f.killed} | {f.equivalent} | {f.survived}"
        yield f"| {name} | {counts} | {share} |"


def print_survivors(summary: Summary) -> Iterator[str]:
    """The survivors that are not equivalent, as diffs."""
    for layer, mutant, why in summary.survivors:
        yield f"{layer} {mutant.where} ({mutant.operator}){': ' if why else ''}{why}"
        yield from (f"    {line}" for line in mutant.diff)

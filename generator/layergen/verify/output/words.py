"""Outcome -> the sentences that text and Markdown share."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from layergen.codes.review import Breaks, list_breaks
from layergen.review.output.words import count
from layergen.verify.outcome import (
    Fact,
    LayerOutcome,
    Outcome,
    Result,
    Status,
)

COLUMNS = ("saved instance", "model file", "weights file", "outputs")


def summarize(found: Outcome) -> str:
    """How many layers were tried, and whom the change really breaks."""
    same = f"; {count(found.same, 'layer')} with the same code left out"
    left = same if found.same else ""
    if found.diagnostics:
        paths = {d.span.source.path if d.span else d.path for d in found.diagnostics}
        left += f"; {count(len(paths), 'spec')} could not be compared"
    if not found.layers:
        return f"no layer to verify against `{found.base}`{left}"
    tried = sum(len(layer.tried) for layer in found.layers)
    broken = Counter(level for layer in found.layers for level in layer.breaks)
    parts = [f"{level} {broken[level]}" for level in Breaks if broken[level]]
    told = f"broken: {', '.join(parts)}" if parts else "nothing is broken"
    layers = count(len(found.layers), "layer")
    return f"verified {layers} by {count(tried, 'saved instance')}; {told}{left}"


@dataclass(frozen=True)
class Row:
    """Instances of which the same is told.

    Attributes:
        titles: the instances.
        cells: the facts in the columns after the first.
    """

    titles: tuple[str, ...]
    cells: tuple[Fact, Fact, Fact]


def rows(layer: LayerOutcome) -> tuple[Row, ...]:
    """The instances that were tried, those with the same facts together."""
    groups: dict[Hashable, list[Result]] = {}
    for result in layer.tried:
        facts = (result.model, result.weights, _outputs(result))
        key = tuple((fact.status, fact.reason) for fact in facts)
        groups.setdefault(key, []).append(result)
    return tuple(_row(group) for group in groups.values())


def _row(results: Sequence[Result]) -> Row:
    titles = tuple(result.case.title for result in results)
    worst = max(map(_outputs, results), key=lambda fact: fact.difference)
    if worst.difference:
        reason = f"{worst.reason} by up to {worst.difference:.3g}".strip()
        worst = replace(worst, reason=reason)
    return Row(titles, (results[0].model, results[0].weights, worst))


def _outputs(result: Result) -> Fact:
    """What is told of the outputs: in training only if they differ there alone."""
    quiet = (Status.SAME, Status.NONE)
    if result.outputs.status in quiet and result.training.status not in quiet:
        training = result.training
        return replace(training, reason=f"in training {training.reason}".strip())
    return result.outputs


def number_reasons(shown: Sequence[Row]) -> Mapping[str, int]:
    """Every reason once, numbered from 1."""
    found: dict[str, int] = {}
    for fact in (fact for row in shown for fact in row.cells):
        if fact.reason:
            found.setdefault(fact.reason, len(found) + 1)
    return found


def remarks(layer: LayerOutcome, base: str) -> Iterator[str]:
    """What is to be said of a layer besides its table."""
    subject = layer.subject
    if subject.after is None:
        yield "the layer is removed"
    elif subject.name_after != subject.name:
        yield f"the class is now `{subject.name_after}`"
    if subject.is_compiled:
        yield (
            f"`{base}` holds no generated code of it: its spec there was compiled by"
            " this layergen"
        )
    if layer.breaks & layer.excused:
        yield f"approved: {list_breaks(layer.breaks & layer.excused)}"
    problems = Counter(each.problem for each in layer.results if each.problem)
    for problem, times in problems.items():
        yield f"{count(times, 'instance')} not tried: {problem}"
    for level, is_claimed in layer.differences:
        says = "breaks" if is_claimed else "does not break"
        does = "does not" if is_claimed else "does"
        yield (
            f"`layergen diff` says that this change {says} {level}, and in Keras it"
            f" {does}: unless generated code was edited by hand, that is a fault of"
            " layergen's"
        )


def verdict(layer: LayerOutcome) -> str:
    """Whom the change really breaks."""
    return f"breaks: {list_breaks(layer.breaks)}" if layer.tried else "not tried"

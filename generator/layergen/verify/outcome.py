"""Cases and the facts of both processes -> Outcome: what loads, and what does not.

What Keras did is judged without the rules of the review, but for names: which variable
of the new layer is which of the old one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from layergen.codes.review import Breaks
from layergen.diagnostics import Diagnostic
from layergen.verify.plan import Case, Subject
from layergen.verify.reasons import shorten

Facts = Mapping[str, Any]


class Status(StrEnum):
    """What has become of a file, or of the outputs."""

    LOADS = "loads"
    REFUSED = "refused"
    MISPLACED = "misplaced"
    SAME = "same"
    DIFFER = "differ"
    FAIL = "fail"
    NONE = "-"


@dataclass(frozen=True)
class Fact:
    """A status, and why it is so; empty where there is nothing to say.

    Attributes:
        status: the status.
        reason: why.
        difference: the largest between two elements of outputs that differ.
    """

    status: Status
    reason: str = ""
    difference: float = 0.0


_NONE = Fact(Status.NONE)


@dataclass(frozen=True)
class Result:
    """What has become of one instance.

    Attributes:
        case: the instance.
        problem: why nothing could be saved or tried; empty if it could.
        is_lost: whether the new code ended the process, or took too long.
        model: what `load_model` does with the model file.
        weights: what `load_weights` does with the weights file.
        outputs: of the loaded model, compared with those before, in inference.
        training: the same in training.
        breaks: whom that breaks.
        is_fair: whether the weights were loaded into what code would have made.
    """

    case: Case
    problem: str = ""
    is_lost: bool = False
    model: Fact = _NONE
    weights: Fact = _NONE
    outputs: Fact = _NONE
    training: Fact = _NONE
    breaks: frozenset[Breaks] = frozenset()
    is_fair: bool = True


@dataclass(frozen=True, eq=False)
class LayerOutcome:
    """What has become of the saved instances of a layer."""

    subject: Subject
    results: tuple[Result, ...]

    @property
    def tried(self) -> tuple[Result, ...]:
        """The instances that the old code could save."""
        return tuple(result for result in self.results if not result.problem)

    @property
    def breaks(self) -> frozenset[Breaks]:
        """Whom the change really breaks.

        A weights file goes into a model made by code. Where that could be made only
        with arguments or shapes that were put in, it counts if there is nothing better.
        """
        fair = [result for result in self.tried if result.is_fair]
        return frozenset().union(*(each.breaks for each in fair or self.tried))

    @property
    def claimed(self) -> frozenset[Breaks]:
        """Whom the review says that it breaks."""
        return frozenset().union(*(change.breaks for change in self.subject.changes))

    @property
    def excused(self) -> frozenset[Breaks]:
        """What may break: only changes that are approved are said to break it."""
        changes = self.subject.changes
        approved = (each.breaks for each in changes if each.approved is not None)
        others = (each.breaks for each in changes if each.approved is None)
        return frozenset[Breaks]().union(*approved).difference(*others)

    @property
    def differences(self) -> tuple[tuple[Breaks, bool], ...]:
        """Levels at which the review is wrong, and whether it says that they break."""
        if not self.tried:
            return ()
        levels = (Breaks.CHECKPOINT, Breaks.CONFIG)
        wrong = [b for b in levels if (b in self.claimed) is not (b in self.breaks)]
        return tuple((level, level in self.claimed) for level in wrong)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a change does to saved files.

    Attributes:
        base: the revision that saved them.
        layers: those that were tried, in order of path.
        same: how many layers have the same code in both versions.
        diagnostics: what is wrong with specs that could not be compared.
        failing: whom a change may not break.
    """

    base: str
    layers: tuple[LayerOutcome, ...]
    same: int
    diagnostics: tuple[Diagnostic, ...]
    failing: frozenset[Breaks]

    @property
    def fails(self) -> bool:
        """Whether something is broken that may not be, or could not be tried."""
        broken = any(
            (layer.breaks - layer.excused) & self.failing for layer in self.layers
        )
        untried = any(not layer.tried for layer in self.layers)
        lost = any(result.is_lost for layer in self.layers for result in layer.results)
        return broken or untried or lost or bool(self.diagnostics)


def judge(
    subjects: Sequence[Subject],
    cases: Sequence[Case],
    saved: Mapping[int, Facts],
    loaded: Mapping[int, Facts],
) -> tuple[LayerOutcome, ...]:
    """What the facts say of each layer."""
    results = {case.id: _result(case, saved, loaded) for case in cases}
    return tuple(
        LayerOutcome(
            subject, tuple(results[c.id] for c in cases if c.subject is subject)
        )
        for subject in subjects
    )


def _result(
    case: Case, saved: Mapping[int, Facts], loaded: Mapping[int, Facts]
) -> Result:
    before, after = saved[case.id], loaded.get(case.id, {})
    problem = before.get("ended") or before.get("problem")
    if problem:
        return Result(case, f"the old code makes no such model: {shorten(problem)}")
    if "ended" in after:
        return Result(case, f"with the new code: {after['ended']}", is_lost=True)
    model, weights = _model(case, after), _weights(case, after)
    outputs = _outputs(before, after, "inference")
    training = _outputs(before, after, "training")
    can_make = not after["config"]
    is_same = case.after is not None and case.after.is_same
    breaks = set[Breaks]()
    if not can_make:
        breaks.add(Breaks.CONFIG)
    # A model whose config is refused was never asked for its weights.
    judged = (model if can_make else weights, weights if is_same else _NONE)
    if any(each.status in (Status.REFUSED, Status.MISPLACED) for each in judged):
        breaks.add(Breaks.CHECKPOINT)
    if Status.FAIL in (outputs.status, training.status):
        breaks.add(Breaks.CALLER)
    if outputs.status is Status.DIFFER:
        breaks.add(Breaks.NUMERIC)
    elif training.status is Status.DIFFER:
        breaks.add(Breaks.TRAINING)
    return Result(
        case,
        model=model,
        weights=weights,
        outputs=outputs,
        training=training,
        breaks=frozenset(breaks),
        is_fair=can_make or is_same,
    )


def _model(case: Case, facts: Facts) -> Fact:
    reason = facts["config"] or facts["model"]
    if reason:
        return Fact(Status.REFUSED, shorten(facts["imports"] or reason))
    return _places(case, facts["held"], facts["variables"])


def _weights(case: Case, facts: Facts) -> Fact:
    made = facts.get("made")
    if made is None:
        return Fact(Status.NONE, shorten(facts["imports"]))
    if made:
        return Fact(Status.NONE, f"no model can be made by code: {shorten(made)}")
    if facts["weights"]:
        return Fact(Status.REFUSED, shorten(facts["weights"]))
    return _places(case, facts["weights_held"], facts["weights_variables"])


def _places(
    case: Case, held: Mapping[str, Sequence[str]], variables: Sequence[str]
) -> Fact:
    """Whether each saved value is where it was, by the names of now."""
    for path, holders in held.items():
        place = case.subject.follow_path(path)
        if place in holders:
            continue
        if holders:
            into = " and ".join(f"`{name}`" for name in holders)
            return Fact(Status.MISPLACED, f"`{path}` loads into {into}")
        if place in variables:
            return Fact(
                Status.MISPLACED, f"`{place}` gets other values than were saved"
            )
        return Fact(Status.MISPLACED, f"what was saved of `{path}` is dropped")
    return Fact(Status.LOADS)


def _outputs(before: Facts, after: Facts, mode: str) -> Fact:
    found = after["outputs"].get(mode)
    if found is None:
        why = before["outputs"][mode] if after["outputs"] else ""
        return Fact(Status.NONE, shorten(why))
    if "problem" in found:
        return Fact(Status.FAIL, shorten(found["problem"]))
    if "now" in found:
        return Fact(Status.FAIL, f"{found['before']} before, {found['now']} now")
    if found["difference"]:
        return Fact(Status.DIFFER, difference=found["difference"])
    return Fact(Status.SAME)

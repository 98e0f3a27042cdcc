"""Weights: what is saved, what is trained."""

from collections.abc import Callable

from layergen.codes.review import Breaks, ReviewCode
from layergen.codes.review import weights as codes
from layergen.layer import (
    KerasObject,
    Parameter,
    Weight,
)
from layergen.review.change import Change
from layergen.review.match import source_token
from layergen.review.pair import Pair, seen
from layergen.review.row import Changes, Row
from layergen.review.shown import is_lossy, show_object, show_source

_CALLER = frozenset({Breaks.CALLER})
_CHECKPOINT = frozenset({Breaks.CHECKPOINT})
_NUMERIC = frozenset({Breaks.NUMERIC})
_TRAINING = frozenset({Breaks.TRAINING})
_NOBODY: frozenset[Breaks] = frozenset()


def _sizes(parameter: Parameter) -> str:
    return f"({', '.join(map(str, parameter.shape or ()))})"


def _find_shape(pair: Pair, before: Weight, after: Weight) -> Changes:
    found = pair.moves.reshaped.get(after.name)
    if found is None:
        if not pair.same(before.shape, after.shape):
            yield _written_otherwise(pair, before, after)
        return
    trial, old, new = found
    yield Change(
        codes.WEIGHT_SHAPE,
        f"`{after.name}` has another shape",
        pair.value_span("parameters", after.name, "shape"),
        breaks=_CHECKPOINT,
        before=_sizes(before),
        after=_sizes(after),
        notes=(f"such as {list(new.shape)} where it was {list(old.shape)}",),
        witness=seen(trial),
        name=after.name,
    )


def _written_otherwise(pair: Pair, before: Weight, after: Weight) -> Change:
    """A shape that no instance shows to be another."""
    tried = sum(trial.after is not None for trial in pair.trials)
    where = "instance" if tried == 1 else f"{tried} instances"
    return Change(
        codes.WEIGHT_SHAPE,
        f"the shape of `{after.name}` is written otherwise",
        pair.value_span("parameters", after.name, "shape"),
        before=_sizes(before),
        after=_sizes(after),
        notes=(f"it is the same in the {where} tried",) * bool(tried),
        name=after.name,
    )


def _find_dtype(pair: Pair, before: Weight, after: Weight) -> Changes:
    if before.dtype == after.dtype:
        return
    trial = pair.moves.recast.get(after.name)
    breaks = _NUMERIC
    if trial and is_lossy(before.dtype, after.dtype):
        breaks |= _CHECKPOINT
    yield Change(
        codes.WEIGHT_DTYPE,
        f"`{after.name}` is of {after.dtype}",
        pair.value_span("parameters", after.name, "dtype"),
        breaks=breaks,
        before=before.dtype,
        after=after.dtype,
        witness=seen(trial),
        name=after.name,
    )


def _find_when(pair: Pair, before: Weight, after: Weight) -> Changes:
    """Another condition, also where it holds for the same arguments."""
    trial = pair.moves.lost.get(after.name) or pair.moves.gained.get(after.name)
    if trial is None and pair.same(before.when, after.when):
        return
    yield Change(
        codes.WHEN,
        f"`{after.name}` exists under another condition",
        pair.value_span("parameters", after.name, "when"),
        breaks=_CHECKPOINT if trial else _NOBODY,
        before=str(before.when or "always"),
        after=str(after.when or "always"),
        witness=seen(trial),
        name=after.name,
    )


def _find_trainable(pair: Pair, before: Weight, after: Weight) -> Changes:
    if before.trainable is not after.trainable:
        yield Change(
            codes.TRAINABLE,
            f"`{after.name}` is {'' if after.trainable else 'not '}trained",
            pair.value_span("parameters", after.name, "trainable"),
            breaks=_TRAINING,
            before="trained" if before.trainable else "not trained",
            after="trained" if after.trainable else "not trained",
            name=after.name,
        )


def _find_autocast(pair: Pair, before: Weight, after: Weight) -> Changes:
    if before.autocast is not after.autocast:
        yield Change(
            codes.AUTOCAST,
            f"`{after.name}` is {'' if after.autocast else 'not '}cast",
            pair.value_span("parameters", after.name, "autocast"),
            breaks=_NUMERIC,
            before=str(before.autocast),
            after=str(after.autocast),
            name=after.name,
        )


def _setting_rule(
    kind: str, code: ReviewCode
) -> Callable[[Pair, Weight, Weight], Changes]:
    """The rule on one of the three objects that set up a weight."""

    def find(pair: Pair, before: Weight, after: Weight) -> Changes:
        old: KerasObject | None = getattr(before, kind)
        new: KerasObject | None = getattr(after, kind)
        chosen, chosen_after = dict(before.settings), dict(after.settings)
        renamed = pair.arguments.names
        by = renamed.get(chosen.get(kind, ""), "")
        other_argument = kind in chosen and kind in chosen_after
        other_argument = other_argument and by not in ("", chosen_after.get(kind))
        other_first = kind == "initializer" and not _same_first(pair, before, after)
        if old == new and not other_argument and not other_first:
            return
        shown = {
            "initializer": "begins with other values",
            "regularizer": "is regularized otherwise",
            "constraint": "is constrained otherwise",
        }[kind]
        saved = kind in chosen and kind in chosen_after
        note = "the configs of saved models hold the one that they were made with"
        yield Change(
            code,
            f"`{after.name}` {shown}",
            pair.value_span("parameters", after.name, kind),
            breaks=_TRAINING,
            before=_show_setting(before, kind),
            after=_show_setting(after, kind),
            notes=(note,) * saved,
            name=after.name,
        )

    return find


def _same_first(pair: Pair, before: Weight, after: Weight) -> bool:
    """Whether first values that are computed are so from the same."""
    old, new = before.first, after.first
    if old is None or new is None:
        return old is new
    return source_token(old, pair.old) == source_token(new, pair.new)


def _show_setting(weight: Weight, kind: str) -> str:
    if kind == "initializer" and weight.first is not None:
        return show_source(weight.first)
    given: KerasObject | None = getattr(weight, kind)
    return show_object(given) if given else "none"


WEIGHT_ROWS: tuple[Row[Weight], ...] = (
    Row(("shape",), _find_shape),
    Row(("dtype",), _find_dtype),
    Row(("when",), _find_when),
    Row(("trainable",), _find_trainable),
    Row(
        ("initializer", "settings", "first"),
        _setting_rule("initializer", codes.INITIALIZER),
    ),
    Row(("regularizer",), _setting_rule("regularizer", codes.REGULARIZER)),
    Row(("constraint",), _setting_rule("constraint", codes.CONSTRAINT)),
    Row(("autocast",), _find_autocast),
)

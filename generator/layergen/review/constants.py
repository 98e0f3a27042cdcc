"""Constants: their numbers, and whether they are saved."""

from typing import Any

import numpy as np

from layergen.codes.review import Breaks, ReviewCode
from layergen.codes.review import constants as codes
from layergen.codes.review import weights as weight_codes
from layergen.layer import (
    Constant,
    Drawn,
    Loaded,
)
from layergen.review.change import Change
from layergen.review.match import source_token
from layergen.review.pair import Pair, seen
from layergen.review.row import Changes, Row
from layergen.review.shown import is_lossy, show_source
from layergen.review.trials import Trial

_CALLER = frozenset({Breaks.CALLER})
_CHECKPOINT = frozenset({Breaks.CHECKPOINT})
_NUMERIC = frozenset({Breaks.NUMERIC})
_TRAINING = frozenset({Breaks.TRAINING})
_NOBODY: frozenset[Breaks] = frozenset()


def _find_place(pair: Pair, before: Constant, after: Constant) -> Changes:
    """Whether the constant lives in the checkpoint."""
    was, is_now = pair.places[0][before.name], pair.places[1][after.name]
    if was.is_saved is not is_now.is_saved:
        saved = is_now.is_saved
        moves = pair.moves.gained if saved else pair.moves.lost
        trial = moves.get(after.name)
        yield Change(
            codes.CONSTANT_SAVED if saved else codes.CONSTANT_NOT_SAVED,
            f"`{after.name}` is {'' if saved else 'not '}kept in the checkpoint",
            pair.span("parameters", after.name),
            breaks=_CHECKPOINT if trial else _NOBODY,
            before=was.reason,
            after=is_now.reason,
            witness=seen(trial),
            name=after.name,
        )
    elif was.is_saved and after.name in pair.moves.reshaped:
        trial, old, new = pair.moves.reshaped[after.name]
        yield Change(
            weight_codes.WEIGHT_SHAPE,
            f"`{after.name}` has another shape",
            pair.value_span("parameters", after.name, "shape"),
            breaks=_CHECKPOINT,
            before=str(list(old.shape)),
            after=str(list(new.shape)),
            witness=seen(trial),
            name=after.name,
        )


def _find_constant_dtype(pair: Pair, before: Constant, after: Constant) -> Changes:
    if before.dtype == after.dtype:
        return
    trial = pair.moves.recast.get(after.name)
    lossy = trial and is_lossy(before.dtype, after.dtype)
    yield Change(
        codes.CONSTANT_DTYPE,
        f"`{after.name}` is of {after.dtype}",
        pair.value_span("parameters", after.name, "dtype"),
        breaks=_NUMERIC | _CHECKPOINT if lossy else _NUMERIC,
        before=before.dtype,
        after=after.dtype,
        witness=seen(trial) if lossy else None,
        name=after.name,
    )


def _find_source(pair: Pair, before: Constant, after: Constant) -> Changes:
    """Other numbers, or the same from elsewhere."""
    old, new = before.source, after.source
    if source_token(before, pair.old) == source_token(after, pair.new):
        if isinstance(old, Loaded) or isinstance(new, Loaded):
            yield from _moved_source(pair, before, after)
        return
    if isinstance(old, Drawn) or isinstance(new, Drawn):
        yield _source_change(pair, before, after, codes.CONSTANT_DRAWN)
    elif _has_other_numbers(pair, before, after):
        same_file = isinstance(old, Loaded) and isinstance(new, Loaded)
        same_file = same_file and _file(before) == _file(after)
        code = codes.CONSTANT_FILE if same_file else codes.CONSTANT_VALUE
        yield _source_change(pair, before, after, code)
    else:
        yield from _moved_source(pair, before, after)


def _file(constant: Constant) -> str | None:
    return constant.source.file if isinstance(constant.source, Loaded) else None


def _moved_source(pair: Pair, before: Constant, after: Constant) -> Changes:
    """The same numbers from elsewhere."""
    if type(before.source) is not type(after.source) or (
        show_source(before) != show_source(after)
    ):
        yield Change(
            codes.CONSTANT_SOURCE,
            f"`{after.name}` has the same numbers from elsewhere",
            after.span or pair.span("parameters", after.name),
            before=show_source(before),
            after=show_source(after),
            name=after.name,
        )


def _source_change(
    pair: Pair, before: Constant, after: Constant, code: ReviewCode
) -> Change:
    is_saved = pair.places[0][before.name].is_saved and (
        pair.places[1][after.name].is_saved
    )
    drawn = code is codes.CONSTANT_DRAWN
    what = "is made otherwise" if drawn else "has other numbers"
    return Change(
        code,
        f"`{after.name}` {what}",
        after.span or pair.span("parameters", after.name),
        breaks=_NUMERIC,
        before=show_source(before),
        after=show_source(after),
        notes=("saved models keep the numbers of their checkpoint",) * is_saved,
        name=after.name,
    )


def _has_other_numbers(pair: Pair, before: Constant, after: Constant) -> bool:
    """Whether an instance shows other numbers, or none could be compared."""
    compared = False
    for trial in pair.trials:
        values = _values(trial, before.name, after.name)
        if values is None:
            continue
        compared = True
        if not _agree(*values):
            return True
    return not compared


def _values(trial: Trial, before: str, after: str) -> tuple[Any, Any] | None:
    if trial.after is None:
        return None
    return trial.before.constants[before], trial.after.constants[after]


def _agree(old: Any, new: Any) -> bool:
    return np.shape(old) == np.shape(new) and bool(np.array_equal(old, new))


def _find_declared(pair: Pair, before: Constant, after: Constant) -> Changes:
    """The shape of a constant that is declared beside its source is only a check."""
    return iter(())


CONSTANT_ROWS: tuple[Row[Constant], ...] = (
    Row(("storage",), _find_place),
    Row(("dtype",), _find_constant_dtype),
    Row(("source",), _find_source),
    Row(("shape",), _find_declared),
)

"""Weights and constants: what is saved, what is trained, which numbers there are."""

from collections.abc import Callable
from typing import Any

import numpy as np

from layergen.codes.review import Breaks, ReviewCode, constants
from layergen.codes.review import weights as codes
from layergen.layer import (
    Computed,
    Constant,
    Drawn,
    KerasObject,
    Layer,
    Loaded,
    Parameter,
    Weight,
    Written,
)
from layergen.review.change import Change, Side
from layergen.review.match import source_token
from layergen.review.pair import Pair, seen
from layergen.review.row import Changes, Row, compare_members
from layergen.review.shown import show_object
from layergen.review.trials import Trial

_CALLER = frozenset({Breaks.CALLER})
_CHECKPOINT = frozenset({Breaks.CHECKPOINT})
_NUMERIC = frozenset({Breaks.NUMERIC})
_TRAINING = frozenset({Breaks.TRAINING})
_NOBODY: frozenset[Breaks] = frozenset()


def find_parameters(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of weights and constants."""
    matched = pair.parameters
    for old in matched.removed:
        is_weight = isinstance(old, Weight)
        trial = pair.moves.lost.get(old.name)
        breaks = _CHECKPOINT if trial else _NOBODY
        breaks |= _CALLER if _is_public(pair, old) else _NOBODY
        yield Change(
            codes.WEIGHT_REMOVED if is_weight else constants.CONSTANT_REMOVED,
            f"the {_role(old)} `{old.name}` is removed",
            pair.span("parameters", old.name, side=Side.BEFORE),
            Side.BEFORE,
            breaks,
            before=show_parameter(old),
            witness=seen(trial),
        )
    for new in matched.added:
        is_weight = isinstance(new, Weight)
        trial = pair.moves.gained.get(new.name)
        yield Change(
            codes.WEIGHT_ADDED if is_weight else constants.CONSTANT_ADDED,
            f"the {_role(new)} `{new.name}` is new",
            pair.span("parameters", new.name),
            breaks=_CHECKPOINT if trial else _NOBODY,
            after=show_parameter(new),
            witness=seen(trial),
        )
    for old, new in matched.renamed:
        is_weight = isinstance(old, Weight)
        public = is_weight or _is_public(pair, old)
        note = f"if it is another one: saved values of `{old.name}` load into it"
        is_saved = pair.places[0][old.name].is_saved
        yield Change(
            codes.WEIGHT_RENAMED if is_weight else constants.CONSTANT_RENAMED,
            f"the {_role(old)} `{old.name}` is now `{new.name}`",
            pair.span("parameters", new.name),
            breaks=_CALLER if public else _NOBODY,
            before=old.name,
            after=new.name,
            notes=(note,) * is_saved,
        )
    for old, new in matched.pairs:
        match (old, new):
            case Weight(), Weight():
                yield from compare_members(WEIGHT_ROWS, pair, ((old, new),))
            case Constant(), Constant():
                yield from compare_members(CONSTANT_ROWS, pair, ((old, new),))
            case _:
                yield _changed_role(pair, old, new)


def _role(parameter: Parameter) -> str:
    return "weight" if isinstance(parameter, Weight) else "constant"


def _is_public(pair: Pair, parameter: Parameter) -> bool:
    return not pair.places[0][parameter.name].attribute.startswith("_")


def show_parameter(parameter: Parameter) -> str:
    """A parameter in a line: shape and source."""
    sizes = ", ".join(map(str, parameter.shape or ()))
    if isinstance(parameter, Weight):
        trained = "" if parameter.trainable else ", not trained"
        when = f", if {parameter.when}" if parameter.when else ""
        source = show_object(parameter.initializer)
        return f"weight ({sizes}) of {parameter.dtype}, {source}{trained}{when}"
    shape = "" if parameter.shape is None else f" ({sizes})"
    return f"constant{shape} of {parameter.dtype}: {show_source(parameter)}"


def show_source(constant: Constant) -> str:
    """Where the numbers of a constant are from."""
    match constant.source:
        case Computed(expr=expr):
            return str(expr)
        case Written(array=array):
            return np.array2string(array, threshold=20, separator=", ")
        case Loaded(file=file, sha256=sha256):
            return f"{file} ({sha256[:12]})"
        case Drawn(initializer=initializer):
            return show_object(initializer)


def _changed_role(pair: Pair, old: Parameter, new: Parameter) -> Change:
    """A weight that is a constant now, or the reverse."""
    was_weight = isinstance(old, Weight)
    moves, name = pair.moves, new.name
    trial = moves.lost.get(name) or moves.gained.get(name)
    trial = trial or moves.reshaped.get(name, (None,))[0]
    if trial is None and _is_lossy(old.dtype, new.dtype):
        trial = moves.recast.get(name)
    breaks = _CHECKPOINT if trial else _NOBODY
    trained = old if was_weight else new
    if isinstance(trained, Weight) and trained.trainable:
        breaks |= _TRAINING
    if was_weight and pair.places[1][new.name].attribute != old.name:
        breaks |= _CALLER
    return Change(
        codes.WEIGHT_TO_CONSTANT if was_weight else codes.CONSTANT_TO_WEIGHT,
        f"`{new.name}` was a {_role(old)} and is a {_role(new)}",
        pair.value_span("parameters", new.name, "role"),
        breaks=breaks,
        before=show_parameter(old),
        after=show_parameter(new),
        witness=seen(trial),
    )


def _sizes(parameter: Parameter) -> str:
    return f"({', '.join(map(str, parameter.shape or ()))})"


def _find_shape(pair: Pair, before: Weight, after: Weight) -> Changes:
    found = pair.moves.reshaped.get(after.name)
    if found is None:
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
    )


def _find_dtype(pair: Pair, before: Weight, after: Weight) -> Changes:
    if before.dtype == after.dtype:
        return
    trial = pair.moves.recast.get(after.name)
    breaks = _NUMERIC
    if trial and _is_lossy(before.dtype, after.dtype):
        breaks |= _CHECKPOINT
    yield Change(
        codes.WEIGHT_DTYPE,
        f"`{after.name}` is of {after.dtype}",
        pair.value_span("parameters", after.name, "dtype"),
        breaks=breaks,
        before=before.dtype,
        after=after.dtype,
        witness=seen(trial),
    )


_RANGES = {"bool": 0, "uint8": 1, "int32": 2, "int64": 3, "float32": 4, "float": 4}
"""Dtypes in the order of what they hold."""


def _is_lossy(before: str, after: str) -> bool:
    """Whether the dtype after cannot hold what that before can."""
    return _RANGES.get(after, 5) < _RANGES.get(before, 5)


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


def find_saved_order(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Variables that load into others."""
    if pair.moves.reordered is None:
        return
    trial, old, new = pair.moves.reordered
    moved = next((n for n, o in zip(new, old, strict=False) if n != o), new[0])
    yield Change(
        codes.WEIGHT_ORDER,
        "saved values load into other variables",
        pair.span("parameters", moved),
        breaks=_CHECKPOINT,
        before=", ".join(old),
        after=", ".join(new),
        notes=("Keras stores what is trained first, then the rest, by their place",),
        witness=seen(trial),
    )


def _find_place(pair: Pair, before: Constant, after: Constant) -> Changes:
    """Whether the constant lives in the checkpoint."""
    was, is_now = pair.places[0][before.name], pair.places[1][after.name]
    if was.is_saved is not is_now.is_saved:
        saved = is_now.is_saved
        moves = pair.moves.gained if saved else pair.moves.lost
        trial = moves.get(after.name)
        yield Change(
            constants.CONSTANT_SAVED if saved else constants.CONSTANT_NOT_SAVED,
            f"`{after.name}` is {'' if saved else 'not '}kept in the checkpoint",
            pair.span("parameters", after.name),
            breaks=_CHECKPOINT if trial else _NOBODY,
            before=was.reason,
            after=is_now.reason,
            witness=seen(trial),
        )
    elif was.is_saved and after.name in pair.moves.reshaped:
        trial, old, new = pair.moves.reshaped[after.name]
        yield Change(
            codes.WEIGHT_SHAPE,
            f"`{after.name}` has another shape",
            pair.value_span("parameters", after.name, "shape"),
            breaks=_CHECKPOINT,
            before=str(list(old.shape)),
            after=str(list(new.shape)),
            witness=seen(trial),
        )


def _find_constant_dtype(pair: Pair, before: Constant, after: Constant) -> Changes:
    if before.dtype == after.dtype:
        return
    trial = pair.moves.recast.get(after.name)
    lossy = trial and _is_lossy(before.dtype, after.dtype)
    yield Change(
        constants.CONSTANT_DTYPE,
        f"`{after.name}` is of {after.dtype}",
        pair.value_span("parameters", after.name, "dtype"),
        breaks=_NUMERIC | _CHECKPOINT if lossy else _NUMERIC,
        before=before.dtype,
        after=after.dtype,
        witness=seen(trial) if lossy else None,
    )


def _find_source(pair: Pair, before: Constant, after: Constant) -> Changes:
    """Other numbers, or the same from elsewhere."""
    old, new = before.source, after.source
    if source_token(before, pair.old) == source_token(after, pair.new):
        if isinstance(old, Loaded) or isinstance(new, Loaded):
            yield from _moved_source(pair, before, after)
        return
    if isinstance(old, Drawn) or isinstance(new, Drawn):
        yield _source_change(pair, before, after, constants.CONSTANT_DRAWN)
    elif _has_other_numbers(pair, before, after):
        same_file = isinstance(old, Loaded) and isinstance(new, Loaded)
        same_file = same_file and _file(before) == _file(after)
        code = constants.CONSTANT_FILE if same_file else constants.CONSTANT_VALUE
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
            constants.CONSTANT_SOURCE,
            f"`{after.name}` has the same numbers from elsewhere",
            after.span or pair.span("parameters", after.name),
            before=show_source(before),
            after=show_source(after),
        )


def _source_change(
    pair: Pair, before: Constant, after: Constant, code: ReviewCode
) -> Change:
    is_saved = pair.places[0][before.name].is_saved and (
        pair.places[1][after.name].is_saved
    )
    drawn = code is constants.CONSTANT_DRAWN
    what = "is made otherwise" if drawn else "has other numbers"
    return Change(
        code,
        f"`{after.name}` {what}",
        after.span or pair.span("parameters", after.name),
        breaks=_NUMERIC,
        before=show_source(before),
        after=show_source(after),
        notes=("saved models keep the numbers of their checkpoint",) * is_saved,
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

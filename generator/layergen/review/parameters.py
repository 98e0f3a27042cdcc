"""Weights and constants: what is saved, what is trained, which numbers there are."""

from layergen.codes.review import Breaks, constants
from layergen.codes.review import weights as codes
from layergen.layer import (
    Constant,
    Layer,
    Parameter,
    Weight,
)
from layergen.review.change import Change, Side
from layergen.review.constants import CONSTANT_ROWS
from layergen.review.pair import Pair, seen
from layergen.review.row import Changes, compare_members
from layergen.review.shown import is_lossy, show_parameter
from layergen.review.weights import WEIGHT_ROWS

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
            name=old.name,
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
            name=new.name,
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
            notes=(note,) * (is_saved and old.name not in new.renamed_from),
            name=new.name,
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


def _changed_role(pair: Pair, old: Parameter, new: Parameter) -> Change:
    """A weight that is a constant now, or the reverse."""
    was_weight = isinstance(old, Weight)
    moves, name = pair.moves, new.name
    trial = moves.lost.get(name) or moves.gained.get(name)
    trial = trial or moves.reshaped.get(name, (None,))[0]
    if trial is None and is_lossy(old.dtype, new.dtype):
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
        name=new.name,
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
        name="",
    )

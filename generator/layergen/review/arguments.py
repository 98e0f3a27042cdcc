"""Constructor arguments and flags: who is refused, who gets something else."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from layergen.codes.review import Breaks, ReviewCode, flags
from layergen.codes.review import arguments as codes
from layergen.emit.argument_types import spelling
from layergen.layer import Argument, KerasObject, Layer
from layergen.lower.argument_types import type_of
from layergen.review.change import Change, Side
from layergen.review.holders import find_holder
from layergen.review.pair import Pair
from layergen.review.row import Changes, Row, compare_members
from layergen.review.shown import show_object
from layergen.review.trials import held
from layergen.review.values import kept, refused, refuses_given, takes
from layergen.source import Span

_CALLER = frozenset({Breaks.CALLER})
_CONFIG = frozenset({Breaks.CALLER, Breaks.CONFIG})


_RENAMED = "with `renamed_from`, saved models still load"
_REMOVED = "with `{}: {{type: deprecated}}`, it is still taken, without effect"
"""How a break is bridged."""


def find_arguments(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the constructor's arguments, but for those that set up weights."""
    matched = pair.arguments
    deprecated = {gone.name for gone in after.deprecated}
    for old in matched.removed:
        if old.name in deprecated:
            continue  # told as such
        sets = type_of(old).is_object
        is_read = _is_read(pair, old)
        yield Change(
            codes.CONFIGURABLE_REMOVED if sets else codes.ARGUMENT_REMOVED,
            f"the argument `{old.name}` is removed",
            argument_span(pair, old.name, Side.BEFORE),
            Side.BEFORE,
            _CALLER if is_read else _CONFIG,
            before=show_argument(old),
            notes=(_REMOVED.format(old.name),) * (not is_read),
            witness=None if is_read else pair.witness,
            name=old.name,
        )
    for new in matched.added:
        required = new.required
        if is_returned(new, before) and not required:
            continue  # told as such
        added = codes.ARGUMENT_ADDED
        if type_of(new).is_object:
            added = codes.CONFIGURABLE_ADDED
        yield Change(
            codes.REQUIRED_ARGUMENT if required else added,
            f"the argument `{new.name}` is new"
            + (" and must be given" if required else ""),
            argument_span(pair, new.name),
            breaks=_CONFIG if required else frozenset(),
            after=show_argument(new),
            notes=("give it a default that keeps what saved models do",) * required,
            witness=pair.witness if required else None,
            name=new.name,
        )
    for old, new in matched.renamed:
        is_read = old.name in new.renamed_from
        yield Change(
            codes.ARGUMENT_RENAMED,
            f"the argument `{old.name}` is now `{new.name}`",
            argument_span(pair, new.name),
            breaks=_CALLER if is_read else _CONFIG,
            before=old.name,
            after=new.name,
            notes=(_RENAMED,) * (not is_read),
            witness=None if is_read else pair.witness,
            name=new.name,
        )
    yield from compare_members(ARGUMENT_ROWS, pair, matched.pairs)


def _is_read(pair: Pair, gone: Argument) -> bool:
    """Whether configs that hold it load: another has its name as a former one."""
    for old, new in pair.arguments.pairs:
        if gone.name in new.renamed_from:
            values = [held(sample.instance, old, new) for sample in pair.samples]
            return all(takes(new, value) for value in values)
    return False


def is_returned(new: Argument, before: Layer) -> bool:
    """Whether an argument had no effect in the version before."""
    return new.name in {gone.name for gone in before.deprecated}


def show_argument(argument: Argument) -> str:
    """What an argument takes and its default."""
    text = spelling(argument).noun(argument) or _describe(argument)
    text += " or None" if argument.optional else ""
    if argument.required:
        return text
    return f"{text}, default {_show_default(argument.default)}"


def _show_default(default: Any) -> str:
    return show_object(default) if isinstance(default, KerasObject) else repr(default)


def _describe(argument: Argument) -> str:
    if argument.type != "array":
        return argument.type
    rank = "" if argument.rank is None else f" of rank {argument.rank}"
    return f"an array of {argument.dtype}{rank}"


@dataclass(frozen=True)
class _Limit:
    """Fields that decide what an argument takes."""

    fields: tuple[str, ...]
    narrowed: ReviewCode
    widened: ReviewCode


_LIMITS = (
    _Limit(("optional",), codes.NONE_REFUSED, codes.NONE_TAKEN),
    _Limit(("choices",), codes.CHOICE_REMOVED, codes.CHOICE_ADDED),
    _Limit(
        ("minimum", "maximum", "above", "below", "infer"),
        codes.BOUNDS_NARROWED,
        codes.BOUNDS_WIDENED,
    ),
    _Limit(("length",), codes.LENGTH, codes.LENGTH),
    _Limit(("rank",), codes.RANK_NARROWED, codes.RANK_WIDENED),
    _Limit(("dtype",), codes.ARRAY_DTYPE, codes.ARRAY_DTYPE),
)
_LIMIT_FIELDS = tuple(name for limit in _LIMITS for name in limit.fields)


def _find_values(pair: Pair, before: Argument, after: Argument) -> Changes:
    """Values that are refused now, or were; one limit at a time."""
    if before.type != after.type:
        limit = _Limit(("type",), codes.TYPE_NARROWED, codes.TYPE_WIDENED)
        yield from _judge(pair, before, after, after, limit)
        return
    for limit in _LIMITS:
        changed = {name: getattr(after, name) for name in limit.fields}
        if changed != {name: getattr(before, name) for name in limit.fields}:
            between = replace(before, **changed)
            yield from _judge(pair, before, between, after, limit)


def _judge(
    pair: Pair, before: Argument, between: Argument, after: Argument, limit: _Limit
) -> Changes:
    """What one limit changes: `between` is the argument before with it put in."""
    is_flag = after in pair.after.flags
    values = tuple(refused(before, between))
    shown, could_be = find_holder(pair, before, values, is_flag)
    if before.name in pair.emissions[0].stored and "rank" not in limit.fields:
        shown, could_be = None, False  # the config holds nothing but its shape
    narrows = bool(values) or refuses_given(before, between)
    widens = next(refused(between, before), _NOTHING) is not _NOTHING or refuses_given(
        between, before
    )
    other_form = _form(before) != _form(between)
    if not (narrows or widens or other_form):
        return
    breaks = _CALLER if narrows else frozenset()
    breaks |= {Breaks.CONFIG} if could_be else set()
    breaks |= {Breaks.NUMERIC} if other_form else set()
    what = "takes less" if narrows else "takes more" if widens else "is kept otherwise"
    key = next((k for k in limit.fields if k in _KEYS), "")
    group = "inputs" if is_flag else "arguments"
    value = shown.arguments.get(before.name) if shown else next(iter(values), None)
    note = f"a saved model that holds {_show(value)} is refused"
    yield Change(
        limit.narrowed if narrows else limit.widened,
        f"the argument `{after.name}` {what}",
        pair.value_span(group, after.name, *((key,) if key else ())),
        breaks=breaks,
        before=show_argument(before),
        after=show_argument(after),
        notes=(note,) * could_be,
        witness=shown,
        name=after.name,
    )


_KEYS = frozenset({"type", "optional", "choices", "dtype", "rank", "length"})
"""Fields that stand in the spec under their own name."""


def _form(argument: Argument) -> str:
    return f"{_FORMS.get(argument.type, argument.type)} {argument.dtype}"


_FORMS = {
    "seed": "int",
    "axis": "int",
    "choice": "str",
    "axes": "ints",
    "shape": "ints",
}
"""Types whose values are kept alike."""


_NOTHING = object()


def _show(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype.name} and rank {value.ndim}"
    return repr(list(value) if isinstance(value, tuple) else value)


def _find_default(pair: Pair, before: Argument, after: Argument) -> Changes:
    """What is left out: must now be given, need not be, or is something else."""
    if before.required and after.required:
        return
    if type_of(before).is_object and type_of(after).is_object:
        return  # the weights that it sets up have rules
    old, new = _show_default(before.default), _show_default(after.default)
    if before.required is not after.required:
        removed = after.required
        message = "must be given" if removed else "may be left out"
        yield Change(
            codes.DEFAULT_REMOVED if removed else codes.DEFAULT_ADDED,
            f"the argument `{after.name}` {message}",
            pair.value_span("arguments", after.name),
            breaks=_CALLER if removed else frozenset(),
            before="required" if before.required else old,
            after="required" if removed else new,
            name=after.name,
        )
    elif not _equal_defaults(before, after):
        is_flag = after in pair.after.flags
        yield Change(
            flags.FLAG_DEFAULT if is_flag else codes.DEFAULT_CHANGED,
            f"`{after.name}` has another default",
            pair.value_span(
                "inputs" if is_flag else "arguments", after.name, "default"
            ),
            breaks=flags.FLAG_DEFAULT.breaks if is_flag else _CALLER,
            before=old,
            after=new,
            name=after.name,
        )


def _equal_defaults(before: Argument, after: Argument) -> bool:
    """Whether both keep the same value, `2` and `2.0` of a number."""
    if before.default is None or after.default is None:
        return before.default is after.default
    return bool(
        kept(before, before.default) == kept(after, after.default)
        and takes(after, before.default)
    )


ARGUMENT_ROWS: tuple[Row[Argument], ...] = (
    Row(("type", *_LIMIT_FIELDS), _find_values),
    Row(("required", "default", "stays_none"), _find_default),
)


def argument_span(pair: Pair, name: str, side: Side = Side.AFTER) -> Span:
    """Where an argument is declared, or the weight that it sets up."""
    layer = pair.after if side is Side.AFTER else pair.before
    for weight in layer.weights:
        is_own = not layer.document.has("arguments", name)
        if is_own and name in dict(weight.settings).values():
            return pair.value_span("parameters", weight.name, "configurable", side=side)
    return pair.span("arguments", name, side=side)

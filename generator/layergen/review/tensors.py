"""Inputs, the output and the forward pass."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from layergen.codes.review import Breaks
from layergen.codes.review import tensors as codes
from layergen.emit.shapes import built_from
from layergen.layer import ELLIPSIS, Input, Layer
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instantiate import instantiate
from layergen.oracle.tensors import Shape
from layergen.review.build import reads_shape
from layergen.review.change import Change, Side, Witness
from layergen.review.fitting import conflicts, fits
from layergen.review.pair import Pair, seen, witness
from layergen.review.row import Changes, Row, compare_members
from layergen.review.trials import Trial, load_problem

_CALLER = frozenset({Breaks.CALLER})
_CONFIG = frozenset({Breaks.CALLER, Breaks.CONFIG})
_NUMERIC = frozenset({Breaks.NUMERIC})
_TRAINING = frozenset({Breaks.TRAINING})

_MOST_AXES = 3
"""Axes that `...` stands for, at most, where shapes are compared."""


def find_inputs(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the tensors of `call`."""
    for old in pair.inputs.removed:
        yield Change(
            codes.INPUT_REMOVED,
            f"the input `{old.name}` is removed",
            pair.span("inputs", old.name, side=Side.BEFORE),
            Side.BEFORE,
            _CONFIG,
            before=_show_shape(old),
            witness=pair.witness,
            name=old.name,
        )
    for new in pair.inputs.added:
        optional = new.optional
        yield Change(
            codes.OPTIONAL_INPUT_ADDED if optional else codes.INPUT_ADDED,
            f"the input `{new.name}` is new" + ("" if optional else ", and is needed"),
            pair.span("inputs", new.name),
            breaks=frozenset() if optional else _CONFIG,
            after=_show_shape(new),
            witness=None if optional else pair.witness,
            name=new.name,
        )
    for old, new in pair.inputs.renamed:
        shown = pair.witness
        keyword = shown and Witness(shown.arguments, shown.shapes, by_keyword=True)
        yield Change(
            codes.INPUT_RENAMED,
            f"the input `{old.name}` is now `{new.name}`",
            pair.span("inputs", new.name),
            breaks=_CONFIG,
            before=old.name,
            after=new.name,
            notes=("models that give it by name no longer load",),
            witness=keyword,
            name=new.name,
        )
    yield from compare_members(INPUT_ROWS, pair, pair.inputs.pairs)


def find_order(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Inputs that calls by position give to another name."""
    names = pair.inputs.names
    mapped = [names[m.name] for m in before.inputs if m.name in names]
    order = [m.name for m in after.inputs]
    if order[: len(mapped)] == mapped:
        return
    refused = next((t for t in pair.trials if _is_refused_by_place(pair, t)), None)
    yield Change(
        codes.INPUT_ORDER,
        "calls by position give tensors to other inputs",
        pair.span("inputs", order[0]),
        breaks=codes.INPUT_ORDER.breaks if refused else _CALLER | _NUMERIC,
        before=", ".join(m.name for m in before.inputs),
        after=", ".join(order),
        witness=seen(refused),
        name="",
    )


def _is_refused_by_place(pair: Pair, trial: Trial) -> bool:
    """Whether Keras refuses the layer that it has built, called with what it was.

    What several shapes were saved for `build`, it is built for by their names.
    """
    if trial.after is None:
        return False
    after, arguments = pair.after, trial.after.arguments
    given = [trial.shapes[m.name] for m in pair.before.inputs if m.name in trial.shapes]
    by_place = dict(zip((m.name for m in after.inputs), given, strict=False))
    first = after.inputs[0]
    called = by_place[first.name]
    built = trial.shapes_after if len(built_from(after)) > 1 else by_place
    if not fits(first, called) or any(conflicts(after, arguments, built, called)):
        return True
    with suppress(EvaluationError, IndexError, KeyError):
        instance = instantiate(after, arguments, by_place, checked=False)
        return bool(load_problem(replace(trial, after=instance, shapes_after=by_place)))
    return False


def _show_shape(member: Input) -> str:
    shape = f"({', '.join(map(str, member.shape))})"
    return f"{member.number} of {shape}" if member.is_list else shape


def _find_shape(pair: Pair, before: Input, after: Input) -> Changes:
    """Shapes that are refused now, or were."""
    refused = _first_misfit(before, after)
    widened = _first_misfit(after, before)
    if refused is None and widened is None:
        return
    code = codes.INPUT_WIDENED if refused is None else codes.INPUT_NARROWED
    is_asked = after is pair.after.inputs[0]  # Keras looks at the first alone
    if before.is_list is not after.is_list:
        is_asked = is_asked and not _passes(before, after)
        is_asked = is_asked or reads_shape(pair.after, after)
    yield Change(
        code,
        f"`{after.name}` takes {'more' if refused is None else 'less'}",
        pair.value_span("inputs", after.name, "shape"),
        breaks=code.breaks if is_asked else code.breaks & _CALLER,
        before=_show_shape(before),
        after=_show_shape(after),
        witness=None if refused is None else _shape_witness(pair, before),
        name=after.name,
    )


def _first_misfit(one: Input, other: Input) -> Shape | None:
    """A shape that one input takes and the other does not."""
    lengths = range(one.least, one.least + 3)
    if one.count is not None:
        lengths = range(one.count, one.count + 1)
    for shape in _shapes(one):
        tried: list[Shape] = [[shape] * n for n in lengths] if one.is_list else [shape]
        for each in tried:
            if not fits(other, each):
                return each
    return None


def _passes(before: Input, after: Input) -> bool:
    """Whether a tensor passes for a list of one, or the reverse, unless it is read."""
    if after.is_list and after.count is None:
        return True
    one, other = (replace(each, is_list=False, count=None) for each in (before, after))
    listed = before if before.is_list else after
    return listed.count == 1 and _first_misfit(one, other) is None


def _shapes(member: Input) -> Iterator[tuple[int, ...]]:
    """Shapes of one tensor, of several ranks where `...` allows it."""
    for extra in range(_MOST_AXES + 1 if member.has_ellipsis else 1):
        for first in (5, 6):
            shape: list[int] = []
            for size in member.shape:
                if isinstance(size, int):
                    shape.append(size)
                elif size == ELLIPSIS:
                    shape += range(2, 2 + extra)
                else:
                    shape.append(first + len(shape))
            yield tuple(shape)


def _shape_witness(pair: Pair, before: Input) -> Witness | None:
    """An instance with an input that is refused."""
    after = next(new for old, new in pair.inputs.pairs if old == before)
    for sample in pair.samples:
        shape = sample.shapes.get(before.name)
        if shape is not None and not fits(after, shape):
            return witness(sample)
    return None


def _find_dtype(pair: Pair, before: Input, after: Input) -> Changes:
    if before.dtype != after.dtype:
        yield Change(
            codes.INPUT_DTYPE,
            f"`{after.name}` is taken as {after.dtype}",
            pair.value_span("inputs", after.name, "dtype"),
            breaks=codes.INPUT_DTYPE.breaks,
            before=before.dtype,
            after=after.dtype,
            name=after.name,
        )


def _find_optional(pair: Pair, before: Input, after: Input) -> Changes:
    if before.optional is after.optional:
        return
    code = codes.INPUT_OPTIONAL if after.optional else codes.INPUT_NEEDED
    shown = None
    if before.optional:
        absent = (each for each in pair.samples if before.name not in each.shapes)
        shown = next(map(witness, absent), None)
    yield Change(
        code,
        f"`{after.name}` {'may be left out' if after.optional else 'must be given'}",
        pair.value_span("inputs", after.name, "optional"),
        breaks=code.breaks,
        before="optional" if before.optional else "needed",
        after="optional" if after.optional else "needed",
        witness=shown,
        name=after.name,
    )


def _find_input_mask(pair: Pair, before: Input, after: Input) -> Changes:
    taken = before.takes_mask or after.takes_mask
    old, new = (_mask_places(each) for each in (before, after))
    if not taken or (before.takes_mask, old) == (after.takes_mask, new):
        return
    yield Change(
        codes.MASKING,
        f"the mask of `{after.name}` is taken otherwise",
        pair.value_span("inputs", after.name, "mask"),
        breaks=codes.MASKING.breaks,
        before=", ".join(map(str, before.mask)) if before.takes_mask else "not taken",
        after=", ".join(map(str, after.mask)) if after.takes_mask else "not taken",
        name="",
    )


def _mask_places(member: Input) -> tuple[object, ...]:
    """The axes of the input that its mask has, whatever their sizes are called."""
    shape = member.shape
    return tuple(
        ("axis", shape.index(size)) if size in shape else size for size in member.mask
    )


def find_masking(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of what becomes of masks."""
    old, new = before.masking, after.masking
    if old.kind == new.kind and pair.same(old.mask, new.mask):
        return
    yield Change(
        codes.MASKING,
        "masks go another way",
        pair.span("masking"),
        breaks=codes.MASKING.breaks,
        before=f"{old.kind} {old.mask or ''}",
        after=f"{new.kind} {new.mask or ''}",
        name="",
    )


INPUT_ROWS: tuple[Row[Input], ...] = (
    Row(("shape", "is_list", "least", "count"), _find_shape),
    Row(("mask", "takes_mask"), _find_input_mask),
    Row(("dtype",), _find_dtype),
    Row(("optional",), _find_optional),
)

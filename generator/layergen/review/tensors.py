"""Inputs, the output and the forward pass."""

from collections.abc import Iterator

from layergen.codes.review import Breaks, identity
from layergen.codes.review import tensors as codes
from layergen.expr import ir
from layergen.layer import ELLIPSIS, Input, Layer, Output
from layergen.oracle.instance import output_shape
from layergen.oracle.tensors import Shape
from layergen.review.canonical import canonical
from layergen.review.change import Change, Side, Witness
from layergen.review.pair import Pair, seen, witness
from layergen.review.row import Changes, Row, compare_members
from layergen.review.trials import Trial, fits, needed

_CALLER = frozenset({Breaks.CALLER})
_CONFIG = frozenset({Breaks.CALLER, Breaks.CONFIG})
_NUMERIC = frozenset({Breaks.NUMERIC})
_TRAINING = frozenset({Breaks.TRAINING})

_MOST_AXES = 3
"""Axes that `...` stands for, at most, where shapes are compared."""


def find_inputs(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the tensors of `call`."""
    shown = pair.witness
    for old in pair.inputs.removed:
        yield Change(
            codes.INPUT_REMOVED,
            f"the input `{old.name}` is removed",
            pair.span("inputs", old.name, side=Side.BEFORE),
            Side.BEFORE,
            _CONFIG,
            before=_show_shape(old),
            witness=shown,
        )
    for new in pair.inputs.added:
        optional = new.optional
        yield Change(
            codes.OPTIONAL_INPUT_ADDED if optional else codes.INPUT_ADDED,
            f"the input `{new.name}` is new" + ("" if optional else ", and is needed"),
            pair.span("inputs", new.name),
            breaks=frozenset() if optional else _CONFIG,
            after=_show_shape(new),
            witness=None if optional else shown,
        )
    for old, new in pair.inputs.renamed:
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
        )
    yield from compare_members(INPUT_ROWS, pair, pair.inputs.pairs)


def find_order(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Inputs that calls by position give to another name."""
    names = pair.inputs.names
    mapped = [names[m.name] for m in before.inputs if m.name in names]
    order = [m.name for m in after.inputs]
    if order[: len(mapped)] == mapped:
        return
    patterns = {m.name: m.shape for m in after.inputs}
    alike = all(
        patterns[one] == patterns[other]
        for one, other in zip(mapped, order, strict=False)
    )
    yield Change(
        codes.INPUT_ORDER,
        "calls by position give tensors to other inputs",
        pair.span("inputs", order[0]),
        breaks=codes.INPUT_ORDER.breaks if not alike else _CALLER | _NUMERIC,
        before=", ".join(m.name for m in before.inputs),
        after=", ".join(order),
        witness=None if alike else pair.witness,
    )


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
    yield Change(
        code,
        f"`{after.name}` takes {'more' if refused is None else 'less'}",
        pair.value_span("inputs", after.name, "shape"),
        breaks=code.breaks,
        before=_show_shape(before),
        after=_show_shape(after),
        witness=None if refused is None else _shape_witness(pair, before),
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
    for instance, shapes in pair.instances:
        shape = shapes.get(before.name)
        if shape is not None and not fits(after, shape):
            return witness(instance, shapes)
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
        )


def _find_optional(pair: Pair, before: Input, after: Input) -> Changes:
    if before.optional is after.optional:
        return
    code = codes.INPUT_OPTIONAL if after.optional else codes.INPUT_NEEDED
    shown = None
    if before.optional:
        absent = (each for each in pair.instances if before.name not in each[1])
        shown = next((witness(*each) for each in absent), None)
    yield Change(
        code,
        f"`{after.name}` {'may be left out' if after.optional else 'must be given'}",
        pair.value_span("inputs", after.name, "optional"),
        breaks=code.breaks,
        before="optional" if before.optional else "needed",
        after="optional" if after.optional else "needed",
        witness=shown,
    )


def _find_input_mask(pair: Pair, before: Input, after: Input) -> Changes:
    if (before.takes_mask, before.mask) == (after.takes_mask, after.mask):
        return
    yield Change(
        codes.MASKING,
        f"the mask of `{after.name}` is taken otherwise",
        pair.value_span("inputs", after.name, "mask"),
        breaks=codes.MASKING.breaks,
        before=", ".join(map(str, before.mask)) if before.takes_mask else "not taken",
        after=", ".join(map(str, after.mask)) if after.takes_mask else "not taken",
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
    )


INPUT_ROWS: tuple[Row[Input], ...] = (
    Row(("shape", "is_list", "least", "count"), _find_shape),
    Row(("mask", "takes_mask"), _find_input_mask),
    Row(("dtype",), _find_dtype),
    Row(("optional",), _find_optional),
)


def find_sizes(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Sizes that must be known when the layer is built, or need not any more."""
    gained: dict[tuple[str, int], tuple[Trial, tuple[str, int]]] = {}
    lost: set[tuple[str, int]] = set()
    names = pair.inputs.names
    for trial in () if pair.is_built_alike else pair.trials:
        if trial.after is None:
            continue
        old = {
            (names.get(name, name), axis)
            for name, axis in needed(trial.before, trial.shapes)
        }
        new = needed(trial.after, trial.shapes_after)
        back = {after: before for before, after in names.items()}
        for name, axis in new - old:
            if name in back:
                size = f"axis {axis} of `{name}`"
                gained.setdefault((size, 0), (trial, (back[name], axis)))
        lost |= old - new
    for (size, _), (trial, (name, axis)) in gained.items():
        shapes = dict(trial.shapes)
        yield Change(
            identity.SIZE_NEEDED,
            f"the size of {size} must be known when the layer is built",
            pair.span("parameters", side=Side.AFTER),
            breaks=identity.SIZE_NEEDED.breaks,
            notes=("models that were saved with an unknown size there no longer load",),
            witness=Witness(
                dict(trial.before.arguments),
                {**shapes, name: _unknown(shapes[name], axis)},
            ),
        )
    if lost and not gained:
        name, axis = min(lost)
        yield Change(
            identity.SIZE_FREE,
            f"the size of axis {axis} of `{name}` need not be known any more",
            pair.span("inputs", name),
        )


def _unknown(shape: Shape, axis: int) -> Shape:
    """The shape with an unknown size; in the first of a list."""
    if isinstance(shape, list):
        return [_unknown(shape[0], axis), *shape[1:]]
    return (*shape[:axis], None, *shape[axis + 1 :])


def _find_output_shape(pair: Pair, before: Output, after: Output) -> Changes:
    """Another shape, for the same arguments and inputs."""
    if _has_same_shape(pair, before, after):
        return
    yield Change(
        codes.OUTPUT_SHAPE,
        "the output has another shape",
        pair.value_span("outputs", "shape"),
        breaks=_CALLER,
        before=_show_output(before),
        after=_show_output(after),
    )


def _has_same_shape(pair: Pair, before: Output, after: Output) -> bool:
    """Whether it is said to be the same, or is in all instances."""
    if before.like is not None and pair.inputs.names.get(before.like) == after.like:
        return True
    if before.like == after.like and pair.same(before.shape, after.shape):
        return True
    compared = [
        output_shape(trial.before, trial.shapes)
        == output_shape(trial.after, trial.shapes_after)
        for trial in pair.trials
        if trial.after is not None
    ]
    return bool(compared) and all(compared)


def _show_output(output: Output) -> str:
    if output.like is not None:
        return f"like {output.like}"
    return f"({', '.join(map(str, output.shape))})"


def _find_output_dtype(pair: Pair, before: Output, after: Output) -> Changes:
    if before.dtype != after.dtype:
        yield Change(
            codes.OUTPUT_DTYPE,
            f"the output is of {after.dtype}",
            pair.value_span("outputs", "dtype"),
            breaks=_CALLER,
            before=before.dtype,
            after=after.dtype,
        )


OUTPUT_ROWS: tuple[Row[Output], ...] = (
    Row(("shape", "like"), _find_output_shape),
    Row(("dtype",), _find_output_dtype),
)


def find_outputs(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of what `call` returns."""
    yield from compare_members(OUTPUT_ROWS, pair, ((before.output, after.output),))


def find_body(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the forward pass."""
    if before.uses_training is not after.uses_training:
        code = codes.TRAINING_USED if after.uses_training else codes.TRAINING_UNUSED
        now = "makes" if after.uses_training else "no longer makes"
        span = pair.value_span("call")
        yield Change(code, f"`training` {now} a difference", span, breaks=code.breaks)
    if pair.same(before.body, after.body):
        return
    old, new = _first_difference(pair)
    span = new.span if new is not None else pair.span("call")
    yield Change(
        codes.BODY,
        "the forward pass does something else",
        span,
        breaks=_NUMERIC,
        before="" if old is None else old.span.text,
        after="" if new is None else new.span.text,
    )


def _first_difference(pair: Pair) -> tuple[ir.Statement | None, ir.Statement | None]:
    """The first statements that differ, in both versions."""
    old: list[ir.Statement] = list(pair.before.body)
    new: list[ir.Statement] = list(pair.after.body)
    while old and new:
        for count in range(1, max(len(old), len(new)) + 1):
            if not pair.same(tuple(old[:count]), tuple(new[:count])):
                one = old[count - 1] if count <= len(old) else None
                other = new[count - 1] if count <= len(new) else None
                inner = _inside(pair, one, other)
                return inner or (one, other)
        break
    return next(iter(old), None), next(iter(new), None)


def _inside(
    pair: Pair, old: ir.Statement | None, new: ir.Statement | None
) -> tuple[ir.Statement | None, ir.Statement | None] | None:
    """The statements of two branches or loops that differ."""
    if not (isinstance(old, ir.If) and isinstance(new, ir.If)):
        return None
    if not pair.same(old.test, new.test):
        return None
    for one, other in ((old.then, new.then), (old.otherwise, new.otherwise)):
        for first, second in zip(one, other, strict=False):
            if not pair.same(first, second):
                return _inside(pair, first, second) or (first, second)
    return None


def find_refusal(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Instances that worked and that the layer after cannot be made of or called as."""
    alike = pair.is_built_alike and pair.same(before.body, after.body)
    if alike or pair.call_problem is None or not pair.can_try_after:
        return
    trial, problem = pair.call_problem
    yield Change(
        identity.REFUSED,
        f"an instance that worked now fails: {problem}",
        pair.span("call"),
        breaks=identity.REFUSED.breaks,
        notes=(_show_trial(trial),),
        witness=seen(trial),
    )


def find_requires(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of what is required of arguments and sizes."""
    old = {canonical(each.test, pair.old): each for each in before.requires}
    new = {canonical(each.test, pair.new): each for each in after.requires}
    if old.keys() == new.keys():
        return
    unmet = [t for t in pair.trials if t.is_loaded and t.is_unmet]
    shown = seen(unmet[0]) if unmet else None
    yield Change(
        identity.REQUIRED,
        (
            "refuses arguments or sizes that it took"
            if shown
            else "requires something else"
        ),
        pair.span("requires"),
        breaks=identity.REQUIRED.breaks if shown else frozenset(),
        before="; ".join(str(each.test) for each in before.requires),
        after="; ".join(str(each.test) for each in after.requires),
        notes=(_show_trial(unmet[0]),) if unmet else (),
        witness=shown,
    )


def _show_trial(trial: Trial) -> str:
    parts = [f"`{name}` {value}" for name, value in trial.before.arguments.items()]
    parts += [f"`{name}` of shape {list(s)}" for name, s in trial.shapes.items()]
    return f"tried with {', '.join(parts)}"

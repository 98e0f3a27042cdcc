"""What `call` returns: tensors, by their places."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import product

from layergen.codes.review import Breaks
from layergen.codes.review import tensors as codes
from layergen.layer import Layer, Output
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance
from layergen.oracle.outputs import output_shape, present_outputs
from layergen.oracle.tensors import Shape
from layergen.review.change import Change, Side, Witness
from layergen.review.pair import Pair, witness
from layergen.review.row import Changes, Row, compare_members
from layergen.review.trials import Trial

_CALLER = frozenset({Breaks.CALLER})


def find_outputs(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of what `call` returns."""
    matched = pair.outputs
    fewer = _find_fewer(pair) if matched.removed else None
    for old in matched.removed:
        yield Change(
            codes.OUTPUT_REMOVED,
            f"the output `{old.name}` is removed",
            pair.span(*old.path, side=Side.BEFORE),
            Side.BEFORE,
            codes.OUTPUT_REMOVED.breaks if fewer or not pair.samples else _CALLER,
            before=_show(old),
            witness=fewer,
            name=old.name,
        )
    for new in matched.added:
        yield Change(
            codes.OUTPUT_ADDED,
            f"the output `{new.name}` is new",
            pair.span(*new.path),
            breaks=_CALLER,
            after=_show(new),
            name=new.name,
        )
    names = matched.names
    order = [names[o.name] for o in before.outputs if o.name in names]
    order_after = [o.name for o in after.outputs if o.name in names.values()]
    if order != order_after:
        yield Change(
            codes.OUTPUT_ORDER,
            "the outputs stand in another order",
            pair.span("outputs"),
            breaks=codes.OUTPUT_ORDER.breaks,
            before=", ".join(o.name for o in before.outputs),
            after=", ".join(o.name for o in after.outputs),
            name="",
        )
    yield from compare_members(OUTPUT_ROWS, pair, matched.pairs)


def _find_shape(pair: Pair, before: Output, after: Output) -> Changes:
    """Another shape, for the same arguments and inputs."""
    if _has_same_shape(pair, before, after):
        return
    shown = None
    if not pair.same(before.count, after.count):
        shown = _find_fewer(pair)
    yield Change(
        codes.OUTPUT_SHAPE,
        f"the output `{after.name}` has another shape",
        pair.value_span(*after.path, "shape"),
        breaks=codes.OUTPUT_SHAPE.breaks if shown else _CALLER,
        before=_show(before),
        after=_show(after),
        notes=(_FEWER,) * bool(shown),
        witness=shown,
        name=after.name,
    )


_FEWER = "saved models that use one of the last tensors no longer load"


def _find_fewer(pair: Pair) -> Witness | None:
    """A call that returned more tensors: a saved model knows them by number."""
    for trial, flags in product(pair.trials, _calls(pair)):
        if trial.after is None:
            continue
        kept = {pair.flags.names[name]: value for name, value in flags.items()}
        with suppress(EvaluationError, IndexError, KeyError):
            old = _count(trial.before, flags, trial.shapes)
            if _count(trial.after, kept, trial.shapes_after) < old:
                return replace(witness(trial.sample), flags=flags)
    return None


def _count(
    instance: Instance, flags: Mapping[str, bool], shapes: Mapping[str, Shape]
) -> int:
    """How many tensors it returns, those of lists each for itself."""
    found = [
        output_shape(instance, output, shapes)
        for output in present_outputs(instance, flags, shapes)
    ]
    return sum(len(each) if isinstance(each, list) else 1 for each in found)


def _has_same_shape(pair: Pair, before: Output, after: Output) -> bool:
    """Whether it is said to be the same, or is in all instances."""
    if pair.same(before.count, after.count):
        named = pair.inputs.names.get(before.like or "")
        if before.like is not None and named == after.like:
            return True
        if before.like == after.like and pair.same(before.shape, after.shape):
            return True
    compared = [
        _shapes_agree(trial, before, after)
        for trial in pair.trials
        if trial.after is not None
    ]
    return bool(compared) and all(compared)


def _shapes_agree(trial: Trial, before: Output, after: Output) -> bool:
    assert trial.after is not None
    try:
        old = output_shape(trial.before, before, trial.shapes)
        return old == output_shape(trial.after, after, trial.shapes_after)
    except (EvaluationError, IndexError, KeyError):
        return False


def _show(output: Output) -> str:
    shape = f"like {output.like}"
    if output.like is None:
        shape = f"({', '.join(map(str, output.shape))})"
    return shape if output.count is None else f"{output.count} of {shape}"


def _find_dtype(pair: Pair, before: Output, after: Output) -> Changes:
    if before.dtype != after.dtype:
        yield Change(
            codes.OUTPUT_DTYPE,
            f"the output `{after.name}` is of {after.dtype}",
            pair.value_span(*after.path, "dtype"),
            breaks=_CALLER,
            before=before.dtype,
            after=after.dtype,
            name=after.name,
        )


def _find_when(pair: Pair, before: Output, after: Output) -> Changes:
    if not pair.same(before.when, after.when):
        shown = _find_fewer(pair)
        yield Change(
            codes.OUTPUT_WHEN,
            f"the output `{after.name}` is there under another condition",
            pair.value_span(*after.path, "when"),
            breaks=codes.OUTPUT_WHEN.breaks if shown else _CALLER,
            before=str(before.when or "always"),
            after=str(after.when or "always"),
            witness=shown,
            name=after.name,
        )


def _calls(pair: Pair) -> Iterator[Mapping[str, bool]]:
    """Flags that a call may give in both versions, one at a time."""
    yield {}
    for old, _ in pair.flags.pairs:
        if old.type == "bool":
            yield {old.name: not old.default}


OUTPUT_ROWS: tuple[Row[Output], ...] = (
    Row(("shape", "like", "count"), _find_shape),
    Row(("dtype",), _find_dtype),
    Row(("when",), _find_when),
)

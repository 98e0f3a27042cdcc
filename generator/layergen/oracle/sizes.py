"""Layer + trials -> the sizes of inputs that functions need when a call is traced.

Some functions need sizes of what they are given (`Op.sizes`). Which sizes of the inputs
these follow from is found by evaluating: the layer is run again with other sizes, one
at a time, and where a needed size then differs, the one that was changed decides it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from layergen.codes import numbers
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.numbers import OF_NUMBERS
from layergen.expr.ops import OPS
from layergen.expr.unknown import holds_size, size_variables
from layergen.layer import BATCH, ELLIPSIS, Layer
from layergen.oracle.draw import draw_inputs, draw_weights
from layergen.oracle.instantiate import instantiate
from layergen.oracle.masks import draw_masks
from layergen.oracle.places import Axis, read_axes
from layergen.oracle.plans import other_flags
from layergen.oracle.record import Kernels, Use, place_use, record_uses
from layergen.oracle.requirements import Plan
from layergen.oracle.run import run
from layergen.oracle.trial import Trial
from layergen.source import Span


@dataclass(frozen=True)
class _Mode:
    """How a layer is called beside its tensors."""

    training: bool = False
    flags: Mapping[str, Any] | None = None
    masked: bool = False


def needs_sizes(layer: Layer) -> bool:
    """Whether something in the layer, or in one that it owns, may need sizes."""
    exprs = [ir.expression(statement) for statement in ir.statements(layer.body)]
    nodes = [node for expr in exprs for node in ir.walk(expr)]
    calls = (node for node in nodes if isinstance(node, ir.Call))
    own = any(OPS[call.op].sizes is not None for call in calls)
    own = own or any(_computes_with_sizes(layer.body, nodes))
    return own or any(needs_sizes(sublayer.layer) for sublayer in layer.sublayers)


def _computes_with_sizes(body: ir.Body, nodes: Iterable[ir.Expr]) -> Iterator[bool]:
    """Whether Python computes with, or decides by, each size that only a call knows."""
    variables = size_variables(body)
    for node in nodes:
        match node:
            case ir.Builtin(name=name) if name in OF_NUMBERS:
                yield any(holds_size(arg, variables) for arg in ir.children(node))
            case ir.Call(op=name) if OPS[name].math is not None:
                yield any(holds_size(arg, variables) for arg in ir.children(node))
            case ir.Compare() if not isinstance(node.type, ir.ArrayType):
                yield any(holds_size(side, variables) for side in ir.children(node))


def find_needed(
    layer: Layer, trials: Iterable[Trial], found: Diagnostics
) -> frozenset[str]:
    """The named sizes that must be known at build, beside those that are anyway.

    Where a function needs a size that can never be known, that goes to `found`; but not
    with arguments that are guesses, such as the batch as the axis that is chosen.
    """
    needed: set[str] = set()
    if not needs_sizes(layer):
        return frozenset()
    for trial in trials:
        plan, wrong = _plan(trial), Diagnostics()
        for mode in _modes(layer):
            needed |= _find(layer, plan, mode, needed, wrong)
        if not trial.is_guess and not found.has_errors:
            found.extend(wrong)
    return frozenset(needed)


def _plan(trial: Trial) -> Plan:
    """What a trial was run with."""
    instance = trial.instance
    layer, there = instance.layer, trial.inputs.keys()
    absent = frozenset(m.name for m in layer.inputs) - there
    counts = {
        m.name: len(trial.inputs[m.name])
        for m in layer.inputs
        if m.is_list and m.name in there
    }
    return Plan(trial.given, instance.sizes, instance.rest, absent, counts)


def _modes(layer: Layer) -> Iterator[_Mode]:
    yield _Mode()
    if layer.uses_training:
        yield _Mode(training=True)
    yield from (_Mode(flags=flags) for flags in other_flags(layer))
    if any(member.takes_mask for member in layer.inputs):
        yield _Mode(masked=True)


def _find(
    layer: Layer, plan: Plan, mode: _Mode, known: set[str], found: Diagnostics
) -> set[str]:
    """The names of the sizes, but of those known, that decide what is needed."""
    needed: set[str] = set()
    evaluate = partial(_run, layer, plan, mode)
    usual = record_uses(evaluate)
    for axis in _axes(layer, plan) if any(use.sizes for use in usual) else ():
        if axis.name in known:
            continue
        changed = _changed(layer, plan, mode, axis, usual)
        if not changed:
            continue
        if _can_be_known(layer, axis):
            needed.add(axis.name)
            continue
        for number in sorted(changed):
            span = place_use(evaluate, number) or layer.document.key_span("call")
            _refuse(layer, axis, usual[number], span, found)
    return needed


def _run(layer: Layer, plan: Plan, mode: _Mode, kernels: Kernels) -> None:
    shapes = plan.shapes(layer)
    instance = instantiate(layer, plan.arguments, shapes)
    inputs = draw_inputs(instance, shapes, "sizes", positive=True)
    weights = draw_weights(instance, "sizes")
    masks = next(draw_masks(layer, inputs), {}) if mode.masked else {}
    run(
        instance,
        inputs,
        weights,
        training=mode.training,
        flags=mode.flags,
        masks=masks,
        draws=kernels,
    )


def _axes(layer: Layer, plan: Plan) -> Iterator[Axis]:
    """The sizes that need not be known at build."""
    names = [name for name in plan.sizes if name not in layer.required_dims]
    axes = [Axis(name) for name in names]
    axes += [Axis(ELLIPSIS, i) for i in range(len(plan.rest))]
    read = set(read_axes(layer, plan))
    yield from (axis for axis in axes if axis not in read)


def _changed(
    layer: Layer, plan: Plan, mode: _Mode, axis: Axis, usual: list[Use]
) -> set[int]:
    """The uses that need other sizes if an axis has another, by number."""
    changed: set[int] = set()
    for other in _resized(plan, axis):
        uses = record_uses(partial(_run, layer, other, mode))
        pairs = enumerate(zip(usual, uses, strict=False))
        changed |= {i for i, (one, two) in pairs if one.sizes and one != two}
    return changed


def _resized(plan: Plan, axis: Axis) -> Iterator[Plan]:
    """Plans in which an axis has another size; none at all shows what is cut off."""
    before = plan.rest[axis.place] if axis.name == ELLIPSIS else plan.sizes[axis.name]
    for size in (2 * before, before + 1, 0):
        if axis.name == ELLIPSIS:
            rest = (*plan.rest[: axis.place], size, *plan.rest[axis.place + 1 :])
            yield replace(plan, rest=rest)
        else:
            yield replace(plan, sizes={**plan.sizes, axis.name: size})


def _can_be_known(layer: Layer, axis: Axis) -> bool:
    if axis.name in (BATCH, ELLIPSIS):
        return False
    required = {member.name for member in layer.required_inputs}
    return layer.dims[axis.name].input in required


def _refuse(layer: Layer, axis: Axis, use: Use, span: Span, found: Diagnostics) -> None:
    if any((d.code, d.span) == (numbers.UNKNOWN_SIZE, span) for d in found):
        return  # one size is enough
    note = use.instead
    if axis.name == BATCH or (axis == Axis(ELLIPSIS) and _leads(layer)):
        what = "the size of the batch, which is known in the call only"
    elif axis.name == ELLIPSIS:
        what = "a size that stands behind `...` and may be unknown"
        asked = f"{layer.inputs[0].name}.shape[axis] > 0"
        note = note or f"give the axis a name, or require something of it: `{asked}`"
    else:
        what = f"`{axis.name}`, the size of a tensor that may be left out"
        note = note or "take it from a tensor that every call gives"
    found.add(numbers.UNKNOWN_SIZE, f"{use.what} needs {what}", span, note)


def _leads(layer: Layer) -> bool:
    """Whether `...` stands for the batch too."""
    return any(member.shape[:1] == (ELLIPSIS,) for member in layer.inputs)

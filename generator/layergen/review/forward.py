"""The forward pass, and whether what worked still does."""

from layergen.codes.review import Breaks, identity
from layergen.codes.review import tensors as codes
from layergen.expr import ir
from layergen.layer import Layer
from layergen.review.canonical import canonical
from layergen.review.change import Change
from layergen.review.pair import Pair, seen
from layergen.review.row import Changes
from layergen.review.trials import Trial

_NUMERIC = frozenset({Breaks.NUMERIC})


def find_body(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the forward pass."""
    if before.uses_training is not after.uses_training:
        code = codes.TRAINING_USED if after.uses_training else codes.TRAINING_UNUSED
        now = "makes" if after.uses_training else "no longer makes"
        span = pair.value_span("call")
        yield Change(
            code, f"`training` {now} a difference", span, breaks=code.breaks, name=""
        )
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
        notes=_same_numbers(pair),
        name="",
    )


def _same_numbers(pair: Pair) -> tuple[str, ...]:
    """That the numbers are the same wherever both versions were tried, if they are."""
    if not pair.agreed:
        return ()
    where = "instance" if pair.agreed == 1 else f"{pair.agreed} instances"
    return (f"with the same weights, the numbers are the same in the {where} tried",)


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
    """The statements of two branches or functions that differ."""
    if isinstance(old, ir.Function) and isinstance(new, ir.Function):
        if pair.same(old.parameters, new.parameters):
            for first, second in zip(old.body, new.body, strict=False):
                if not pair.same(first, second):
                    return _inside(pair, first, second) or (first, second)
        return None
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
    if pair.is_built_alike and pair.same(before.body, after.body):
        return
    found = pair.load_problem or (None if pair.agreed else pair.call_problem)
    if found is None or not pair.can_try_after:
        return
    trial, problem = found
    is_loaded = pair.load_problem is None
    note = "it is loaded all the same, and fails when it is called"
    yield Change(
        identity.REFUSED,
        f"an instance that worked now fails: {problem}",
        pair.span("call"),
        breaks=frozenset({Breaks.CALLER}) if is_loaded else identity.REFUSED.breaks,
        notes=(_show_trial(trial), *(note,) * is_loaded),
        witness=None if is_loaded else seen(trial),
        name="",
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
        name="",
    )


def _show_trial(trial: Trial) -> str:
    parts = [f"`{name}` {value}" for name, value in trial.before.arguments.items()]
    parts += [f"`{name}` of shape {list(s)}" for name, s in trial.shapes.items()]
    return f"tried with {', '.join(parts)}"

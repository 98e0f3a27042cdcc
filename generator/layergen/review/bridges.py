"""What a spec says of its past: former names, and arguments that have no effect."""

from layergen.codes.review import Breaks
from layergen.codes.review import bridges as codes
from layergen.layer import Argument, Layer
from layergen.lower.argument_types import type_of
from layergen.review.arguments import argument_span, is_returned, show_argument
from layergen.review.change import Change, Side, Witness
from layergen.review.pair import Pair
from layergen.review.row import Changes

_CALLER = frozenset({Breaks.CALLER})


def find_deprecated(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the arguments that may be given and have no effect."""
    had = {argument.name: argument for argument in before.arguments}
    was = {gone.name for gone in before.deprecated}
    now = {gone.name for gone in after.deprecated}
    for gone in after.deprecated:
        if gone.name in was:
            continue
        old = had.get(gone.name)
        yield Change(
            codes.ARGUMENT_DEPRECATED,
            f"the argument `{gone.name}` has no effect any more",
            pair.span("arguments", gone.name),
            breaks=_effect(old),
            before=show_argument(old) if old else "",
            after="taken with a warning",
            name=gone.name,
        )
    names = {argument.name for argument in after.arguments}
    former = {name for argument in after.arguments for name in argument.renamed_from}
    for gone in before.deprecated:
        if gone.name in now | names:
            continue
        is_read = gone.name in former
        yield Change(
            codes.DEPRECATED_REMOVED,
            f"the argument `{gone.name}`, which had no effect, is not taken any more",
            pair.span("arguments", gone.name, side=Side.BEFORE),
            Side.BEFORE,
            _CALLER if is_read else codes.DEPRECATED_REMOVED.breaks,
            before="taken with a warning",
            notes=("models that were saved when it had one no longer load",)
            * (not is_read),
            witness=None if is_read else _older(pair, gone=(gone.name,)),
            name=gone.name,
        )


def find_returned(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Arguments that had no effect and have one; what must be given is told as new."""
    for new in after.arguments:
        if new.required or not is_returned(new, before):
            continue
        yield Change(
            codes.ARGUMENT_RETURNED,
            f"the argument `{new.name}` has an effect again",
            argument_span(pair, new.name),
            breaks=codes.ARGUMENT_RETURNED.breaks,
            before="taken with a warning",
            after=show_argument(new),
            name=new.name,
        )


def _effect(argument: Argument | None) -> frozenset[Breaks]:
    """Whom it changes that an argument does nothing; nobody if there was none."""
    if argument is None:
        return frozenset()
    is_object = type_of(argument).is_object
    return frozenset({Breaks.TRAINING if is_object else Breaks.NUMERIC})


def find_former_names(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the names under which saved models may hold an argument."""
    taken = {argument.name for argument in after.arguments}
    taken |= {gone.name for gone in after.deprecated}
    taken |= {name for argument in after.arguments for name in argument.renamed_from}
    for old, new in pair.arguments.pairs:
        was, now = set(old.renamed_from), set(new.renamed_from)
        lost = sorted(was - taken)
        if lost or now - was - {old.name}:
            shown = ", ".join(f"`{name}`" for name in lost)
            yield Change(
                codes.FORMER_NAMES,
                f"`{new.name}` is read under other former names",
                argument_span(pair, new.name),
                breaks=codes.FORMER_NAMES.breaks if lost else frozenset(),
                before=", ".join(old.renamed_from),
                after=", ".join(new.renamed_from),
                notes=(f"models that hold {shown} no longer load",) if lost else (),
                witness=_older(pair, former={old.name: lost[0]}) if lost else None,
                name=new.name,
            )


def _older(
    pair: Pair, former: dict[str, str] | None = None, gone: tuple[str, ...] = ()
) -> Witness | None:
    """Any instance, as a version older than that before saved it."""
    shown = pair.witness
    if shown is None:
        return None
    return Witness(shown.arguments, shown.shapes, former=former or {}, gone=gone)

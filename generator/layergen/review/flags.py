"""Flags: what `call` takes besides tensors."""

from dataclasses import replace

from layergen.codes.review import Breaks
from layergen.codes.review import flags as codes
from layergen.layer import Layer
from layergen.review.arguments import ARGUMENT_ROWS, show_argument
from layergen.review.change import Change, Side
from layergen.review.pair import Pair
from layergen.review.row import Changes, compare_members

_CONFIG = frozenset({Breaks.CALLER, Breaks.CONFIG})


def find_flags(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of what `call` takes besides tensors."""
    for old in pair.flags.removed:
        shown = pair.witness
        yield Change(
            codes.FLAG_REMOVED,
            f"the flag `{old.name}` is removed",
            pair.span("inputs", old.name, side=Side.BEFORE),
            Side.BEFORE,
            _CONFIG,
            before=show_argument(old),
            witness=shown and replace(shown, flags={old.name: old.default}),
            name=old.name,
        )
    for new in pair.flags.added:
        yield Change(
            codes.FLAG_ADDED,
            f"the flag `{new.name}` is new",
            pair.span("inputs", new.name),
            after=show_argument(new),
            name=new.name,
        )
    yield from compare_members(ARGUMENT_ROWS, pair, pair.flags.pairs)

"""The constructor as it is called: places of arguments, and what stands for arrays."""

from collections.abc import Iterator

from layergen.codes.review import Breaks
from layergen.codes.review import signature as codes
from layergen.emit.emission import Emission
from layergen.layer import Layer
from layergen.review.arguments import argument_span
from layergen.review.change import Change
from layergen.review.pair import Pair
from layergen.review.row import Changes

_CALLER = frozenset({Breaks.CALLER})
_CONFIG = frozenset({Breaks.CALLER, Breaks.CONFIG})


def find_order(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the places of arguments in the constructor."""
    old_names, new_names = map(list, map(_signature, pair.emissions))
    renamed = pair.arguments.names
    mapped = [renamed.get(name, name) for name in old_names]
    # two were one if an argument got the name of one without effect
    stayed = list(dict.fromkeys(name for name in mapped if name in new_names))
    if new_names[: len(stayed)] == stayed:
        return
    moved = next(
        name for name, other in zip(new_names, stayed, strict=False) if name != other
    )
    yield Change(
        codes.ARGUMENT_ORDER,
        f"`{moved}` stands where another argument stood",
        argument_span(pair, moved),
        breaks=_CALLER,
        before=", ".join(old_names),
        after=", ".join(new_names),
        notes=("callers by keyword, and saved models, are not broken",),
        name="",
    )


def _signature(emission: Emission) -> Iterator[str]:
    """The names of the constructor's parameters, in order."""
    for argument in emission.signature:
        yield argument.name
        if argument.name in emission.stored:
            yield f"{argument.name}_shape"


def find_saved_arguments(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Array arguments of which the config held the shape, or now does."""
    old, new = (emission.stored for emission in pair.emissions)
    for one, other in pair.arguments.pairs:
        if (one.name in old) is (other.name in new):
            continue
        was_shape = one.name in old
        yield Change(
            codes.SAVED_BY_SHAPE,
            f"the config holds `{other.name}` otherwise",
            argument_span(pair, other.name),
            breaks=_CONFIG if was_shape else frozenset(),
            before="its shape" if was_shape else "its values",
            after="its values" if was_shape else "its shape",
            witness=pair.witness if was_shape else None,
            name=other.name,
        )

"""LG684 to LG688: changes of the layers that a layer owns."""

from layergen.codes.example import spec
from layergen.codes.review import Breaks, Member, ReviewCode

_CHECKPOINT = frozenset({Breaks.CHECKPOINT})


def _dense(name: str, call: str, arguments: str = "units: features") -> str:
    dense = f"{{layer: Dense, arguments: {{{arguments}}}, shape: like inputs}}"
    sublayers = f"\n  {name}: {dense}" if name else None
    return spec(sublayers=sublayers, call=f"|\n  return factor * {call}")


SUBLAYER_ADDED = ReviewCode(
    "LG684",
    "sublayer added",
    about=Member.SUBLAYER,
    breaks=_CHECKPOINT,
    means="The layer owns a further layer.",
    why="Keras looks for its variables in saved weights and does not find them. A layer"
    " without variables breaks nothing by itself.",
    wrong=_dense("", "inputs"),
    right=_dense("mix", "mix(inputs)"),
)
SUBLAYER_REMOVED = ReviewCode(
    "LG685",
    "sublayer removed",
    about=Member.SUBLAYER,
    breaks=_CHECKPOINT | {Breaks.CALLER},
    means="The layer no longer owns a layer.",
    why="Keras leaves out what is saved of it, without a word.",
    wrong=_dense("mix", "mix(inputs)"),
    right=_dense("", "inputs"),
)
SUBLAYER_RENAMED = ReviewCode(
    "LG686",
    "sublayer renamed",
    about=Member.SUBLAYER,
    breaks=_CHECKPOINT | {Breaks.CALLER},
    means="A sublayer is gone where another of its class has come.",
    why="Keras finds what is saved of a sublayer by the name of its attribute, unlike a"
    " weight: saved weights no longer load.",
    wrong=_dense("mix", "mix(inputs)"),
    right=_dense("blend", "blend(inputs)"),
)
SUBLAYER_CHANGED = ReviewCode(
    "LG687",
    "sublayer changed",
    about=Member.SUBLAYER,
    breaks=_CHECKPOINT | {Breaks.NUMERIC, Breaks.TRAINING},
    means="A sublayer is of another class, or is made or built in another way.",
    why="It may compute or be trained otherwise. If it has other variables, saved"
    " weights no longer load.",
    wrong=_dense("mix", "mix(inputs)"),
    right=_dense("mix", "mix(inputs)", "units: features, use_bias: false"),
)
OWNED_CHANGED = ReviewCode(
    "LG688",
    "spec of a sublayer changed",
    about=Member.SUBLAYER,
    breaks=_CHECKPOINT | {Breaks.NUMERIC, Breaks.TRAINING},
    means="The spec of a sublayer has changed, and with it this layer.",
    why="Other numbers or another course of training there are so here, too. If it has"
    " other variables, saved weights of this layer no longer load.",
    wrong="sed -i 's/units: 2/units: 4/' specs/inner.yaml; layergen diff main",
    right="layergen diff main",
)

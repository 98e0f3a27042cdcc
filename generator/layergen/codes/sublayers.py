"""LG23x: layers that a layer owns."""

from layergen.codes.example import spec
from layergen.diagnostics import Code


def _owning(sublayer: str) -> str:
    return spec(
        sublayers=f"\n  project: {sublayer}",
        call="|\n  return factor * project(inputs)",
        outputs="{shape: [batch, 3]}",
    )


_RIGHT = _owning("{layer: Dense, arguments: {units: 3}, shape: [batch, features]}")

UNKNOWN_LAYER = Code(
    "LG230",
    "unknown layer",
    means="What a sublayer names is neither a layer of Keras that layergen knows nor a"
    " spec that it can read.",
    why="To prove the code, layergen must know what each layer computes.",
    wrong=_owning("{layer: Dens, arguments: {units: 3}, shape: [batch, features]}"),
    right=_RIGHT,
)
BAD_SETTING = Code(
    "LG231",
    "argument that the sublayer does not take",
    means="A sublayer is given an argument that it does not have, one of another type,"
    " or it lacks one that it needs.",
    why="Its constructor would raise.",
    wrong=_owning("{layer: Dense, arguments: {unit: 3}, shape: [batch, features]}"),
    right=_RIGHT,
)
BAD_SHAPE = Code(
    "LG232",
    "shape of a sublayer",
    means="The shape for which a sublayer is to be built is not given, or is none that"
    " it takes.",
    why="A layer that its owner does not build has no weights when a model is loaded:"
    " they are lost, and nothing says so.",
    wrong=_owning("{layer: Dense, arguments: {units: 3}, shape: [features, ...]}"),
    right=_RIGHT,
)

"""LG67x to LG68x: changes of weights."""

from layergen.codes.example import body
from layergen.codes.review import Breaks, Member, ReviewCode

_CHECKPOINT = frozenset({Breaks.CHECKPOINT})
_TRAINING = frozenset({Breaks.TRAINING})
_CALLER = frozenset({Breaks.CALLER})
_NUMERIC = frozenset({Breaks.NUMERIC})

_USED = "return factor * inputs * gain"
_BOTH = "return factor * inputs * gain + offset"


def _gain(call: str = _USED, **keys: str) -> str:
    """A spec with the weight `gain`, with some of its keys replaced."""
    given = {"role": "weight", "shape": "[features]", **keys}
    text = ", ".join(f"{key}: {value}" for key, value in given.items())
    return body(call, parameters=f"\n  gain: {{{text}}}")


def _pair(first: str, second: str, extra: str = "") -> str:
    weights = {
        "gain": f"\n  gain: {{role: weight, shape: [features]{extra}}}",
        "offset": "\n  offset: {role: weight, shape: [features]}",
    }
    return body(_BOTH, parameters=weights[first] + weights[second])


WEIGHT_ADDED = ReviewCode(
    "LG670",
    "weight added",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT,
    means="The layer has a further weight.",
    why="Keras counts the variables of a layer when it loads them, and refuses another"
    " number. With a `when` that no saved model fulfils, nothing is broken.",
    wrong=body("return factor * inputs * float(features)"),
    right=_gain("return factor * inputs * gain"),
)
WEIGHT_REMOVED = ReviewCode(
    "LG671",
    "weight removed",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT | _CALLER,
    means="The layer no longer has a weight.",
    why="Keras counts the variables of a layer when it loads them, and refuses another"
    " number. If another weight of the same shape has come in its place, saved values"
    " load into that one, silently.",
    wrong=_gain("return factor * inputs * gain"),
    right=body("return factor * inputs * float(features)"),
)
WEIGHT_RENAMED = ReviewCode(
    "LG672",
    "weight renamed",
    about=Member.WEIGHT,
    breaks=_CALLER,
    means="A weight is gone, and one like it has come, used in the same places.",
    why="Its attribute and its path have another name. Saved values still load: Keras"
    " stores them by their place in the layer, not by name.",
    wrong=_gain(),
    right=body(
        "return factor * inputs * scale",
        parameters="\n  scale: {role: weight, shape: [features]}",
    ),
)
WEIGHT_SHAPE = ReviewCode(
    "LG673",
    "shape of a weight changed",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT,
    means="With the same arguments and inputs a weight has another shape.",
    why="Keras refuses saved values of another shape, also those that would broadcast.",
    wrong=_gain(initializer="ones"),
    right=_gain(shape="[1]", initializer="ones"),
)
WEIGHT_DTYPE = ReviewCode(
    "LG674",
    "dtype of a weight changed",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT | _NUMERIC,
    means="A weight has another dtype.",
    why="Saved values are cast without a word: fractions are cut off where the new"
    " dtype has none.",
    wrong=_gain("return factor * inputs * cast(gain, 'float')", trainable="false"),
    right=_gain(
        "return factor * inputs * cast(gain, 'float')",
        trainable="false",
        initializer="zeros",
        dtype="int32",
    ),
)
WEIGHT_ORDER = ReviewCode(
    "LG675",
    "order of saved variables changed",
    about=None,
    breaks=_CHECKPOINT,
    means="The variables of the layer stand in another order: those that are trained"
    " first, then the others, each in the order of the spec.",
    why="Keras stores variables by their place. Saved values load into the wrong"
    " variables, silently if the shapes agree.",
    wrong=_pair("gain", "offset"),
    right=_pair("offset", "gain"),
)
WEIGHT_TO_CONSTANT = ReviewCode(
    "LG676",
    "weight became a constant",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT | _TRAINING | _CALLER,
    means="A parameter that was a weight is a constant.",
    why="It is no longer trained. Unless it is kept in the checkpoint, the layer has a"
    " variable less, and saved weights no longer load.",
    wrong=_gain(initializer="ones"),
    right=body(
        _USED, parameters='\n  gain: {role: constant, value: "ones((features,))"}'
    ),
)
CONSTANT_TO_WEIGHT = ReviewCode(
    "LG677",
    "constant became a weight",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT | _TRAINING,
    means="A parameter that was a constant is a weight.",
    why="Unless it was kept in the checkpoint, the layer has a variable more, and saved"
    " weights no longer load.",
    wrong=body(
        _USED, parameters='\n  gain: {role: constant, value: "ones((features,))"}'
    ),
    right=_gain(initializer="ones"),
)
TRAINABLE = ReviewCode(
    "LG678",
    "trainable changed",
    about=Member.WEIGHT,
    breaks=_TRAINING,
    means="A weight is trained that was not, or the reverse.",
    why="Optimizers treat it differently, and saved optimizer states do not fit."
    " Variables that are trained are stored before the others (LG675).",
    wrong=_gain(),
    right=_gain(trainable="false"),
)
INITIALIZER = ReviewCode(
    "LG679",
    "initializer of a weight changed",
    about=Member.WEIGHT,
    breaks=_TRAINING,
    means="A weight begins with other values.",
    why="Training from scratch goes another way. Saved values are not touched, and a"
    " config that holds the initializer keeps it.",
    wrong=_gain(initializer="ones"),
    right=_gain(initializer="zeros"),
)
REGULARIZER = ReviewCode(
    "LG680",
    "regularizer of a weight changed",
    about=Member.WEIGHT,
    breaks=_TRAINING,
    means="A weight adds another term to the loss.",
    why="Training goes another way.",
    wrong=_gain(),
    right=_gain(regularizer="l2"),
)
CONSTRAINT = ReviewCode(
    "LG681",
    "constraint on a weight changed",
    about=Member.WEIGHT,
    breaks=_TRAINING,
    means="A weight is kept within other bounds.",
    why="Training goes another way; saved values outside are changed at the next step.",
    wrong=_gain(),
    right=_gain(constraint="non_neg"),
)
AUTOCAST = ReviewCode(
    "LG682",
    "autocast of a weight changed",
    about=Member.WEIGHT,
    breaks=_NUMERIC,
    means="Keras casts a weight to the compute dtype, or no longer does.",
    why="In mixed precision the layer computes in another dtype.",
    wrong=_gain(),
    right=_gain(autocast="false"),
)
WHEN = ReviewCode(
    "LG683",
    "condition of a weight changed",
    about=Member.WEIGHT,
    breaks=_CHECKPOINT,
    means="A weight exists under another condition.",
    why="Where it exists and did not, or the reverse, the number of variables differs,"
    " and saved weights no longer load.",
    wrong=body(
        "return inputs * gain if factor > 0.0 else inputs",
        parameters="\n  gain: {role: weight, shape: [features], when: factor > 0.0}",
    ),
    right=body(
        "return inputs * gain if factor > 1.0 else inputs",
        parameters="\n  gain: {role: weight, shape: [features], when: factor > 1.0}",
    ),
)

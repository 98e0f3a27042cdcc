"""LG60x: changes of a layer as a whole."""

from layergen.codes.example import WEIGHT, body, spec
from layergen.codes.review import Breaks, Member, ReviewCode

_TWO = "\n  inputs: {shape: [batch, features]}\n  other: {shape: [batch, width]}"

LAYER_REMOVED = ReviewCode(
    "LG600",
    "layer removed",
    about=None,
    breaks=frozenset({Breaks.CONFIG, Breaks.CALLER}),
    means="No spec yields this class any more.",
    why="A saved model names its class; without it the model cannot be loaded, and"
    " imports of the class fail.",
    wrong=spec(),
    right="",
)
LAYER_ADDED = ReviewCode(
    "LG601",
    "layer added",
    about=None,
    means="A spec yields a class that was not there.",
    why="Nothing that exists can depend on it.",
    wrong="",
    right=spec(),
)
CLASS_RENAMED = ReviewCode(
    "LG602",
    "class renamed",
    about=None,
    breaks=frozenset({Breaks.CHECKPOINT, Breaks.CONFIG, Breaks.CALLER}),
    means="The spec yields a class of another name.",
    why="Saved models name the class under which Keras finds it. A `.weights.h5` file"
    " names it too, in snake case, where the layer is part of a model.",
    wrong=spec(parameters=WEIGHT, call="|\n  return factor * inputs * gain"),
    right=spec(
        name="Gain", parameters=WEIGHT, call="|\n  return factor * inputs * gain"
    ),
)
PACKAGE_CHANGED = ReviewCode(
    "LG603",
    "package changed",
    about=None,
    breaks=frozenset({Breaks.CONFIG, Breaks.CALLER}),
    means="The class is registered and exported under another package.",
    why="Saved models name `package>Class`, and so do imports. Weights alone still"
    " load.",
    wrong=spec(),
    right=spec(package="layers"),
)
FORMER_PACKAGES = ReviewCode(
    "LG615",
    "former packages changed",
    about=None,
    breaks=frozenset({Breaks.CONFIG}),
    means="`renamed_from` of the class says other names than it did.",
    why="Models that were saved under a name that is no longer said do not load. Those"
    " that were saved since hold the new name.",
    wrong=spec(renamed_from="old>Scale"),
    right=spec(),
)
DOCS_CHANGED = ReviewCode(
    "LG604",
    "documentation changed",
    about=None,
    means="Only what is written for people has changed.",
    why="It is listed so that a reviewer sees that it is all.",
    wrong=spec(),
    right=spec(summary="Scales its input."),
)
EXAMPLES_CHANGED = ReviewCode(
    "LG605",
    "examples changed",
    about=None,
    means="The instances from which tests are made have changed.",
    why="The layer is the same, but its tests are not: look whether expected numbers"
    " were adjusted to what the layer yields.",
    wrong=spec(examples="\n  - inputs: [[1.0]]"),
    right=spec(examples="\n  - inputs: [[2.0]]"),
)
ATTRIBUTE_ADDED = ReviewCode(
    "LG606",
    "attribute added",
    about=Member.ATTRIBUTE,
    means="The layer shows a further public attribute.",
    why="Nothing that exists can depend on it.",
    wrong=spec(),
    right=spec(attributes="\n  doubled: factor * 2.0"),
)
ATTRIBUTE_REMOVED = ReviewCode(
    "LG607",
    "attribute removed",
    about=Member.ATTRIBUTE,
    breaks=frozenset({Breaks.CALLER}),
    means="A public attribute is no longer there.",
    why="Whoever reads it gets an `AttributeError`.",
    wrong=spec(attributes="\n  doubled: factor * 2.0"),
    right=spec(),
)
ATTRIBUTE_CHANGED = ReviewCode(
    "LG608",
    "attribute changed",
    about=Member.ATTRIBUTE,
    breaks=frozenset({Breaks.CALLER}),
    means="A public attribute has another value.",
    why="Whoever reads it computes something else.",
    wrong=spec(attributes="\n  doubled: factor * 2.0"),
    right=spec(attributes="\n  doubled: factor * 3.0"),
)
SIZE_NEEDED = ReviewCode(
    "LG609",
    "size must be known",
    about=Member.INPUT,
    breaks=frozenset({Breaks.CONFIG, Breaks.CALLER}),
    means="The layer now needs a size of its input when it is built.",
    why="`build` refuses an input whose size is None there: models that were saved with"
    " such an input no longer load.",
    wrong=body("return factor * inputs"),
    right=body("return factor * inputs * gain", parameters=WEIGHT),
)
SIZE_FREE = ReviewCode(
    "LG610",
    "size may be unknown",
    about=Member.INPUT,
    means="The layer no longer needs a size of its input when it is built.",
    why="It takes more than before.",
    wrong=body("return factor * inputs * gain", parameters=WEIGHT),
    right=body("return factor * inputs"),
)
REFUSED = ReviewCode(
    "LG611",
    "refuses what it took",
    about=None,
    breaks=frozenset({Breaks.CONFIG, Breaks.CALLER}),
    means="With arguments and inputs that were fine, the layer now fails.",
    why="The arguments are still taken one by one, but what the layer does with them"
    " does not work out. If it cannot be built so, saved models no longer load. If only"
    " the forward pass fails, they load, and fail when they are called.",
    wrong=spec(
        inputs="\n  inputs: {shape: [batch, features]}\n"
        "  other: {shape: [batch, width]}",
        call="|\n  return concatenate([inputs, other], axis=-1) * factor",
        outputs="{shape: [batch, features + width]}",
    ),
    right=spec(
        inputs="\n  inputs: {shape: [batch, features]}\n"
        "  other: {shape: [batch, features]}",
        call="|\n  return (inputs + other) * factor",
    ),
)
BUILD = ReviewCode(
    "LG612",
    "shapes for build",
    about=None,
    breaks=frozenset({Breaks.CONFIG}),
    means="`build` takes the shapes of other inputs than it did.",
    why="Saved models hold the shapes for `build`: one without a name where it takes"
    " one or the class has none, else each under the name of its parameter. A `build`"
    " of other parameters does not take them.",
    wrong=spec(
        inputs=_TWO,
        parameters="\n  kernel: {role: weight, shape: [features, 2]}",
        call="|\n  return inputs @ kernel * factor + sum(other)",
        outputs="{shape: [batch, 2]}",
    ),
    right=spec(
        inputs=_TWO,
        parameters="\n  kernel: {role: weight, shape: [features, 2]}"
        "\n  offset: {role: weight, shape: [width]}",
        call="|\n  return inputs @ kernel * factor + sum(other + offset)",
        outputs="{shape: [batch, 2]}",
    ),
)
REQUIRED = ReviewCode(
    "LG613",
    "requirements changed",
    about=None,
    breaks=frozenset({Breaks.CONFIG, Breaks.CALLER}),
    means="The layer requires something else of its arguments and sizes.",
    why="Models that were saved with what is refused now no longer load.",
    wrong=spec(),
    right=spec(requires="\n  - {that: factor != 1.0, message: It does nothing.}"),
)

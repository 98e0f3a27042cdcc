"""LG65x to LG66x: changes of inputs, of the output and of the forward pass."""

from layergen.codes.example import body, spec
from layergen.codes.review import Breaks, Member, ReviewCode

_CONFIG = frozenset({Breaks.CONFIG, Breaks.CALLER})
_CALLER = frozenset({Breaks.CALLER})
_NUMERIC = frozenset({Breaks.NUMERIC})
_TRAINING = frozenset({Breaks.TRAINING})

_ONE = "\n  inputs: {shape: [batch, features]}"
_TWO = f"{_ONE}\n  other: {{shape: [batch, features]}}"
_PAIR = "\n  scaled: {shape: like inputs}\n  given: {shape: like inputs}"
_MAYBE = f"{_ONE}\n  other: {{shape: [batch, features], optional: true}}"
_IF_GIVEN = "return factor * inputs if other is None else factor * inputs + other"

INPUT_ADDED = ReviewCode(
    "LG650",
    "input added",
    about=Member.INPUT,
    breaks=_CONFIG,
    means="`call` takes a further tensor that must be given.",
    why="Nobody gives it yet: neither saved models nor callers.",
    wrong=body("return factor * inputs"),
    right=body("return factor * inputs + other", inputs=_TWO),
)
OPTIONAL_INPUT_ADDED = ReviewCode(
    "LG651",
    "optional input added",
    about=Member.INPUT,
    means="`call` takes a further tensor that may be left out.",
    why="All calls that worked still work.",
    wrong=body("return factor * inputs"),
    right=body(_IF_GIVEN, inputs=_MAYBE),
)
INPUT_REMOVED = ReviewCode(
    "LG652",
    "input removed",
    about=Member.INPUT,
    breaks=_CONFIG,
    means="`call` no longer takes a tensor.",
    why="Calls that give it fail, also those that a saved functional model holds.",
    wrong=body("return factor * inputs + other", inputs=_TWO),
    right=body("return factor * inputs"),
)
INPUT_RENAMED = ReviewCode(
    "LG653",
    "input renamed",
    about=Member.INPUT,
    breaks=_CONFIG,
    means="A tensor of `call` has another name.",
    why="Calls by keyword fail, also those that a saved functional model holds. With"
    " several inputs `build` has parameters of their names, and saved models too.",
    wrong=body("return factor * inputs"),
    right=body(
        "return factor * x",
        inputs="\n  x: {shape: [batch, features]}",
        outputs="{shape: like x}",
    ),
)
INPUT_ORDER = ReviewCode(
    "LG654",
    "order of inputs changed",
    about=None,
    breaks=_CONFIG | _NUMERIC,
    means="The tensors of `call` stand in another order.",
    why="Calls by position, also those that a saved functional model holds, give the"
    " tensors to other names. Where their shapes differ the model no longer loads.",
    wrong=body("return factor * inputs - other", inputs=_TWO),
    right=body(
        "return factor * inputs - other",
        inputs="\n  other: {shape: [batch, features]}"
        "\n  inputs: {shape: [batch, features]}",
    ),
)
INPUT_NARROWED = ReviewCode(
    "LG655",
    "input narrowed",
    about=Member.INPUT,
    breaks=_CONFIG,
    means="A tensor of `call` must have a shape that not all have that were taken.",
    why="Models that were saved with the others no longer load. Of several inputs Keras"
    " asks for the shape of the first only: the others fail when the layer is called.",
    wrong=spec(inputs="\n  inputs: {shape: [batch, ..., features]}"),
    right=spec(inputs="\n  inputs: {shape: [batch, features]}"),
)
INPUT_WIDENED = ReviewCode(
    "LG656",
    "input widened",
    about=Member.INPUT,
    means="A tensor of `call` may have shapes that were refused.",
    why="All that was taken is still taken.",
    wrong=spec(inputs="\n  inputs: {shape: [batch, features]}"),
    right=spec(inputs="\n  inputs: {shape: [batch, ..., features]}"),
)
INPUT_DTYPE = ReviewCode(
    "LG657",
    "dtype of an input changed",
    about=Member.INPUT,
    breaks=_CALLER | _NUMERIC,
    means="A tensor of `call` is taken in another dtype.",
    why="What is given is cast: fractions are cut off, or whole numbers are rounded in"
    " half precision.",
    wrong=spec(),
    right=spec(
        inputs="\n  inputs: {shape: [batch, features], dtype: int32}",
        outputs="{shape: like inputs, dtype: float}",
    ),
)
INPUT_NEEDED = ReviewCode(
    "LG658",
    "input must be given",
    about=Member.INPUT,
    breaks=_CONFIG,
    means="A tensor of `call` that could be left out must be given.",
    why="Calls without it fail, also those that a saved functional model holds.",
    wrong=body(_IF_GIVEN, inputs=_MAYBE),
    right=body("return factor * inputs + other", inputs=_TWO),
)
INPUT_OPTIONAL = ReviewCode(
    "LG659",
    "input may be left out",
    about=Member.INPUT,
    means="A tensor of `call` that had to be given may be left out.",
    why="All calls that worked still work.",
    wrong=body("return factor * inputs + other", inputs=_TWO),
    right=body(_IF_GIVEN, inputs=_MAYBE),
)
OUTPUT_SHAPE = ReviewCode(
    "LG660",
    "shape of the output changed",
    about=Member.OUTPUT,
    breaks=_CONFIG,
    means="The layer returns a tensor of another shape, or a list of another length.",
    why="What comes after it may not take it; in a saved model, too. A model that was"
    " saved with more tensors than are returned now no longer loads.",
    wrong=spec(),
    right=body("return sum(factor * inputs, axis=-1)", outputs="{shape: [batch]}"),
)
OUTPUT_DTYPE = ReviewCode(
    "LG661",
    "dtype of the output changed",
    about=Member.OUTPUT,
    breaks=_CALLER,
    means="The layer returns a tensor of another dtype.",
    why="What comes after it computes in another dtype, or refuses it.",
    wrong=spec(),
    right=body(
        "return cast(factor * inputs, 'int32')",
        outputs="{shape: like inputs, dtype: int32}",
    ),
)
BODY = ReviewCode(
    "LG662",
    "forward pass changed",
    about=None,
    breaks=_NUMERIC,
    means="`call` does something else; names of variables and the form do not count.",
    why="Saved models load and yield other numbers.",
    wrong=body("return factor * inputs"),
    right=body("return factor * inputs + 1.0"),
)
TRAINING_USED = ReviewCode(
    "LG663",
    "training makes a difference",
    about=None,
    breaks=_TRAINING,
    means="The forward pass in training is no longer that of inference.",
    why="Calls without `training` behave as Keras decides.",
    wrong=body("return factor * inputs"),
    right=body("return factor * inputs if training else inputs"),
)
TRAINING_UNUSED = ReviewCode(
    "LG664",
    "training makes no difference",
    about=None,
    breaks=_TRAINING,
    means="The forward pass in training is that of inference.",
    why="What was done in training only is no longer done, or is done always.",
    wrong=body("return factor * inputs if training else inputs"),
    right=body("return factor * inputs"),
)
MASKING = ReviewCode(
    "LG665",
    "masks go another way",
    about=None,
    breaks=_CALLER | _NUMERIC,
    means="The layer takes, passes on or makes masks in another way.",
    why="What is masked changes here, and in the layers that come after.",
    wrong=body("return factor * inputs", inputs="\n  inputs: {shape: [batch, length]}"),
    right=body(
        "return factor * inputs",
        inputs="\n  inputs: {shape: [batch, length]}",
        masking="passes",
    ),
)
OUTPUT_ADDED = ReviewCode(
    "LG666",
    "output added",
    about=Member.OUTPUT,
    breaks=_CALLER,
    means="`call` returns a further tensor.",
    why="Callers get a tuple where they got one tensor, or a longer one. Saved models"
    " name outputs by their place and load.",
    wrong=body("return factor * inputs"),
    right=body("return factor * inputs, inputs", outputs=_PAIR),
)
OUTPUT_REMOVED = ReviewCode(
    "LG667",
    "output removed",
    about=Member.OUTPUT,
    breaks=_CONFIG,
    means="`call` no longer returns a tensor.",
    why="A saved model that uses it no longer loads.",
    wrong=body("return factor * inputs, inputs", outputs=_PAIR),
    right=body("return factor * inputs"),
)
OUTPUT_ORDER = ReviewCode(
    "LG668",
    "order of outputs changed",
    about=None,
    breaks=_CALLER | _NUMERIC,
    means="The tensors that `call` returns stand in another order.",
    why="Callers, and saved models, take one for the other.",
    wrong=body("return factor * inputs, inputs", outputs=_PAIR),
    right=body(
        "return inputs, factor * inputs",
        outputs="\n  given: {shape: like inputs}\n  scaled: {shape: like inputs}",
    ),
)
OUTPUT_WHEN = ReviewCode(
    "LG669",
    "condition of an output changed",
    about=Member.OUTPUT,
    breaks=_CONFIG,
    means="A tensor is returned under another condition.",
    why="Callers get more or fewer tensors than they unpack. Saved models that use one"
    " that is no longer there cannot be made.",
    wrong=body(
        "return (factor * inputs, inputs) if both else factor * inputs",
        inputs=f"{_ONE}\n  both: {{type: bool, default: false}}",
        outputs=f"{_PAIR[:-1]}, when: both}}",
    ),
    right=body(
        "return factor * inputs if both else (factor * inputs, inputs)",
        inputs=f"{_ONE}\n  both: {{type: bool, default: false}}",
        outputs=f"{_PAIR[:-1]}, when: not both}}",
    ),
)

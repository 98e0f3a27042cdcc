"""LG2xx: names, arguments, inputs and parameters that do not fit together."""

from layergen.codes.example import WEIGHT, body, spec
from layergen.diagnostics import Code, Severity

BAD_NAME = Code(
    "LG201",
    "bad name",
    means="A name is not of the form that its place needs: `CamelCase` for the class,"
    " `snake_case` for all else.",
    why="Keras, its backends and Python limit names: PyTorch loses a weight whose name"
    " has a dot, TensorFlow refuses a scope with a space.",
    wrong=spec(name="my-layer"),
    right=spec(),
)
RESERVED_NAME = Code(
    "LG202",
    "reserved name",
    means="The name has a meaning in Python, in `keras.layers.Layer` or in a backend.",
    why="An attribute of that name breaks the layer: some raise when set, others"
    " change silently what Keras does.",
    wrong=spec(
        arguments="\n  losses: {type: float}", call="|\n  return losses * inputs"
    ),
    right=spec(),
)
NAME_TAKEN = Code(
    "LG203",
    "name taken",
    means="Two things of one spec share a name, or one has the name of a number.",
    why="In the forward pass a name stands for one thing.",
    wrong=spec(parameters="\n  factor: {role: weight, shape: [features]}"),
    right=spec(),
)
BAD_DIM = Code(
    "LG204",
    "bad dimension",
    means="An input's shape has something that is no dimension: each is `batch`, `...`"
    " (once), a name or a positive integer.",
    why="Sizes of weights and outputs are computed from these names.",
    wrong=spec(inputs="\n  inputs: {shape: [batch, ..., ..., features]}"),
    right=spec(),
)
BAD_DEFAULT = Code(
    "LG205",
    "default does not fit",
    means="A default contradicts the argument's own limits, the limits contradict one"
    " another, or the defaults together do not meet what `requires` says.",
    why="The layer could not be made without arguments that seem optional.",
    wrong=spec(arguments="\n  factor: {type: float, default: 2.0, max: 1.0}"),
    right=spec(),
)
SOURCES = Code(
    "LG206",
    "one source for a constant",
    means="A constant has no source or several: `value`, `file`, `initializer`.",
    why="From the source follows where the constant lives and whether it is saved.",
    wrong=spec(
        parameters="\n  table: {role: constant, value: [1.0, 2.0], initializer: ones}",
        call="|\n  return factor * inputs + sum(table)",
    ),
    right=spec(
        parameters="\n  table: {role: constant, value: [1.0, 2.0]}",
        call="|\n  return factor * inputs + sum(table)",
    ),
)
UNKNOWN_OBJECT = Code(
    "LG207",
    "unknown initializer, regularizer or constraint",
    means="Keras has no built-in object of this name, or it has no such parameter.",
    why="The layer could not be built.",
    wrong=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: weight, shape: [features], initializer: onez}",
    ),
    right=body("return factor * inputs * gain", parameters=WEIGHT),
)
UNUSED_REGULARIZER = Code(
    "LG208",
    "no effect on a weight that is not trained",
    means="A weight that no optimizer changes has a regularizer or a constraint.",
    why="Keras ignores it without a word.",
    wrong=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: weight, shape: [features], initializer: ones,"
        " trainable: false, regularizer: l2}",
    ),
    right=body("return factor * inputs * gain", parameters=WEIGHT),
)
BAD_WEIGHT = Code(
    "LG209",
    "weight cannot be made",
    means="The initializer does not fit the weight's shape or dtype, or a weight of"
    " whole numbers is trainable.",
    why="Backends differ in what they do: an error, a warning, or other numbers.",
    wrong=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: weight, shape: [features], dtype: int32,"
        " initializer: ones}",
    ),
    right=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: weight, shape: [features], dtype: int32,"
        " initializer: ones, trainable: false}",
    ),
)
BAD_FILE = Code(
    "LG210",
    "file cannot be used",
    means="A constant's `file` is missing, outside the spec's folder, or not an array"
    " of numbers in `.npy` form.",
    why="The array is copied beside the generated module, so it must be plain data that"
    " belongs to the spec.",
    wrong=spec(
        parameters="\n  table: {role: constant, file: ../table.npy}",
        call="|\n  return factor * inputs + sum(table)",
    ),
    right=spec(
        parameters="\n  table: {role: constant, value: [1.0, 2.0]}",
        call="|\n  return factor * inputs + sum(table)",
    ),
)
BAD_LITERAL = Code(
    "LG211",
    "literal cannot be an array",
    means="Nested lists have rows of different lengths, or numbers that the dtype does"
    " not hold.",
    why="A constant is rounded once and never silently: 1.9 is not an int32.",
    wrong=spec(
        parameters="\n  table: {role: constant, value: [[1.0, 2.0], [3.0]]}",
        call="|\n  return factor * inputs + sum(table)",
    ),
    right=spec(
        parameters="\n  table: {role: constant, value: [[1.0, 2.0], [3.0, 4.0]]}",
        call="|\n  return factor * inputs + sum(table)",
    ),
)
UNUSED = Code(
    "LG212",
    "never used",
    severity=Severity.WARNING,
    means="An argument, an input or a parameter is used nowhere.",
    why="An unused weight gets no gradient; an argument that does nothing misleads.",
    wrong=spec(call="|\n  return 2.0 * inputs"),
    right=spec(),
)
BAD_STORAGE = Code(
    "LG213",
    "storage does not fit",
    means="`storage` asks for a place in which this constant cannot live.",
    why="A number is part of the code, and what is drawn at random must be saved.",
    wrong=spec(
        parameters="\n  gain: {role: constant, value: factor, storage: weight}",
        call="|\n  return gain * inputs",
    ),
    right=spec(
        parameters="\n  gain: {role: constant, value: factor}",
        call="|\n  return gain * inputs",
    ),
)
BAD_INPUT = Code(
    "LG220",
    "inputs do not go together",
    means="The first input may be left out, an input stands behind one that must come"
    " after it, or a list of tensors is not the only tensor.",
    why="Python wants parameters with a default last, and Keras takes flags by keyword"
    " only. Without a tensor there is nothing to build a layer by.",
    wrong=spec(
        inputs="\n  other: {shape: [batch, features], optional: true}"
        "\n  inputs: {shape: [batch, features]}",
        call="|\n  return factor * (inputs if other is None else inputs + other)",
    ),
    right=spec(
        inputs="\n  inputs: {shape: [batch, features]}"
        "\n  other: {shape: [batch, features], optional: true}",
        call="|\n  return factor * (inputs if other is None else inputs + other)",
    ),
)
OPTIONAL_SIZE = Code(
    "LG221",
    "size of a tensor that may be left out",
    means="A parameter, a branch or the output's shape needs a size that only an"
    " optional input has.",
    why="A layer may be built by a call that leaves the input out.",
    wrong=spec(
        inputs="\n  inputs: {shape: [batch, features]}"
        "\n  other: {shape: [batch, depth], optional: true}",
        parameters="\n  gain: {role: weight, shape: [depth]}",
        call="|\n  return factor * (inputs if other is None else inputs + sum(gain))",
    ),
    right=spec(
        inputs="\n  inputs: {shape: [batch, features]}"
        "\n  other: {shape: [batch, depth], optional: true}",
        parameters="\n  gain: {role: weight, shape: [features]}",
        call="|\n  total = gain * inputs"
        "\n  if other is not None:"
        "\n      total = total + sum(other)"
        "\n  return factor * total",
    ),
)
BAD_MASKING = Code(
    "LG222",
    "masks do not go together",
    means="An input's mask is taken and `masking` does not say what becomes of it, or"
    " the reverse; or Keras would not pass the mask, or keeps another on the output.",
    why="Keras destroys a mask, with a warning, where a layer says nothing of it.",
    wrong=spec(
        inputs="\n  inputs: {shape: [batch, length, features], mask: true}",
        call="|"
        "\n  if mask is None:"
        "\n      return factor * inputs"
        "\n  return factor * where(expand_dims(mask, -1), inputs, 0.0)",
    ),
    right=spec(
        inputs="\n  inputs: {shape: [batch, length, features], mask: true}",
        call="|"
        "\n  if mask is None:"
        "\n      return factor * inputs"
        "\n  return factor * where(expand_dims(mask, -1), inputs, 0.0)",
        masking="passes",
    ),
)
BAD_OUTPUTS = Code(
    "LG223",
    "outputs do not go together",
    means="The first of several outputs has a `when`.",
    why="A call without it would return nothing, or something else in its place.",
    wrong=spec(
        inputs="\n  inputs: {shape: [batch, features]}"
        "\n  scored: {type: bool, default: false}",
        call="|\n  if scored:"
        "\n      return factor * inputs, sum(inputs)"
        "\n  return factor * inputs",
        outputs="\n  outputs: {shape: like inputs, when: scored}"
        "\n  score: {shape: []}",
    ),
    right=spec(
        inputs="\n  inputs: {shape: [batch, features]}"
        "\n  scored: {type: bool, default: false}",
        call="|\n  if scored:"
        "\n      return factor * inputs, sum(inputs)"
        "\n  return factor * inputs",
        outputs="\n  outputs: {shape: like inputs}"
        "\n  score: {shape: [], when: scored}",
    ),
)
FORMER_NAME = Code(
    "LG215",
    "former name is taken",
    means="`renamed_from` says a name that the spec still has, or that two things had.",
    why="A saved model that holds the name could mean either.",
    wrong=spec(
        arguments="\n  factor: {type: float, default: 2.0, renamed_from: scale}"
        "\n  scale: {type: float, default: 1.0}",
        call="|\n  return factor * scale * inputs",
    ),
    right=spec(
        arguments="\n  factor: {type: float, default: 2.0, renamed_from: scale}"
    ),
)
BAD_EXAMPLE = Code(
    "LG214",
    "example does not fit",
    means="An example names an argument, input or weight that the layer lacks, or"
    " gives it a value that it cannot take.",
    why="Examples become tests.",
    wrong=spec(examples="\n  - {arguments: {facter: 3.0}, inputs: [[1.0]]}"),
    right=spec(examples="\n  - {arguments: {factor: 3.0}, inputs: [[1.0]]}"),
)

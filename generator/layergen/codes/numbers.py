"""LG4xx: what evaluating a spec with real numbers shows."""

from layergen.codes.example import WEIGHT, body, spec
from layergen.diagnostics import Code, Severity

SHAPES = Code(
    "LG401",
    "shapes do not fit",
    means="An operation got operands whose shapes do not go together.",
    why="The layer would fail when it is called.",
    wrong=body(
        "return matmul(inputs, kernel) * factor",
        parameters="\n  kernel: {role: weight, shape: [3, features]}",
    ),
    right=body(
        "return matmul(inputs, kernel) * factor",
        parameters="\n  kernel: {role: weight, shape: [features, features]}",
    ),
)
WRONG_OUTPUT = Code(
    "LG402",
    "output is not as declared",
    means="The forward pass yields another shape or dtype than `outputs` says.",
    why="Keras trusts the declared shape when it builds a model.",
    wrong=spec(outputs="{shape: [batch, 1]}"),
    right=spec(),
)
WRONG_CONSTANT = Code(
    "LG403",
    "constant is not as declared",
    means="A constant's value has another shape than its `shape` says.",
    why="One of the two is a mistake.",
    wrong=body(
        "return factor * inputs + offset",
        parameters="\n  offset: {role: constant, shape: [features], value: arange(3)}",
    ),
    right=body(
        "return factor * inputs + offset",
        parameters="\n  offset: {role: constant, shape: [features],"
        " value: arange(features)}",
    ),
)
FAILED = Code(
    "LG404",
    "cannot be evaluated",
    means="An expression has no value: a division by zero, an index past the end, the"
    " square root of a negative number.",
    why="The layer would fail, or compute with NaN.",
    wrong=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: constant, value: 1 / 0}",
    ),
    right=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: constant, value: 1 / 2}",
    ),
)
WRONG_EXAMPLE = Code(
    "LG405",
    "example does not come true",
    means="The forward pass yields other numbers than an example expects.",
    why="Either the forward pass or the example is wrong.",
    wrong=spec(examples="\n  - {inputs: [[1.0, 2.0]], outputs: [[2.0, 5.0]]}"),
    right=spec(examples="\n  - {inputs: [[1.0, 2.0]], outputs: [[2.0, 4.0]]}"),
)
NO_PROBE = Code(
    "LG406",
    "no arguments to try the layer with",
    severity=Severity.WARNING,
    means="No values were found with which the layer can be evaluated, and the spec has"
    " no example.",
    why="Shapes and numbers are checked by evaluating; without that the generated tests"
    " have no expected numbers.",
    wrong=spec(
        arguments="\n  factor: {type: array, rank: 2}",
        call="|\n  return matmul(inputs, factor)",
        outputs="{shape: like inputs}",
    ),
    right=spec(
        arguments="\n  factor: {type: array, rank: 2}",
        call="|\n  return matmul(inputs, factor)",
        outputs="{shape: like inputs}",
        examples="\n  - {arguments: {factor: [[1.0, 0.0], [0.0, 1.0]]},"
        " inputs: [[1.0, 2.0]]}",
    ),
)
MISSING = Code(
    "LG407",
    "not there",
    means="The forward pass uses a weight that exists only under a condition, where the"
    " condition does not hold; or an optional input, where it may be left out.",
    why="It is then `None`.",
    wrong=body(
        "return factor * inputs * gain",
        arguments="\n  factor: {type: float, default: 2.0}\n"
        "  scaled: {type: bool, default: true}",
        parameters=WEIGHT.replace("role: weight,", "role: weight, when: scaled,"),
    ),
    right=body(
        "if scaled:",
        "    return factor * inputs * gain",
        "return factor * inputs",
        arguments="\n  factor: {type: float, default: 2.0}\n"
        "  scaled: {type: bool, default: true}",
        parameters=WEIGHT.replace("role: weight,", "role: weight, when: scaled,"),
    ),
)
NOT_FINITE = Code(
    "LG408",
    "output is not finite",
    severity=Severity.WARNING,
    means="For ordinary numbers as inputs the output is infinite or not a number.",
    why="A loss that is not a number ruins every weight in one step.",
    wrong=body("return factor * inputs / 0.0"),
    right=body("return factor * inputs / 2.0"),
)
UNMET = Code(
    "LG409",
    "requirement is not met",
    means="The arguments and sizes of an example, or those that a sublayer gets, do not"
    " meet what `requires` says.",
    why="The layer refuses them, or the requirement is wrong.",
    wrong=spec(
        requires="\n  - {that: features % 2 == 0}",
        examples="\n  - {inputs: [[1.0, 2.0, 3.0]], outputs: [[2.0, 4.0, 6.0]]}",
    ),
    right=spec(
        requires="\n  - {that: features % 2 == 0}",
        examples="\n  - {inputs: [[1.0, 2.0]], outputs: [[2.0, 4.0]]}",
    ),
)
UNKNOWN_SIZE = Code(
    "LG410",
    "a size is known too late",
    means="A function needs a size of its operand when the call is traced, and that"
    " size follows from one that is never known then: that of the batch, one that `...`"
    " stands for, or one of a tensor that may be left out.",
    why="In a model whose inputs have an unknown size the call would fail on"
    " TensorFlow.",
    wrong=body("return softmax(factor * inputs, axis=(0, 1))"),
    right=body("return softmax(factor * inputs, axis=1)"),
)

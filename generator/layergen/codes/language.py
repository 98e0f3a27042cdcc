"""LG3xx: expressions and forward passes."""

from layergen.codes.example import WEIGHT, body, spec
from layergen.diagnostics import Code, Severity

SYNTAX = Code(
    "LG301",
    "not a valid expression",
    means="The text is not Python, of which the language is a part.",
    why="It cannot be read.",
    wrong=body("return factor * (inputs"),
    right=body("return factor * (inputs)"),
)
NOT_IN_LANGUAGE = Code(
    "LG302",
    "not part of the language",
    means="A construct of Python that the language leaves out.",
    why="A spec can do tensor arithmetic and nothing else, so that one from a stranger"
    " is safe to compile and its output safe to run.",
    wrong=body("return (inputs | inputs) * factor"),
    right=body("return (inputs * inputs) * factor"),
)
UNKNOWN_NAME = Code(
    "LG303",
    "unknown name",
    means="A name is neither in the spec nor in the language.",
    why="It has no value.",
    wrong=body("return factr * inputs"),
    right=body("return factor * inputs"),
)
UNKNOWN_FUNCTION = Code(
    "LG304",
    "unknown function",
    means="What is called is not a function of the language, or a name of the spec"
    " hides the function.",
    why="Only functions whose meaning is known on every backend can be compiled.",
    wrong=body("return factor * tan_h(inputs)"),
    right=body("return factor * tanh(inputs)"),
)
BAD_CALL = Code(
    "LG305",
    "wrong arguments of a function",
    means="A function gets too many, too few, unknown or repeated arguments.",
    why="It would fail when the layer is called.",
    wrong=body("return factor * softmax(inputs, axes=-1)"),
    right=body("return factor * softmax(inputs, axis=-1)"),
)
WRONG_TYPE = Code(
    "LG306",
    "wrong type",
    means="A value is not of the kind that its place takes.",
    why="It would fail when the layer is called, or differ between backends.",
    wrong=body('return factor * sum(inputs, axis="last", keepdims=True)'),
    right=body("return factor * sum(inputs, axis=-1, keepdims=True) + 0.0 * inputs"),
)
KNOWN_TOO_LATE = Code(
    "LG307",
    "known too late",
    means="A shape or a constant uses a value that is known only later, or a function"
    " that only the call computes.",
    why="A weight cannot have the size of the batch, and a constant cannot depend on an"
    " input's values.",
    wrong=body(
        "return factor * inputs * gain",
        parameters="\n  gain: {role: weight, shape: [batch], initializer: ones}",
    ),
    right=body("return factor * inputs * gain", parameters=WEIGHT),
)
TENSOR_CONDITION = Code(
    "LG308",
    "tensor as a condition",
    means="A branch is decided by a tensor.",
    why="In a graph a tensor has no value yet when the branch is taken.",
    wrong=body("return inputs if sum(inputs) > 0.0 else factor * inputs"),
    right=body("return where(inputs > 0.0, inputs, factor * inputs)"),
)
BAD_TARGET = Code(
    "LG309",
    "cannot be assigned to",
    means="An assignment's left side is not a free name.",
    why="Arguments, inputs, constants and weights keep their values during a call.",
    wrong=body("inputs = factor * inputs", "return inputs"),
    right=body("outputs = factor * inputs", "return outputs"),
)
NO_RETURN = Code(
    "LG310",
    "no result",
    means="A path through the forward pass does not end with `return` and a value.",
    why="The layer would return `None`.",
    wrong=body("outputs = factor * inputs"),
    right=body("outputs = factor * inputs", "return outputs"),
)
UNREACHABLE = Code(
    "LG311",
    "never reached",
    means="Statements stand behind a `return`, or a condition reads nothing that could"
    " change, so that one of its branches is never taken.",
    why="What is never reached does nothing; a mistake is likely.",
    wrong=body("return factor * inputs", "outputs = inputs"),
    right=body("return factor * inputs"),
)
UNASSIGNED = Code(
    "LG312",
    "no value on some paths",
    means="A variable is used before it has a value, or only some branches give it"
    " one.",
    why="On the other paths the call would fail.",
    wrong=body("if factor > 1.0:", "    outputs = factor * inputs", "return outputs"),
    right=body(
        "if factor > 1.0:",
        "    outputs = factor * inputs",
        "else:",
        "    outputs = inputs",
        "return outputs",
    ),
)
TOO_COMPLEX = Code(
    "LG313",
    "too long or too deep",
    means="One expression has too many characters or too many levels.",
    why="Nobody could review it, and it could exhaust the compiler.",
    wrong=body("return factor * inputs * " + "(" * 99 + "1.0" + " + 1.0)" * 99),
    right=body("return factor * inputs"),
)
UNUSED_VARIABLE = Code(
    "LG314",
    "variable is never used",
    severity=Severity.WARNING,
    means="A variable gets a value that nothing reads.",
    why="It costs time at every call, or another name was meant.",
    wrong=body("total = sum(inputs)", "return factor * inputs"),
    right=body("return factor * inputs"),
)
UNUSED_VALUE = Code(
    "LG315",
    "value is not used",
    means="A statement is an expression whose value goes nowhere.",
    why="Tensors do not change in place: nothing happens.",
    wrong=body("inputs * 2.0", "return factor * inputs"),
    right=body("return factor * inputs"),
)
BAD_UPDATE = Code(
    "LG316",
    "bad update of a state",
    means="`.assign` is used on something other than a weight with `trainable: false`.",
    why="A weight that an optimizer trains must not change in the forward pass, and a"
    " constant must never change.",
    wrong=body(
        "gain.assign(gain * 2.0)", "return factor * inputs * gain", parameters=WEIGHT
    ),
    right=body(
        "gain.assign(gain * 2.0)",
        "return factor * inputs * gain",
        parameters="\n  gain: {role: weight, shape: [features], initializer: ones,"
        " trainable: false}",
    ),
)
TOO_LARGE = Code(
    "LG317",
    "number or array too large",
    means="A number has more than 64 bits, or an array more elements than a layer could"
    " hold.",
    why="Computing it would exhaust the machine that builds the layer.",
    wrong=spec(
        arguments="\n  factor: {type: float, default: 2.0}",
        parameters="\n  gain: {role: weight, shape: [10 ** 10 ** 10]}",
        call="|\n  return factor * inputs * sum(gain)",
    ),
    right=spec(),
)
IN_FUNCTION = Code(
    "LG318",
    "not possible in a function",
    means="A function of the forward pass does something else than to compute a value"
    " from what it is given: it draws, changes a state, adds to the loss, calls a layer"
    " or itself, or reads a variable that changes later.",
    why="In a loop of JAX or TensorFlow a function is traced once and then repeated:"
    " what else it did would be lost, or fail.",
    wrong=body(
        "def noisy(x):",
        "    return x + random.normal(x.shape)",
        "return factor * noisy(inputs)",
    ),
    right=body(
        "noise = random.normal(inputs.shape)",
        "def noisy(x):",
        "    return x + noise",
        "return factor * noisy(inputs)",
    ),
)

"""LG1xx: keys and values that do not have the form of a spec."""

from layergen.codes.example import spec
from layergen.diagnostics import Code

MISSING_KEY = Code(
    "LG101",
    "missing key",
    means="A key that a spec cannot do without is not there.",
    why="The layer would not be complete.",
    wrong=spec(package=None),
    right=spec(),
)
UNKNOWN_KEY = Code(
    "LG102",
    "unknown key",
    means="A key is not part of the format.",
    why="A misspelt key that is ignored changes the layer without a word.",
    wrong=spec(inputs="\n  inputs: {shpe: [batch, features]}"),
    right=spec(),
)
WRONG_VALUE = Code(
    "LG103",
    "wrong value",
    means="A value is not of the kind that its key takes.",
    why="It is not converted, since a guess may be wrong.",
    wrong=spec(arguments='\n  factor: {type: float, default: "2.0"}'),
    right=spec(),
)
NOT_SUPPORTED = Code(
    "LG104",
    "not supported yet",
    means="The format plans for this, and layergen does not compile it yet.",
    why="It is refused rather than ignored, so that no layer lacks a part of its spec.",
    wrong=spec(methods="{}"),
    right=spec(),
)

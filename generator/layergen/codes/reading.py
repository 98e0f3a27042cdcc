"""LG0xx: text that is not plain YAML or JSON data."""

from layergen.diagnostics import Code

_REST = """package: demo
summary: Doubles its input.
inputs:
  inputs: {shape: [...]}
call: |
  return 2.0 * inputs
outputs: {shape: like inputs}
"""

_RIGHT = "layergen: 1\nname: Double\n" + _REST

SYNTAX = Code(
    "LG001",
    "syntax error",
    means="The text is not valid YAML (or JSON, in a `.json` file).",
    why="Nothing in the file can be read before this is mended.",
    wrong="layergen: 1\nname: [Double\n" + _REST,
    right=_RIGHT,
)
EMPTY = Code(
    "LG002",
    "empty spec",
    means="The file holds no data.",
    why="A spec needs at least a name, inputs, a forward pass and outputs.",
    wrong="# nothing yet\n",
    right=_RIGHT,
)
DUPLICATE_KEY = Code(
    "LG003",
    "duplicate key",
    means="A key is given twice in one mapping.",
    why="YAML readers keep one of the two without a word; which one is not agreed on.",
    wrong="layergen: 1\nname: Double\nname: Twice\n" + _REST,
    right=_RIGHT,
)
NOT_PLAIN = Code(
    "LG004",
    "not plain data",
    means="The text uses a tag, an anchor or an alias of YAML.",
    why="A reviewer must see what a line says without looking elsewhere, and aliases"
    " can make a small file enormous.",
    wrong="layergen: 1\nname: !!python/name:os.system Double\n" + _REST,
    right=_RIGHT,
)
TOO_DEEP = Code(
    "LG005",
    "nested too deeply",
    means="Lists and mappings stand in one another over too many levels.",
    why="No array of a layer has so many axes; such a text is a mistake or an attack.",
    wrong=_RIGHT + "description: " + "[" * 70 + "]" * 70 + "\n",
    right=_RIGHT,
)
KEY = Code(
    "LG006",
    "key is not a name",
    means="A key is a list or a mapping.",
    why="Every key of a spec is a word.",
    wrong="layergen: 1\n? [name]\n: Double\n" + _REST,
    right=_RIGHT,
)
BIG_NUMBER = Code(
    "LG007",
    "number with too many digits",
    means="A number is written with more than 40 characters.",
    why="No dtype holds it.",
    wrong="layergen: " + "1" * 50 + "\nname: Double\n" + _REST,
    right=_RIGHT,
)
SPLIT_VALUE = Code(
    "LG009",
    "value split at a comma",
    means="Within `{...}` or `[...]` a comma ends a value that is not in quotes; what"
    " follows is taken for a key or a value of its own.",
    why="YAML would read another spec than the author wrote.",
    wrong=_RIGHT + "parameters:\n  gain: {role: constant, value: maximum(1.0, 2.0)}\n",
    right=_RIGHT.replace("2.0 *", "gain *")
    + 'parameters:\n  gain: {role: constant, value: "maximum(1.0, 2.0)"}\n',
)
TOO_MANY = Code(
    "LG008",
    "too many values",
    means="The file has more than 10000 keys and values.",
    why="All of them would stand in generated code, which nobody could read.",
    wrong=_RIGHT + "references: [" + "a, " * 10_000 + "]\n",
    right=_RIGHT,
)

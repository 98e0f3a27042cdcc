"""Pydantic's findings about one value -> what it must be, and what to write instead."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from layergen.loading.tree import Mapping as Entries
from layergen.loading.tree import Node, Path, Scalar
from layergen.loading.tree import Sequence as Items
from layergen.nearest import nearest

_EXPECTED: Mapping[str, str] = {
    "int_type": "an integer",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dim": "a name, an integer or `...`",
    "size": "an integer, a name or an expression",
    "array": "a number, or nested lists of numbers",
}

_STATE = "a state is a `weight` with `trainable: false`"
_PARAMETERS = "weights and constants stand under `parameters`, each with its `role`"

INSTEAD_OF_TAG: Mapping[str, str] = {
    **dict.fromkeys(("state", "buffer", "variable"), _STATE),
    "number": "did you mean `float`?",
    "list": "integers are `ints`, numbers of any kind an `array`",
}
"""For a role or a type that other tools have, what a spec says."""

_INSTEAD_OF_KEY: Mapping[str, str] = {
    **dict.fromkeys(("weights", "constants", "variables", "states"), _PARAMETERS),
    **dict.fromkeys(("layers", "modules"), "did you mean `sublayers`?"),
    **dict.fromkeys(("forward", "body", "compute"), "did you mean `call`?"),
}
"""For a key of a spec that other tools have, what a spec says."""

_EXAMPLES: Mapping[str, str] = {
    "sublayers": "`{layer: Dense, arguments: {units: 8}}`",
    "outputs": "`{shape: like inputs}`",
    "requires": "`{that: units > 1}`",
    "approved": "`{code: LG670, name: bias, reason: No model was saved before.}`",
}
"""For a key whose entries are mappings, such an entry."""

_LISTED: Mapping[Path, str] = {("examples",): "example", ("approved",): "approval"}
"""Lists of mappings, and what an entry is."""

_TRUTHS: Mapping[str, str] = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
}
"""Words for truth in YAML 1.1."""


def explain_value(
    errors: Sequence[ErrorDetails], node: Node, path: Path, spec: Any
) -> tuple[str, str]:
    """What follows `must`, and a note.

    Args:
        errors: what is wrong with the value; several for a union, whose members it
            fails one by one.
        node: the value.
        path: where it stands.
        spec: the whole spec, as plain data.
    """
    parts = list(dict.fromkeys(_expected(error) for error in errors))
    notes = (_note(error, node, path, spec) for error in errors)
    return " or ".join(parts), next((note for note in notes if note), "")


def misplaced(path: Path, name: str) -> str:
    """For a key that is unknown where it stands, where it belongs."""
    if len(path) == 1:
        return _INSTEAD_OF_KEY.get(name, "")
    if len(path) == 3 and path[0] == "arguments" and name == "deprecated":
        return "an argument that is gone is `{type: deprecated, doc: ...}`"
    if len(path) == 3 and path[0] == "sublayers":
        return "what the layer itself takes stands under its `arguments`"
    return ""


def _expected(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "too_short" | "string_too_short":
            return "not be empty"
        case "greater_than_equal":
            return f"be at least {context['ge']}"
        case "less_than_equal":
            return f"be at most {context['le']}"
        case "literal_error":
            return f"be {context['expected']}".replace("'", "`")
    message = error["msg"]
    return f"be {_EXPECTED.get(kind, message[:1].lower() + message[1:])}"


def _note(error: ErrorDetails, node: Node, path: Path, spec: Any) -> str:
    if path == ("outputs",) and isinstance(node, Items):
        several = any(isinstance(item, Entries) for item in node.items)
        named = "`{first: {shape: [...]}, second: {shape: [...]}}`"
        return f"name them: {named}" if several else "write `{shape: [...]}`"
    if path in _LISTED and isinstance(node, Entries):
        return f"begin each {_LISTED[path]} with `- `"
    if not isinstance(node, Scalar) or not path:
        return ""
    text = node.text
    match error["type"]:
        case "string_type" if not node.quoted and node.value is not None:
            return f'quote it to make it text: `"{text}"`'
        case "bool_type" if text.lower() in _TRUTHS:
            return f"write `{_TRUTHS[text.lower()]}`: in YAML 1.2 `{text}` is text"
        case "int_type" if isinstance(node.value, float) and node.value.is_integer():
            return f"write `{int(node.value)}`"
        case "int_type" | "float_type" | "bool_type" if node.quoted:
            return "remove the quotes"
        case "list_type" if text.startswith("[") and text.endswith("]"):
            return "remove the quotes"
        case "list_type" if isinstance(node.value, str):
            return f"write `[{text}]`"
        case "output" if (
            isinstance(spec.get("inputs"), dict) and text in spec["inputs"]
        ):
            return f"did you mean `like {text}`?"
        case "model_attributes_type" if path[0] == "arguments" and text:
            return f"write `{{type: {text}}}`"
        case "model_attributes_type" | "model_type" if path[0] == "requires" and text:
            return f"write `{{that: {text}}}`"
        case "model_attributes_type" | "model_type" if path[0] in _EXAMPLES:
            return f"such as {_EXAMPLES[str(path[0])]}"
        case "literal_error":
            return _note_on_literal(error, node)
    return ""


def _note_on_literal(error: ErrorDetails, node: Scalar) -> str:
    expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "")
    choices = expected.replace(" or ", ", ").split(", ")
    if node.quoted and node.text in choices:
        return "remove the quotes"
    known = nearest(node.text, choices)
    return f"did you mean `{known}`?" if known else ""

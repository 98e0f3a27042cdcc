"""Source -> Document: a spec whose form is right, and the places of its parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from layergen import spec as forms
from layergen.codes import structure as codes
from layergen.compose import read_tree
from layergen.diagnostics import Diagnostics
from layergen.nearest import nearest
from layergen.source import Source, Span
from layergen.tree import Path, Scalar, Tree


@dataclass(frozen=True)
class Document:
    """A spec and where its parts are written."""

    spec: forms.Spec
    tree: Tree

    def span(self, *path: str | int) -> Span:
        """Where the value at a path is written."""
        return self.tree.span(path)

    def key_span(self, *path: str | int) -> Span:
        """Where the last key of a path is written."""
        return self.tree.key_span(path)

    def scalar(self, *path: str | int) -> Scalar:
        """The text at a path, to be parsed as an expression."""
        node = self.tree.find(path)
        assert isinstance(node, Scalar), path
        return node

    def has(self, *path: str | int) -> bool:
        """Whether a value is written at a path."""
        return self.tree.has(path)


def load(source: Source) -> Document:
    """Read a spec and check its form.

    Raises:
        SpecError: the text is no plain data, or a key or a value is not of the format.
    """
    tree = read_tree(source)
    try:
        return Document(forms.Spec.model_validate(tree.plain()), tree)
    except ValidationError as error:
        found = Diagnostics()
        for details in error.errors(include_url=False):
            _report(details, tree, found)
        found.raise_if_errors()
        raise


def _report(details: ErrorDetails, tree: Tree, found: Diagnostics) -> None:
    """Add one of pydantic's findings in our words."""
    path, rest = _existing(tree, details["loc"])
    kind = details["type"]
    if kind == "missing":
        name = str(rest[-1]) if rest else str(details["loc"][-1])
        note = _meaning(tree, path, name)
        span = tree.key_span(path) if path else _first_key(tree)
        found.add(codes.MISSING_KEY, f"`{name}` is missing", span, note)
    elif kind == "extra_forbidden":
        _report_unknown(tree, path, found)
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        _report_tag(details, tree, path, found)
    else:
        message, note = _wrong_value(details, tree.find(path))
        name = _name(path)
        found.add(codes.WRONG_VALUE, f"{name} must be {message}", tree.span(path), note)


def _existing(tree: Tree, loc: Path) -> tuple[Path, Path]:
    """The part of a location that is in the text, and what is not.

    Pydantic's locations also name the member of a union; those steps are dropped.
    """
    path: Path = ()
    rest: list[str | int] = []
    for step in loc:
        if tree.has((*path, step)):
            path, rest = (*path, step), []
        else:
            rest.append(step)
    return path, tuple(rest)


def _first_key(tree: Tree) -> Span:
    entries = getattr(tree.root, "entries", ())
    return entries[0][0].span if entries else tree.root.span


def _name(path: Path) -> str:
    words = [str(step) for step in path if isinstance(step, str)]
    return f"`{'.'.join(words)}`" if words else "the spec"


def _form_at(tree: Tree, path: Path) -> type[BaseModel] | None:
    """The form that the mapping at a path should have."""
    tags: dict[str, dict[str, type[BaseModel]]] = {
        "arguments": {f.__name__[:-8].lower(): f for f in _members(forms.Argument)},
        "parameters": {"weight": forms.Weight, "constant": forms.Constant},
    }
    match path:
        case ():
            return forms.Spec
        case ("arguments" | "parameters" as group, _):
            tag = "type" if group == "arguments" else "role"
            node = tree.find((*path, tag))
            return tags[group].get(node.text) if isinstance(node, Scalar) else None
        case ("inputs", _):
            return forms.Input
        case ("outputs",):
            return forms.Output
        case ("examples", int()):
            return forms.Example
    return None


def _members(union: Any) -> Iterator[type[BaseModel]]:
    yield from get_args(get_args(union)[0])


def _meaning(tree: Tree, path: Path, key: str) -> str:
    form = _form_at(tree, path)
    field = form.model_fields.get(key) if form else None
    if field is None or not field.description:
        return ""
    return f"`{key}`: {field.description.rstrip('.').lower()}"


def _report_unknown(tree: Tree, path: Path, found: Diagnostics) -> None:
    name = str(path[-1])
    planned = forms.NOT_YET["spec"] if len(path) == 1 else forms.NOT_YET["input"]
    span = tree.key_span(path)
    if name in planned and (len(path) == 1 or path[0] == "inputs"):
        found.add(codes.NOT_SUPPORTED, f"`{name}` is not supported yet", span)
        return
    form = _form_at(tree, path[:-1])
    fields = list(form.model_fields) if form else []
    known = nearest(name, fields)
    note = f"did you mean `{known}`?" if known else ""
    if fields and not known:
        note = f"known here: {', '.join(f'`{field}`' for field in fields)}"
    found.add(codes.UNKNOWN_KEY, f"unknown key `{name}`", span, note)


def _report_tag(
    details: ErrorDetails, tree: Tree, path: Path, found: Diagnostics
) -> None:
    context = details.get("ctx", {})
    key = str(context.get("discriminator", "")).strip("'")
    expected = str(context.get("expected_tags", "")).replace("'", "`")
    if details["type"] == "union_tag_not_found":
        if isinstance(tree.find(path), Scalar):
            message = f"{_name(path)} must be a mapping with `{key}`"
            found.add(codes.WRONG_VALUE, message, tree.span(path))
            return
        expected = _tags(path)
        note = f"`{key}` is one of {expected}"
        found.add(codes.MISSING_KEY, f"`{key}` is missing", tree.key_span(path), note)
        return
    given = str(context.get("tag"))
    span = tree.span((*path, key))
    if key == "type" and given in forms.NOT_YET["argument types"]:
        message = f"arguments of type `{given}` are not supported yet"
        found.add(codes.NOT_SUPPORTED, message, span, f"supported: {expected}")
        return
    known = nearest(given, expected.replace("`", "").split(", "))
    note = f"did you mean `{known}`?" if known else f"one of {expected}"
    found.add(codes.WRONG_VALUE, f"`{given}` is no {key}", span, note)


def _tags(path: Path) -> str:
    if path[0] == "parameters":
        return "`weight`, `constant`"
    names = (form.__name__[:-8].lower() for form in _members(forms.Argument))
    return ", ".join(f"`{name}`" for name in names)


_EXPECTED = {
    "int_type": "an integer",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "too_short": "filled: it must not be empty",
}


def _wrong_value(details: ErrorDetails, node: object) -> tuple[str, str]:
    """What is expected, and a note."""
    kind, context = details["type"], details.get("ctx", {})
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "`")
        given = node.text if isinstance(node, Scalar) else ""
        known = nearest(
            given, expected.replace("`", "").replace(" or ", ", ").split(", ")
        )
        return expected, f"did you mean `{known}`?" if known else ""
    note = ""
    if isinstance(node, Scalar):
        if kind == "string_type" and not node.quoted and node.value is not None:
            note = f'quote it to make it text: `"{node.text}"`'
        elif kind == "bool_type" and node.text.lower() in ("yes", "no", "on", "off"):
            note = f"in YAML 1.2 `{node.text}` is text"
    return _EXPECTED.get(kind, details["msg"][:1].lower() + details["msg"][1:]), note

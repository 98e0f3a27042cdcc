"""What pydantic finds wrong with a spec's form -> diagnostics, one a mistake."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from layergen.codes import structure as codes
from layergen.diagnostics import Diagnostics
from layergen.loading import call_inputs, outputs
from layergen.loading import spec as forms
from layergen.loading.approvals import Approval
from layergen.loading.argument_forms import Argument, DeprecatedArgument
from layergen.loading.tree import Mapping, Node, Path, Scalar, Tree
from layergen.loading.tree import Sequence as Items
from layergen.loading.wording import INSTEAD_OF_TAG, explain_value, misplaced
from layergen.nearest import nearest
from layergen.source import Span

_LEAST_PREFIX = 3
"""Letters of a shortened key that are enough to know it by: `init`."""


def report(errors: Sequence[ErrorDetails], tree: Tree, found: Diagnostics) -> None:
    """Add pydantic's findings in our words."""
    located = [(*_existing(tree, error["loc"]), error) for error in errors]
    unknown = {path for path, _, e in located if e["type"] == "extra_forbidden"}
    missing: dict[Path, list[str]] = {}
    wrong: dict[Path, list[ErrorDetails]] = {}
    for path, rest, error in located:
        match error["type"]:
            case "missing":
                missing.setdefault(path, []).append(str((rest or error["loc"])[-1]))
            case "extra_forbidden":
                _report_unknown(tree, path, found)
            case "union_tag_invalid":
                _report_tag(error, tree, path, found)
            case "union_tag_not_found":
                _report_no_tag(tree, path, found)
            case _:
                wrong.setdefault(path, []).append(error)
    for path, names in missing.items():
        _report_missing(tree, path, names, unknown, found)
    for path, at_path in wrong.items():
        inner = any(p != path and p[: len(path)] == path for p in wrong)
        if not inner:  # else a member of a union that fits less well
            _report_wrong(tree, path, at_path, found)


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


def _report_missing(
    tree: Tree, path: Path, names: list[str], unknown: set[Path], found: Diagnostics
) -> None:
    """The keys that a mapping lacks, but for those that are only misspelt."""
    form = _form_at(tree, path)
    fields = _fields(form)
    misspelt = {
        _suggest(str(other[-1]), fields) for other in unknown if other[:-1] == path
    }
    names = [name for name in names if name not in misspelt]
    if not names:
        return
    shown = [f"`{name}`" for name in names]
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if shown[1:] else shown[0]
    message = f"{listed} {'are' if shown[1:] else 'is'} missing"
    notes = [_meaning(form, name) for name in names]
    found.add(codes.MISSING_KEY, message, _first_key(tree, path), *notes)


def _first_key(tree: Tree, path: Path) -> Span:
    """The key of a mapping, or the first in it if it has none."""
    node = tree.find(path)
    named = path and isinstance(path[-1], str)
    if not named and isinstance(node, Mapping) and node.entries:
        return node.entries[0][0].span
    return tree.key_span(path)


def _meaning(form: type[BaseModel] | None, key: str) -> str:
    field = form.model_fields.get(key) if form else None
    if field is None or not field.description:
        return ""
    return (
        f"`{key}`: {field.description[:1].lower()}{field.description[1:].rstrip('.')}"
    )


def _tagged(group: str) -> dict[str, type[BaseModel]]:
    """The forms of an argument or of a flag by type, or of a parameter by role."""
    if group == "parameters":
        return {"weight": forms.Weight, "constant": forms.Constant}
    if group == "inputs":
        return {"bool": call_inputs.BoolFlag, "int": call_inputs.IntFlag}
    return {_type_of(form): form for form in _members(Argument)}


def _type_of(form: type[BaseModel]) -> str:
    (name,) = get_args(form.model_fields["type"].annotation)
    return str(name)


def _members(union: Any) -> Iterator[type[BaseModel]]:
    yield from get_args(get_args(union)[0])


def _form_at(tree: Tree, path: Path) -> type[BaseModel] | None:
    """The form that the mapping at a path should have."""
    match path:
        case ():
            return forms.Spec
        case ("arguments" | "parameters" as group, _):
            tag = tree.find((*path, "type" if group == "arguments" else "role"))
            return _tagged(group).get(tag.text) if isinstance(tag, Scalar) else None
        case ("inputs", _):
            tag = tree.find((*path, "type"))
            flags = _tagged("inputs")
            return flags.get(tag.text) if isinstance(tag, Scalar) else call_inputs.Input
        case ("outputs",) | ("outputs", _):
            return outputs.Output
        case ("masking",):
            return call_inputs.Produces
        case ("examples", int()):
            return forms.Example
        case ("approved", int()):
            return Approval
        case ("requires", int()):
            return forms.Requirement
    return None


def _fields(form: type[BaseModel] | None) -> list[str]:
    if form is None:
        return []
    return [field.alias or name for name, field in form.model_fields.items()]


def _suggest(name: str, fields: list[str]) -> str | None:
    """The key that was probably meant."""
    begins = [field for field in fields if field.startswith(name)]
    if len(begins) == 1 and len(name) >= _LEAST_PREFIX:
        return begins[0]
    return nearest(name, fields)


def _report_unknown(tree: Tree, path: Path, found: Diagnostics) -> None:
    name, span = str(path[-1]), tree.key_span(path)
    if len(path) == 1 and name in forms.NOT_YET["spec"]:
        message = f"`{name}` is not supported yet"
        found.add(codes.NOT_SUPPORTED, message, span, "leave it out for now")
        return
    fields = _fields(_form_at(tree, path[:-1]))
    note = misplaced(path, name) or _elsewhere(tree, path, name)
    if not note and (known := _suggest(name, fields)):
        note = f"did you mean `{known}`?"
    elif not note and fields:
        note = f"known here: {', '.join(f'`{field}`' for field in fields)}"
    found.add(codes.UNKNOWN_KEY, f"unknown key `{name}`", span, note)


def _elsewhere(tree: Tree, path: Path, name: str) -> str:
    """Which other types or roles have a key."""
    if len(path) != 3 or path[0] not in ("arguments", "parameters"):
        return ""
    if _form_at(tree, path[:-1]) is DeprecatedArgument:
        return "it takes any value, and nothing reads it"
    tags = [t for t, form in _tagged(str(path[0])).items() if name in form.model_fields]
    what = "type" if path[0] == "arguments" else "role"
    shown = " or ".join(f"`{tag}`" for tag in tags)
    return f"`{name}` goes with the {what} {shown}" if tags else ""


def _report_tag(
    error: ErrorDetails, tree: Tree, path: Path, found: Diagnostics
) -> None:
    """A type or role that there is not."""
    key = "role" if path[0] == "parameters" else "type"
    given, span = str(error.get("ctx", {}).get("tag")), tree.span((*path, key))
    listed = _listed_tags(path)
    if key == "type" and given in forms.NOT_YET["argument types"]:
        message = f"arguments of type `{given}` are not supported yet"
        found.add(codes.NOT_SUPPORTED, message, span, f"supported: {listed}")
        return
    known = nearest(given, _tagged(str(path[0])))
    note = f"did you mean `{known}`?" if known else f"one of {listed}"
    note = INSTEAD_OF_TAG.get(given, note)
    found.add(codes.WRONG_VALUE, f"`{given}` is no {key}", span, note)


def _report_no_tag(tree: Tree, path: Path, found: Diagnostics) -> None:
    key = "role" if path[0] == "parameters" else "type"
    note = f"`{key}` is one of {_listed_tags(path)}"
    found.add(codes.MISSING_KEY, f"`{key}` is missing", tree.key_span(path), note)


def _listed_tags(path: Path) -> str:
    return ", ".join(f"`{tag}`" for tag in _tagged(str(path[0])))


def _report_wrong(
    tree: Tree, path: Path, errors: list[ErrorDetails], found: Diagnostics
) -> None:
    """A value that fits none of the kinds that its key takes."""
    node, span = tree.find(path), tree.span(path)
    words = [str(step) for step in path if isinstance(step, str)]
    name = f"`{'.'.join(words)}`" if words else "the spec"
    if path and isinstance(path[-1], int):
        name = f"an entry of {name}"
    if isinstance(node, Scalar) and node.text == "":
        span = tree.key_span(path) if path and not isinstance(path[-1], int) else span
        name = f"{name} has no value: it"
    if any(error["type"] == "array" for error in errors):
        bad = _first_text(node)
        if bad is not None and bad is not node:
            node, span, name = bad, bad.span, f"an entry of {name}"
    expected, note = explain_value(errors, node, path, tree.plain())
    found.add(codes.WRONG_VALUE, f"{name} must {expected}", span, note)


def _first_text(node: Node) -> Node | None:
    """The first piece of nested lists that is no number."""
    match node:
        case Mapping(entries=entries):
            inner = (_first_text(value) for _, value in entries)
            return next((bad for bad in inner if bad is not None), node)
        case Items(items=items):
            return next((bad for item in items if (bad := _first_text(item))), None)
        case Scalar(value=bool() | int() | float()):
            return None
    return node

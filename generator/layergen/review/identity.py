"""The layer as a whole: its name, documentation, examples and public attributes."""

from collections.abc import Sequence
from dataclasses import replace

from layergen.codes.review import Breaks
from layergen.codes.review import identity as codes
from layergen.layer import (
    Argument,
    Attribute,
    Deprecated,
    Input,
    Layer,
    Output,
    Parameter,
    Sublayer,
)
from layergen.review.change import Change, Side
from layergen.review.pair import Pair
from layergen.review.row import Changes, Row, compare_members
from layergen.review.stores import stores

_CALLER = frozenset({Breaks.CALLER})
_Documented = Argument | Deprecated | Input | Parameter | Sublayer | Output


def removed(layer: Layer) -> Change:
    """The change that a layer is gone."""
    span = layer.document.span("name")
    message = f"the layer `{layer.package}>{layer.name}` is removed"
    breaks = codes.LAYER_REMOVED.breaks
    return Change(codes.LAYER_REMOVED, message, span, Side.BEFORE, breaks, name="")


def added(layer: Layer) -> Change:
    """The change that a layer has come."""
    span = layer.document.span("name")
    return Change(
        codes.LAYER_ADDED,
        f"the layer `{layer.package}>{layer.name}` is new",
        span,
        name="",
    )


def find_name(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the class name."""
    if before.name == after.name:
        return
    breaks = codes.CLASS_RENAMED.breaks
    stored = [stores(sample.instance).values() for sample in pair.samples]
    if stored and not any(map(any, stored)):
        breaks -= {Breaks.CHECKPOINT}  # if nothing could be tried, something may be
    yield Change(
        codes.CLASS_RENAMED,
        f"the class `{before.name}` is now `{after.name}`",
        pair.value_span("name"),
        breaks=breaks,
        before=before.name,
        after=after.name,
        notes=("keep the name, and name what is new in the summary",),
        name="",
    )


def find_package(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the package."""
    known = {before.package, *before.former_packages}
    lost = sorted(known - {after.package, *after.former_packages})
    if before.package != after.package:
        is_found = before.package in after.former_packages
        yield Change(
            codes.PACKAGE_CHANGED,
            f"the class is registered as `{after.package}>{after.name}`",
            pair.value_span("package"),
            breaks=_CALLER if is_found else codes.PACKAGE_CHANGED.breaks,
            before=f"{before.package}>{before.name}",
            after=f"{after.package}>{after.name}",
            notes=(_BRIDGE.format(before.package, after.name),) * (not is_found),
            name="",
        )
    elif lost or before.former_packages != after.former_packages:
        shown = pair.witness
        names = ", ".join(f"`{package}>{after.name}`" for package in lost)
        yield Change(
            codes.FORMER_PACKAGES,
            "the class is found under other former names",
            pair.span("renamed_from"),
            breaks=codes.FORMER_PACKAGES.breaks if lost else frozenset(),
            before=_registered(before),
            after=_registered(after),
            notes=(f"models that hold {names} no longer load",) * bool(lost),
            witness=shown and replace(shown, package=lost[0]) if lost else None,
            name="",
        )


_BRIDGE = "with `renamed_from: {}>{}`, saved models still load"


def _registered(layer: Layer) -> str:
    return ", ".join(f"{package}>{layer.name}" for package in layer.former_packages)


def find_docs(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of what is written for people, all in one."""
    old, new = _docs(before), _docs(after)
    changed = [key for key in new if key in old and old[key] != new[key]]
    if changed:
        where = "description" if changed[0] == ("references",) else changed[0]
        span = pair.span(*where) if isinstance(where, tuple) else pair.span(where)
        names = ", ".join(
            f"`{key[-1] if len(key) == 1 else key[1]}`" for key in changed
        )
        yield Change(
            codes.DOCS_CHANGED, f"the documentation of {names} changed", span, name=""
        )


def _docs(layer: Layer) -> dict[tuple[str, ...], object]:
    docs: dict[tuple[str, ...], object] = {
        ("summary",): layer.summary,
        ("description",): layer.description,
        ("references",): layer.references,
        ("requires",): tuple(sorted(each.message for each in layer.requires)),
    }
    groups: dict[str, Sequence[_Documented]] = {
        "arguments": (*layer.arguments, *layer.deprecated),
        "inputs": (*layer.inputs, *layer.flags),
        "parameters": layer.parameters,
        "sublayers": layer.sublayers,
        "outputs": layer.outputs,
    }
    for group, members in groups.items():
        docs |= {(group, member.name): member.doc for member in members}
    return docs


def find_examples(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the examples."""
    old, new = before.document.spec.examples, after.document.spec.examples
    if old != new:
        count = f"{len(old)} before, {len(new)} now" if len(old) != len(new) else ""
        message = f"the examples changed{f': {count}' if count else ''}"
        side = Side.AFTER if new else Side.BEFORE
        span = pair.span("examples", side=side)
        yield Change(codes.EXAMPLES_CHANGED, message, span, side, name="")


def find_attributes(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Changes of the public attributes."""
    for old in pair.attributes.removed:
        span = pair.span("attributes", old.name, side=Side.BEFORE)
        yield Change(
            codes.ATTRIBUTE_REMOVED,
            f"the attribute `{old.name}` is removed",
            span,
            Side.BEFORE,
            _CALLER,
            before=str(old.value),
            name=old.name,
        )
    for new in pair.attributes.added:
        yield Change(
            codes.ATTRIBUTE_ADDED,
            f"the attribute `{new.name}` is new",
            pair.span("attributes", new.name),
            after=str(new.value),
            name=new.name,
        )
    yield from compare_members(ATTRIBUTE_ROWS, pair, pair.attributes.pairs)


def _find_value(pair: Pair, before: Attribute, after: Attribute) -> Changes:
    if not pair.same(before.value, after.value):
        yield Change(
            codes.ATTRIBUTE_CHANGED,
            f"the attribute `{after.name}` has another value",
            pair.value_span("attributes", after.name),
            breaks=_CALLER,
            before=str(before.value),
            after=str(after.value),
            name=after.name,
        )


ATTRIBUTE_ROWS: tuple[Row[Attribute], ...] = (Row(("value",), _find_value),)

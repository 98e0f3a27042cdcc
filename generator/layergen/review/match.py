"""Two Layers -> which of their members are the same: by name, or renamed.

A renamed member is one that is gone where another has come that is declared alike and
is used in the same places; or one that the spec says to be renamed.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Generic, Protocol, TypeVar

from layergen.expr import ir
from layergen.layer import (
    Argument,
    Computed,
    Constant,
    Drawn,
    Input,
    Layer,
    Loaded,
    Output,
    Parameter,
    Sublayer,
    Written,
    parameter_expressions,
)
from layergen.review.canonical import Token, canonical, uses


class Named(Protocol):
    """A member of a layer."""

    @property
    def name(self) -> str:
        """Its name."""
        ...


M = TypeVar("M", bound=Named)


@dataclass(frozen=True)
class Matched(Generic[M]):
    """The members of one kind.

    Attributes:
        pairs: those that are the same, in the order of the layer after.
        removed: those that are gone.
        added: those that have come.
    """

    pairs: tuple[tuple[M, M], ...]
    removed: tuple[M, ...]
    added: tuple[M, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The name after by the name before."""
        return {old.name: new.name for old, new in self.pairs}

    @property
    def renamed(self) -> tuple[tuple[M, M], ...]:
        """The pairs whose names differ."""
        return tuple(pair for pair in self.pairs if pair[0].name != pair[1].name)


def match(
    before: Sequence[M], after: Sequence[M], *alike: Callable[[M, M], bool]
) -> Matched[M]:
    """Pair members by name, and the rest where `alike` says that they are the same.

    Of several such tests the first decides, then, for what is left, the next.
    """
    old = {member.name: member for member in before}
    partner = {m.name: old[m.name] for m in after if m.name in old}
    left = [m for m in before if m.name not in partner]
    for is_alike, member in product(alike, after):
        if member.name in partner:
            continue
        found = next((m for m in left if is_alike(m, member)), None)
        if found is not None:
            partner[member.name] = found
            left.remove(found)
    pairs = tuple((partner[m.name], m) for m in after if m.name in partner)
    added = tuple(m for m in after if m.name not in partner)
    return Matched(pairs, tuple(left), added)


def match_inputs(before: Layer, after: Layer) -> Matched[Input]:
    """Inputs are the same that stand in the same place with the same sort of shape."""
    places = {m.name: i for i, m in enumerate(before.inputs)}
    places_after = {m.name: i for i, m in enumerate(after.inputs)}

    def alike(old: Input, new: Input) -> bool:
        same_place = places[old.name] == places_after[new.name]
        return same_place and old.dtype == new.dtype and _sort(old) == _sort(new)

    return match(before.inputs, after.inputs, alike)


def _sort(member: Input) -> list[str | int]:
    """The shape without the names of sizes."""
    return [
        "size" if isinstance(size, str) and size != "..." else size
        for size in member.shape
    ]


def match_arguments(
    before: Layer, after: Layer, old: Token, new: Token
) -> Matched[Argument]:
    """Arguments are the same that are of one type, and used in the same sort of place.

    One that is declared alike is preferred to one with another default or limit. One
    that has no effect in the other version is there under its own name.
    """
    used, used_after = _layer_uses(before, old), _layer_uses(after, new)
    known = {gone.name for gone in before.deprecated}
    kept = {gone.name for gone in after.deprecated}

    def alike(one: Argument, other: Argument) -> bool:
        if one.name in kept or other.name in known:
            return False
        places = used.get(("argument", one.name))
        places_after = used_after.get(("argument", other.name))
        return one.type == other.type and _overlap(places, places_after)

    def declared_alike(one: Argument, other: Argument) -> bool:
        return _declared(one) == _declared(other) and alike(one, other)

    return match(before.arguments, after.arguments, _said, declared_alike, alike)


def _said(old: Argument | Parameter, new: Argument | Parameter) -> bool:
    """Whether the spec says that a member had the other's name."""
    return old.name in new.renamed_from


def _declared(argument: Argument) -> Hashable:
    unsaid = {"name": "", "doc": "", "span": None, "renamed_from": ()}
    said = vars(argument) | unsaid
    return tuple((key, repr(value)) for key, value in said.items())


def match_parameters(
    before: Layer,
    after: Layer,
    old: Token,
    new: Token,
    is_alike: Callable[[Parameter, Parameter], bool],
) -> Matched[Parameter]:
    """Parameters are the same that are alike and used in the same sort of place.

    One of the same role is preferred.

    Args:
        before: a layer.
        after: the same layer, changed.
        old: what the symbols of the layer before stand for.
        new: what those of the layer after stand for.
        is_alike: whether these could be the same, apart from their uses.
    """
    used, used_after = _layer_uses(before, old), _layer_uses(after, new)

    def alike(one: Parameter, other: Parameter) -> bool:
        places = used.get(("parameter", one.name))
        places_after = used_after.get(("parameter", other.name))
        return _overlap(places, places_after) and is_alike(one, other)

    def alike_in_role(one: Parameter, other: Parameter) -> bool:
        return type(one) is type(other) and alike(one, other)

    return match(before.parameters, after.parameters, _said, alike_in_role, alike)


def match_sublayers(before: Layer, after: Layer) -> Matched[Sublayer]:
    """Sublayers are the same that are of one class and stand in the same place."""
    places = {s.name: i for i, s in enumerate(before.sublayers)}
    places_after = {s.name: i for i, s in enumerate(after.sublayers)}

    def alike(old: Sublayer, new: Sublayer) -> bool:
        is_list = (old.count is None) is (new.count is None)
        same_class = registered(old.layer) == registered(new.layer)
        return is_list and same_class and places[old.name] == places_after[new.name]

    return match(before.sublayers, after.sublayers, alike)


def match_outputs(before: Layer, after: Layer) -> Matched[Output]:
    """Outputs are the same that stand in the same place, if not by name."""
    places = {o.name: i for i, o in enumerate(before.outputs)}
    places_after = {o.name: i for i, o in enumerate(after.outputs)}

    def alike(old: Output, new: Output) -> bool:
        return places[old.name] == places_after[new.name]

    return match(before.outputs, after.outputs, alike)


def registered(layer: Layer) -> str:
    """The name under which Keras finds the class."""
    return f"{layer.package}>{layer.name}"


def source_token(constant: Constant, token: Token) -> Hashable:
    """What a constant's source says."""
    match constant.source:
        case Computed(expr=expr):
            return "computed", canonical(expr, token)
        case Written(array=array) | Loaded(array=array):
            return "array", array.shape, str(array.dtype), array.tobytes()
        case Drawn(initializer=initializer, seed=seed, offset=offset):
            return "drawn", repr(initializer), canonical(seed, token), offset


def _layer_uses(layer: Layer, token: Token) -> Mapping[Hashable, Any]:
    shown = tuple(attribute.value for attribute in layer.attributes)
    sizes = tuple(output.expressions for output in layer.outputs)
    owned = tuple(s.expressions for s in layer.sublayers)
    parameters = parameter_expressions(layer.parameters)
    return uses((layer.body, parameters, shown, sizes, owned), token)


def _overlap(one: Any, other: Any) -> bool:
    """Whether two members are used in a place of one sort, or both not at all."""
    return (not one and not other) or bool((one or {}).keys() & (other or {}).keys())


def tokens(
    layer: Layer, **renamed: Iterable[tuple[str, str]] | Mapping[str, str]
) -> Token:
    """What the symbols of a layer stand for; `renamed` gives other names by group."""
    names = {group: dict(pairs) for group, pairs in renamed.items()}

    def token(symbol: ir.Symbol) -> Hashable:
        group = _GROUPS.get(symbol.origin, str(symbol.origin))
        if symbol.origin is ir.Origin.DIM:
            dim = layer.dims[symbol.name]
            return group, names.get("input", {}).get(dim.input, dim.input), dim.axis
        return group, names.get(group, {}).get(symbol.name, symbol.name)

    return token


_GROUPS = {
    ir.Origin.ARGUMENT: "argument",
    ir.Origin.INPUT: "input",
    ir.Origin.FLAG: "flag",
    ir.Origin.WEIGHT: "parameter",
    ir.Origin.CONSTANT: "parameter",
    ir.Origin.SUBLAYER: "sublayer",
}

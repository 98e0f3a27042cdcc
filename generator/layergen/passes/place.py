"""Parameters -> where each lives in the generated class, and why.

The one place that decides it. The reasons are those of `docs/constants.md`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from layergen.expr import ir
from layergen.layer import (
    Argument,
    Computed,
    Constant,
    Drawn,
    Layer,
    Loaded,
    Parameter,
    Weight,
    Written,
    parameter_expressions,
)

LARGE = 1_000_000
"""Bytes, in single precision, from which on an array is kept out of the graph."""


class Place(StrEnum):
    """Where a parameter lives."""

    ARGUMENT = "argument"
    """It is the attribute of a constructor argument."""
    NUMBER = "number"
    """A Python number on the layer."""
    LOCAL = "local"
    """A NumPy array that only makes others: a variable of the method that does."""
    ATTRIBUTE = "attribute"
    """A read-only NumPy array on the layer, converted in `call`."""
    STORED = "stored weight"
    """A weight that is not trained, filled from an array."""
    DRAWN = "drawn weight"
    """A weight that is not trained, filled by a seeded initializer."""
    WEIGHT = "weight"
    """A weight that an optimizer trains."""
    FROZEN = "frozen weight"
    """A weight that nothing changes but the user."""
    STATE = "state"
    """A weight that is not trained, and that `call` changes."""


@dataclass(frozen=True)
class Placement:
    """Where a parameter lives.

    Attributes:
        place: the kind of place.
        made: when it is made: CONFIG is `__init__`, BUILD is `build`.
        attribute: its attribute on the layer.
        reason: why it lives there, in a clause.
    """

    place: Place
    made: ir.Known
    attribute: str
    reason: str

    @property
    def is_saved(self) -> bool:
        """Whether its values are in the checkpoint."""
        return self.place not in _UNSAVED


_UNSAVED = (Place.ARGUMENT, Place.NUMBER, Place.LOCAL, Place.ATTRIBUTE)


def place_parameters(layer: Layer) -> Mapping[str, Placement]:
    """Where every parameter of a layer lives, by name."""
    updated = {
        statement.target.name
        for statement in ir.statements(layer.body)
        if isinstance(statement, ir.Update)
    }
    places = {p.name: _place(p, updated) for p in layer.parameters}
    for constant in reversed(layer.constants):  # one makes only those behind it
        placement = places[constant.name]
        if placement.place is Place.ATTRIBUTE and _only_makes(layer, constant, places):
            reason = "only other constants are made of it"
            places[constant.name] = replace(placement, place=Place.LOCAL, reason=reason)
    return places


def _only_makes(
    layer: Layer, constant: Constant, places: Mapping[str, Placement]
) -> bool:
    """Whether an array is read only where others are made, in the same method."""
    readers = [
        places[other.name].made
        for other in layer.constants
        if isinstance(other.source, Computed) and _reads(other.source.expr, constant)
    ]
    elsewhere = [
        *_of_call(layer),
        *(expr for sublayer in layer.sublayers for expr in sublayer.expressions),
        *(attribute.value for attribute in layer.attributes),
        *parameter_expressions(layer.weights),
        *(size for c in layer.constants for size in c.shape or ()),
    ]
    made = places[constant.name].made
    alone = not any(_reads(expr, constant) for expr in elsewhere)
    return bool(readers) and set(readers) == {made} and alone


def _of_call(layer: Layer) -> Iterator[ir.Expr]:
    """The expressions of the forward pass, of its outputs and their mask."""
    yield from (ir.expression(statement) for statement in ir.statements(layer.body))
    for output in layer.outputs:
        yield from output.expressions
    if layer.masking.mask is not None:
        yield layer.masking.mask


def _reads(expr: ir.Expr, constant: Constant) -> bool:
    return any(symbol.name == constant.name for symbol in ir.symbols(expr))


def _place(parameter: Parameter, updated: set[str]) -> Placement:
    name = parameter.name
    if isinstance(parameter, Weight):
        if parameter.trainable:
            return Placement(Place.WEIGHT, ir.Known.BUILD, name, "it is trained")
        if name in updated:
            return Placement(Place.STATE, ir.Known.BUILD, name, "`call` changes it")
        return Placement(Place.FROZEN, ir.Known.BUILD, name, "it is not trained")
    source = parameter.source
    if isinstance(source, Drawn):
        reason = "it is drawn, so it must be in the checkpoint"
        return Placement(Place.DRAWN, ir.Known.BUILD, name, reason)
    if parameter.storage == "weight":
        reason = "the spec asks for the checkpoint"
        return Placement(Place.STORED, ir.Known.BUILD, name, reason)
    if isinstance(source, Computed):
        return _place_computed(name, source.expr)
    if is_large(source) and parameter.storage is None:
        reason = "1 MB or more would be copied into every graph"
        return Placement(Place.STORED, ir.Known.BUILD, name, reason)
    reason = "it is small and never changes"
    return Placement(Place.ATTRIBUTE, ir.Known.CONFIG, f"_{name}", reason)


def _place_computed(name: str, expr: ir.Expr) -> Placement:
    if isinstance(expr, ir.Name) and expr.symbol.origin is ir.Origin.ARGUMENT:
        reason = "it is the argument itself"
        return Placement(Place.ARGUMENT, ir.Known.CONFIG, expr.symbol.name, reason)
    if isinstance(expr.type, ir.ScalarType):
        reason = "a Python number takes the dtype of what it meets"
        return Placement(Place.NUMBER, expr.known, name, reason)
    reason = "it follows from the arguments"
    if expr.known is ir.Known.BUILD:
        reason = "it follows from the input's shape"
    return Placement(Place.ATTRIBUTE, expr.known, f"_{name}", reason)


def is_large(source: Written | Loaded) -> bool:
    """Whether an array is too large to be copied into every graph."""
    return source.array.size * 4 >= LARGE


def stored_arguments(layer: Layer) -> dict[str, Constant]:
    """Array arguments whose values live in the checkpoint, and the constants they fill.

    Of these the config holds the shape only.
    """
    found: dict[str, Constant] = {}
    for constant in layer.constants:
        source = constant.source
        if constant.storage == "weight" and isinstance(source, Computed):
            expr = source.expr
            if isinstance(expr, ir.Name) and _is_array_argument(
                layer, expr.symbol.name
            ):
                found[expr.symbol.name] = constant
    return found


def _is_array_argument(layer: Layer, name: str) -> bool:
    arguments: tuple[Argument, ...] = layer.arguments
    return any(a.name == name and a.type == "array" for a in arguments)

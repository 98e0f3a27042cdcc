"""Instance -> what Keras saves of it, in its order."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from layergen.layer import Weight, snake_case
from layergen.oracle.instance import Instance
from layergen.passes.place import place_parameters


@dataclass(frozen=True)
class Variable:
    """A variable of the layer as Keras stores it; named as in the layer after."""

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class Names:
    """Other names for what a layer owns, by the names that it has.

    Attributes:
        parameters: of its parameters.
        sublayers: those within each layer of another spec, by the name of that layer.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    sublayers: "Mapping[str, Names]" = field(default_factory=dict)


_SAME = Names()


def stores(instance: Instance, names: Names = _SAME) -> dict[str, tuple[Variable, ...]]:
    """What Keras saves of a layer and of each that it owns, by the place of each.

    Keras finds a sublayer by its attribute, one of a list by its class and number too.

    Args:
        instance: the layer, built.
        names: other names for its parameters.
    """
    found = {"": _own_variables(instance, names.parameters)}
    numbers: Counter[str] = Counter()
    for child in instance.children:
        place = child.sublayer.name
        if child.sublayer.count is not None:
            number = numbers[place]
            numbers[place] += 1
            place = f"{place}/{snake_case(child.instance.layer.name)}_{number}"
        within = names.sublayers.get(child.sublayer.name, _SAME)
        for inner, variables in stores(child.instance, within).items():
            path = f"{place}/{inner}" if inner else place
            found[path] = tuple(replace(v, name=f"{place}/{v.name}") for v in variables)
    return found


def _own_variables(
    instance: Instance, names: Mapping[str, str]
) -> tuple[Variable, ...]:
    """In Keras's order: what is trained, then the rest."""
    places = place_parameters(instance.layer)
    saved = []
    for parameter in instance.layer.parameters:
        name = parameter.name
        shape = shape_of(instance, name)
        if places[name].is_saved and shape is not None:
            variable = Variable(names.get(name, name), shape, parameter.dtype)
            trained = isinstance(parameter, Weight) and parameter.trainable
            saved.append((not trained, variable))
    return tuple(variable for _, variable in sorted(saved, key=lambda pair: pair[0]))


def shape_of(instance: Instance, name: str) -> tuple[int, ...] | None:
    """The shape of a parameter; None if it does not exist."""
    if name in instance.constants:
        return tuple(np.shape(instance.constants[name]))
    return instance.shapes.get(name)

"""A layer that is built, and the layers that it owns, built too.

The path of a weight below its layer is that of Keras: `kernel`, `reduce/kernel`,
`blocks_0/kernel`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from layergen.layer import Layer, Sublayer


@dataclass(frozen=True, eq=False)
class Instance:
    """A layer that is built.

    Attributes:
        layer: the layer.
        arguments: every constructor argument's value, defaults filled in.
        sizes: the named sizes.
        rest: the sizes that `...` stands for.
        constants: the value of every constant, but of those that are drawn.
        shapes: the shape of every weight and drawn constant; None if `when` says that
            it does not exist.
        attributes: the value of every public attribute.
        children: the layers that it owns.
        initial: the first values of weights for which they are computed.
    """

    layer: Layer
    arguments: Mapping[str, Any]
    sizes: Mapping[str, int]
    rest: tuple[int, ...]
    constants: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...] | None]
    attributes: Mapping[str, Any]
    children: "tuple[Child, ...]" = ()
    initial: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """What is known of names before the call."""
        return {**self.arguments, **self.sizes, **self.constants}


@dataclass(frozen=True, eq=False)
class Child:
    """A layer that an instance owns, built.

    Attributes:
        name: the name that it has in Keras: `reduce`, or `blocks_0` of a list.
        sublayer: what it is one of.
        instance: the layer itself.
        shapes: the shapes that it was built for; None stands for the batch.
    """

    name: str
    sublayer: Sublayer
    instance: "Instance"
    shapes: Mapping[str, tuple[int | None, ...]]


def named_sizes(instance: Instance) -> dict[str, int]:
    """The sizes that have names: dimensions, and arguments that are integers."""
    arguments = {n: v for n, v in instance.arguments.items() if type(v) is int}
    return {**arguments, **instance.sizes}


def walk_instances(
    instance: Instance, prefix: str = ""
) -> Iterator[tuple[str, Instance]]:
    """An instance and all that it owns, each with the beginning of its weights' paths.

    In the order of Keras: a layer's own weights, then those of its sublayers.
    """
    yield prefix, instance
    for child in instance.children:
        yield from walk_instances(child.instance, f"{prefix}{child.name}/")

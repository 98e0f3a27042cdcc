"""Layer -> instances drawn at random, as anybody may have saved them.

Nothing of the review chooses them, so they show what its own instances miss.
"""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from layergen.layer import ELLIPSIS, Argument, Input, Layer
from layergen.lower.argument_types import type_of
from layergen.review.change import Witness
from layergen.review.values import takes

_LARGEST = 40
_TEXTS = ("text", "special", "a", "same")


def draw_instances(layer: Layer, source: random.Random) -> Iterator[Witness]:
    """Instances without end, some of which may not work."""
    while True:
        arguments = {}
        for argument in layer.arguments:
            if argument.required or source.random() < 0.6:
                values = [_draw(argument, source) for _ in range(20)]
                fitting = [value for value in values if takes(argument, value)]
                if fitting and not type_of(argument).is_object:
                    arguments[argument.name] = fitting[0]
        sizes: dict[str, int] = {}
        shapes: dict[str, Any] = {}
        for member in layer.inputs:
            if not member.optional or source.random() < 0.5:
                shapes[member.name] = _shape(member, {**arguments}, sizes, source)
        yield Witness(arguments, shapes)


def _draw(argument: Argument, source: random.Random) -> Any:
    count = argument.length or source.randint(1, 3)
    number = source.choice([source.randint(1, 4), source.randint(1, _LARGEST)])
    match argument.type:
        case "bool":
            return source.random() < 0.5
        case "int":
            return number
        case "float":
            return source.choice(
                [0.0, 1.0, source.uniform(0, 1), source.uniform(-9, 9)]
            )
        case "choice" | "data_format":
            return source.choice(argument.choices)
        case "str":
            return source.choice(_TEXTS)
        case "axis":
            return source.choice([-1, 1, 2])  # no layer is built for its batch
        case "axes":
            return tuple(source.sample(range(-2, 2), source.randint(1, 2)))
        case "ints" | "shape":
            return tuple(source.randint(1, 6) for _ in range(count))
        case "array":
            rank = source.randint(1, 2) if argument.rank is None else argument.rank
            made = [source.randint(0, 3) for _ in range(number**rank)]
            array = np.reshape(np.array(made), (number,) * rank)
            return array.astype(
                {"float": "float64"}.get(argument.dtype, argument.dtype)
            )
        case "seed":
            return source.randint(0, 99)
    return None


def _shape(
    member: Input,
    arguments: dict[str, Any],
    sizes: dict[str, int],
    source: random.Random,
) -> Any:
    found: list[int] = []
    for size in member.shape:
        if isinstance(size, int):
            found.append(size)
        elif size == ELLIPSIS:
            found += [2] * sizes.setdefault(ELLIPSIS, source.randint(0, 2))
        elif isinstance(arguments.get(size), int):
            found.append(arguments[size])
        else:
            large = source.choice([4, _LARGEST])
            found.append(sizes.setdefault(size, source.randint(1, large)))
    if not member.is_list:
        return tuple(found)
    return [tuple(found)] * (member.count or member.least + source.randint(0, 2))

"""Layers -> the numbers and texts at which what they store may become something else.

A weight that exists if `units > 64`, or has `minimum(units, 64)` rows, looks the same
to who tries small numbers only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from layergen.expr import ir
from layergen.layer import BATCH, Constant, Input, Layer, Written, parameter_expressions
from layergen.oracle.tensors import Shape
from layergen.review.values import kept, takes

_LARGEST = 4096
"""Arrays of more rows would take long."""

_FAR = (16, 256)
"""Tried where there is a threshold: it may be of a sum or a product."""

_STEPS = frozenset({"minimum", "maximum", "min", "max"})
_DIVISIONS = frozenset({"//", "%"})


@dataclass(frozen=True)
class Thresholds:
    """What is compared with sizes and arguments.

    Attributes:
        numbers: those named, in order.
        texts: likewise.
        far: numbers to try besides.
    """

    numbers: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    far: tuple[int, ...] = ()

    @property
    def integers(self) -> tuple[int, ...]:
        """Integers about the numbers."""
        near = {int(n) + i for n in self.numbers for i in (-1, 0, 1)}
        return tuple(sorted(n for n in {*near, *self.far} if abs(n) <= _LARGEST))

    @property
    def floats(self) -> tuple[float, ...]:
        """Numbers about the numbers."""
        near = {n + i for n in self.numbers for i in (-0.01, 0.0, 0.01)}
        return tuple(sorted({*near, *map(float, self.far)}))


NO_THRESHOLDS = Thresholds()


def find_thresholds(*layers: Layer) -> Thresholds:
    """What sizes and conditions of the layers are compared with."""
    exprs = [expr for layer in layers for expr in _deciding(layer)]
    compared = [node for expr in exprs for node in ir.walk(expr) if _is_step(node)]
    if not compared:
        return NO_THRESHOLDS
    named = [n.value for c in compared for n in ir.walk(c) if isinstance(n, ir.Literal)]
    numbers = {n for n in named if isinstance(n, float) or type(n) is int}
    numbers |= {number for layer in layers for number in _constants(layer)}
    texts = dict.fromkeys(text for text in named if isinstance(text, str))
    return Thresholds(tuple(sorted(numbers)), tuple(texts), _FAR)


def _deciding(layer: Layer) -> Iterator[ir.Expr]:
    """The expressions that decide what is made, and of which shape."""
    yield from parameter_expressions(layer.parameters)
    yield from (requirement.test for requirement in layer.requires)
    for sublayer in layer.sublayers:
        yield from sublayer.expressions
    for output in layer.outputs:
        yield from output.expressions


def _is_step(expr: ir.Expr) -> bool:
    """Whether it is one thing up to some value and another above."""
    match expr:
        case ir.Compare():
            return True
        case ir.Binary(operator=operator):
            return operator in _DIVISIONS
        case ir.Call(op=name) | ir.Builtin(name=name):
            return name in _STEPS
    return False


def _constants(layer: Layer) -> Iterator[float]:
    """Constants that are a number."""
    for parameter in layer.parameters:
        source = parameter.source if isinstance(parameter, Constant) else None
        if isinstance(source, Written) and source.array.ndim == 0:
            yield source.array.item()


def vary(
    layer: Layer,
    given: Mapping[str, Any],
    shapes: Mapping[str, Shape],
    found: Thresholds,
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Shape]]]:
    """One argument, or one size of inputs, at a time about a number or text.

    The largest and the smallest come first: they are the least like what is tried
    anyway, and not all may have their turn.
    """
    sizes = {size for m in layer.inputs for size in m.shape if size in layer.dims}
    free = sorted(map(str, sizes - {BATCH}))
    for value in (*_from_ends(found.integers), *found.floats, *found.texts):
        for argument in layer.arguments:
            if argument.type in _VARIED and takes(argument, value):
                resized = _resize_all(layer, shapes, argument.name, value)
                yield {**given, argument.name: kept(argument, value)}, resized
        for name in free if isinstance(value, int) and value > 0 else ():
            yield given, _resize_all(layer, shapes, name, value)


def _from_ends(values: tuple[int, ...]) -> Iterator[int]:
    """The last, the first, the last but one, and so on."""
    for i in range(len(values)):
        yield values[i // 2] if i % 2 else values[-1 - i // 2]


_VARIED = frozenset({"int", "float", "ints", "str"})


def _resize_all(
    layer: Layer, shapes: Mapping[str, Shape], name: str, value: Any
) -> Mapping[str, Shape]:
    """The shapes with another size of a name, which may be that of an argument."""
    if not isinstance(value, int) or value < 1:
        return shapes
    members = [member for member in layer.inputs if member.name in shapes]
    return {m.name: _resize(m, shapes[m.name], name, value) for m in members}


def _resize(member: Input, shape: Shape, name: str, number: int) -> Shape:
    if isinstance(shape, list):
        return [_resize(member, each, name, number) for each in shape]
    sizes = list(shape)
    for position, size in enumerate(member.shape):
        if size == name:
            sizes[member.axis(position)] = number
    return tuple(sizes)

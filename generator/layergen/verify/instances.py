"""Layer -> Witnesses: instances of the layer before that are tried with real files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from layergen.layer import Input, Layer
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instantiate import instantiate
from layergen.oracle.tensors import each_shape, shapes_of
from layergen.review.change import Change, Witness
from layergen.review.samples import Shapes, planned_of
from layergen.verify.recipe import encode

_MOST = 7
"""Instances of a layer, unless a review names more that a change breaks."""

_MOST_EXAMPLES = 2


def choose_instances(before: Layer, changes: Iterable[Change]) -> tuple[Witness, ...]:
    """What the review says a change breaks, and others that may show what it missed."""
    found: dict[str, Witness] = {}
    for change in changes:
        if change.witness is not None:
            found.setdefault(_key(change.witness, before), change.witness)
    most = max(_MOST, len(found))
    for witness in (*_examples(before), *planned_witnesses(before)):
        if len(found) < most:
            found.setdefault(_key(witness, before), witness)
    return tuple(found.values())


def _key(witness: Witness, layer: Layer) -> str:
    """The same for witnesses that make the same model."""
    defaults = {a.name: a.default for a in layer.arguments if not a.required}
    arguments = {k: encode(v) for k, v in (defaults | dict(witness.arguments)).items()}
    shapes = {name: list(shape) for name, shape in witness.shapes.items()}
    older = dict(witness.former), tuple(witness.gone), witness.package
    return str((arguments, shapes, witness.by_keyword, dict(witness.flags), older))


def _examples(layer: Layer) -> Iterator[Witness]:
    """The examples of the spec."""
    for example in layer.examples[:_MOST_EXAMPLES]:
        yield Witness(
            example.arguments, shapes_of(example.inputs), flags=dict(example.flags)
        )


def planned_witnesses(layer: Layer) -> Iterator[Witness]:
    """Instances as planned; the first in other ways too.

    With defaults, as most models are made, by keyword, with unknown sizes and flags.
    """
    for i, (arguments, shapes) in enumerate(islice(planned_of(layer), _MOST)):
        yield Witness(arguments, shapes)
        if i == 0:
            yield from _with_defaults(layer, arguments, shapes)
            yield Witness(arguments, shapes, by_keyword=True)
            yield Witness(arguments, forget_sizes(layer, shapes))
            flags = {flag.name: flag.default for flag in layer.flags}
            if flags:
                yield Witness(arguments, shapes, flags=flags)


def _with_defaults(
    layer: Layer, arguments: Mapping[str, Any], shapes: Shapes
) -> Iterator[Witness]:
    """The instance that only what must be given is given; none if there is no such."""
    needed = {a.name for a in layer.arguments if a.required or a.type == "seed"}
    given = {name: value for name, value in arguments.items() if name in needed}
    if given != arguments:
        with suppress(EvaluationError):
            instantiate(layer, given, shapes)
            yield Witness(given, shapes)


def forget_sizes(
    layer: Layer, shapes: Mapping[str, Sequence[Any]]
) -> dict[str, Sequence[Any]]:
    """The shapes without the sizes that need not be known."""
    needed = {(layer.dims[n].input, layer.dims[n].axis) for n in layer.required_dims}
    found: dict[str, Sequence[Any]] = {}
    for member in layer.inputs:
        if member.name in shapes:
            free = {axis for axis in _axes(member) if (member.name, axis) not in needed}
            made = [_without(each, free) for each in each_shape(member, shapes)]
            found[member.name] = made if member.is_list else made[0]
    return found


def _axes(member: Input) -> Iterator[int]:
    """The axes whose sizes have names."""
    for position, size in enumerate(member.shape):
        if isinstance(size, str) and size != "...":
            yield member.axis(position)


def _without(shape: Sequence[Any], axes: Iterable[int]) -> tuple[Any, ...]:
    sizes = list(shape)
    for axis in axes:
        sizes[axis] = None
    return tuple(sizes)


_GUESS = 3
"""What stands for an unknown size if nothing tells a better one."""


def find_known(shapes: Shapes, others: Iterable[Shapes]) -> Shapes:
    """Shapes without unknown sizes: others that fit, or with a guess in each place."""
    for other in others:
        if other.keys() == shapes.keys() and all(
            _fits(shape, other[name]) for name, shape in shapes.items()
        ):
            return other
    return {name: _guess(shape) for name, shape in shapes.items()}


def _fits(shape: Any, other: Any) -> bool:
    """Whether the other has all sizes of the shape, or the shapes of the list."""
    if isinstance(shape, int | None):
        return isinstance(other, int) and shape in (None, other)
    is_alike = not isinstance(other, int | None) and len(shape) == len(other)
    return is_alike and all(map(_fits, shape, other))


def _guess(shape: Any) -> Any:
    if isinstance(shape, int | None):
        return _GUESS if shape is None else shape
    return type(shape)(map(_guess, shape))

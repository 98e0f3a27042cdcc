"""A witness of the layer before -> recipes of its model, before and after."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layergen.artifact import Target
from layergen.layer import Input, KerasObject, Layer
from layergen.oracle.tensors import each_shape, first_shape
from layergen.review.change import Witness
from layergen.review.fitting import fits
from layergen.review.pair import Pair
from layergen.review.samples import planned_of
from layergen.review.values import takes
from layergen.verify.recipe import Recipe, Tensor

_DTYPES = {"float": "float32"}


@dataclass(frozen=True)
class Followed:
    """What code would make after the change of what was an instance before.

    Attributes:
        recipe: the model.
        is_same: whether nothing had to be put in for what is refused or missing.
    """

    recipe: Recipe
    is_same: bool


def module_of(layer: Layer, target: Target) -> str:
    """Where the class is imported from."""
    return ".".join(filter(None, (target.module, layer.package, layer.module)))


def can_mask(member: Input, shape: Sequence[Any]) -> bool:
    """Whether Keras's own `Masking` makes a mask for an input of this shape."""
    return member.takes_mask and member.dtype == "float" and len(shape) > 2


def make_recipe(
    layer: Layer,
    witness: Witness,
    target: Target,
    called: Mapping[str, Sequence[Any]] | None = None,
    *,
    masked: bool = False,
) -> Recipe:
    """A model of the layer.

    Args:
        layer: the layer.
        witness: what it is made of.
        target: where its code stands.
        called: shapes to call it on, without unknown sizes.
        masked: whether inputs are to come with masks.
    """
    given = [member for member in layer.inputs if member.name in witness.shapes]
    tensors = [
        Tensor(
            member.name,
            _DTYPES.get(member.dtype, member.dtype),
            tuple(map(tuple, each_shape(member, witness.shapes))),
            tuple(map(tuple, each_shape(member, called or witness.shapes))),
            member.is_list,
            masked and can_mask(member, first_shape(member, witness.shapes)),
        )
        for member in given
    ]
    known = {argument.name for argument in layer.arguments}
    arguments = {
        name: value
        for name, value in witness.arguments.items()
        if name in known and not isinstance(value, KerasObject)
    }
    leads = [member.name for member in layer.inputs[: len(given)]]
    by_keyword = witness.by_keyword or leads != [member.name for member in given]
    return Recipe(
        module_of(layer, target),
        layer.name,
        arguments,
        tuple(tensors),
        by_keyword,
        dict(witness.flags),
        dict(witness.former),
        tuple(witness.gone),
        witness.package,
    )


def follow(
    pair: Pair, witness: Witness, target: Target, *, masked: bool = False
) -> Followed:
    """The same model of the layer after: what it held, under the names after.

    What the layer after refuses or misses is put in, so that weights can be loaded.
    """
    guess: tuple[Mapping[str, Any], Mapping[str, Any]] = next(
        planned_of(pair.after), ({}, {})
    )
    arguments, same_arguments = _arguments(pair, witness, guess[0])
    shapes, same_shapes = _shapes(pair, witness, guess[1])
    known = {flag.name for flag in pair.after.flags}
    flags = {name: value for name, value in witness.flags.items() if name in known}
    after = Witness(arguments, shapes, witness.by_keyword, flags)
    recipe = make_recipe(pair.after, after, target, masked=masked)
    return Followed(recipe, same_arguments and same_shapes)


def _arguments(
    pair: Pair, witness: Witness, guess: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """Arguments of the constructor after: also those that were at their defaults."""
    held = {a.name: a.default for a in pair.before.arguments if not a.required}
    held |= dict(witness.arguments)
    names = {new.name: old for old, new in pair.arguments.pairs}
    given: dict[str, Any] = {}
    is_same = True
    for argument in pair.after.arguments:
        old = names.get(argument.name)
        value = held.get(old.name) if old else None
        if isinstance(value, KerasObject) or (
            value is None and argument.type == "seed"
        ):
            continue
        if old is not None and takes(argument, value):
            given[argument.name] = value
        elif old is not None or argument.required:
            given[argument.name] = guess.get(argument.name, argument.default)
            is_same = False
    return given, is_same


def _shapes(
    pair: Pair, witness: Witness, guess: Mapping[str, Sequence[Any]]
) -> tuple[dict[str, Sequence[Any]], bool]:
    """Shapes of the inputs after; a new one gets sizes of names that are known."""
    names = {new.name: old.name for old, new in pair.inputs.pairs}
    sizes = _named_sizes(pair.before, witness.shapes)
    found: dict[str, Sequence[Any]] = {}
    is_same = True
    for member in pair.after.inputs:
        shape = witness.shapes.get(names.get(member.name, ""))
        if shape is not None and fits(member, shape):
            found[member.name] = shape
        elif shape is not None or not member.optional:
            is_same = False
            if member.name in guess:
                made = [_resized(member, e, sizes) for e in each_shape(member, guess)]
                found[member.name] = made if member.is_list else made[0]
    return found, is_same


def _named_sizes(layer: Layer, shapes: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The sizes of the shapes by the names that the layer has for them."""
    inputs = {m.name: m for m in layer.inputs if m.name in shapes}
    return {
        name: first_shape(inputs[dim.input], shapes)[dim.axis]
        for name, dim in layer.dims.items()
        if dim.input in inputs
    }


def _resized(
    member: Input, shape: Sequence[Any], sizes: Mapping[str, Any]
) -> tuple[Any, ...]:
    made = list(shape)
    for position, size in enumerate(member.shape):
        if isinstance(size, str) and size in sizes:
            made[member.axis(position)] = sizes[size]
    return tuple(made)


def follow_path(pair: Pair, path: str) -> str:
    """The path of a saved variable after the change, by what the specs say of it."""
    first, slash, rest = path.partition("/")
    if not slash:
        return pair.parameters.names.get(path, path)
    for old, new in pair.sublayers.pairs:
        number = re.fullmatch(re.escape(old.name) + r"(_\d+)?", first)
        if number:
            inner = follow_path(Pair(old.layer, new.layer), rest)
            return f"{new.name}{number[1] or ''}/{inner}"
    return path

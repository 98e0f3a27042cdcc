"""Pairs of layers -> Plan: which instances are saved and loaded; no Keras here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from layergen.artifact import Target
from layergen.layer import Argument, KerasObject, Layer
from layergen.oracle.tensors import first_shape
from layergen.review.change import Change, Witness
from layergen.review.pair import Pair
from layergen.review.report import Version
from layergen.review.samples import Shapes
from layergen.verify.follow import (
    Followed,
    can_mask,
    follow,
    follow_path,
    make_recipe,
    module_of,
)
from layergen.verify.instances import choose_instances, find_known
from layergen.verify.recipe import Recipe, write_recipe

_MOST_SHOWN = 60


@dataclass(frozen=True, eq=False)
class Subject:
    """A layer of the old version, and what has become of it.

    Attributes:
        before: the layer as it was.
        after: as it is; None if it was removed.
        changes: what a review says of them.
        is_compiled: whether the old code was not committed, so that it is compiled.
    """

    before: Version
    after: Version | None
    changes: tuple[Change, ...]
    is_compiled: bool = False

    @property
    def name(self) -> str:
        """The name under which Keras registered the class."""
        return f"{self.before.layer.package}>{self.before.layer.name}"

    @property
    def name_after(self) -> str | None:
        """The name under which it is registered now."""
        if self.after is None:
            return None
        return f"{self.after.layer.package}>{self.after.layer.name}"

    @property
    def path(self) -> str:
        """The spec, as it is now; or before, if it was removed."""
        return (self.after or self.before).path

    @cached_property
    def pair(self) -> Pair | None:
        """Both versions, as a review sees them."""
        return Pair(self.before.layer, self.after.layer) if self.after else None

    def follow_path(self, path: str) -> str:
        """Where a saved variable should be now."""
        return follow_path(self.pair, path) if self.pair else path


@dataclass(frozen=True, eq=False)
class Case:
    """One instance of one layer.

    Attributes:
        id: its number.
        subject: the layer.
        title: the instance in words.
        before: the model that the old code saves.
        after: the model that the new code makes for the weights; None without one.
    """

    id: int
    subject: Subject
    title: str
    before: Recipe
    after: Followed | None


def plan_cases(
    subjects: Sequence[Subject], target: Target, target_after: Target
) -> tuple[Case, ...]:
    """The instances of all layers, numbered."""
    found: list[Case] = []
    for subject in subjects:
        layer, pair = subject.before.layer, subject.pair
        for witness, called, masked in _instances(subject):
            before = make_recipe(layer, witness, target, called, masked=masked)
            after = None
            if pair is not None:
                after = follow(pair, witness, target_after, masked=masked)
            title = _title(layer, witness) + ", masked" * masked
            found.append(Case(len(found), subject, title, before, after))
    return tuple(found)


def _instances(subject: Subject) -> Iterator[tuple[Witness, Shapes, bool]]:
    """The instances, shapes to call them on, and whether with masks, once if at all."""
    layer = subject.before.layer
    witnesses = _witnesses(subject)
    for i, witness in enumerate(witnesses):
        called = find_known(witness.shapes, [other.shapes for other in witnesses])
        yield witness, called, False
        inputs = (m for m in layer.inputs if m.name in witness.shapes)
        shapes = ((m, first_shape(m, witness.shapes)) for m in inputs)
        if i == 0 and any(can_mask(*each) for each in shapes):
            yield witness, called, True


def _witnesses(subject: Subject) -> Sequence[Witness]:
    chosen = choose_instances(subject.before.layer, subject.changes)
    return chosen if subject.after else chosen[:1]


def save_job(case: Case, folder: Path) -> dict[str, Any]:
    """What the process with the old code is told."""
    recipe = write_recipe(case.before)
    return {"id": case.id, "recipe": recipe, "folder": str(folder / str(case.id))}


def load_job(case: Case, folder: Path, target_after: Target) -> dict[str, Any]:
    """What the process with the new code is told."""
    after = case.subject.after
    module = module_of(after.layer, target_after) if after else None
    recipe = write_recipe(case.after.recipe) if case.after else None
    called = [list(shape) for tensor in case.before.inputs for shape in tensor.called]
    return {
        "id": case.id,
        "folder": str(folder / str(case.id)),
        "module": module,
        "class": after.layer.name if after else None,
        "called": called,
        "recipe": recipe,
    }


def _title(layer: Layer, witness: Witness) -> str:
    """An instance in words: what is not at its default, and the shapes."""
    known = {argument.name: argument for argument in layer.arguments}
    parts = [
        f"{name}={_show(value)}"
        for name, value in witness.arguments.items()
        if name in known and not _is_default(known[name], value)
    ]
    parts += [f"{name}={_show(value)}" for name, value in witness.flags.items()]
    parts.append(_shapes(witness.shapes))
    parts += ["by keyword"] if witness.by_keyword else []
    older = [*witness.former.values(), *witness.gone]
    older += [f"package {witness.package}"] if witness.package else []
    parts += [f"saved with {', '.join(older)}"] if older else []
    return ", ".join(parts)


def _is_default(argument: Argument, value: Any) -> bool:
    if isinstance(value, KerasObject):
        return True
    if isinstance(value, np.ndarray) or argument.required:
        return False
    return bool(value == argument.default)


def _show(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"array of {value.shape}"
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _shapes(shapes: Mapping[str, Sequence[Any]]) -> str:
    """Shapes in words: `(2, 3)`, or with names if there are several."""
    if len(shapes) == 1:
        return str(next(iter(shapes.values())))
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())


def owned(layer: Layer) -> Iterator[Layer]:
    """The layers of other specs that a layer owns, and those that they own."""
    for sublayer in layer.sublayers:
        if not sublayer.keras:
            yield sublayer.layer
            yield from owned(sublayer.layer)

"""Two lists of layers -> a Review: which are the same, and what has become of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layergen.codes.review import Breaks
from layergen.diagnostics import Diagnostic, Severity
from layergen.review.change import Change
from layergen.review.removal import Removal, approve_removal

if TYPE_CHECKING:
    from layergen.layer import Layer


@dataclass(frozen=True, eq=False)
class Version:
    """A layer in one version: the path of its spec, and what it compiles to."""

    path: str
    layer: "Layer"

    @property
    def registered(self) -> str:
        """The name under which Keras finds the class, `package>Class`."""
        return f"{self.layer.package}>{self.layer.name}"


@dataclass(frozen=True, eq=False)
class LayerReview:
    """What has become of one layer; a version is None where it is not there.

    Attributes:
        before: the version before.
        after: the version after.
        changes: what is not as it was, the worst first.
        stale: its approvals that approve none of the changes.
    """

    before: Version | None
    after: Version | None
    changes: tuple[Change, ...]
    stale: tuple[Diagnostic, ...] = ()

    @property
    def name(self) -> str:
        """The name under which Keras finds the class, as it is now."""
        version = self.after or self.before
        assert version is not None
        return version.registered

    @property
    def path(self) -> str:
        """The spec, as it is now."""
        version = self.after or self.before
        assert version is not None
        return version.path


@dataclass(frozen=True, eq=False)
class Review:
    """What a change of specs does.

    Attributes:
        layers: the layers that changed, in order of path.
        stale: approvals that approve nothing.
        compared: how many layers there are in both versions or one.
        diagnostics: what is wrong with specs that could not be compared.
        failing: whom a change may not break.
    """

    layers: tuple[LayerReview, ...]
    compared: int
    diagnostics: tuple[Diagnostic, ...]
    failing: frozenset[Breaks]
    stale: tuple[Diagnostic, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, layer by layer."""
        return tuple(change for layer in self.layers for change in layer.changes)

    @property
    def fails(self) -> bool:
        """Whether a change breaks what may not be broken, or a spec is wrong."""
        wrong = any(d.severity is Severity.ERROR for d in self.diagnostics)
        return wrong or any(change.fails(self.failing) for change in self.changes)


def review(
    before: Sequence[Version],
    after: Sequence[Version],
    *,
    same: int,
    diagnostics: Sequence[Diagnostic],
    failing: frozenset[Breaks],
    removals: Sequence[Removal] = (),
    covers: Callable[[str], bool] = bool,
) -> Review:
    """Compare layers.

    Args:
        before: the layers before, but for those that are the same word for word.
        after: the layers after, likewise.
        same: how many were left out.
        diagnostics: what is wrong with the specs of others.
        failing: whom a change may not break.
        removals: layers that may be removed.
        covers: whether the layers of a spec are asked for, by its path.
    """
    pairs = [
        pair
        for pair in pair_versions(before, after)
        if any(covers(version.path) for version in pair if version)
    ]
    if not pairs:  # spare the imports
        return Review((), same, tuple(diagnostics), failing)
    layers = [review_layer(old, new, removals) for old, new in pairs]
    layers.sort(key=lambda each: each.path)
    changed = tuple(layer for layer in layers if layer.changes)
    stale = tuple(found for layer in layers for found in layer.stale)
    compared = same + len(pairs)
    return Review(changed, compared, tuple(diagnostics), failing, stale)


def review_layer(
    before: Version | None, after: Version | None, removals: Sequence[Removal]
) -> LayerReview:
    """What has become of a layer that is in one version at least."""
    from layergen.review.approvals import approve
    from layergen.review.compare import compare_layers
    from layergen.review.identity import added, removed

    if after is None:
        assert before is not None
        change = approve_removal(removed(before.layer), before.registered, removals)
        return LayerReview(before, None, (change,))
    old = before.layer if before else None
    changes = compare_layers(old, after.layer) if old else (added(after.layer),)
    return LayerReview(before, after, *approve(old, after.layer, changes))


def pair_versions(
    before: Sequence[Version], after: Sequence[Version]
) -> Iterable[tuple[Version | None, Version | None]]:
    """Versions of the same layer: by registered name, then by path, then by class."""
    left, right = list(before), list(after)
    for key in (_name, _path, _class):
        for old in tuple(left):
            alike = [new for new in right if key(new) == key(old)]
            rivals = [other for other in left if key(other) == key(old)]
            if len(alike) == len(rivals) == 1:
                yield old, alike[0]
                left.remove(old)
                right.remove(alike[0])
    yield from ((old, None) for old in left)
    yield from ((None, new) for new in right)


def _name(version: Version) -> str:
    return version.registered


def _path(version: Version) -> str:
    return version.path


def _class(version: Version) -> str:
    return version.layer.name

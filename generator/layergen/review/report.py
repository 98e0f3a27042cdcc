"""Two lists of layers -> a Review: which are the same, and what has become of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layergen.codes.review import Breaks
from layergen.diagnostics import Diagnostic, Severity
from layergen.review.change import Change

if TYPE_CHECKING:
    from layergen.layer import Layer


@dataclass(frozen=True, eq=False)
class Version:
    """A layer in one version: the path of its spec, and what it compiles to."""

    path: str
    layer: "Layer"


@dataclass(frozen=True, eq=False)
class LayerReview:
    """What has become of one layer; a version is None where it is not there."""

    before: Version | None
    after: Version | None
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """The name under which Keras finds the class, as it is now."""
        version = self.after or self.before
        assert version is not None
        return _registered(version)

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
        compared: how many layers there are in both versions or one.
        diagnostics: what is wrong with specs that could not be compared.
        failing: whom a change may not break.
    """

    layers: tuple[LayerReview, ...]
    compared: int
    diagnostics: tuple[Diagnostic, ...]
    failing: frozenset[Breaks]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, layer by layer."""
        return tuple(change for layer in self.layers for change in layer.changes)

    @property
    def fails(self) -> bool:
        """Whether a change breaks what may not be broken, or a spec is wrong."""
        wrong = any(d.severity is Severity.ERROR for d in self.diagnostics)
        return wrong or any(change.breaks & self.failing for change in self.changes)


def review(
    before: Sequence[Version],
    after: Sequence[Version],
    *,
    same: int,
    diagnostics: Sequence[Diagnostic],
    failing: frozenset[Breaks],
) -> Review:
    """Compare layers.

    Args:
        before: the layers before, but for those that are the same word for word.
        after: the layers after, likewise.
        same: how many were left out.
        diagnostics: what is wrong with the specs of others.
        failing: whom a change may not break.
    """
    pairs = list(pair_versions(before, after))
    if not pairs:  # spare the imports
        return Review((), same, tuple(diagnostics), failing)
    from layergen.review.compare import compare_layers
    from layergen.review.identity import added, removed

    layers = []
    for old, new in pairs:
        if old is not None and new is not None:
            changes = compare_layers(old.layer, new.layer)
        else:
            changes = (removed(old.layer),) if old else ()
            changes += (added(new.layer),) if new else ()
        if changes:
            layers.append(LayerReview(old, new, changes))
    layers.sort(key=lambda each: each.path)
    return Review(tuple(layers), same + len(pairs), tuple(diagnostics), failing)


def pair_versions(
    before: Sequence[Version], after: Sequence[Version]
) -> Iterable[tuple[Version | None, Version | None]]:
    """Versions of the same layer: by registered name, then by path, then by class."""
    left, right = list(before), list(after)
    for key in (_registered, _path, _class):
        for old in tuple(left):
            alike = [new for new in right if key(new) == key(old)]
            rivals = [other for other in left if key(other) == key(old)]
            if len(alike) == len(rivals) == 1:
                yield old, alike[0]
                left.remove(old)
                right.remove(alike[0])
    yield from ((old, None) for old in left)
    yield from ((None, new) for new in right)


def _registered(version: Version) -> str:
    return f"{version.layer.package}>{version.layer.name}"


def _path(version: Version) -> str:
    return version.path


def _class(version: Version) -> str:
    return version.layer.name

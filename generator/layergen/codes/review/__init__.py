"""LG6xx: what a change of a spec is, and whom it breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from layergen.diagnostics import Code


class Breaks(StrEnum):
    """Whom a change breaks."""

    CHECKPOINT = "checkpoint"
    """Saved weights no longer load, load into the wrong place, or lose digits."""
    CONFIG = "config"
    """Saved models no longer load."""
    CALLER = "caller"
    """Code that makes or calls the layer: signature, defaults, shapes, dtypes."""
    NUMERIC = "numeric"
    """The same shapes, other numbers."""
    TRAINING = "training"
    """Training goes another way: initializers, regularizers, what is trained."""


class Member(StrEnum):
    """What part of a layer a change is about; an output is one of its tensors."""

    ARGUMENT = "argument"
    INPUT = "input"
    OUTPUT = "output"
    WEIGHT = "weight"
    CONSTANT = "constant"
    SUBLAYER = "sublayer"
    ATTRIBUTE = "attribute"


def list_breaks(breaks: frozenset[Breaks]) -> str:
    """`checkpoint, config`, in a fixed order; `nobody` for none."""
    return ", ".join(each for each in Breaks if each in breaks) or "nobody"


@dataclass(frozen=True)
class ReviewCode(Code):
    """One kind of change. `wrong` is the spec before it, `right` the spec after it.

    Attributes:
        about: the part of the layer that has changed; None for the layer as a whole.
        breaks: whom such a change may break; nobody, if empty.
    """

    about: Member | None = field(kw_only=True)
    breaks: frozenset[Breaks] = field(default=frozenset(), kw_only=True)


@cache
def approvable() -> Mapping[str, ReviewCode]:
    """The codes of breaks that a spec can approve, by their identifiers.

    Not that of a layer that is removed: it has no spec.
    """
    from layergen.codes import ALL
    from layergen.codes.review.identity import LAYER_REMOVED

    codes = (code for code in ALL if isinstance(code, ReviewCode))
    return {c.id: c for c in codes if c.breaks and c is not LAYER_REMOVED}

"""Input + shape -> whether the input is declared to take it."""

from collections.abc import Sequence

from layergen.layer import Input
from layergen.oracle.tensors import Shape


def fits(member: Input, shape: Shape) -> bool:
    """Whether an input of this shape is declared; of a list, the shapes of all."""
    if not member.is_list:
        return isinstance(shape, tuple) and _fits_one(member, shape)
    if not isinstance(shape, list) or len(shape) < member.least:
        return False
    if member.count is not None and len(shape) != member.count:
        return False
    return all(_fits_one(member, each) for each in shape)


def _fits_one(member: Input, shape: Sequence[int | None]) -> bool:
    if len(shape) < member.min_rank:
        return False
    if not member.has_ellipsis and len(shape) != member.min_rank:
        return False
    return all(
        not isinstance(size, int) or shape[member.axis(position)] in (size, None)
        for position, size in enumerate(member.shape)
    )

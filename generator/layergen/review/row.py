"""What a rule is: the fields that it reads, and how it finds changes in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from layergen.review.change import Change
from layergen.review.pair import Pair

M = TypeVar("M")

Changes: TypeAlias = Iterator[Change]


@dataclass(frozen=True)
class Row(Generic[M]):
    """One fact of a member that is in both versions.

    Attributes:
        fields: names of the fields that it compares.
        find: the pair, the member before, the member after -> changes.
    """

    fields: tuple[str, ...]
    find: Callable[[Pair, M, M], Changes]


def compare_members(
    rows: tuple[Row[M], ...], pair: Pair, members: tuple[tuple[M, M], ...]
) -> Changes:
    """What the rows find in each pair of members."""
    for old, new in members:
        for row in rows:
            yield from row.find(pair, old, new)

"""A name that nobody knows -> the known name that was probably meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, or None if none is like it.

    Case and underscores count for little: `GlorotUnifrom` is near `glorot_uniform`.
    Of equally good candidates the first in alphabetical order is taken.
    """
    folded: dict[str, str] = {}
    for candidate in sorted(candidates):
        folded.setdefault(_fold(candidate), candidate)
    key = _fold(name)
    if not key:
        return None
    close = get_close_matches(key, folded, n=3, cutoff=0.6 if len(key) > 3 else 0.5)
    best = max(
        close,
        key=lambda each: (
            SequenceMatcher(None, name, folded[each]).ratio(),
            each == key,
        ),
        default=None,
    )
    return None if best is None else folded[best]


def _fold(name: str) -> str:
    return name.replace("_", "").lower()

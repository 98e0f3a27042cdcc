"""Kernels that repeat a function: a plain loop, with the outputs in a list."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from layergen.oracle.kernels.limits import MisfitError
from layergen.oracle.kernels.wrap import Kernel


def _scan(
    f: Callable[[Any, Any], Any],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
) -> Any:
    steps = _count(xs, length)
    outputs: list[Any] = [None] * steps
    state = init
    for i in reversed(range(steps)) if reverse else range(steps):
        state, outputs[i] = f(state, _part(xs, i))
        for what, value in (("state", state), ("output", outputs[i])):
            _require_like(init, value, what)
    if isinstance(init, tuple):
        return state, tuple(np.stack(each) for each in zip(*outputs, strict=True))
    return state, np.stack(outputs)


def _count(xs: Any, length: int | None) -> int:
    """How many steps there are, of which PyTorch needs one at least."""
    if xs is None and length is None:
        raise MisfitError("there is nothing that tells how many steps there are")
    counts = {_first(x) for x in _parts(xs)} if xs is not None else {length or 0}
    if len(counts) > 1:
        shown = " and ".join(map(str, sorted(counts)))
        raise MisfitError(f"the sequences have {shown} steps")
    steps = counts.pop()
    if steps < 1:
        raise MisfitError(f"{steps} steps")
    return steps


def _first(x: Any) -> int:
    if not np.ndim(x):
        raise MisfitError("a number has no steps")
    return int(np.shape(x)[0])


def _part(xs: Any, i: int) -> Any:
    if xs is None:
        return None
    return tuple(x[i] for x in xs) if isinstance(xs, tuple) else xs[i]


def _require_like(init: Any, value: Any, what: str) -> None:
    """Refuse what has another shape than the first state."""
    for first, now in zip(_parts(init), _parts(value), strict=True):
        if np.shape(first) != np.shape(now):
            shapes = f"{list(np.shape(now))}, its first state {list(np.shape(first))}"
            raise MisfitError(f"the {what} of a step has the shape {shapes}")


def _parts(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, tuple) else (value,)


RECURRENCE: Final[Mapping[str, Kernel]] = {"scan": _scan}

"""Layer + plan -> another plan that meets what the layer requires, or that does not.

The search goes through small numbers and multiples of the arguments, a few thousand
combinations at most. What needs no change keeps its value.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice, permutations, product
from typing import Any

from layergen.expr import ir
from layergen.layer import BATCH, ELLIPSIS, Argument, Layer, Requirement
from layergen.lower.argument_types import refuse_value
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.guesses import branches
from layergen.oracle.instantiate import fill_arguments
from layergen.oracle.requirements import Plan, example_plan, holds

_MOST_TRIED = 4_000
"""Combinations that a search looks at."""

_MOST_TUPLES = 300
_MOST_OF_RANK = 30
_LARGEST = 64
"""Sizes above it make a test slow to read."""

_COUNTS = (2, 3, 4, 5, 6, 8, 1, 7, 9, 10, 12, 16, 24, 32, 64, 128, 0)
_FRACTIONS = (0.5, 0.25, 0.75, 0.9, 0.1, 0.0, 1.0, 2.0, -1.0, 10.0)
_AXES = (-1, 1, 2, -2, 0, 3)
_MOST_RANK = 5

_Wanted = tuple[Requirement, bool]
"""A requirement, and whether it should be met."""


class Distinct(Enum):
    """What must differ; the stricter is tried first."""

    ALL = "sizes and whole arguments"
    SIZES = "sizes, from one another and from arguments"
    NOTHING = "nothing"


def meet(layer: Layer, plan: Plan, fixed: frozenset[str] = frozenset()) -> Plan | None:
    """A plan that meets all that is required, as near as possible; None if none did.

    Args:
        layer: the layer.
        plan: where the search begins.
        fixed: the arguments that keep their values.

    Raises:
        EvaluationError: nothing was found, as a condition has no value.
    """
    wanted = [(requirement, True) for requirement in layer.requires]
    names = [name for name in _variables(layer, layer.requires) if name not in fixed]
    found = _find(layer, plan, wanted, names)
    if found is None:
        for requirement in layer.requires:
            holds(layer, requirement, plan)
    return found


def violate(layer: Layer, plan: Plan, requirement: Requirement) -> Plan | None:
    """A plan that meets what is checked before a requirement, and not this one."""
    order = sorted(layer.requires, key=lambda r: r.test.known)
    before = order[: next(i for i, r in enumerate(order) if r is requirement)]
    wanted = [*((r, True) for r in before), (requirement, False)]
    own = _variables(layer, [requirement])
    shared = _variables(layer, [*before, requirement])
    return _find(layer, plan, wanted, own) or _find(layer, plan, wanted, shared)


def _find(
    layer: Layer, plan: Plan, wanted: list[_Wanted], names: Sequence[str]
) -> Plan | None:
    """A plan, other in these names, in which each requirement is met or not."""
    for distinct in Distinct:
        for found in _Search(layer, distinct).plans(plan, names, wanted):
            return found
    return None


@dataclass
class _Search:
    layer: Layer
    distinct: Distinct
    tried: int = 0

    def plans(
        self, plan: Plan, names: Sequence[str], open_: list[_Wanted]
    ) -> Iterator[Plan]:
        """The plans in which some names have other values, the last one's first."""
        self.tried += 1
        left = set(names)
        decided = [w for w in open_ if not _names(self.layer, w[0]) & left]
        if not _is_distinct(self.layer, plan, left, self.distinct):
            return
        if not all(self._agrees(plan, *each) for each in decided):
            return
        if not names:
            yield plan
            return
        open_ = [each for each in open_ if each not in decided]
        for changed in _changed(self.layer, plan, names[0]):
            if self.tried > _MOST_TRIED:
                return
            yield from self.plans(changed, names[1:], open_)

    def _agrees(self, plan: Plan, requirement: Requirement, met: bool) -> bool:
        try:
            return holds(self.layer, requirement, plan) is met
        except EvaluationError:
            return False


def _names(layer: Layer, requirement: Requirement) -> set[str]:
    """The arguments and sizes that a condition reads; `...` for those without names."""
    names: set[str] = set()
    for symbol in ir.symbols(requirement.test):
        if symbol.origin is ir.Origin.INPUT:
            member = next(m for m in layer.inputs if m.name == symbol.name)
            names |= {s for s in member.shape if isinstance(s, str)} - {BATCH}
        elif symbol.origin in (ir.Origin.ARGUMENT, ir.Origin.DIM):
            names.add(symbol.name)
    return names


def _variables(layer: Layer, requires: Iterable[Requirement]) -> list[str]:
    """What a search may change: arguments before sizes, so that sizes change first."""
    names = set().union(*(_names(layer, requirement) for requirement in requires))
    known = [*(a.name for a in layer.arguments), *layer.dims, ELLIPSIS]
    return [name for name in known if name in names]


def _changed(layer: Layer, plan: Plan, name: str) -> Iterator[Plan]:
    """The plan, and those in which one value differs; a large value comes last."""
    if name == ELLIPSIS:
        yield plan
        yield from (replace(plan, rest=rest) for rest in _rests(layer, plan))
    elif name in layer.dims:
        yield plan
        for size in _sizes(layer, plan, name):
            yield replace(plan, sizes={**plan.sizes, name: size})
    else:
        argument = layer.argument(name)
        present = fill_arguments(layer, plan.arguments)[name]
        is_large = type(present) is int and present > _LARGEST
        yield from () if is_large else (plan,)
        for value in (*_others(argument, present), *branches(argument)):
            if value is None or refuse_value(argument, value) is None:
                yield replace(plan, arguments={**plan.arguments, name: value})
        yield from (plan,) if is_large else ()


def _others(argument: Argument, present: Any) -> Iterator[Any]:
    """Values of an argument's type."""
    match argument.type:
        case "int":
            yield from _COUNTS
        case "float":
            yield from _FRACTIONS
        case "axis":
            yield from _AXES
        case "axes":
            yield from ((axis,) for axis in _AXES)
        case "ints" | "shape":
            count = len(present) if argument.length is None else argument.length
            sizes = sorted(_COUNTS[:8])
            yield from islice(product(sizes, repeat=count), _MOST_TUPLES)


def _sizes(layer: Layer, plan: Plan, name: str = "") -> Iterator[int]:
    """Sizes to try: multiples of the arguments, small numbers, those of examples."""
    filled = fill_arguments(layer, plan.arguments).values()
    whole = [v for v in filled if type(v) is int and 1 < v <= _LARGEST // 2]
    multiples = [n * factor for n in whole for factor in (2, 3, 1, 4)]
    numbers = [*multiples, *range(2, 17), 20, 24, 1]
    given = [e.sizes.get(name, 1) for e in _example_plans(layer)]
    yield from dict.fromkeys([*(n for n in numbers if n <= _LARGEST), *given])


def _rests(layer: Layer, plan: Plan) -> Iterator[tuple[int, ...]]:
    """What `...` may stand for: other sizes, another number of them."""
    sizes = [size for size in _sizes(layer, plan) if size > 1][:8]
    lowest = 1 if all(m.shape == (ELLIPSIS,) for m in layer.inputs) else 0
    yield from islice(product(sizes, repeat=len(plan.rest)), _MOST_TUPLES)
    small = sorted({2, 3, 5, 7, *sizes})
    for rank in range(lowest, _MOST_RANK + 1):
        yield from islice(permutations(small, rank), _MOST_OF_RANK)
    yield from (example.rest for example in _example_plans(layer))


def _example_plans(layer: Layer) -> Iterator[Plan]:
    for example in layer.examples:
        yield example_plan(layer, example)


def _is_distinct(layer: Layer, plan: Plan, open_: set[str], distinct: Distinct) -> bool:
    """Whether what is decided by now differs as it should."""
    if distinct is Distinct.NOTHING:
        return True
    filled = fill_arguments(layer, plan.arguments).items()
    whole = [v for n, v in filled if type(v) is int and v > 1 and n not in open_]
    if distinct is Distinct.SIZES:
        whole = list(set(whole))
    sizes = [size for name, size in plan.sizes.items() if name not in open_]
    sizes += () if ELLIPSIS in open_ else plan.rest
    return len({*sizes, *whole}) == len(sizes) + len(whole)

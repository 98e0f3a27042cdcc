"""Two Layers -> Pair: what is the same in both, and what the rules ask for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from layergen.emit.emission import Emission
from layergen.layer import (
    Argument,
    Attribute,
    Input,
    Layer,
    Output,
    Parameter,
    Sublayer,
)
from layergen.passes.place import Placement, place_parameters
from layergen.review.agree import agrees
from layergen.review.canonical import Token, canonical
from layergen.review.change import Side, Witness
from layergen.review.match import (
    Matched,
    match,
    match_arguments,
    match_inputs,
    match_outputs,
    match_parameters,
    match_sublayers,
    tokens,
)
from layergen.review.samples import Sample, make_samples, plans_for
from layergen.review.stores import Names, Variable, shape_of, stores
from layergen.review.thresholds import find_thresholds
from layergen.review.trials import (
    Trial,
    call_problem,
    load_problem,
    make_trials,
)
from layergen.source import Span

_MOST_CALLS = 20
"""Instances that are called."""

_MOST_OTHERS = 4
"""What the layer before is tried with because the layer after is."""


@dataclass(frozen=True)
class Moves:
    """How the saved variables differ, each with an instance that shows it.

    Attributes:
        lost: variables that are no longer saved.
        gained: variables that were not saved.
        reshaped: variables of another shape: that before, that after.
        recast: variables of another dtype.
        reordered: an instance whose variables stand in another order: before, after.
    """

    lost: Mapping[str, Trial]
    gained: Mapping[str, Trial]
    reshaped: Mapping[str, tuple[Trial, Variable, Variable]]
    recast: Mapping[str, Trial]
    reordered: tuple[Trial, tuple[str, ...], tuple[str, ...]] | None


@dataclass(frozen=True, eq=False)
class Pair:
    """A layer before and after a change."""

    before: Layer
    after: Layer

    @cached_property
    def inputs(self) -> Matched[Input]:
        """The tensors of `call`."""
        return match_inputs(self.before, self.after)

    @cached_property
    def flags(self) -> Matched[Argument]:
        """The other arguments of `call`."""
        return match(self.before.flags, self.after.flags, lambda old, new: False)

    @cached_property
    def arguments(self) -> Matched[Argument]:
        """The arguments of the constructor."""
        old = tokens(self.before, input=self.inputs.names)
        return match_arguments(self.before, self.after, old, self.new)

    @cached_property
    def parameters(self) -> Matched[Parameter]:
        """Weights and constants."""
        names = {"input": self.inputs.names, "argument": self.arguments.names}
        old = tokens(self.before, **names)
        return match_parameters(self.before, self.after, old, self.new, self._alike)

    def _alike(self, one: Parameter, other: Parameter) -> bool:
        """Whether parameters have the same shape in all instances.

        A weight that becomes a constant, or the reverse, is followed if both are saved.
        """
        if type(one) is not type(other) and not (
            self.places[0][one.name].is_saved and self.places[1][other.name].is_saved
        ):
            return False
        shapes = [
            (shape_of(trial.before, one.name), shape_of(trial.after, other.name))
            for trial in self.trials
            if trial.after is not None
        ]
        return all(old == new for old, new in shapes)

    @cached_property
    def sublayers(self) -> Matched[Sublayer]:
        """The layers that it owns."""
        return match_sublayers(self.before, self.after)

    @cached_property
    def names(self) -> Names:
        """The names after of what is saved, also within layers of other specs."""
        owned = {
            old.name: Pair(old.layer, new.layer).names
            for old, new in self.sublayers.pairs
            if not old.keras and not new.keras
        }
        return Names(self.parameters.names, owned)

    @cached_property
    def outputs(self) -> Matched[Output]:
        """The tensors that `call` returns."""
        return match_outputs(self.before, self.after)

    @cached_property
    def attributes(self) -> Matched[Attribute]:
        """Public attributes."""
        old, new = self.before.attributes, self.after.attributes
        return match(old, new, lambda one, other: False)

    @cached_property
    def old(self) -> Token:
        """What the symbols of the layer before stand for, by the names after."""
        return tokens(
            self.before,
            input=self.inputs.names,
            argument=self.arguments.names,
            parameter=self.parameters.names,
            sublayer=self.sublayers.names,
        )

    @cached_property
    def new(self) -> Token:
        """What the symbols of the layer after stand for."""
        return tokens(self.after)

    def same(self, before: Any, after: Any) -> bool:
        """Whether trees of both layers say the same."""
        return canonical(before, self.old) == canonical(after, self.new)

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """Instances of the layer before, and what becomes of them."""
        return make_trials(self.samples, self.after, self.arguments, self.inputs)

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """Instances of the layer before: what saved models may hold."""
        others = plans_for(self.before, self.after, self.arguments, self.inputs)
        most = islice(others, _MOST_OTHERS)
        thresholds = find_thresholds(self.before, self.after)
        return make_samples(self.before, self.arguments, most, thresholds)

    @cached_property
    def witness(self) -> Witness | None:
        """Any instance of the layer before."""
        return next(map(witness, self.samples), None)

    @cached_property
    def is_built_alike(self) -> bool:
        """Whether nothing has changed that instances could show."""
        old, new = self.before, self.after
        return (
            old.arguments == new.arguments
            and old.inputs == new.inputs
            and old.required_dims == new.required_dims
            and not (old.sublayers or new.sublayers)
            and self.same(_said(old), _said(new))
        )

    @cached_property
    def moves(self) -> Moves:
        """How the saved variables differ."""
        lost: dict[str, Trial] = {}
        gained: dict[str, Trial] = {}
        reshaped: dict[str, tuple[Trial, Variable, Variable]] = {}
        recast: dict[str, Trial] = {}
        reordered = None
        for trial in () if self.is_built_alike else self.trials:
            if trial.after is None:
                continue
            before = stores(trial.before, self.names)
            after = stores(trial.after)
            for place in before.keys() | after.keys():
                old = {variable.name: variable for variable in before.get(place, ())}
                new = {variable.name: variable for variable in after.get(place, ())}
                for name in old.keys() - new.keys():
                    lost.setdefault(name, trial)
                for name in new.keys() - old.keys():
                    gained.setdefault(name, trial)
                order = tuple(name for name in old if name in new)
                order_after = tuple(name for name in new if name in old)
                if order != order_after and reordered is None:
                    reordered = trial, tuple(old), tuple(new)
                for name in order:
                    if old[name].shape != new[name].shape:
                        reshaped.setdefault(name, (trial, old[name], new[name]))
                    if old[name].dtype != new[name].dtype:
                        recast.setdefault(name, trial)
        return Moves(lost, gained, reshaped, recast, reordered)

    @cached_property
    def load_problem(self) -> tuple[Trial, str] | None:
        """An instance that the layer after cannot be loaded as."""
        return next(self._problems(load_problem), None)

    @cached_property
    def call_problem(self) -> tuple[Trial, str] | None:
        """An instance that the layer after cannot be called as."""
        return next(self._problems(call_problem), None)

    @cached_property
    def agreed(self) -> int:
        """In how many instances the numbers are the same; 0 if in one they are not."""
        names = self.inputs.names, self.parameters.names
        varies = self.before.uses_training or self.after.uses_training
        modes = (False, True) if varies else (False,)
        tried = 0
        for trial in self.trials[:_MOST_CALLS]:
            if trial.is_loaded and trial.after is not None:
                if not agrees(trial, *names, modes):
                    return 0
                tried += 1
        return tried

    def _problems(self, find: Callable[[Trial], str]) -> Iterator[tuple[Trial, str]]:
        for trial in self.trials[:_MOST_CALLS]:
            if trial.is_loaded and not trial.is_unmet and (problem := find(trial)):
                yield trial, problem

    @cached_property
    def can_try_after(self) -> bool:
        """Whether the layer after can be called on something that was made for it."""
        return bool(make_samples(self.after, Matched((), (), self.after.arguments)))

    @cached_property
    def emissions(self) -> tuple[Emission, Emission]:
        """What is emitted for both: the arguments that set up weights, and the like."""
        return Emission(self.before), Emission(self.after)

    @cached_property
    def places(self) -> tuple[Mapping[str, Placement], Mapping[str, Placement]]:
        """Where the parameters of both live."""
        return place_parameters(self.before), place_parameters(self.after)

    def span(self, *path: str | int, side: Side = Side.AFTER) -> Span:
        """Where something is written; the key above it if it is not written."""
        layer = self.after if side is Side.AFTER else self.before
        document = layer.document
        while path and not document.has(*path):
            path = path[:-1]
        return document.key_span(*path) if path else document.key_span("name")

    def value_span(self, *path: str | int, side: Side = Side.AFTER) -> Span:
        """Where a value is written; the key above it if it is not written."""
        layer = self.after if side is Side.AFTER else self.before
        if layer.document.has(*path):
            return layer.document.span(*path)
        return self.span(*path, side=side)


def _said(layer: Layer) -> tuple[object, ...]:
    """What `build` makes, and what it asks for before."""
    tests = tuple(requirement.test for requirement in layer.requires)
    return layer.parameters, tests, tuple(each.value for each in layer.attributes)


def witness(sample: Sample) -> Witness:
    """An instance, as something that a change may break."""
    return Witness(dict(sample.instance.arguments), dict(sample.shapes))


def seen(trial: Trial | None) -> Witness | None:
    """The instance of a trial, if there is one."""
    return None if trial is None else witness(trial.sample)

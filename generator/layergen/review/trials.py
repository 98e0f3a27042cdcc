"""Samples of the layer before -> Trials: what becomes of them.

Each is tried on the layer after as Keras would: arguments by name, inputs by position,
variables by their place.
"""

from dataclasses import dataclass
from typing import Any

from layergen.codes import numbers
from layergen.layer import Argument, Input, Layer
from layergen.lower.argument_types import type_of
from layergen.oracle.evaluate import EvaluationError
from layergen.oracle.instance import Instance
from layergen.oracle.instantiate import instantiate
from layergen.oracle.outputs import output_shape, present_outputs
from layergen.oracle.tensors import Shape
from layergen.review.fitting import conflicts, fits
from layergen.review.match import Matched
from layergen.review.samples import Plan, Sample, Shapes, call, planned_of
from layergen.review.values import adapted, kept, takes


@dataclass(frozen=True, eq=False)
class Trial:
    """An instance of the layer before, and what becomes of it.

    Attributes:
        sample: the instance.
        after: the instance that loading it makes; None if none can be made.
        shapes_after: of the inputs of `after`.
        is_loaded: whether all that it holds is taken as it is.
        problem: why it cannot be made.
        is_unmet: whether it cannot because what is required does not hold.
    """

    sample: Sample
    after: Instance | None
    shapes_after: Shapes
    is_loaded: bool
    problem: str = ""
    is_unmet: bool = False

    @property
    def before(self) -> Instance:
        """The instance of the layer before."""
        return self.sample.instance

    @property
    def shapes(self) -> Shapes:
        """The shapes of its inputs."""
        return self.sample.shapes


def make_trials(
    samples: tuple[Sample, ...],
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
) -> tuple[Trial, ...]:
    """What becomes of the samples.

    If some load, these. If all are refused, weights could still be loaded into a layer
    that is made with other arguments: then all, with values put in for those refused.
    """
    nothing: Plan = ({}, {})
    guess = next(planned_of(after), nothing)
    trials = [_load(sample, after, arguments, inputs, guess) for sample in samples]
    return tuple(trial for trial in trials if trial.is_loaded) or tuple(trials)


def _load(
    sample: Sample,
    after: Layer,
    arguments: Matched[Argument],
    inputs: Matched[Input],
    guess: Plan,
) -> Trial:
    """What loading the sample makes; `guess` is put in for what is missing."""
    given = _given_anew(sample, arguments, guess)
    is_loaded = not given
    for one, other in arguments.pairs:
        if type_of(other).is_object:
            continue
        value = held(sample.instance, one, other)
        if takes(other, value):
            given[other.name] = kept(other, value)
        else:
            is_loaded = False
            given[other.name] = guess[0].get(other.name, other.default)
            for mended in (adapted(other, value), _exchanged(sample, arguments, other)):
                if mended is not None and takes(other, mended):
                    given[other.name] = kept(other, mended)
                    break
    shapes_after, fitting = _shapes_after(sample, after, inputs, guess[1])
    is_loaded = is_loaded and fitting
    is_unmet = False
    try:
        new = instantiate(after, given, shapes_after, checked=False)
        problem = next(conflicts(after, new.arguments, shapes_after), "")
    except EvaluationError as error:
        is_unmet, problem = error.code is numbers.UNMET, error.message
    except (IndexError, KeyError):
        problem = "an input has too few axes"
    if problem:
        return Trial(sample, None, shapes_after, is_loaded, problem, is_unmet)
    return Trial(sample, new, shapes_after, is_loaded)


def held(instance: Instance, old: Argument, new: Argument) -> Any:
    """What the config holds for an argument: the last, if under a former name too."""
    names = {old.name, *new.renamed_from}
    values = [v for name, v in instance.arguments.items() if name in names]
    return values[-1]


def _exchanged(sample: Sample, arguments: Matched[Argument], new: Argument) -> Any:
    """The value of one of its type that has another now: their names changed places."""
    for old, other in arguments.pairs:
        if old.type == new.type != other.type:
            return sample.instance.arguments[old.name]
    return None


def _given_anew(
    sample: Sample, arguments: Matched[Argument], guess: Plan
) -> dict[str, Any]:
    """What new arguments are given that must be: the values of gone ones like them.

    These are at hand for who changes the call; the guess may be of another size.
    """
    given = {a.name: guess[0].get(a.name) for a in arguments.added if a.required}
    gone = list(arguments.removed)
    for new in (a for a in arguments.added if a.required):
        for old in gone:
            value = sample.instance.arguments.get(old.name)
            if old.type == new.type and takes(new, value):
                given[new.name] = kept(new, value)
                gone.remove(old)
                break
    return given


def _shapes_after(
    sample: Sample, after: Layer, inputs: Matched[Input], guess: Shapes
) -> tuple[Shapes, bool]:
    """The shapes by the names after, and whether Keras takes those before.

    It asks for the number of axes, and for sizes, of the first input only.
    """
    before = {new.name: old.name for old, new in inputs.pairs}
    found: dict[str, Shape] = {}
    fitting = True
    for member in after.inputs:
        shape = sample.shapes.get(before.get(member.name, ""))
        passed = member is not after.inputs[0] and isinstance(shape, list) is (
            member.is_list
        )
        if shape is not None and (fits(member, shape) or passed):
            found[member.name] = shape
        elif shape is not None or not member.optional:
            fitting = False
            if member.name in guess:
                found[member.name] = _resized(
                    member, sample.instance, guess[member.name]
                )
    return found, fitting


def _resized(member: Input, old: Instance, guess: Shape) -> Shape:
    """The guess, with the sizes that the instance before has names for."""
    if member.is_list:
        return [_with_sizes(member, old, shape) for shape in guess]
    return _with_sizes(member, old, guess)


def _with_sizes(member: Input, old: Instance, guess: Shape) -> tuple[int, ...]:
    shape = list(guess)
    for position, size in enumerate(member.shape):
        if isinstance(size, str) and size in old.sizes:
            shape[member.axis(position)] = old.sizes[size]
    return tuple(shape)


def load_problem(trial: Trial) -> str:
    """Why the layer after cannot be made, or cannot tell the shape of its output.

    More Keras does not ask when it loads a layer: it does not call it.
    """
    if trial.after is None:
        return trial.problem
    try:
        for output in present_outputs(trial.after, {}, trial.shapes_after):
            output_shape(trial.after, output, trial.shapes_after)
    except EvaluationError as error:
        return error.message
    except (IndexError, KeyError):
        return "an input has too few axes"
    return ""


def call_problem(trial: Trial) -> str:
    """Why the layer after cannot be called on the shapes; empty if it can."""
    if trial.after is None:
        return trial.problem
    for member in trial.after.layer.inputs:
        shape = trial.shapes_after.get(member.name)
        if shape is not None and not fits(member, shape):
            return f"`{member.name}` of this shape is not what `call` takes"
    try:
        call(trial.after, trial.shapes_after)
    except EvaluationError as error:
        return error.message
    return ""

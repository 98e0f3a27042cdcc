"""What a layer requires, and whether arguments and sizes meet it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from layergen.codes import roles
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import ELLIPSIS, Example, Input, Layer, Requirement
from layergen.oracle.evaluate import EvaluationError, Evaluator
from layergen.oracle.instantiate import fill_arguments, read_sizes
from layergen.oracle.shown import describe_values
from layergen.oracle.tensors import Shape, shapes_of


@dataclass(frozen=True)
class Plan:
    """What to try a layer with.

    Attributes:
        arguments: constructor arguments.
        sizes: the named sizes.
        rest: the sizes that `...` stands for.
        absent: the inputs that are left out.
        counts: how many tensors each list has.
    """

    arguments: Mapping[str, Any]
    sizes: Mapping[str, int]
    rest: tuple[int, ...]
    absent: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)

    def shapes(self, layer: Layer) -> dict[str, Shape]:
        """The shape of every input that is there; of a list, one a tensor."""
        shapes: dict[str, Shape] = {}
        known = {**fill_arguments(layer, self.arguments), **self.sizes}
        for member in layer.inputs:
            if member.name not in self.absent:
                shape = tuple(self._shape(member, known))
                number = self.counts.get(member.name, 1)
                shapes[member.name] = [shape] * number if member.is_list else shape
        return shapes

    def _shape(self, member: Input, known: Mapping[str, Any]) -> Iterator[int]:
        for size in member.shape:
            if size == ELLIPSIS:
                yield from self.rest
            else:
                yield size if isinstance(size, int) else known[size]


def holds(layer: Layer, requirement: Requirement, plan: Plan) -> bool:
    """Whether a requirement is met.

    Raises:
        EvaluationError: its condition has no value.
    """
    shapes = plan.shapes(layer) if plan.sizes else {}
    lists = {m.name: shapes[m.name] for m in layer.inputs if m.is_list and shapes}
    values = {**fill_arguments(layer, plan.arguments), **plan.sizes, **lists}
    try:
        return bool(Evaluator(values, shapes=shapes).value(requirement.test))
    except EvaluationError as error:
        notes = (*error.notes, describe_plan(layer, requirement, plan))
        raise EvaluationError(error.code, error.message, error.span, *notes) from None


def describe_plan(layer: Layer, requirement: Requirement, plan: Plan) -> str:
    """The values of a plan that a condition is about, as a note."""
    values = {**fill_arguments(layer, plan.arguments), **plan.sizes}
    shapes = plan.shapes(layer) if plan.sizes else {}
    return describe_values(requirement.test, values, shapes)


def check_defaults(layer: Layer, found: Diagnostics) -> None:
    """Record the requirements that the defaults do not meet among themselves.

    Raises:
        EvaluationError: a condition has no value with the defaults.
    """
    optional = {a.name for a in layer.arguments if not a.required}
    plan = Plan({}, {}, ())
    for i, requirement in enumerate(layer.requires):
        names = {symbol.name for symbol in ir.symbols(requirement.test)}
        if names <= optional and not holds(layer, requirement, plan):
            span = layer.document.span("requires", i, "that")
            message = "the defaults do not meet this"
            values = describe_plan(layer, requirement, plan)
            found.add(roles.BAD_DEFAULT, message, span, values)


def example_plan(layer: Layer, example: Example) -> Plan:
    """An example's arguments and sizes.

    Raises:
        EvaluationError: one named size has two values in it.
    """
    shapes = shapes_of(example.inputs)
    there = tuple(member for member in layer.inputs if member.name in shapes)
    absent = frozenset(m.name for m in layer.inputs) - shapes.keys()
    counts = {m.name: len(shapes[m.name]) for m in there if m.is_list}
    return Plan(example.arguments, *read_sizes(there, shapes), absent, counts)

"""Layer + trials -> TestContext: the whole of a generated test file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from layergen.artifact import Target
from layergen.emit.array_argument import array_dtype
from layergen.emit.context import header_line
from layergen.emit.emission import Emission
from layergen.emit.shapes import held_sizes, read_sizes
from layergen.expr import ir
from layergen.expr.carried import keeps_precision
from layergen.expr.op import dtype_kind
from layergen.expr.ops import OPS
from layergen.layer import Array, Input, KerasObject, Layer
from layergen.lower.argument_types import type_of
from layergen.oracle.evaluate import Evaluator
from layergen.oracle.tensors import Shape, shapes_of
from layergen.oracle.trial import Trial
from layergen.passes.place import Place, place_parameters, stored_arguments
from layergen.testgen.cases import make_case
from layergen.testgen.choice import choose_trials
from layergen.testgen.contents import TestContext
from layergen.testgen.gradient import (
    choose_step,
    has_scalars,
    is_trained,
    name_cases,
    order_trials,
)
from layergen.testgen.invalid import (
    invalid_builds,
    invalid_values,
    unmet_arguments,
)
from layergen.testgen.precision import (
    constant_tolerance,
    convolves_channels_first,
    double_tolerance,
    has_single_arrays,
    print_policies,
    print_tolerance,
    tolerances,
)
from layergen.testgen.saved import initializers, saved_parameters
from layergen.testgen.symbolic import reshaped, symbolic_shapes, unknown_shapes
from layergen.testgen.valid import defaults, valid_arguments


def make_context(layer: Layer, trials: Sequence[Trial], target: Target) -> TestContext:
    """The context of a layer's test file; there must be at least one trial."""
    places = place_parameters(layer)
    chosen, smooth = order_trials(layer, choose_trials(layer, trials))
    first = chosen[0]
    gradients = name_cases(chosen, smooth)
    saved = [s for trial in chosen for s in saved_parameters(trial)]
    drawn = any(places[p.name].place is Place.DRAWN for p in layer.parameters)
    seed = next((a.name for a in layer.arguments if a.type == "seed"), "")
    module = f"{layer.package}.{layer.module}"
    stored = (Place.STORED, Place.DRAWN)
    return TestContext(
        header=header_line(layer.document.tree.source.path),
        module=f"{target.module}.{module}" if target.module else module,
        layer=layer.name,
        package=layer.package,
        former_packages=layer.former_packages,
        cases=tuple(make_case(layer, trial, places) for trial in chosen),
        trainable=frozenset(s.path for s in saved if s.place is Place.WEIGHT),
        state=frozenset(p for t in chosen for p in _updates(t)),
        accumulated={
            path: number
            for number, trial in reversed(list(enumerate(chosen)))
            for path in _accumulated(layer, trial)
        },
        stored=frozenset(s.path for s in saved if s.place in stored),
        seed=seed if drawn else "",
        filled={c.name: f"_{name}" for name, c in stored_arguments(layer).items()},
        data_format=next(
            (a.name for a in layer.arguments if a.type == "data_format"), ""
        ),
        array_arguments={
            a.name: array_dtype(a.dtype) for a in layer.arguments if a.type == "array"
        },
        configurable=(configurable := _configurable(layer, first)),
        initializers={
            path: _default(initializer)
            for path, initializer in initializers(first)
            if not any(path in paths for _, _, paths in configurable.values())
        },
        sublayers=_sublayers(first),
        defaults=dict(defaults(layer, first)),
        former_names=list(Emission(layer).former_names.items()),
        deprecated=[gone.name for gone in layer.deprecated],
        valid_arguments=list(valid_arguments(layer, first)),
        invalid_arguments=[
            *(x for a in layer.arguments for x in invalid_values(layer, a)),
            *unmet_arguments(layer, first),
        ],
        invalid_builds=list(invalid_builds(layer, first)),
        invalid_flags=[x for flag in layer.flags for x in invalid_values(layer, flag)],
        invalid_shapes=list(_invalid_shapes(layer, first)),
        changed_shapes=list(_changed_shapes(layer, first)),
        unknown_shapes=unknown_shapes(layer, first),
        updates_always=bool(first.outcome.updates),
        has_penalties=_has_penalties(layer),
        policies=print_policies(tolerances(first)),
        step=print_tolerance(choose_step(layer, chosen[:smooth])) if gradients else "",
        double=print_tolerance(double_tolerance(first)),
        constant=print_tolerance(constant_tolerance(first)),
        is_precise=not _has_fixed_precision(layer.body)
        and not has_single_arrays(first)
        and not any(map(convolves_channels_first, chosen)),
        invalid_numbers=list(_invalid_numbers(layer)),
        has_nested_outputs=len(layer.outputs) > 1
        and any(output.count is not None for output in layer.outputs),
        has_several_inputs=len(layer.inputs) > 1,
        has_several_outputs=not layer.is_plain,
        has_scalars=any(map(has_scalars, chosen)),
        is_trained=is_trained(layer, first) and not all(map(has_scalars, chosen)),
        has_training=layer.uses_training,
        has_indices=all(dtype_kind(m.dtype) is ir.Kind.INT for m in layer.inputs),
        draws_freely=layer.draws_freely,
        random_functions=frozenset(op.partition(".")[2] for op in layer.random_ops),
        draw_seed=layer.seed.name if layer.own_random_ops and layer.seed else "",
        keeps_no_seed=layer.seed is not None and layer.seed.stays_none,
        gradients=gradients,
    )


def _sublayers(trial: Trial) -> dict[str, list[str]]:
    """The attributes that hold sublayers, and the names of these."""
    found: dict[str, list[str]] = {}
    for child in trial.instance.children:
        found.setdefault(child.sublayer.name, []).append(child.name)
    return found


_PENALTIES = ("regularizer", "constraint")


def _has_penalties(layer: Layer) -> bool:
    """Whether a weight, or one of a sublayer's, has a regularizer or a constraint."""
    own = any(w.regularizer or w.constraint for w in layer.weights)
    passed = any(a.type in _PENALTIES and a.default for a in layer.arguments)
    given = any(
        argument.type in _PENALTIES and argument.name in sublayer.objects
        for sublayer in layer.sublayers
        for argument in sublayer.layer.arguments
    )
    inner = any(_has_penalties(sublayer.layer) for sublayer in layer.sublayers)
    return own or passed or given or inner


def _updates(trial: Trial) -> Mapping[str, Array]:
    """The states that a call changes, by path."""
    return (trial.trained or trial.outcome).updates


def _accumulated(layer: Layer, trial: Trial) -> Iterator[str]:
    """States that add to themselves, if half precision would show in the result."""
    outcome = trial.trained or trial.outcome
    for statement in ir.statements(layer.body):
        if isinstance(statement, ir.Update):
            name = statement.target.name
            adds = statement.target in set(ir.symbols(statement.value))
            adds = adds and keeps_precision(statement.value, statement.target)
            value = outcome.updates.get(name, np.zeros(0))
            is_float = value.dtype.kind == "f"
            if adds and is_float and not np.array_equal(*_in_half_and_single(value)):
                yield name


def _in_half_and_single(value: Array) -> tuple[Array, Array]:
    """The value cut to the 8 bits that bfloat16 keeps, and in single precision."""
    single = value.astype("float32")
    return (single.view("uint32") & np.uint32(0xFFFF0000)).view("float32"), single


def _configurable(layer: Layer, trial: Trial) -> dict[str, Any]:
    """Each argument that sets up weights: its kind, its default, their paths."""
    users = {
        argument.name: [
            weight.name
            for weight in layer.weights
            if (argument.type, argument.name) in weight.settings
            and trial.weights[weight.name] is not None
        ]
        for argument in layer.arguments
        if type_of(argument).is_object
    }
    return {
        name: (layer.argument(name).type, _default(layer.argument(name).default), paths)
        for name, paths in users.items()
        if paths
    }


def _default(given: KerasObject | None) -> Any:
    if given is None or not given.parameters:
        return None if given is None else given.identifier
    class_name = given.path.rpartition(".")[2]
    return {"class_name": class_name, "config": dict(given.parameters)}


def _invalid_shapes(
    layer: Layer, trial: Trial
) -> Iterator[tuple[dict[str, Shape], str]]:
    first = layer.inputs[0]
    is_checked = not first.is_list or first.count is not None
    for name in layer.required_dims:
        dim = layer.dims[name]
        shapes = reshaped(layer, trial, dim.input, dim.axis, None)
        yield shapes, "must have a known size"
    verb = "must have a known size" if layer.required_dims else "must be known"
    for read in read_sizes(layer):
        axis = _axis(trial, read)
        if len(layer.inputs) == 1 and axis != 0:
            yield reshaped(layer, trial, first.name, axis, None), verb
    for rank in _refused_ranks(first) if is_checked else ():
        shapes = reshaped(layer, trial, first.name, 0, None)
        wrong = (None,) * rank
        shapes[first.name] = [wrong] * (first.count or 1) if first.is_list else wrong
        yield shapes, "min_ndim=" if first.has_ellipsis else "ndim="
    for position, size in enumerate(first.shape):
        if isinstance(size, int) and is_checked:
            axis = first.axis(position)
            yield reshaped(layer, trial, first.name, axis, size + 1), "expected axis"


def _refused_ranks(member: Input) -> Iterator[int]:
    if member.min_rank > 0:
        yield member.min_rank - 1
    if not member.has_ellipsis:
        yield member.min_rank + 1


def _axis(trial: Trial, read: ir.Expr) -> int:
    """The axis, from 0, that a size is read from; of several sizes the last."""
    shapes = shapes_of(trial.inputs)
    numbers = {name: tuple(range(len(shape))) for name, shape in shapes.items()}
    axes = Evaluator(trial.instance.values, shapes=numbers).value(read)
    axis: int = axes[-1] if isinstance(axes, tuple) else axes
    return axis


def _changed_shapes(
    layer: Layer, trial: Trial
) -> Iterator[tuple[dict[str, Shape], str]]:
    """Sizes other than those that the layer was built with."""
    for name in layer.required_dims:
        dim = layer.dims[name]
        if dim.input == layer.inputs[0].name:
            size = trial.instance.sizes[name]
            yield reshaped(layer, trial, dim.input, dim.axis, size + 1), "expected axis"
    first = layer.inputs[0]
    is_alone = len(layer.inputs) == 1 and not first.is_list
    for read, _ in held_sizes(layer) if is_alone else ():
        axis = _axis(trial, read)
        size = shapes_of(trial.inputs)[first.name][axis]
        if axis != 0:
            yield reshaped(layer, trial, first.name, axis, size + 1), "expected axis"
    if first.min_rank > 1 and not first.is_list:  # with sizes that the layer has seen
        shapes = symbolic_shapes(layer, trial)[0][0]
        last = shapes[first.name][1 - first.min_rank :]
        fragment = "min_ndim=" if first.has_ellipsis else "ndim="
        yield {**shapes, first.name: last}, fragment


def _has_fixed_precision(body: ir.Body) -> bool:
    """Whether floats are of a dtype that the policy does not choose."""
    exprs = [ir.expression(statement) for statement in ir.statements(body)]
    calls = [n for expr in exprs for n in ir.walk(expr) if isinstance(n, ir.Call)]
    return any(OPS[call.op].single for call in calls) or any(
        call.type == ir.ArrayType(ir.Kind.FLOAT)
        and not (isinstance(dtype, ir.Literal) and dtype.value == "float")
        for call in calls
        for dtype in _dtypes(call)
    )


def _dtypes(call: ir.Call) -> Iterator[ir.Expr]:
    """What a call is given as a dtype."""
    parameters = OPS[call.op].parameters
    yield from (
        value
        for parameter, value in zip(parameters, call.args, strict=False)
        if parameter.accepts == "dtype"
    )
    names = {parameter.name for parameter in parameters if parameter.accepts == "dtype"}
    yield from (value for name, value in call.keywords if name in names)


def _invalid_numbers(layer: Layer) -> Iterator[int]:
    """How many tensors a list, the only input, must not have."""
    for member in layer.inputs:
        if member.is_list and len(layer.inputs) == 1:
            yield (member.count or member.least) - 1
            yield from (member.count + 1,) if member.count else ()

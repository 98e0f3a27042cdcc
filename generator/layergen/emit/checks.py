"""Layer -> the statements with which `build` refuses shapes that it cannot use."""

from collections.abc import Iterator
from functools import reduce

from layergen.emit.doc import Doc, binary, comprehension, concat
from layergen.emit.emission import Lines
from layergen.emit.layout import layout
from layergen.emit.printer import print_expr
from layergen.emit.requirements import (
    print_axis_checks,
    print_late_checks,
    print_sizes,
)
from layergen.emit.shapes import dim_sources, read_sizes, shape_names, shaped
from layergen.emit.stage import Stage
from layergen.emit.statement import condition_header, print_error
from layergen.expr import ir
from layergen.layer import Input, Layer, parameter_expressions

_WIDE = 10**6


def shape_checks(layer: Layer, stage: Stage) -> Lines:
    """The statements that refuse a wrong list, unknown sizes, and unmet conditions."""
    names = shape_names(layer)
    lines: Lines = []
    for member in layer.inputs:
        if member.is_list and member.count is None:
            lines += _check_list(member, names[member.name])
    sources = dim_sources(layer)
    lines += [(0, concat(f"{n} = ", sources[n])) for n in layer.required_dims]
    lines += print_axis_checks(layer, stage)
    lines += print_sizes(layer, stage)
    lines += _check_sizes(layer, stage)
    return lines + print_late_checks(layer, stage)


def is_built_by_number(layer: Layer) -> bool:
    """Whether a parameter depends on how many tensors a list has."""
    used = (
        s for expr in parameter_expressions(layer.parameters) for s in ir.symbols(expr)
    )
    lists = {member.name for member in layer.inputs if member.is_list}
    return any(symbol.name in lists for symbol in used)


def _check_list(member: Input, name: str) -> Lines:
    """The statements that refuse what is no list, or a list that is too short."""
    tests: list[Doc] = [f"not {name}", f"not isinstance({name}[0], (list, tuple))"]
    if member.least > 1:
        tests.append(f"len({name}) < {member.least}")
    message = f"`{member.name}` must be a list of {member.number}. "
    return [
        (0, condition_header("if", _any_of(tests))),
        (1, print_error(message, f"Received: {name}={{{name}}}")),
    ]


def _check_sizes(layer: Layer, stage: Stage) -> Lines:
    """The statements that refuse unknown sizes where they are needed."""
    needed, names = layer.required_dims, shape_names(layer)
    read = list(read_sizes(layer))
    if not needed and not read:
        return []
    printed = {size: layout(print_expr(size, stage), width=_WIDE) for size in read}
    lists = {member.name for member in layer.inputs if member.is_list}
    tests: list[Doc] = [f"{name} is None" for name in needed]
    for size, text in printed.items():
        one = isinstance(size.type, ir.ScalarType)
        tests.append(f"{text} is None" if one else f"None in {text}")
    for dim in (layer.dims[name] for name in needed):
        if dim.input in lists:
            other: Doc = f"shape[{dim.axis}] != {dim.name}"
            clause: tuple[str, Doc] = ("for shape in ", names[dim.input])
            tests.append(concat("any", comprehension("(", other, [clause], ")")))
    axes = [*_describe_axes(layer), *(f"`{size}`" for size in read)]
    verb = "must have a known size" if needed else "must be known"
    in_lists = any(layer.dims[name].input in lists for name in needed)
    verb += ", the same in each tensor" if in_lists else ""
    what = " and ".join(axes)
    shown = [(layer.dims[n].input, names[layer.dims[n].input]) for n in needed]
    shown += [(s.name, names[s.name]) for size in read for s in shaped(size)]
    first, *rest = [
        f"{name}={{{name}}}" if source in lists else f"{name}={{tuple({name})}}"
        for source, name in dict.fromkeys(shown)
    ]
    message = f"{what[:1].upper()}{what[1:]} {verb}. "
    error = print_error(message, f"Received: {first}", *rest)
    return [(0, condition_header("if", _any_of(tests))), (1, error)]


def _describe_axes(layer: Layer) -> Iterator[str]:
    """The axes whose sizes are needed, input by input: `axes 1 and 2 of ...`."""
    for member in layer.inputs:
        dims = [layer.dims[name] for name in layer.required_dims]
        axes = [str(dim.axis) for dim in dims if dim.input == member.name]
        noun = "axes" if axes[1:] else "axis"
        if axes:
            listed = " and ".join(", ".join(axes).rsplit(", ", 1))
            yield f"{noun} {listed} of `{member.name}`"


def _any_of(tests: list[Doc]) -> Doc:
    return reduce(lambda left, right: binary(left, "or", right), tests)

"""Outputs of a layer -> `compute_output_shape`, `compute_output_spec`, annotations."""

from collections.abc import Sequence

from layergen.emit.branches import branch_output
from layergen.emit.doc import (
    Doc,
    binary,
    call,
    comprehension,
    flatten,
    keyword,
    list_of,
    parenthesized,
    parts_of,
    quote,
    ternary,
)
from layergen.emit.emission import Emission, Lines, Method
from layergen.emit.inputs import (
    TENSOR,
    call_parameters,
    flag_parameters,
    shape_of_tensor,
    shape_parameter,
)
from layergen.emit.output_words import list_names, output_phrase
from layergen.emit.printer import print_expr
from layergen.emit.shapes import dim_sources, print_shape, shape_names
from layergen.emit.stage import COMPUTE_DTYPE, Stage
from layergen.emit.statement import (
    assignment,
    condition_header,
    function_header,
    return_statement,
    side_by_side,
    unpacked,
)
from layergen.expr import ir
from layergen.layer import INDEX, Layer, Output

_SHAPE = "tuple[int | None, ...]"
_LONGEST_DOC = 74
_LONGEST_TWICE = 24
"""Characters of a shape that may stand in two places."""

_LONGEST_TYPE = 79
"""Characters of a type that fit on a line."""

_FEW = 2
"""Outputs whose types are written out one by one."""


def output_annotation(layer: Layer, one: str = TENSOR) -> str:
    """The type of what a layer returns, or of its shapes.

    Args:
        layer: the layer.
        one: the type of one tensor, or of its shape.
    """
    groups = [layer.outputs]
    if layer.choice is not None:
        groups.insert(0, layer.required_outputs)
    types = [_annotate(group, one) for group in groups]
    return " | ".join(dict.fromkeys(types))


def _annotate(outputs: Sequence[Output], one: str) -> str:
    types = [one if o.count is None else f"list[{one}]" for o in outputs]
    if len(types) == 1:
        return types[0]
    if len(types) == _FEW:
        return f"tuple[{', '.join(types)}]"
    return f"tuple[{' | '.join(dict.fromkeys(types))}, ...]"


def print_output_shapes(emission: Emission) -> Method:
    """`compute_output_shape`: sizes that are not known stay None."""
    layer = emission.layer
    sources = dim_sources(layer)
    named = _calculated(layer)
    body: Lines = [(0, assignment(name, sources[name])) for name in named]
    shapes = shape_names(layer)
    asked: dict[str, Doc] = {m.name: shapes[m.name] for m in layer.chosen_by_inputs}
    known: dict[str, Doc] = {name: name for name in named}
    stage = emission.array_stage({**sources, **known, **asked})
    branches = branch_output(layer.outputs[0]) if layer.is_plain else None
    if branches:
        body.append((0, condition_header("if", print_expr(branches.test, stage))))
        then = _print_shapes(layer, branches.then, stage)
        body.append((1, return_statement(then)))
    shown = (branches.otherwise,) if branches else layer.outputs
    printed = {o.name: _print_shapes(layer, o, stage) for o in shown}
    body += _name_repeated(layer, printed)
    if layer.choice is not None:
        body.append((0, condition_header("if", print_expr(layer.choice, stage))))
        body.append((1, return_statement(_joined(printed, layer.outputs))))
    body.append((0, return_statement(_joined(printed, layer.required_outputs))))
    parameters: list[Doc] = ["self", *shape_parameters(layer)]
    parameters += flag_parameters(layer.chosen_by_flags)
    returns = output_annotation(layer, _SHAPE)
    if len(returns) > _LONGEST_TYPE:  # two forms of which one has lists, or is long
        returns = "tuple[Any, ...]"
    header = function_header("compute_output_shape", parameters, returns)
    return header, _shapes_doc(layer), body


def _shapes_doc(layer: Layer) -> str:
    if layer.is_plain and branch_output(layer.outputs[0]):
        return "Return the shape of the output."
    if layer.is_plain:
        doc = f"Return {output_phrase(layer, layer.outputs[0])}."
        return doc if len(doc) <= _LONGEST_DOC else "Return the shape of the output."
    if len(layer.outputs) == 1:
        return f"Return the shapes of `{layer.outputs[0].name}`."
    doc = f"Return the shapes of {list_names(layer.outputs)}."
    return doc if len(doc) <= _LONGEST_DOC else "Return the shapes of the outputs."


def _calculated(layer: Layer) -> list[str]:
    """The sizes that others are computed from: each is asked whether it is known."""
    sizes = [s for o in layer.outputs for s in o.shape if not isinstance(s, str)]
    exprs = [size for size in sizes if not isinstance(size, ir.Name)]
    used = {symbol.name for expr in exprs for symbol in ir.symbols(expr)}
    return [name for name in layer.dims if name in used]


def _print_shapes(layer: Layer, output: Output, stage: Stage) -> Doc:
    """The shape of an output; of a list, the list of shapes."""
    shape = print_shape(layer, output.shape, output.like, stage)
    if output.count is None:
        return shape
    sizes = [size for size in output.shape if not isinstance(size, str)]
    if any(symbol == INDEX for size in sizes for symbol in ir.symbols(size)):
        count = call("range", [print_expr(output.count, stage)])
        return comprehension("[", shape, [(f"for {INDEX.name} in ", count)], "]")
    if isinstance(output.count, ir.Literal) and output.count.value == 1:
        return list_of([shape])
    source = print_expr(output.count, stage)
    if ir.binding(output.count) < ir.ATOM:
        source = parenthesized(source)
    return binary(list_of([shape]), "*", source)


def _name_repeated(layer: Layer, shapes: dict[str, Doc]) -> Lines:
    """Give long shapes that stand in several places names; `shapes` then has these."""
    places = [*layer.outputs, *(layer.required_outputs if layer.choice else ())]
    texts = [flatten(parts_of(shapes[output.name])) for output in places]
    lines: Lines = []
    names: dict[str, str] = {}
    always = layer.required_outputs if layer.chosen_by_inputs else layer.outputs
    for output in always:
        text = flatten(parts_of(shapes[output.name]))
        if texts.count(text) > 1 and len(text) > _LONGEST_TWICE:
            if text not in names:
                alike = all(flatten(parts_of(s)) == text for s in shapes.values())
                names[text] = "output_shape" if alike else f"{output.name}_shape"
                lines.append((0, assignment(names[text], shapes[output.name])))
            shapes[output.name] = names[text]
    return lines


def _joined(docs: dict[str, Doc], outputs: Sequence[Output]) -> Doc:
    """What stands for several outputs, side by side; one stands alone."""
    chosen = [docs[output.name] for output in outputs]
    return chosen[0] if len(chosen) == 1 else side_by_side(chosen)


def shape_parameters(layer: Layer) -> list[Doc]:
    """The parameters that hold the shapes of the inputs."""
    names = shape_names(layer)
    return [shape_parameter(member, names[member.name]) for member in layer.inputs]


def print_output_specs(emission: Emission) -> Method | None:
    """`compute_output_spec`, where Keras cannot tell from the shapes.

    It takes every output to have the compute dtype, and knows nothing of flags.
    """
    layer = emission.layer
    is_cast = all(output.dtype == "float" for output in layer.outputs)
    if is_cast and not layer.chosen_by_flags:
        return None
    shapes = [shape_of_tensor(member) for member in layer.required_inputs]
    names = shape_names(layer)
    for member in layer.chosen_by_inputs:
        shape = ternary(
            "None", binary(member.name, "is", "None"), shape_of_tensor(member)
        )
        shapes.append(keyword(names[member.name], shape))
    shapes += [keyword(flag.name, flag.name) for flag in layer.chosen_by_flags]
    computed = call("self.compute_output_shape", shapes)
    header = function_header(
        "compute_output_spec", call_parameters(layer), output_annotation(layer)
    )
    return header, _specs_doc(layer), _specs(emission, computed)


def _specs_doc(layer: Layer) -> str:
    if layer.is_plain:
        dtype = layer.outputs[0].dtype
        return f"Return the shape and the dtype of the output: `{dtype}`."
    return "Return the shapes and the dtypes of the outputs."


def _specs(emission: Emission, computed: Doc) -> Lines:
    layer = emission.layer
    if len(layer.outputs) == 1:
        return [(0, return_statement(_spec(layer.outputs[0], computed)))]
    if layer.choice is None:
        return _unpacked_specs(layer.outputs, computed, 0)
    test = print_expr(layer.choice, emission.array_stage({}))
    return [
        (0, assignment("shapes", computed)),
        (0, condition_header("if", test)),
        *_unpacked_specs(layer.outputs, "shapes", 1),
        *_unpacked_specs(layer.required_outputs, "shapes", 0),
    ]


def _unpacked_specs(outputs: Sequence[Output], shapes: Doc, level: int) -> Lines:
    """The statements that return the specs of these outputs, from their shapes."""
    if len(outputs) == 1:
        return [(level, return_statement(_spec(outputs[0], shapes)))]
    names = [f"{output.name}_shape{'s' * bool(output.count)}" for output in outputs]
    specs = [_spec(o, name) for o, name in zip(outputs, names, strict=True)]
    return [
        (level, assignment(unpacked(*names), shapes)),
        (level, return_statement(side_by_side(specs))),
    ]


def _spec(output: Output, shape: Doc) -> Doc:
    dtype = COMPUTE_DTYPE if output.dtype == "float" else quote(output.dtype)
    if output.count is None:
        return call(TENSOR, [shape, keyword("dtype", dtype)])
    spec = call(TENSOR, ["shape", keyword("dtype", dtype)])
    return comprehension("[", spec, [("for shape in ", shape)], "]")

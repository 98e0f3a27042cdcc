"""Emission -> the source of each method of the generated class.

A method that would only repeat the base class is the empty string.
"""

from layergen.emit.array_argument import print_stored_argument
from layergen.emit.arrays import print_attributes, print_constants
from layergen.emit.body import print_body
from layergen.emit.checks import is_built_by_number, shape_checks
from layergen.emit.constructor import (
    print_assignment,
    print_check,
    print_config,
    print_from_config,
    print_generator,
    print_parameter,
    print_warning,
)
from layergen.emit.doc import Doc, call, keyword
from layergen.emit.docstring import call_formula, escape
from layergen.emit.emission import Emission, Lines, Method
from layergen.emit.inputs import call_parameters, print_cast
from layergen.emit.layout import layout
from layergen.emit.masks import print_compute_mask
from layergen.emit.output_words import list_names
from layergen.emit.outputs import (
    output_annotation,
    print_output_shapes,
    print_output_specs,
    shape_parameters,
)
from layergen.emit.requirements import (
    name_sizes,
    print_early_checks,
    print_held_sizes,
)
from layergen.emit.shapes import built_from, input_spec
from layergen.emit.statement import assignment, function_header, parameter
from layergen.emit.sublayers import print_builds, print_sublayers
from layergen.emit.weights import print_weight
from layergen.expr import ir
from layergen.layer import Deprecated, Layer
from layergen.passes.place import Place

_LONGEST_DOC = 74
_MOST_NAMES = 3
"""Names that the docstring of `build` lists."""


def print_methods(emission: Emission, width: int) -> dict[str, str]:
    """The methods by name, each indented by one level.

    Args:
        emission: the class.
        width: the longest line.
    """
    methods = {
        "init": _init(emission),
        "build": _build(emission),
        "call": _call(emission),
        "compute_output_shape": print_output_shapes(emission),
        "compute_output_spec": print_output_specs(emission),
        "compute_mask": print_compute_mask(emission),
        "get_config": _get_config(emission),
        "from_config": _from_config(emission),
    }
    return {name: _method(method, width) for name, method in methods.items()}


def _method(method: Method | None, width: int) -> str:
    if method is None:
        return ""
    header, doc, body = method
    lines = [layout(header, 4, width)]
    if doc:
        lines.append(f'        """{escape(doc)}"""')
    lines += [
        layout(statement, 8 + 4 * level, width) if statement else ""
        for level, statement in _comment_once(body)
    ]
    return "\n".join(lines)


def _comment_once(body: Lines) -> Lines:
    """A body in which the first of the same comments stands for all."""
    said: set[str] = set()
    lines: Lines = []
    for level, doc in body:
        if isinstance(doc, str) and doc.startswith("#"):
            if doc in said:
                continue
            said.add(doc)
        lines.append((level, doc))
    return lines


def _init(emission: Emission) -> Method:
    """`__init__`: checks, attributes, constants that follow from the arguments."""
    layer = emission.layer
    parameters: list[Doc] = ["self"]
    checks: Lines = []
    body: Lines = []
    for argument in emission.signature:
        if isinstance(argument, Deprecated):
            parameters.append(parameter(argument.name, ("Any",), "None"))
            checks += print_warning(layer, argument)
            continue
        by_shape = argument.name in emission.stored
        parameters += print_parameter(argument, by_shape=by_shape)
        if by_shape:
            body += print_stored_argument(argument)
            continue
        checks += print_check(argument)
        body += print_assignment(argument)
    before, after = print_early_checks(emission)
    checks += before
    body += after
    body += print_generator(layer)
    body += print_constants(emission, ir.Known.CONFIG, {})
    body += print_attributes(emission, ir.Known.CONFIG, {})
    body += print_sublayers(emission, ir.Known.CONFIG, {})
    spec = input_spec(layer, built=False)
    if spec is not None:
        body.append((0, assignment("self.input_spec", spec)))
    if layer.masking.kind == "passes":
        body.append((0, "self.supports_masking = True"))
    if layer.has_recurrence:
        reason = "# TensorFlow cannot compile the gradient of `ops.scan` with XLA."
        test = 'self.supports_jit = keras.backend.backend() != "tensorflow"'
        body += [(0, reason), (0, test)]
    if not emission.has_autocast:
        reason = "# Integer inputs must not be cast to a half-precision float."
        body += [(0, reason), (0, "self.autocast = False")]
    header = function_header("__init__", [*parameters, "**kwargs: Any"], "None")
    return header, "", [(0, "super().__init__(**kwargs)"), *checks, *body]


def _build(emission: Emission) -> Method | None:
    """`build`: what needs the inputs' sizes, and all weights."""
    layer = emission.layer
    dims: dict[str, Doc] = {name: name for name in layer.required_dims}
    dims |= name_sizes(layer)
    stage = emission.array_stage(dims)
    body = shape_checks(layer, stage)
    body += print_constants(emission, ir.Known.BUILD, dims)
    body += print_attributes(emission, ir.Known.BUILD, dims)
    body += [w for p in emission.saved for w in print_weight(emission, p, dims)]
    body += print_sublayers(emission, ir.Known.BUILD, dims)
    body += print_builds(emission)
    if not body:
        return None
    held = print_held_sizes(layer, stage)
    spec = input_spec(layer, built=True, held=held)
    is_known = layer.required_dims or held or is_built_by_number(layer)
    if spec is not None and is_known:
        body.append((0, assignment("self.input_spec", spec)))
    shapes = shape_parameters(layer)[: len(built_from(layer))]
    header = function_header("build", ["self", *shapes], "None")
    return header, _build_doc(emission), body


def _build_doc(emission: Emission) -> str:
    """What `build` does: which constants it computes, which weights it creates."""
    places = emission.places
    built = [n for n, p in places.items() if p.made is ir.Known.BUILD]
    constants = [n for n in built if not places[n].is_saved]
    constants = [n for n in constants if places[n].place is not Place.LOCAL]
    weights = [n for n in built if places[n].is_saved]
    short = bool(constants and weights and emission.layer.sublayers)
    tasks = [f"compute {_listed('constant', constants, short)}"] if constants else []
    tasks += [f"create {_listed('weight', weights, short)}"] if weights else []
    tasks += ["build the sublayers"] if emission.layer.sublayers else []
    idle = "check the sizes of the inputs"
    if not emission.layer.required_dims:
        idle = "check that the input is a list of tensors"
    tasks = tasks or [idle]
    text = " and ".join([", ".join(tasks[:-1]), tasks[-1]] if tasks[1:] else tasks)
    return f"{text[:1].upper()}{text[1:]}."


def _listed(noun: str, names: list[str], short: bool) -> str:
    if short or len(names) > _MOST_NAMES:
        return f"the {noun}{'s' if len(names) > 1 else ''}"
    quoted = [f"`{name}`" for name in names]
    if len(names) == 1:
        return f"the {noun} {quoted[0]}"
    return f"the {noun}s {', '.join(quoted[:-1])} and {quoted[-1]}"


def _call(emission: Emission) -> Method:
    """`call`: the forward pass, on tensors of the compute dtype."""
    layer = emission.layer
    body: Lines = []
    for flag in layer.flags:
        body += print_check(flag)
    for member in layer.inputs:
        body += print_cast(member)
    used = {symbol.name for symbol in ir.body_symbols(layer.body)}
    for name, dtype in emission.converted():
        if name in used:
            options = [keyword("dtype", dtype)] if dtype else []
            array = emission.attributes[name]
            tensor = call("ops.convert_to_tensor", [array, *options])
            body.append((0, assignment(name, tensor)))
    body += print_body(layer, emission.call_stage(), emission.precise.keys())
    formula = call_formula(layer, emission.places)
    doc = f"Return `{formula}`." if formula else _call_doc(layer)
    header = function_header("call", call_parameters(layer), output_annotation(layer))
    return header, doc, body


def _call_doc(layer: Layer) -> str:
    doc = f"Return {list_names(layer.outputs)}."
    named = len(layer.outputs) > 1 and len(doc) <= _LONGEST_DOC
    return doc if named else "Run the forward pass."


def _get_config(emission: Emission) -> Method | None:
    """`get_config`: every argument as plain JSON."""
    layer = emission.layer
    if not layer.arguments and not layer.deprecated:
        return None
    config = print_config(layer.arguments, emission.stored)
    doc = "Return the arguments that rebuild this layer."
    if not layer.arguments:  # Keras's own would return the deprecated ones
        doc = "Return what rebuilds this layer: no argument."
    if emission.stored:
        doc = "Return the arguments that rebuild this layer, but for stored arrays."
    header = function_header("get_config", ["self"], "dict[str, Any]")
    return header, doc, [(0, config)]


def _from_config(emission: Emission) -> Method | None:
    """`from_config`: the arguments, also under names that they had."""
    former = emission.former_names
    if not former:
        return None
    header = function_header("from_config", ["cls", "config: dict[str, Any]"], "Self")
    doc = "Make a layer from its arguments, also under their former names."
    return header, doc, print_from_config(former)

"""Parameters that Keras saves -> the `add_weight` calls of `build`."""

from collections.abc import Mapping

from layergen.emit.arrays import print_array
from layergen.emit.constructor import keras_object
from layergen.emit.doc import Doc, call, keyword, quote, tuple_of
from layergen.emit.emission import Emission, Lines
from layergen.emit.printer import print_expr
from layergen.emit.statement import assignment, condition_header
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import Constant, Drawn, Parameter, Weight
from layergen.passes.place import Place

_KINDS = ("initializer", "regularizer", "constraint")


def print_weight(
    emission: Emission, parameter: Parameter, dims: Mapping[str, Doc]
) -> Lines:
    """The statements that create one weight.

    Args:
        emission: the class.
        parameter: a weight, or a constant that lives in the checkpoint.
        dims: the source of each needed size.
    """
    lines: Lines = []
    level = 0
    name = parameter.name
    if isinstance(parameter, Weight) and parameter.when is not None:
        test = print_expr(parameter.when, emission.array_stage(dims))
        lines += [(0, f"self.{name} = None"), (0, condition_header("if", test))]
        level = 1
    is_float = dtype_kind(parameter.dtype) is ir.Kind.FLOAT
    if emission.places[name].place is Place.STATE and is_float:
        lines.append((level, _describe_states(emission)))
    if isinstance(parameter, Weight):
        options = _weight_options(emission, parameter, dims)
        if parameter.first is not None:
            array = print_array(emission, parameter.first, dims)
            lines.append((level, assignment(name, array)))
    elif isinstance(parameter.source, Drawn):
        options = _drawn_options(emission, parameter, parameter.source, dims)
    else:
        before, options, after = _stored_options(emission, parameter, dims)
        lines += before
        return [*lines, _made(emission, parameter, options, 0), *after]
    return [*lines, _made(emission, parameter, options, level)]


def _describe_states(emission: Emission) -> str:
    """Why states are not cast; said once for all of them."""
    places = emission.places.values()
    several = sum(placement.place is Place.STATE for placement in places) > 1
    whose = "their" if several else "its"
    return f"# Kept in {whose} own dtype: small steps vanish in half precision."


def _made(
    emission: Emission, parameter: Parameter, options: list[Doc], level: int
) -> tuple[int, Doc]:
    """`self.x = self.add_weight(...)`, with the options that all kinds have."""
    is_float = dtype_kind(parameter.dtype) is ir.Kind.FLOAT
    options = [keyword("name", quote(parameter.name)), *options]
    if parameter.dtype != "float":
        options.append(keyword("dtype", quote(parameter.dtype)))
    if isinstance(parameter, Constant) or not parameter.trainable:
        options.append("trainable=False")
        if emission.places[parameter.name].place is Place.STATE:
            # By Keras's default the copies of a distributed state drift apart. The
            # mean of whole numbers over replicas would be no whole number.
            way = "mean" if is_float else "only_first_replica"
            options.append(keyword("aggregation", quote(way)))
    if is_float and emission.is_fixed(parameter):
        options.append("autocast=False")
    made = call("self.add_weight", options)
    return level, assignment(f"self.{parameter.name}", made)


def _shape(emission: Emission, parameter: Parameter, dims: Mapping[str, Doc]) -> Doc:
    stage = emission.array_stage(dims)
    sizes = tuple_of([print_expr(size, stage) for size in parameter.shape or ()])
    return keyword("shape", sizes)


def _weight_options(
    emission: Emission, weight: Weight, dims: Mapping[str, Doc]
) -> list[Doc]:
    options = [_shape(emission, weight, dims)]
    settings = dict(weight.settings)
    for kind in _KINDS:
        given = getattr(weight, kind)
        if kind == "initializer" and weight.first is not None:
            options.append(keyword(kind, weight.name))
        elif kind in settings:
            options.append(keyword(kind, _setting(emission, kind, settings[kind])))
        elif given is not None:
            options.append(keyword(kind, keras_object(given)))
    return options


def _setting(emission: Emission, kind: str, argument: str) -> Doc:
    """What the caller chose: a copy of an initializer that several weights share.

    The same one would draw the same values again.
    """
    pairs = [pair for w in emission.layer.weights for pair in w.settings]
    shared = kind == "initializer" and pairs.count((kind, argument)) > 1
    return f"self.{argument}.clone()" if shared else f"self.{argument}"


def _drawn_options(
    emission: Emission, constant: Constant, drawn: Drawn, dims: Mapping[str, Doc]
) -> list[Doc]:
    seed: Doc | None = None
    if drawn.seed is not None:
        offset = f" + {drawn.offset}" if drawn.offset else ""
        seed = f"self.{drawn.seed.name}{offset}"
    initializer = keyword("initializer", keras_object(drawn.initializer, seed))
    return [_shape(emission, constant, dims), initializer]


def _stored_options(
    emission: Emission, constant: Constant, dims: Mapping[str, Doc]
) -> tuple[Lines, list[Doc], Lines]:
    """What comes before, the options, and what comes after."""
    for name, stored in emission.stored.items():
        if stored is constant:
            filled = f'"zeros" if self._{name} is None else self._{name}'
            shape = keyword("shape", f"self.{name}_shape")
            given: list[Doc] = [shape, keyword("initializer", filled)]
            return [], given, [(0, f"self._{name} = None")]
    array = print_array(emission, constant, dims)
    before: Lines = [(0, assignment(constant.name, array))]
    shape = keyword("shape", f"{constant.name}.shape")
    return before, [shape, keyword("initializer", constant.name)], []

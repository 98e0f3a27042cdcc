"""Constants -> the statements that make them before the call, in NumPy."""

from collections.abc import Mapping

from layergen.emit.array_argument import array_dtype
from layergen.emit.doc import Doc, call, keyword, literal, quote
from layergen.emit.emission import Emission, Lines
from layergen.emit.printer import print_expr
from layergen.emit.statement import assignment
from layergen.expr import ir
from layergen.layer import Computed, Constant, Layer, Loaded, Written
from layergen.passes.place import Place

_MAKERS = frozenset({"full", "zeros", "ones", "linspace", "eye", "outer", "arange"})
"""Ops whose NumPy result is always an array, never a NumPy scalar."""

_REDUCING = frozenset({"sum", "mean", "max", "min", "var", "take", "matmul"})
"""Ops that may make a NumPy scalar of an array."""


def print_constants(
    emission: Emission, made: ir.Known, dims: Mapping[str, Doc]
) -> Lines:
    """The statements that make the constants which the layer keeps.

    Args:
        emission: the class.
        made: CONFIG for those of `__init__`, BUILD for those of `build`.
        dims: the source of each size that is known then.
    """
    lines: Lines = []
    for constant in emission.layer.constants:
        placement = emission.places[constant.name]
        if placement.made is not made:
            continue
        target = f"self.{placement.attribute}"
        if placement.place is Place.NUMBER:
            assert isinstance(constant.source, Computed)
            value = print_expr(constant.source.expr, emission.array_stage(dims))
            lines.append((0, assignment(target, value)))
        elif placement.place is Place.ATTRIBUTE:
            lines.append((0, assignment(target, print_array(emission, constant, dims))))
            lines.append((0, f"{target}.setflags(write=False)"))
    return lines


def print_attributes(
    emission: Emission, made: ir.Known, dims: Mapping[str, Doc]
) -> Lines:
    """The statements that set the public attributes which are known at a time."""
    stage = emission.array_stage(dims)
    return [
        (0, assignment(f"self.{a.name}", print_expr(a.value, stage)))
        for a in emission.layer.attributes
        if a.value.known is made
    ]


def print_array(emission: Emission, constant: Constant, dims: Mapping[str, Doc]) -> Doc:
    """The source of a constant's array, in the dtype in which it is kept."""
    dtype = keyword("dtype", quote(array_dtype(constant.dtype)))
    match constant.source:
        case Computed(expr=expr):
            value = print_expr(expr, emission.array_stage(dims))
            exact = array_dtype(constant.dtype) == "float64" and _is_double_array(expr)
            return value if exact else call("np.array", [value, dtype])
        case Written(array=array):
            return call("np.array", [literal(array.tolist()), dtype])
        case Loaded():
            name = quote(data_file(emission.layer, constant))
            return call("np.load", [f"pathlib.Path(__file__).with_name({name})"])
    raise AssertionError(constant.source)


def _is_double_array(expr: ir.Expr) -> bool:
    """Whether NumPy's result is an array, not a scalar, and of double precision."""
    return expr.type == ir.ArrayType(ir.Kind.FLOAT) and _is_array(expr)


def _is_array(expr: ir.Expr) -> bool:
    match expr:
        case ir.Call(op=op):
            inner = op not in _REDUCING and any(map(_is_array, ir.children(expr)))
            return op in _MAKERS or inner
        case ir.Binary() | ir.Unary() | ir.Display():
            return any(map(_is_array, ir.children(expr)))
    return False


def data_file(layer: Layer, constant: Constant) -> str:
    """The name of the file, beside the module, that holds a constant's array."""
    return f"{layer.module}_{constant.name}.npy"

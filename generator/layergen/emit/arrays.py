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

_OWN_DTYPES = frozenset({"float", "float64", "bool"})
"""Dtypes that NumPy gives a list of such numbers by itself."""

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
        target = emission.attributes[constant.name]
        if placement.place is Place.NUMBER:
            assert isinstance(constant.source, Computed)
            value = print_expr(constant.source.expr, emission.array_stage(dims))
            lines.append((0, assignment(target, value)))
        elif placement.place in (Place.LOCAL, Place.ATTRIBUTE):
            lines.append((0, assignment(target, print_array(emission, constant, dims))))
        if placement.place is Place.ATTRIBUTE:
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
            is_double = array_dtype(constant.dtype) == "float64"
            exact = is_double and _is_double_array(expr, emission.layer)
            exact |= _is_local(emission, constant) and dtype_of(expr) == constant.dtype
            return value if exact else call("np.array", [value, dtype])
        case Written(array=array):
            plain = constant.dtype in _OWN_DTYPES
            options = [] if plain else [dtype]
            return call("np.array", [literal(array.tolist()), *options])
        case Loaded():
            name = quote(data_file(emission.layer, constant))
            return call("np.load", [f"pathlib.Path(__file__).with_name({name})"])
    raise AssertionError(constant.source)


def _is_local(emission: Emission, constant: Constant) -> bool:
    placement = emission.places.get(constant.name)
    return placement is not None and placement.place is Place.LOCAL


def dtype_of(expr: ir.Expr) -> str:
    """The dtype that an array of the language has if nothing is said of it."""
    if not isinstance(expr.type, ir.ArrayType):
        return ""
    return {ir.Kind.BOOL: "bool", ir.Kind.INT: "int32"}.get(expr.type.kind, "float")


def _is_double_array(expr: ir.Expr, layer: Layer) -> bool:
    """Whether NumPy's result is an array, not a scalar, and of double precision."""
    return expr.type == ir.ArrayType(ir.Kind.FLOAT) and _is_array(expr, layer)


def _is_array(expr: ir.Expr, layer: Layer) -> bool:
    match expr:
        case ir.Call(op=op):
            if op in _MAKERS:
                return True
            inner = any(_is_array(child, layer) for child in ir.children(expr))
            return inner and op not in _REDUCING
        case ir.Binary() | ir.Unary() | ir.Display():
            return any(_is_array(child, layer) for child in ir.children(expr))
        case ir.Index(value=value, items=items):
            sliced = any(isinstance(item, ir.Slice) for item in items)
            return sliced and _is_array(value, layer)
        case ir.Name(symbol=symbol):
            return any(
                c.name == symbol.name and _keeps_double(c, layer)
                for c in layer.constants
            )
    return False


def _keeps_double(constant: Constant, layer: Layer) -> bool:
    """Whether a constant is an array of double precision where others are made."""
    source = constant.source
    if array_dtype(constant.dtype) != "float64":
        return False
    return isinstance(source, Computed) and _is_double_array(source.expr, layer)


def data_file(layer: Layer, constant: Constant) -> str:
    """The name of the file, beside the module, that holds a constant's array."""
    return f"{layer.module}_{constant.name}.npy"

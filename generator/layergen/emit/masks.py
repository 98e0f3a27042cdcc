"""Emission -> `compute_mask`: what becomes of the mask of the first input."""

from dataclasses import replace

from layergen.emit.doc import Doc
from layergen.emit.emission import Emission, Lines, Method
from layergen.emit.inputs import TENSOR, print_cast
from layergen.emit.printer import print_expr
from layergen.emit.statement import function_header, parameter, return_statement
from layergen.expr import ir
from layergen.layer import Input, Layer

_PREVIOUS = "previous_mask"
"""Keras's own name of the mask of the first input."""


def print_compute_mask(emission: Emission) -> Method | None:
    """`compute_mask`, unless the mask of the first input passes on as it is."""
    layer = emission.layer
    match layer.masking.kind:
        case "consumes":
            doc = "Return no mask: the layer has used it up."
            return _header(layer, "None"), doc, [(0, return_statement("None"))]
        case "produces":
            doc = "Return the mask of the output."
            assert layer.masking.mask is not None
            may_be_none = _may_be_none(layer.masking.mask)
            returns = f"{TENSOR} | None" if may_be_none else TENSOR
            return _header(layer, returns), doc, _produce(emission)
    return None


def _header(layer: Layer, returns: str) -> Doc:
    first = layer.inputs[0]
    mask = parameter(_PREVIOUS, (TENSOR, "None"), "None")
    parameters: list[Doc] = ["self", f"{first.name}: {TENSOR}", mask]
    return function_header("compute_mask", parameters, returns)


def _produce(emission: Emission) -> Lines:
    layer = emission.layer
    expr, first = layer.masking.mask, layer.inputs[0]
    assert expr is not None
    stage = emission.call_stage()
    stage = replace(
        stage, names={**stage.names, layer.mask_names[first.name]: _PREVIOUS}
    )
    used = {symbol.name for symbol in ir.symbols(expr)}
    casts = print_cast(first) if first.name in used else []
    casts = [] if _only_compares(expr, first) else casts
    return [*casts, (0, return_statement(print_expr(expr, stage)))]


def _only_compares(expr: ir.Expr, member: Input) -> bool:
    """Whether whole numbers are only compared with others: floats will do as well."""
    match expr:
        case ir.Compare(left=ir.Name(symbol=symbol), right=right) if (
            symbol.name == member.name and member.dtype == "int32"
        ):
            return right.type == ir.INT
        case ir.Name(symbol=symbol):
            return symbol.name != member.name
    return all(_only_compares(child, member) for child in ir.children(expr))


def _may_be_none(expr: ir.Expr) -> bool:
    """Whether an expression may yield `None`, where there was no mask before."""
    match expr:
        case ir.Literal(value=None):
            return True
        case ir.Name(symbol=symbol):
            return symbol.origin is ir.Origin.MASK
        case ir.Conditional(test=test, then=then, otherwise=otherwise):
            branches = {"is": otherwise, "is not": then}
            sign = test.operator if isinstance(test, ir.Compare) else ""
            asked = test.left if isinstance(test, ir.Compare) else None
            there = branches.get(sign)
            return any(
                _may_be_none(branch)
                for branch in (then, otherwise)
                if not (branch is there and str(branch) == str(asked))
            )
    return False

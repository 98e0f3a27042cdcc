"""Masks: which are taken, and what becomes of them."""

from collections.abc import Mapping

from layergen.codes import language, structure
from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.scope import Scope
from layergen.layer import Argument, Dim, Input, Masking, name_masks
from layergen.loading import call_inputs as forms
from layergen.loading.load import Document
from layergen.lower.expression import read_expression
from layergen.lower.scope import argument_symbols, dim_symbols, input_symbols

_CHOICES = "`masking` is `passes`, `consumes` or `{produces: ...}`"


def lower_masking(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    found: Diagnostics,
) -> Masking:
    """What becomes of masks; what does not go together goes to `found`."""
    for member in inputs:
        if member.takes_mask:
            _check_taken(member, inputs, document, found)
    form, span = document.spec.masking, document.key_span("masking")
    takes = [member for member in inputs if member.takes_mask]
    if form == "passes" and inputs[0].is_list:
        message = "a list of tensors cannot pass its masks on yet"
        where = document.span("masking")
        found.add(structure.NOT_SUPPORTED, message, where, "leave it out for now")
    if isinstance(form, forms.Produces):
        mask = _produced(document, arguments, inputs, dims, found)
        return Masking("produces", mask, span)
    if takes and form in (None, "none"):
        name = takes[0].name
        message = f"`{name}` comes with a mask, and nothing says what becomes of it"
        if form is None:
            span = document.key_span("inputs", name, "mask")
        found.add(codes.BAD_MASKING, message, span, _CHOICES)
    elif form == "consumes" and not takes:
        message = "no mask is taken, so none is consumed"
        note = "add `mask: true` to an input, or leave `masking` out"
        found.add(codes.BAD_MASKING, message, document.span("masking"), note)
    return Masking(form or "none", None, span)


def _check_taken(
    member: Input, inputs: tuple[Input, ...], document: Document, found: Diagnostics
) -> None:
    """Refuse a mask that Keras would not pass, or whose shape is not known."""
    span = document.key_span("inputs", member.name, "mask")
    required = sum(not other.optional for other in inputs)
    if member.is_list:
        message = "the masks of a list of tensors cannot be taken yet"
        found.add(structure.NOT_SUPPORTED, message, span, "leave `mask` out for now")
    elif required < 2 and len(inputs) > 1:
        message = f"Keras passes `{member.name}_mask` only with two tensors or more"
        note = "a call may leave all tensors out but one; make another one required"
        found.add(codes.BAD_MASKING, message, span, note)
    written = document.spec.inputs[member.name]
    if isinstance(written, forms.Input) and isinstance(written.mask, list):
        for i, size in enumerate(written.mask):
            if not isinstance(size, int) and size not in member.shape:
                message = f"`{size}` is no size of `{member.name}`"
                shown = ", ".join(f"`{s}`" for s in member.shape)
                span = document.span("inputs", member.name, "mask", i)
                found.add(codes.BAD_DIM, message, span, f"it has {shown}")


def _produced(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    found: Diagnostics,
) -> ir.Expr | None:
    """The mask that a layer produces: Keras hands over the first input and its mask."""
    first = inputs[0]
    if first.is_list:
        span = document.span("masking", "produces")
        message = "a mask cannot be produced from a list of tensors yet"
        found.add(structure.NOT_SUPPORTED, message, span)
        return None
    name = name_masks(inputs)[first.name]
    mask = ir.Symbol(name, ir.Origin.MASK, ir.ArrayType(ir.Kind.BOOL), ir.Known.CALL)
    own = {dim.name: dim for dim in dims.values() if dim.input == first.name}
    symbols = {
        **{n: s for n, s in argument_symbols(arguments).items() if _is_python(s)},
        **dim_symbols(own, ()),
        **input_symbols([first]),
        name: mask,
    }
    scope = Scope(symbols, ir.Known.CALL, "a mask")
    bound = read_expression(document.scalar("masking", "produces"), scope, found)
    if bound is not None and bound.type not in (mask.type, ir.ANY):
        message = f"a mask is true or false, element by element, this is {bound.type}"
        found.add(language.WRONG_TYPE, message, bound.span, "compare it: `inputs != 0`")
    return bound


def _is_python(symbol: ir.Symbol) -> bool:
    return not isinstance(symbol.type, ir.ArrayType)

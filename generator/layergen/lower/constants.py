"""The form of a constant -> a constant with its one source."""

import numpy as np

from layergen.codes import roles as codes
from layergen.expr import ir
from layergen.layer import Computed, Constant, ConstantSource, Drawn
from layergen.loading import spec as forms
from layergen.lower.sources import ParameterReader, is_plain


def lower_constant(
    reader: ParameterReader, name: str, form: forms.Constant
) -> Constant | None:
    """Read a constant; None if its source cannot be read."""
    document, found = reader.document, reader.found
    given = [k for k in ("value", "file", "initializer") if k in form.model_fields_set]
    shape = None if form.shape is None else reader.shape(name, form.shape)
    if len(given) != 1:
        what = ", ".join(f"`{key}`" for key in given) or "none"
        message = f"a constant has one source, `{name}` has {what}"
        note = "give one of `value`, `file` and `initializer`"
        span = document.key_span("parameters", name, *given[1:2])
        found.add(codes.SOURCES, message, span, note)
        return None
    source = reader.source(name, form, given[0])
    if source is None:
        return None
    constant = Constant(
        name=name,
        shape=shape,
        source=source,
        dtype=form.dtype or _dtype_of(source),
        storage=form.storage,
        renamed_from=form.renamed_from,
        doc=" ".join(form.doc.split()),
        span=document.span("parameters", name, given[0]),
    )
    _check_constant(reader, constant)
    return constant


def _check_constant(reader: ParameterReader, constant: Constant) -> None:
    storage, span = constant.storage, reader.document.span("parameters", constant.name)
    if storage is not None:
        span = reader.document.span("parameters", constant.name, "storage")
    if is_plain(constant.source) and storage is not None:
        message = f"`{constant.name}` is a number: it is part of the code"
        reader.found.add(codes.BAD_STORAGE, message, span, "remove `storage`")
    if isinstance(constant.source, Drawn) and storage == "attribute":
        message = "what is drawn must live in the checkpoint"
        note = "a layer that is loaded would draw it again"
        reader.found.add(codes.BAD_STORAGE, message, span, note)


def _dtype_of(source: ConstantSource) -> str:
    if isinstance(source, Computed):
        kind = getattr(source.expr.type, "kind", ir.Kind.FLOAT)
        return {ir.Kind.BOOL: "bool", ir.Kind.INT: "int32"}.get(kind, "float")
    if isinstance(source, Drawn):
        return "float"
    kinds: dict[str, str] = {"b": "bool", "i": "int32", "u": "int32"}
    return kinds.get(np.asarray(source.array).dtype.kind, "float")

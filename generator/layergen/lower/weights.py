"""The form of a weight -> a weight."""

from collections.abc import Mapping

from layergen.codes import roles as codes
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import Constant, KerasObject, Weight
from layergen.loading import spec as forms
from layergen.lower.expression import require_condition
from layergen.lower.settings import lower_settings
from layergen.lower.sources import ParameterReader, is_plain

_ZEROS = KerasObject("zeros", "keras.initializers.Zeros", "zeros")
"""Stands for an initializer in which a mistake was found."""


def lower_weight(reader: ParameterReader, name: str, form: forms.Weight) -> Weight:
    """Read a weight; what is wrong with it goes to the reader's diagnostics."""
    document = reader.document
    objects, settings = lower_settings(
        name, form, document, reader.arguments, reader.found
    )
    _check_dtype(reader, name, form)
    first = _first(reader, name, form, dict(settings))
    initializer = objects["initializer"]
    if first is None:
        reader.check_initializer(name, form, initializer)
    return Weight(
        name=name,
        shape=reader.shape(name, form.shape),
        initializer=initializer or _ZEROS,
        regularizer=objects["regularizer"],
        constraint=objects["constraint"],
        trainable=form.trainable,
        autocast=form.autocast,
        settings=settings,
        dtype=form.dtype,
        when=_when(reader, name, form),
        first=first,
        renamed_from=form.renamed_from,
        doc=" ".join(form.doc.split()),
        span=document.key_span("parameters", name),
    )


def _check_dtype(reader: ParameterReader, name: str, form: forms.Weight) -> None:
    if form.trainable and dtype_kind(form.dtype) is not ir.Kind.FLOAT:
        message = f"a weight of {form.dtype} cannot be trained"
        span = reader.document.span("parameters", name, "dtype")
        note = "add `trainable: false`, or make it a constant"
        reader.found.add(codes.BAD_WEIGHT, message, span, note)


def _first(
    reader: ParameterReader, name: str, form: forms.Weight, settings: Mapping[str, str]
) -> Constant | None:
    """The first values, if they are given or computed."""
    if "value" not in form.model_fields_set:
        return None
    span = reader.document.span("parameters", name, "value")
    if "initializer" in form.model_fields_set or "initializer" in settings:
        message = f"`{name}` has two sources: `value` and an initializer"
        note = "give one; `configurable` may list the regularizer and constraint"
        reader.found.add(codes.SOURCES, message, span, note)
        return None
    source = reader.source(name, form, "value")
    if source is None:
        return None
    if is_plain(source) and form.shape:
        message = f"`{name}` has a shape, its `value` is one number"
        note = "write `initializer: {name: constant, value: ...}`"
        reader.found.add(codes.SOURCES, message, span, note)
        return None
    return Constant(name, None, source, form.dtype, None, span=span)


def _when(reader: ParameterReader, name: str, form: forms.Weight) -> ir.Expr | None:
    if form.when is None:
        return None
    test = reader.expr("a condition", "parameters", name, "when")
    if test is not None:
        require_condition(test, reader.found)
    return test

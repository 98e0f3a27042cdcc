"""Parameters: weights, and constants with their one source."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.expr.scope import Scope
from layergen.keras_tables.objects import find_initializer
from layergen.layer import (
    Argument,
    Array,
    Computed,
    Constant,
    ConstantSource,
    Dim,
    Drawn,
    Input,
    KerasObject,
    Parameter,
    Weight,
    Written,
)
from layergen.loading import spec as forms
from layergen.loading.load import Document
from layergen.lower.data import load_array
from layergen.lower.expression import (
    read_expression,
    read_sizes,
    require_condition,
)
from layergen.lower.literal import array_of
from layergen.lower.objects import lower_object
from layergen.lower.scope import (
    argument_symbols,
    call_symbols,
    config_scope,
    dim_symbols,
    parameter_symbol,
    unreadable_symbol,
)
from layergen.lower.seed import SEED
from layergen.lower.settings import lower_settings

_ZEROS = KerasObject("zeros", "keras.initializers.Zeros", "zeros")
"""Stands for an initializer in which a mistake was found."""


def lower_parameters(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    dims: Mapping[str, Dim],
    found: Diagnostics,
    *,
    described: bool = False,
) -> tuple[tuple[Parameter, ...], tuple[str, ...]]:
    """The parameters, and the dims that must be known when the layer is built.

    Args:
        document: the spec.
        arguments: its constructor arguments.
        inputs: its inputs.
        dims: the sizes that have names.
        found: takes the mistakes.
        described: whether this is a layer of Keras, which is not generated.
    """
    lowering = _Lowering(document, arguments, inputs, dims, found, described)
    parameters: list[Parameter] = []
    for name, form in document.spec.parameters.items():
        if isinstance(form, forms.Weight):
            parameters.append(lowering.weight(name, form))
        elif (constant := lowering.constant(name, form)) is not None:
            parameters.append(constant)
            lowering.symbols[name] = parameter_symbol(constant)
        else:
            lowering.symbols[name] = unreadable_symbol(name)
    required = {symbol.name for symbol in lowering.used if symbol.name in dims}
    return tuple(parameters), tuple(name for name in dims if name in required)


class _Lowering:
    """What the parameters of one spec share."""

    def __init__(
        self,
        document: Document,
        arguments: tuple[Argument, ...],
        inputs: tuple[Input, ...],
        dims: Mapping[str, Dim],
        found: Diagnostics,
        described: bool,
    ) -> None:
        self.document = document
        self.found = found
        self.latest = ir.Known.BUILD if described else ir.Known.CONFIG
        self.arguments = {argument.name: argument for argument in arguments}
        self.symbols = {
            **argument_symbols(arguments),
            **dim_symbols(dims),
            **call_symbols(document.spec),
        }
        self.used: set[ir.Symbol] = set()
        self.seed = next((a.name for a in arguments if a.type == "seed"), SEED)
        self.drawn = 0

    def expr(self, place: str, *path: str | int) -> ir.Expr | None:
        """Bind the expression at a path; None if it has mistakes."""
        bound = read_expression(
            self.document.scalar(*path), self._scope(place), self.found
        )
        if bound is not None:
            self.used.update(ir.symbols(bound))
        return bound

    def _scope(self, place: str) -> Scope:
        later = frozenset(self.document.spec.parameters)
        return config_scope(self.symbols, place, later)

    def shape(self, name: str, sizes: list[Any]) -> tuple[ir.Expr, ...]:
        bound = []
        for i in range(len(sizes)):
            scalar = self.document.scalar("parameters", name, "shape", i)
            scope = self._scope("a shape")
            size = read_sizes(scalar, scope, self.found, self.latest)
            if size is not None:
                self.used.update(ir.symbols(size))
                bound.append(size)
        return tuple(bound)

    def weight(self, name: str, form: forms.Weight) -> Weight:
        document = self.document
        objects, settings = lower_settings(
            name, form, document, self.arguments, self.found
        )
        self._check_dtype(name, form)
        first = self._first(name, form, dict(settings))
        initializer = objects["initializer"]
        if first is None:
            self._check_initializer(name, form, initializer)
        return Weight(
            name=name,
            shape=self.shape(name, form.shape),
            initializer=initializer or _ZEROS,
            regularizer=objects["regularizer"],
            constraint=objects["constraint"],
            trainable=form.trainable,
            autocast=form.autocast,
            settings=settings,
            dtype=form.dtype,
            when=self._when(name, form),
            first=first,
            doc=" ".join(form.doc.split()),
            span=document.key_span("parameters", name),
        )

    def _check_dtype(self, name: str, form: forms.Weight) -> None:
        if form.trainable and dtype_kind(form.dtype) is not ir.Kind.FLOAT:
            message = f"a weight of {form.dtype} cannot be trained"
            span = self.document.span("parameters", name, "dtype")
            note = "add `trainable: false`, or make it a constant"
            self.found.add(codes.BAD_WEIGHT, message, span, note)

    def _check_initializer(
        self, name: str, form: forms.Weight | forms.Constant, given: Any
    ) -> None:
        entry = find_initializer(given.name) if given else None
        if entry is None:
            return
        span = self.document.span("parameters", name)
        if self.document.has("parameters", name, "initializer"):
            span = self.document.span("parameters", name, "initializer")
        dtype = "float32" if form.dtype in (None, "float") else form.dtype
        if dtype not in entry.dtypes:
            message = f"`{given.name}` makes no {form.dtype}"
            note = "`zeros` and `ones` make every dtype"
            self.found.add(codes.BAD_WEIGHT, message, span, note)
        if any(str(size).lstrip().startswith("*") for size in form.shape or ()):
            return
        rank = len(form.shape or ())
        highest = rank if entry.max_rank is None else entry.max_rank
        if not entry.min_rank <= rank <= highest:
            axes = "1 axis" if rank == 1 else f"{rank} axes"
            message = f"`{given.name}` cannot fill a weight of {axes}"
            self.found.add(codes.BAD_WEIGHT, message, span)

    def _first(
        self, name: str, form: forms.Weight, settings: Mapping[str, str]
    ) -> Constant | None:
        """The first values, if they are given or computed."""
        if "value" not in form.model_fields_set:
            return None
        span = self.document.span("parameters", name, "value")
        if "initializer" in form.model_fields_set or "initializer" in settings:
            message = f"`{name}` has two sources: `value` and an initializer"
            note = "give one; `configurable` may list the regularizer and constraint"
            self.found.add(codes.SOURCES, message, span, note)
            return None
        source = self._source(name, form, "value")
        if source is None:
            return None
        if is_plain(source) and form.shape:
            message = f"`{name}` has a shape, its `value` is one number"
            note = "write `initializer: {name: constant, value: ...}`"
            self.found.add(codes.SOURCES, message, span, note)
            return None
        return Constant(name, None, source, form.dtype, None, span=span)

    def _when(self, name: str, form: forms.Weight) -> ir.Expr | None:
        if form.when is None:
            return None
        test = self.expr("a condition", "parameters", name, "when")
        if test is not None:
            require_condition(test, self.found)
        return test

    def constant(self, name: str, form: forms.Constant) -> Constant | None:
        document, found = self.document, self.found
        given = [
            k for k in ("value", "file", "initializer") if k in form.model_fields_set
        ]
        shape = None if form.shape is None else self.shape(name, form.shape)
        if len(given) != 1:
            what = ", ".join(f"`{key}`" for key in given) or "none"
            message = f"a constant has one source, `{name}` has {what}"
            note = "give one of `value`, `file` and `initializer`"
            span = document.key_span("parameters", name, *given[1:2])
            found.add(codes.SOURCES, message, span, note)
            return None
        source = self._source(name, form, given[0])
        if source is None:
            return None
        constant = Constant(
            name=name,
            shape=shape,
            source=source,
            dtype=form.dtype or _dtype_of(source),
            storage=form.storage,
            doc=" ".join(form.doc.split()),
            span=document.span("parameters", name, given[0]),
        )
        self._check_constant(constant)
        return constant

    def _source(
        self, name: str, form: forms.Constant | forms.Weight, key: str
    ) -> ConstantSource | None:
        path = ("parameters", name, key)
        if key == "file":
            return load_array(self.document, path, form.dtype, self.found)
        if key == "initializer" and isinstance(form, forms.Constant):
            return self._drawn(name, form)
        if isinstance(form.value, str):
            role = "constant" if isinstance(form, forms.Constant) else "weight"
            expr = self.expr(f"the value of a {role}", *path)
            return None if expr is None else Computed(expr)
        if isinstance(form.value, list):
            array = array_of(form.value, form.dtype, self.document, path, self.found)
            if array is None or not self._require_finite(array, path):
                return None
            return Written(array)
        span, kinds = self.document.span(*path), {bool: ir.BOOL, int: ir.INT}
        if form.value is None:
            found_type = "a constant needs a value"
            self.found.add(codes.SOURCES, found_type, span)
            return None
        number = array_of(form.value, form.dtype, self.document, path, self.found)
        if number is None or not self._require_finite(number, path):
            return None
        of_type = kinds.get(type(form.value), ir.FLOAT)
        return Computed(ir.Literal(span, of_type, ir.Known.CONFIG, form.value))

    def _require_finite(self, array: Array, path: tuple[str, ...]) -> bool:
        infinite = np.argwhere(~np.isfinite(array))
        if len(infinite):
            span = self.document.span(*path, *map(int, infinite[0]))
            self.found.add(codes.BAD_LITERAL, "a number that is not finite", span)
        return not len(infinite)

    def _drawn(self, name: str, form: forms.Constant) -> Drawn | None:
        path = ("parameters", name, "initializer")
        if isinstance(form.initializer, str) and form.initializer in self.arguments:
            message = "what a constant is drawn by is no choice of the caller"
            span = self.document.span(*path)
            note = "name one of Keras's initializers, or make it a weight"
            self.found.add(codes.UNKNOWN_OBJECT, message, span, note)
            return None
        drawn = lower_object(
            "initializer", form.initializer, self.document, path, self.found
        )
        if form.shape is None:
            message = f"`{name}` is drawn, so it needs a `shape`"
            span = self.document.key_span("parameters", name)
            self.found.add(codes.SOURCES, message, span, "add `shape: [...]`")
            return None
        if drawn is None:
            return None
        self._check_initializer(name, form, drawn)
        needs_seed = drawn.random and "seed" not in dict(drawn.parameters)
        seed = ir.Symbol(self.seed, ir.Origin.ARGUMENT, ir.INT, ir.Known.CONFIG)
        offset, self.drawn = self.drawn, self.drawn + needs_seed
        return Drawn(drawn, seed if needs_seed else None, offset)

    def _check_constant(self, constant: Constant) -> None:
        scalar = is_number(constant)
        storage, span = constant.storage, self.document.span(
            "parameters", constant.name
        )
        if storage is not None:
            span = self.document.span("parameters", constant.name, "storage")
        if scalar and storage is not None:
            message = f"`{constant.name}` is a number: it is part of the code"
            self.found.add(codes.BAD_STORAGE, message, span, "remove `storage`")
        if isinstance(constant.source, Drawn) and storage == "attribute":
            message = "what is drawn must live in the checkpoint"
            note = "a layer that is loaded would draw it again"
            self.found.add(codes.BAD_STORAGE, message, span, note)


def is_number(constant: Constant) -> bool:
    """Whether a constant is a plain Python number, not an array."""
    return is_plain(constant.source)


def is_plain(source: ConstantSource) -> bool:
    """Whether a source yields a plain Python number, not an array."""
    if not isinstance(source, Computed):
        return False
    return isinstance(source.expr.type, ir.ScalarType)


def _dtype_of(source: ConstantSource) -> str:
    if isinstance(source, Computed):
        kind = getattr(source.expr.type, "kind", ir.Kind.FLOAT)
        return {ir.Kind.BOOL: "bool", ir.Kind.INT: "int32"}.get(kind, "float")
    if isinstance(source, Drawn):
        return "float"
    kinds: dict[str, str] = {"b": "bool", "i": "int32", "u": "int32"}
    return kinds.get(np.asarray(source.array).dtype.kind, "float")

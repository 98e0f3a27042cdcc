"""What a parameter has its values from: an expression, numbers, a file, a draw."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.scope import Scope
from layergen.keras_tables.objects import find_initializer
from layergen.layer import (
    Argument,
    Array,
    Computed,
    ConstantSource,
    Dim,
    Drawn,
    Input,
    Written,
)
from layergen.loading import spec as forms
from layergen.loading.load import Document
from layergen.lower.data import load_array
from layergen.lower.expression import read_expression, read_sizes
from layergen.lower.literal import array_of
from layergen.lower.objects import lower_object
from layergen.lower.scope import (
    argument_symbols,
    call_symbols,
    config_scope,
    dim_symbols,
)
from layergen.lower.seed import SEED


class ParameterReader:
    """What the parameters of one spec share: the names in scope, and what they used."""

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
        """Bind the sizes of a parameter's shape; those with mistakes are left out."""
        bound = []
        for i in range(len(sizes)):
            scalar = self.document.scalar("parameters", name, "shape", i)
            scope = self._scope("a shape")
            size = read_sizes(scalar, scope, self.found, self.latest)
            if size is not None:
                self.used.update(ir.symbols(size))
                bound.append(size)
        return tuple(bound)

    def source(
        self, name: str, form: forms.Constant | forms.Weight, key: str
    ) -> ConstantSource | None:
        """Read what stands under `value`, `file` or `initializer`; None if wrong."""
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
            if array is None or not self.require_finite(array, path):
                return None
            return Written(array)
        span, kinds = self.document.span(*path), {bool: ir.BOOL, int: ir.INT}
        if form.value is None:
            found_type = "a constant needs a value"
            self.found.add(codes.SOURCES, found_type, span)
            return None
        number = array_of(form.value, form.dtype, self.document, path, self.found)
        if number is None or not self.require_finite(number, path):
            return None
        of_type = kinds.get(type(form.value), ir.FLOAT)
        return Computed(ir.Literal(span, of_type, ir.Known.CONFIG, form.value))

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
        self.check_initializer(name, form, drawn)
        needs_seed = drawn.random and "seed" not in dict(drawn.parameters)
        seed = ir.Symbol(self.seed, ir.Origin.ARGUMENT, ir.INT, ir.Known.CONFIG)
        offset, self.drawn = self.drawn, self.drawn + needs_seed
        return Drawn(drawn, seed if needs_seed else None, offset)

    def require_finite(self, array: Array, path: tuple[str, ...]) -> bool:
        """Refuse infinity and NaN."""
        infinite = np.argwhere(~np.isfinite(array))
        if len(infinite):
            span = self.document.span(*path, *map(int, infinite[0]))
            self.found.add(codes.BAD_LITERAL, "a number that is not finite", span)
        return not len(infinite)

    def check_initializer(
        self, name: str, form: forms.Weight | forms.Constant, given: Any
    ) -> None:
        """Refuse an initializer that cannot make this dtype, or this rank."""
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


def is_plain(source: ConstantSource) -> bool:
    """Whether a source yields a plain Python number, not an array."""
    if not isinstance(source, Computed):
        return False
    return isinstance(source.expr.type, ir.ScalarType)

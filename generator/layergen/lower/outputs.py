"""The outputs that a layer is declared to have."""

from collections.abc import Mapping

from layergen.codes import language, structure
from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.scope import Scope
from layergen.layer import ELLIPSIS, INDEX, Argument, Dim, Input, Output
from layergen.loading import outputs as forms
from layergen.loading.load import Document
from layergen.lower.expression import (
    read_expression,
    read_sizes,
    require_condition,
    require_size,
)
from layergen.lower.scope import (
    argument_symbols,
    dim_symbols,
    flag_symbols,
    input_symbols,
)
from layergen.nearest import nearest

ONLY = "outputs"
"""The name of an output that is given none."""


def lower_outputs(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    flags: tuple[Argument, ...],
    dims: Mapping[str, Dim],
    found: Diagnostics,
    *,
    described: bool = False,
) -> tuple[Output, ...]:
    """The outputs, in the order in which `call` returns them.

    Args:
        document: the spec.
        arguments: its constructor arguments.
        inputs: its inputs.
        flags: what else `call` takes.
        dims: the sizes that have names.
        found: takes the mistakes.
        described: whether this is a layer of Keras, which is not generated: then its
            outputs' shapes may read any size of the inputs.
    """
    given = document.spec.outputs
    lowering = _Lowering(document, arguments, inputs, flags, dims, found, described)
    if isinstance(given, forms.Output):
        outputs = [lowering.output(ONLY, given, ("outputs",))]
    else:
        outputs = [
            lowering.output(name, form, ("outputs", name))
            for name, form in given.items()
        ]
    _check_conditions(document, outputs, found)
    return tuple(outputs)


def _check_conditions(
    document: Document, outputs: list[Output], found: Diagnostics
) -> None:
    """Refuse conditions by which a call might return nothing, or many things."""
    conditions = [output for output in outputs if output.when is not None]
    if conditions[:1] == outputs[:1]:
        span = document.key_span(*outputs[0].path, "when")
        message = f"`{outputs[0].name}` comes first, so it must always be there"
        note = "leave `when` out, or put an output without it first"
        found.add(codes.BAD_OUTPUTS, message, span, note)
    for output in conditions[1:]:
        if str(output.when) != str(conditions[0].when):
            span = document.span(*output.path, "when")
            message = "outputs under different conditions are not supported yet"
            note = f"`{conditions[0].name}` exists if `{conditions[0].when}`"
            found.add(structure.NOT_SUPPORTED, message, span, note)


class _Lowering:
    """What the outputs of one spec share."""

    def __init__(
        self,
        document: Document,
        arguments: tuple[Argument, ...],
        inputs: tuple[Input, ...],
        flags: tuple[Argument, ...],
        dims: Mapping[str, Dim],
        found: Diagnostics,
        described: bool,
    ) -> None:
        self.document, self.inputs, self.found = document, inputs, found
        self.described = described
        lists = input_symbols(member for member in inputs if member.is_list)
        self.counts = {**argument_symbols(arguments), **lists}
        optional = input_symbols(member for member in inputs if member.optional)
        self.conditions = argument_symbols(arguments) | flag_symbols(flags) | optional
        self.sizes = {**self.counts, **dim_symbols(dims)}
        self.sizes |= input_symbols(inputs) if described else {}

    def output(self, name: str, form: forms.Output, path: tuple[str, ...]) -> Output:
        """One output; mistakes are recorded."""
        counted = form.count is not None
        shape: tuple[ir.Expr | str, ...] = ()
        like = None
        if isinstance(form.shape, str):
            like = self._like(form.shape, path)
        else:
            shape = self._shape(form.shape, counted, path)
        return Output(
            name=name,
            shape=shape,
            like=like,
            dtype=form.dtype,
            count=self._count(path) if counted else None,
            when=None if form.when is None else self._when(path),
            doc=" ".join(form.doc.split()),
            path=path,
            span=self.document.key_span(*path),
        )

    def _like(self, text: str, path: tuple[str, ...]) -> str:
        """The input whose shape an output has."""
        name = text.removeprefix("like ").strip()
        names = [member.name for member in self.inputs]
        if name not in names:
            known = nearest(name, names)
            note = f"did you mean `{known}`?" if known else ""
            start = text.index(name) if name else 0
            span = self.document.scalar(*path, "shape").inside(start, len(text))
            message = f"there is no input `{name}`"
            self.found.add(language.UNKNOWN_NAME, message, span, note)
        return name

    def _shape(
        self, given: list[int | str], counted: bool, path: tuple[str, ...]
    ) -> tuple[ir.Expr | str, ...]:
        symbols = {**self.sizes, **({INDEX.name: INDEX} if counted else {})}
        sizes: list[ir.Expr | str] = []
        for i, size in enumerate(given):
            if size == ELLIPSIS:
                self._check_ellipsis(i, sizes, path)
                sizes.append(ELLIPSIS)
                continue
            scope = Scope(symbols, ir.Known.CALL, "the output's shape")
            scalar = self.document.scalar(*path, "shape", i)
            latest = ir.Known.CALL if self.described else ir.Known.CONFIG
            bound = read_sizes(scalar, scope, self.found, latest)
            if bound is not None:
                sizes.append(bound)
                self._check_lists(bound)
        return tuple(sizes)

    def _check_lists(self, size: ir.Expr) -> None:
        """Refuse all that a size reads of a list of tensors but their number."""
        counted = [n.args[0] for n in ir.walk(size) if isinstance(n, ir.Builtin)]
        for node in ir.walk(size) if not self.described else ():
            if not isinstance(node, ir.Name) or any(node is each for each in counted):
                continue
            if node.symbol.origin is ir.Origin.INPUT:
                late = "is known only when the layer is called, too late here"
                note = f"only `len({node})` is known of a list of tensors"
                message = f"`{node}` {late}"
                self.found.add(language.KNOWN_TOO_LATE, message, node.span, note)

    def _check_ellipsis(
        self, i: int, sizes: list[ir.Expr | str], path: tuple[str, ...]
    ) -> None:
        span = self.document.span(*path, "shape", i)
        if ELLIPSIS in sizes:
            self.found.add(codes.BAD_DIM, "a second `...`", span)
        elif not any(m.has_ellipsis for m in self.inputs if not m.optional):
            message = "no input has `...`, so the output cannot repeat it"
            self.found.add(codes.BAD_DIM, message, span)

    def _count(self, path: tuple[str, ...]) -> ir.Expr:
        """How many tensors a list has; any number after a mistake."""
        scope = Scope(dict(self.counts), ir.Known.CALL, "the number of tensors")
        scalar = self.document.scalar(*path, "count")
        count = read_expression(scalar, scope, self.found)
        if count is None or not require_size(count, self.found):
            return ir.Literal(scalar.span, ir.ANY, ir.Known.CONFIG, None)
        self._check_lists(count)
        return count

    def _when(self, path: tuple[str, ...]) -> ir.Expr | None:
        scope = Scope(dict(self.conditions), ir.Known.CALL, "an output's condition")
        scalar = self.document.scalar(*path, "when")
        test = read_expression(scalar, scope, self.found)
        if test is not None and require_condition(test, self.found):
            self._check_questions(test)
        return test

    def _check_questions(self, test: ir.Expr) -> None:
        """Refuse all that a condition reads of an input but whether it is there."""
        compared = (node for node in ir.walk(test) if isinstance(node, ir.Compare))
        asked = [each.left for each in compared if each.operator in ("is", "is not")]
        for node in ir.walk(test):
            if not isinstance(node, ir.Name) or any(node is each for each in asked):
                continue
            if node.symbol.origin is ir.Origin.INPUT:
                message = f"`{node}` is known only when the layer is called"
                note = f"a condition asks whether it is there: `{node} is not None`"
                self.found.add(language.KNOWN_TOO_LATE, message, node.span, note)

"""What `call` returns, as the compiler knows it: tensors, and lists of tensors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layergen.expr import ir
from layergen.source import Span

_KINDS = {"bool": ir.Kind.BOOL, "int32": ir.Kind.INT}


@dataclass(frozen=True)
class Output:
    """A tensor that `call` returns. A size is `...` or an expression.

    Attributes:
        name: its name; `outputs` for the only one, which need not have a name.
        shape: its sizes; of a list, `i` is the place of a tensor in it.
        like: the input that has its shape, in place of sizes.
        dtype: `float`, `int32` or `bool`.
        count: how many tensors there are, if it is a list.
        when: it exists only if this holds, of arguments and flags, and of which
            optional inputs there are.
        doc: for the docstring.
        path: where it stands in the spec.
        span: where it is declared.
    """

    name: str
    shape: tuple[ir.Expr | str, ...]
    like: str | None
    dtype: str
    count: ir.Expr | None = None
    when: ir.Expr | None = None
    doc: str = ""
    path: tuple[str, ...] = ("outputs",)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def expressions(self) -> tuple[ir.Expr, ...]:
        """All that it is described by."""
        exprs = [size for size in self.shape if not isinstance(size, str)]
        return tuple(e for e in (*exprs, self.count, self.when) if e is not None)

    @property
    def type(self) -> ir.Type:
        """What it is in the language."""
        tensor = ir.ArrayType(_KINDS.get(self.dtype, ir.Kind.FLOAT))
        return tensor if self.count is None else ir.TupleType(None, tensor)


def inputs_given(test: ir.Expr | None) -> frozenset[str]:
    """The inputs that are there in any case where a condition holds."""
    match test:
        case ir.Compare(operator="is not", left=ir.Name(symbol=symbol)):
            return frozenset({symbol.name})
        case ir.Logical(operator="and", values=values):
            return frozenset().union(*map(inputs_given, values))
    return frozenset()


def result_type(outputs: Sequence[Output], known: Mapping[str, object]) -> ir.Type:
    """What a call yields; any type where it is not known which outputs there are.

    Args:
        outputs: the outputs of the layer.
        known: the values of arguments and flags, as far as they are known.
    """
    holds = [_holds(output.when, known) for output in outputs]
    if None in holds:
        return ir.ANY
    present = [o for o, there in zip(outputs, holds, strict=True) if there]
    types = tuple(output.type for output in present)
    return types[0] if len(types) == 1 else ir.TupleType(types)


def _holds(test: ir.Expr | None, known: Mapping[str, object]) -> bool | None:
    """Whether a condition holds; None if that is not known."""
    match test:
        case None:
            return True
        case ir.Unary(operator="not", operand=inner):
            holds = _holds(inner, known)
            return None if holds is None else not holds
        case ir.Name(symbol=symbol) if symbol.name in known:
            return bool(known[symbol.name])
    return None

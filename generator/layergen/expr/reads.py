"""Expression + what is known already -> which sizes of a tensor it reads.

`inputs.shape[-1 if data_format == "channels_last" else 1]` reads the last size only,
once `data_format` is known.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layergen.expr import ir
from layergen.expr.builtins import BUILTINS
from layergen.expr.operators import COMPUTE


class _Unknown:
    """Stands for a value that is not known."""


UNKNOWN: Final = _Unknown()


class ShapeReader:
    """Evaluates expressions as far as they are known, and notes what they read.

    Args:
        tensor: the name of the tensor.
        rank: how many axes it has; None if it may have any number.
        values: the values of names; others are not known.

    Attributes:
        axes: the axes whose sizes were read.
        reads_all: whether sizes were read that cannot be told one by one.
    """

    def __init__(
        self, tensor: str, rank: int | None, values: Mapping[str, Any]
    ) -> None:
        self.tensor, self.rank, self.values = tensor, rank, dict(values)
        self.axes: set[int] = set()
        self.reads_all = False

    def read(self, expr: ir.Expr) -> Any:
        """The value of an expression, if it is known; `UNKNOWN` if not."""
        match expr:
            case ir.Literal(value=value):
                return value
            case ir.Name(symbol=symbol):
                return self.values.get(symbol.name, UNKNOWN)
            case ir.Attribute(name="ndim") if self._is_tensor(expr.value):
                return UNKNOWN if self.rank is None else self.rank
            case ir.Attribute() if self._is_tensor(expr.value):
                self.reads_all = True
                return UNKNOWN
            case ir.Subscript(
                value=ir.Attribute(value=inner, name="shape")
            ) if self._is_tensor(inner):
                self._read_size(expr.index)
                return UNKNOWN
            case ir.Conditional(test=test, then=then, otherwise=otherwise):
                return self._choose(self.read(test), then, otherwise)
            case ir.Comprehension():
                return self._comprehension(expr)
            case ir.Display(items=items):
                return self._display(items)
            case ir.Spread(value=value):
                return self.read(value)
        return self._compute(expr, [self.read(child) for child in ir.children(expr)])

    def _is_tensor(self, expr: ir.Expr) -> bool:
        return isinstance(expr, ir.Name) and expr.symbol.name == self.tensor

    def _read_size(self, index: ir.Expr | ir.Slice) -> None:
        axes = self._slice(index) if isinstance(index, ir.Slice) else [self.read(index)]
        if all(isinstance(axis, int) for axis in axes):
            self.axes.update(axes)
        else:
            self.reads_all = True

    def _slice(self, index: ir.Slice) -> Sequence[Any]:
        """The axes of a slice, if it is known which these are."""
        ends = (index.start, index.stop, index.step)
        known = [None if end is None else self.read(end) for end in ends]
        if self.rank is None or UNKNOWN in known:
            return [UNKNOWN]
        return range(self.rank)[slice(*known)]

    def _choose(self, test: Any, then: ir.Expr, otherwise: ir.Expr) -> Any:
        if test is not UNKNOWN:
            return self.read(then if test else otherwise)
        self.read(then)
        self.read(otherwise)
        return UNKNOWN

    def _comprehension(self, expr: ir.Comprehension) -> Any:
        elements = self.read(expr.iterable)
        before, found = dict(self.values), []
        for element in (UNKNOWN,) if elements is UNKNOWN else elements:
            parts = [element] if len(expr.targets) == 1 else element
            if parts is UNKNOWN:
                parts = [UNKNOWN] * len(expr.targets)
            self.values |= {s.name: p for s, p in zip(expr.targets, parts, strict=True)}
            test = True if expr.test is None else self.read(expr.test)
            if test:
                found.append(self.read(expr.element))
        self.values = before
        known = elements is not UNKNOWN and expr.test is None
        return tuple(found) if known else UNKNOWN

    def _display(self, items: tuple[ir.Expr, ...]) -> Any:
        values: list[Any] = []
        for item in items:
            value = self.read(item.value if isinstance(item, ir.Spread) else item)
            if isinstance(item, ir.Spread) and value is UNKNOWN:
                return UNKNOWN
            values += value if isinstance(item, ir.Spread) else [value]
        return tuple(values)

    def _compute(self, expr: ir.Expr, operands: list[Any]) -> Any:
        """What follows from operands, if all of them are known."""
        if any(operand is UNKNOWN for operand in operands):
            return UNKNOWN
        try:
            match expr:
                case ir.Binary(operator="**") if _is_huge(*operands):
                    return UNKNOWN
                case ir.Binary(operator=sign) | ir.Compare(operator=sign):
                    return COMPUTE[sign](*operands)
                case ir.Unary(operator="not"):
                    return not operands[0]
                case ir.Unary(operator="-"):
                    return -operands[0]
                case ir.Builtin(name=name):
                    return BUILTINS[name].compute(*operands)
                case ir.Subscript() if len(operands) > 1:
                    return operands[0][operands[1]]
        except (ArithmeticError, IndexError, TypeError, ValueError):
            return UNKNOWN  # the oracle tells what is wrong
        return UNKNOWN


def _is_huge(base: Any, power: Any) -> bool:
    """Whether a power has more digits than there is time for."""
    whole = isinstance(base, int) and isinstance(power, int)
    return whole and power > 0 and base.bit_length() * power > 256

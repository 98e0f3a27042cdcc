"""Expressions + values -> values.

What cannot be evaluated is a mistake of the spec: an `EvaluationError` that names
the innermost expression to blame, with the shapes that met there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from layergen.codes import language, numbers
from layergen.expr import ir
from layergen.expr.builtins import BUILTINS
from layergen.expr.operators import COMPUTE
from layergen.expr.ops import NUMBERS, OPS
from layergen.oracle.draws import DRAWS
from layergen.oracle.failures import EvaluationError, misfit, missing
from layergen.oracle.kernels import KERNELS, TooLargeError, guard_broadcast
from layergen.oracle.kernels.work import measure
from layergen.oracle.results import check_result, is_huge_power
from layergen.oracle.shown import show_expr
from layergen.source import Span

_TOTAL_ELEMENTS = 30_000_000
"""Elements that one evaluation may make in all."""

_STEP = 30
"""Elements that take as long to make as evaluating one expression."""

_OPERATORS: Final = {**COMPUTE, "@": KERNELS["matmul"]}

_DTYPES: Final = {
    ir.Kind.FLOAT: "float",
    ir.Kind.INT: "int32",
    ir.Kind.BOOL: "bool",
}
"""The dtype of a tensor, as far as its numbers show it."""


DECIDE: Final = "python if"
"""The kernel that is told of which numbers a condition is made, if there is one."""


def python(name: str) -> str:
    """The kernel that stands for a function of Python, if there is one."""
    return f"python {name}"


class ExpressionEvaluator:
    """Evaluates the expressions of one instance of a layer.

    Args:
        values: what each name stands for. A weight that does not exist is None.
        sizes: the sizes that have names, by which findings show shapes.
        shapes: the shapes of inputs, where their values are not known yet.
        draws: the kernels of the ops that draw, and others in place of the usual ones.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        sizes: Mapping[str, int] | None = None,
        shapes: Mapping[str, Sequence[Any]] | None = None,
        draws: Mapping[str, Callable[..., Any]] = DRAWS,
    ) -> None:
        self.sizes = sizes or {}
        self.values: dict[str, Any] = {**NUMBERS, **values}
        self.shapes = shapes or {}
        self.kernels = {**KERNELS, **draws}
        self.made = 0

    def value(self, expr: ir.Expr) -> Any:
        """The value of an expression.

        Raises:
            EvaluationError: it has none.
        """
        self.spend(_STEP, expr.span)
        match expr:
            case ir.Literal(value=value):
                return value
            case ir.Name(symbol=symbol):
                value = self.values[symbol.name]
                if value is None and symbol.origin is ir.Origin.DIM:
                    raise missing(expr)
                return value
            case ir.Display(items=items):
                return self._display(items, expr.span)
            case ir.Conditional(test=test, then=then, otherwise=otherwise):
                return self.value(then if self.holds(test) else otherwise)
            case ir.Logical(operator=word, values=values):
                return self._logical(word, values)
            case ir.Attribute(value=inner, name="dtype", type=ir.DtypeType(kind=kind)):
                self._tensor_shape(inner)
                return _DTYPES[kind]
            case ir.Attribute(value=inner, name=name):
                shape = self._shape(inner)
                return shape if name == "shape" else len(shape)
            case ir.Comprehension():
                return self._comprehension(expr)
            case ir.Apply(callee=callee, args=args, keywords=keywords) if isinstance(
                callee.type, ir.FunctionType
            ):
                named = {name: self.value(value) for name, value in keywords}
                return self.value(callee)(*map(self.value, args), **named)
            case ir.Apply(callee=callee, args=args, keywords=keywords):
                assert isinstance(callee.type, ir.CallableType)
                read = dict.fromkeys(callee.type.mask_names, self.value)  # may be None
                named = {n: read.get(n, self.tensor)(value) for n, value in keywords}
                given = [self.tensor(arg) for arg in args]
                return self.tensor(callee)(given, named, expr.span)
        operands = [self._operand(child, expr) for child in ir.children(expr)]
        try:
            with np.errstate(all="ignore"):
                result = self._compute(expr, operands)
        except EvaluationError:
            raise
        except TooLargeError as error:
            message = f"{show_expr(expr)} is too large: {error}"
            raise EvaluationError(language.TOO_LARGE, message, expr.span) from None
        except MemoryError:
            message = f"`{expr}` takes more memory than there is"
            raise EvaluationError(language.TOO_LARGE, message, expr.span) from None
        except (ValueError, IndexError, TypeError) as error:
            raise misfit(expr, operands, error, self.sizes) from None
        except (ZeroDivisionError, OverflowError) as error:
            message = f"`{expr}` has no value: {error}"
            raise EvaluationError(numbers.FAILED, message, expr.span) from None
        self._spend_on(expr, operands, result)
        return check_result(expr, result)

    def sizes_of(self, size: ir.Expr) -> tuple[int, ...]:
        """The sizes that one entry of a shape stands for: several if it is spread."""
        return self._display((size,), size.span)

    def _display(self, items: tuple[ir.Expr, ...], span: Span) -> tuple[Any, ...]:
        values: list[Any] = []
        for item in items:
            if isinstance(item, ir.Spread):
                values += self.value(item.value)
            else:
                values.append(self.value(item))
        self.spend(len(values), span)
        return tuple(values)

    def _shape(self, expr: ir.Expr) -> tuple[int, ...]:
        """A tensor's shape; an input's is known before its value."""
        if isinstance(expr, ir.Name) and expr.symbol.name in self.shapes:
            return tuple(self.shapes[expr.symbol.name])
        return self._tensor_shape(expr)

    def assign(self, targets: tuple[ir.Symbol, ...], value: Any, span: Span) -> None:
        """Give names their values."""
        values = [value] if len(targets) == 1 else value
        if not isinstance(values, list | tuple):
            message = f"{len(targets)} names for one value"
            raise EvaluationError(numbers.SHAPES, message, span)
        if len(values) != len(targets):
            message = f"{len(targets)} names for {len(values)} values"
            raise EvaluationError(numbers.SHAPES, message, span)
        for symbol, part in zip(targets, values, strict=True):
            self.values[symbol.name] = part

    def _comprehension(self, expr: ir.Comprehension) -> tuple[Any, ...]:
        before = dict(self.values)
        elements = []
        for element in self.value(expr.iterable):
            self.assign(expr.targets, element, expr.span)
            if expr.test is None or self.value(expr.test):
                elements.append(self.value(expr.element))
        self.values = before
        return tuple(elements)

    def _logical(self, word: str, values: tuple[ir.Expr, ...]) -> bool:
        for expr in values:
            if self.holds(expr) is (word == "or"):
                return word == "or"
        return word == "and"

    def holds(self, expr: ir.Expr) -> bool:
        """Whether a condition holds."""
        if DECIDE in self.kernels:
            self._decide(expr)
        value = self.value(expr)
        if isinstance(value, np.ndarray):
            message = f"`{expr}` is a tensor here, which decides nothing"
            raise EvaluationError(language.TENSOR_CONDITION, message, expr.span)
        return bool(value)

    def _decide(self, expr: ir.Expr) -> None:
        """Tell the kernels of which numbers a condition is made."""
        numbers = [
            self.value(side)
            for node in ir.walk(expr)
            if isinstance(node, ir.Compare)
            for side in (node.left, node.right)
            if isinstance(side.type, ir.ScalarType)
        ]
        try:
            self.kernels[DECIDE](*numbers)
        except ValueError as error:
            raise misfit(expr, numbers, error, self.sizes) from None

    def _tensor_shape(self, expr: ir.Expr) -> tuple[int, ...]:
        value = self.tensor(expr)
        if not isinstance(value, np.ndarray):
            message = f"`{expr}` is no tensor here, so it has no shape"
            raise EvaluationError(numbers.FAILED, message, expr.span)
        shape: tuple[int, ...] = value.shape
        return shape

    def _operand(self, expr: ir.Expr, outer: ir.Expr) -> Any:
        none_allowed = isinstance(outer, ir.Compare | ir.Call)
        none_allowed |= isinstance(outer, ir.Index) and expr is not outer.value
        return self.value(expr) if none_allowed else self.tensor(expr)

    def tensor(self, expr: ir.Expr) -> Any:
        """A value that is there: an input may be left out, a weight not exist."""
        value = self.value(expr)
        if value is None and isinstance(expr, ir.Name):
            raise missing(expr)
        return value

    def _compute(self, expr: ir.Expr, operands: list[Any]) -> Any:
        match expr:
            case ir.Unary(operator="not"):
                return not operands[0]
            case ir.Unary(operator="-"):
                return -operands[0]
            case ir.Unary():
                return +operands[0]
            case ir.Binary(operator=sign) | ir.Compare(operator=sign):
                return self._binary(sign, operands[0], operands[1])
            case ir.Subscript():
                return operands[0][self._index(expr.index)]
            case ir.Index(items=items):
                return operands[0][tuple(self._index(item) for item in items)]
            case ir.Builtin(name=name):
                compute = self.kernels.get(python(name), BUILTINS[name].compute)
                return compute(*operands)
            case ir.Call(op=op, args=args, keywords=keywords):
                self._check_present(expr, operands)
                named = zip(keywords, operands[len(args) :], strict=True)
                options = {name: value for (name, _), value in named}
                return self.kernels[op](*operands[: len(args)], **options)
        raise AssertionError(expr)

    def _index(self, item: ir.Expr | ir.Slice | ir.Dots) -> Any:
        match item:
            case ir.Dots():
                return ...
            case ir.Slice(start=start, stop=stop, step=step):
                parts = (start, stop, step)
                return slice(*(None if p is None else self.value(p) for p in parts))
        return self.value(item)

    def _check_present(self, expr: ir.Call, operands: list[Any]) -> None:
        """Refuse what does not exist, but where it counts as left out.

        Raises:
            EvaluationError: an argument does not exist.
        """
        op = OPS[expr.op]
        slots = [parameter for _, parameter in op.slots(len(expr.args))]
        by_name = {parameter.name: parameter for parameter in op.parameters}
        slots += [by_name[name] for name, _ in expr.keywords]
        for parameter, child, value in zip(
            slots, ir.children(expr), operands, strict=True
        ):
            is_there = value is not None or not isinstance(child, ir.Name)
            if not is_there and not parameter.takes_none:
                raise missing(child)

    def _binary(self, sign: str, left: Any, right: Any) -> Any:
        if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
            if sign in ("is", "is not", "@"):
                return _OPERATORS[sign](left, right)
            guard_broadcast(left, right)
        elif sign == "**" and is_huge_power(left, right):
            raise TooLargeError("an integer of more than 64 bits")
        return _OPERATORS[sign](left, right)

    def _spend_on(self, expr: ir.Expr, operands: list[Any], result: Any) -> None:
        results = result if isinstance(result, tuple) else (result,)
        if isinstance(result, tuple):
            self.spend(len(result), expr.span)
        arrays = [each for each in results if isinstance(each, np.ndarray)]
        if arrays:
            sign = getattr(expr, "operator", "")
            name = expr.op if isinstance(expr, ir.Call) else sign
            self.spend(measure(name, operands, arrays), expr.span)

    def spend(self, elements: int, span: Span) -> None:
        """Count elements that are made.

        Raises:
            EvaluationError: there are too many.
        """
        self.made += elements
        if self.made > _TOTAL_ELEMENTS:
            message = "the layer computes more than can be tried out"
            raise EvaluationError(language.TOO_LARGE, message, span)

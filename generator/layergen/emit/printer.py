"""Typed tree -> Python source, as a `Doc`.

One printer for all stages; what differs is a `Stage`: how names are spelled, and
whether arrays are NumPy's (before the call) or tensors (in the call).
"""

from dataclasses import dataclass, replace
from typing import Final

from layergen.emit.doc import (
    Doc,
    attribute,
    binary,
    call,
    comprehension,
    concat,
    keyword,
    list_of,
    literal,
    quote,
    subscript,
    ternary,
    tuple_of,
    unary,
)
from layergen.emit.sequences import SequencePrinter
from layergen.emit.stage import COMPUTE_DTYPE, Stage
from layergen.expr import ir
from layergen.expr.op import Op
from layergen.expr.op import Parameter as OpParameter
from layergen.expr.ops import OPS
from layergen.expr.unknown import fixed_dtype, is_unknown_size

_WIDE = 10**6

SEED_GENERATOR: Final = "self.seed_generator"


def print_expr(expr: ir.Expr, stage: Stage) -> Doc:
    """The source of an expression."""
    return _Printer(stage).expr(expr)


@dataclass(frozen=True)
class _Printer(SequencePrinter):
    def expr(self, expr: ir.Expr) -> Doc:
        match expr:
            case ir.Literal(value=value):
                return literal(value)
            case ir.Name():
                return self._cast_name(expr)
            case ir.Unary(operator=operator, operand=operand):
                level = ir.BINDING["not"] if operator == "not" else ir.SIGN
                return unary(operator, self._inside(operand, level))
            case ir.Binary(operator=operator):
                return self._binary(expr, operator)
            case ir.Compare(operator="is" | "is not" as word, left=ir.Name() as name):
                return binary(self._source(name), word, "None")
            case ir.Compare(operator=operator, left=left, right=right):
                sides = [self._inside(side, 6) for side in self._alike(left, right)]
                return binary(sides[0], operator, sides[1])
            case ir.Logical(operator=operator, values=values):
                return self._chain(operator, values)
            case ir.Conditional(test=test, then=then, otherwise=otherwise):
                return ternary(
                    self._inside(then, 2), self._inside(test, 2), self.expr(otherwise)
                )
            case ir.Display():
                return self._display(expr)
            case ir.Spread(value=value):
                if isinstance(value, ir.Builtin):
                    return concat("*", self.iterable(value))
                return concat("*", self._inside(value, ir.SPREAD))
            case ir.Subscript() if str(expr) in self.stage.names:
                return self.stage.names[str(expr)]
            case ir.Subscript(value=value, index=index):
                return subscript(self._inside(value, ir.ATOM), self._items((index,)))
            case ir.Index(value=value, items=items):
                return subscript(self._inside(value, ir.ATOM), self._items(items))
            case ir.Builtin():
                return self._builtin(expr)
            case ir.Comprehension():
                return self._comprehension(expr)
            case ir.Apply():
                return self._apply(expr)
            case ir.Attribute(value=value, name=name):
                return self._attribute(value, name)
            case ir.Call():
                return self._call(expr)

    def _source(self, name: ir.Name) -> Doc:
        symbol = name.symbol
        if symbol.origin is ir.Origin.NUMBER:
            return f"math.{symbol.name}"
        return self.stage.names.get(symbol.name, symbol.name)

    def _cast_name(self, name: ir.Name) -> Doc:
        source = self._source(name)
        if name.symbol.name in self.stage.uncast:
            return self._function("cast", source, self.stage.dtype)
        return source

    def _function(self, name: str, *arguments: Doc) -> Doc:
        return call(f"ops.{name}", arguments)

    def _binary(self, expr: ir.Binary, operator: str) -> Doc:
        level = ir.BINDING[operator]
        left, right = expr.left, expr.right
        if isinstance(expr.type, ir.ArrayType):
            dtype = fixed_dtype(expr, self.stage.fixed)
            left, right = (
                self._promoted(side, expr.type, dtype) for side in (left, right)
            )
        least = (ir.ATOM, ir.SIGN) if operator == "**" else (level, level + 1)
        sides = [
            self._number(side, expr) or self._inside(side, binds)
            for side, binds in zip((left, right), least, strict=True)
        ]
        return binary(sides[0], operator, sides[1])

    def _number(self, side: ir.Expr, expr: ir.Binary) -> Doc | None:
        """A size that a graph may not know, as a tensor where it meets floats."""
        if not self.stage.tensors or expr.type != ir.ArrayType(ir.Kind.FLOAT):
            return None
        if not is_unknown_size(side, self.stage.sizes):
            return None
        fixed = fixed_dtype(expr, self.stage.fixed)
        dtype = quote(fixed) if fixed else self.stage.dtype
        return self._function("cast", self.expr(side), dtype)

    def _alike(self, left: ir.Expr, right: ir.Expr) -> tuple[ir.Expr, ir.Expr]:
        """Two tensors that meet in an operator, of one kind: TensorFlow needs it."""
        kinds = [e.type.kind for e in (left, right) if isinstance(e.type, ir.ArrayType)]
        if len(set(kinds)) < 2:
            return left, right
        order = (ir.Kind.BOOL, ir.Kind.INT, ir.Kind.FLOAT)
        widest = ir.ArrayType(max(kinds, key=order.index))
        return self._promoted(left, widest), self._promoted(right, widest)

    def _promoted(
        self, expr: ir.Expr, wanted: ir.ArrayType, fixed: str = ""
    ) -> ir.Expr:
        """An operand, in a cast if it is a tensor of a narrower kind."""
        is_tensor = isinstance(expr.type, ir.ArrayType) and self.stage.tensors
        if not is_tensor or expr.type == wanted:
            return expr
        dtype = {ir.Kind.FLOAT: fixed or "float", ir.Kind.INT: "int32"}[wanted.kind]
        name = ir.Literal(expr.span, ir.STR, ir.Known.CONFIG, dtype)
        return ir.Call(expr.span, wanted, expr.known, "cast", (expr, name), ())

    def _chain(self, operator: str, values: tuple[ir.Expr, ...]) -> Doc:
        level = ir.BINDING[operator]
        doc = self._inside(values[0], level)
        for value in values[1:]:
            doc = binary(doc, operator, self._inside(value, level + 1))
        return doc

    def _apply(self, expr: ir.Apply) -> Doc:
        """A call of a sublayer, which is told whether it is being trained."""
        arguments = [self.expr(arg) for arg in expr.args]
        arguments += [keyword(name, self.expr(value)) for name, value in expr.keywords]
        if expr.has_training:
            arguments.append("training=training")
        return call(self._inside(expr.callee, ir.ATOM), arguments)

    def _attribute(self, value: ir.Expr, name: str) -> Doc:
        if isinstance(value, ir.Name) and value.symbol.name in self.stage.shapes:
            shape = self.stage.shapes[value.symbol.name]
            return shape if name == "shape" else f"len({shape})"
        source = self._inside(value, ir.ATOM)
        if name == "shape" and self.stage.tensors:
            return self._function("shape", source)
        return attribute(source, name)

    def _call(self, expr: ir.Call) -> Doc:
        op = OPS[expr.op]
        if isinstance(expr.type, ir.ScalarType):
            return self._math(expr, op)
        first = expr.args[0] if expr.args else None
        gathers = op.gathers and isinstance(first, ir.Name)
        if (
            gathers
            and isinstance(first, ir.Name)
            and first.symbol.name in self.stage.uncast
        ):
            uncast = self.stage.uncast - {first.symbol.name}
            inner = _Printer(replace(self.stage, uncast=uncast))
            return self._function("cast", inner._spelled(expr, op), self.stage.dtype)
        return self._spelled(expr, op)

    def _math(self, expr: ir.Call, op: Op) -> Doc:
        assert op.math is not None
        return call(op.math, [self.expr(arg) for arg in ir.children(expr)])

    def _spelled(self, expr: ir.Call, op: Op) -> Doc:
        tensors = self.stage.tensors
        spelling = op.keras if tensors else op.numpy
        assert spelling is not None, f"{op.name} has no NumPy form"
        by_name = {parameter.name: parameter for parameter in op.parameters}
        slots = op.slots(len(expr.args))
        arguments = [
            self._given(expr, op, parameter, value)
            for (_, parameter), value in zip(slots, expr.args, strict=True)
        ]
        arguments += [
            keyword(name, self._given(expr, op, by_name[name], value))
            for name, value in expr.keywords
        ]
        given = {*dict(slots), *dict(expr.keywords)}
        left_out = [(n, text) for n, text in op.explicit if n not in given]
        if tensors:
            arguments += [keyword(name, quote(text)) for name, text in left_out]
        if tensors and op.creates:
            arguments.append(keyword("dtype", self._dtype_of(expr)))
        if op.draws:
            arguments.append(keyword("seed", SEED_GENERATOR))
        if tensors and op.single == "only":
            return self._from_single(expr, call(spelling, arguments))
        return call(spelling, arguments)

    def _from_single(self, expr: ir.Call, doc: Doc) -> Doc:
        """What is computed in single precision, in the dtype of the layer."""
        if not isinstance(expr.type, ir.TupleType):
            return self._function("cast", doc, self.stage.dtype)
        part = self._function("cast", "part", self.stage.dtype)
        return comprehension("[", part, [("for part in ", doc)], "]")

    def _given(
        self, outer: ir.Call, op: Op, parameter: OpParameter, value: ir.Expr
    ) -> Doc:
        """An argument; what may be `None` is converted only if it is not."""
        doc = self._argument(outer, op, parameter.accepts, value)
        if not isinstance(value, ir.Name) or not parameter.takes_none:
            return doc
        source = self._source(value)
        if value.symbol.name not in self.stage.optional or doc == source:
            return doc
        return ternary("None", binary(source, "is", "None"), doc)

    def _argument(self, outer: ir.Call, op: Op, accepts: str, value: ir.Expr) -> Doc:
        if accepts == "dtype" and isinstance(value, ir.Literal):
            is_float = value.value == "float"
            return self.stage.dtype if is_float else quote(str(value.value))
        is_float = outer.type == ir.ArrayType(ir.Kind.FLOAT)
        if accepts == "tensor" and is_float and op.name != "cast":
            value = self._promoted(value, ir.ArrayType(ir.Kind.FLOAT))
        if accepts == "state" and isinstance(value, ir.Display):
            value = replace(
                value, is_list=False
            )  # JAX tells it from what a step returns
        doc = self.expr(value)
        is_mask = value.type == ir.ArrayType(ir.Kind.BOOL)
        if is_float and is_mask and accepts == "tensor" and not self.stage.tensors:
            # NumPy would compute in half precision
            return call("np.array", [doc, keyword("dtype", quote("float64"))])
        if accepts == "tensor" and op.single == "only" and self.stage.tensors:
            return self._function("cast", doc, quote("float32"))
        if op.converts and isinstance(value, ir.Display) and _holds_tensors(value):
            form = list_of if value.is_list else tuple_of
            return form([self._converted(item) for item in value.items])
        return self._converted(value) if op.converts else doc

    def _converted(self, value: ir.Expr) -> Doc:
        """A tensor, where a Keras Variable would not do."""
        variables = self.stage.variables - self.stage.uncast
        doc = self.expr(value)
        is_variable = isinstance(value, ir.Name) and value.symbol.name in variables
        return self._function("convert_to_tensor", doc) if is_variable else doc

    def _dtype_of(self, expr: ir.Expr) -> Doc:
        kind = getattr(expr.type, "kind", ir.Kind.FLOAT)
        spelled = {ir.Kind.INT: quote("int32"), ir.Kind.BOOL: quote("bool")}
        return spelled.get(kind, self.stage.dtype)


def _holds_tensors(expr: ir.Display) -> bool:
    return all(isinstance(item.type, ir.ArrayType) for item in expr.items)


def print_iterable(expr: ir.Expr, stage: Stage) -> Doc:
    """The source of what a loop goes over."""
    return _Printer(stage).iterable(expr)


def print_update(value: ir.Expr, state: str, stage: Stage) -> Doc:
    """The new value of a state, computed in the state's own dtype.

    Args:
        value: the new value.
        state: the source of the state's variable.
        stage: the stage of the call.
    """
    return _StatePrinter(replace(stage, dtype=f"{state}.dtype"), state).expr(value)


@dataclass(frozen=True)
class _StatePrinter(_Printer):
    """Casts the tensors that an update starts from to the state's dtype."""

    state: str

    def expr(self, expr: ir.Expr) -> Doc:
        if not isinstance(expr.type, ir.ArrayType):
            return super().expr(expr)
        if isinstance(expr, ir.Name) and self._source(expr) == self.state:
            return self.state
        if isinstance(expr, ir.Unary | ir.Binary):
            return super().expr(expr)
        inner = _Printer(replace(self.stage, dtype=COMPUTE_DTYPE))
        if isinstance(expr, ir.Name):  # a cast of what is not cast is one cast
            return self._function("cast", self._source(expr), self.stage.dtype)
        return self._function("cast", inner.expr(expr), self.stage.dtype)

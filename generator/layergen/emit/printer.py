"""Typed tree -> Python source, as a `Doc`.

One printer for all stages; what differs is a `Stage`: how names are spelled, and
whether arrays are NumPy's (before the call) or tensors (in the call).
"""

from dataclasses import dataclass, replace

from layergen.emit.calls import CallPrinter
from layergen.emit.doc import (
    Doc,
    attribute,
    binary,
    call,
    concat,
    keyword,
    literal,
    subscript,
    ternary,
    unary,
)
from layergen.emit.stage import Stage
from layergen.expr import ir
from layergen.expr.carried import is_carried
from layergen.expr.op import Op
from layergen.expr.unknown import fixed_dtype, is_unknown_size


def print_expr(expr: ir.Expr, stage: Stage) -> Doc:
    """The source of an expression."""
    return _Printer(stage).expr(expr)


@dataclass(frozen=True)
class _Printer(CallPrinter):
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

    def _cast_name(self, name: ir.Name) -> Doc:
        source = self._source(name)
        if name.symbol.name in self.stage.uncast:
            return self._function("cast", source, self.stage.dtype)
        return source

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
        dtype = self.stage.dtype if fixed is None else self.expr(fixed)
        return self._function("cast", self.expr(side), dtype)

    def _alike(self, left: ir.Expr, right: ir.Expr) -> tuple[ir.Expr, ir.Expr]:
        """Two tensors that meet in an operator, of one kind: TensorFlow needs it."""
        kinds = [e.type.kind for e in (left, right) if isinstance(e.type, ir.ArrayType)]
        if len(set(kinds)) < 2:
            return left, right
        order = (ir.Kind.BOOL, ir.Kind.INT, ir.Kind.FLOAT)
        widest = ir.ArrayType(max(kinds, key=order.index))
        return self._promoted(left, widest), self._promoted(right, widest)

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


def print_iterable(expr: ir.Expr, stage: Stage) -> Doc:
    """The source of what a loop goes over."""
    return _Printer(stage).iterable(expr)


def print_update(value: ir.Expr, state: ir.Symbol, stage: Stage) -> Doc:
    """The new value of a state, computed in the state's own dtype.

    Args:
        value: the new value.
        state: the state.
        stage: the stage of the call.
    """
    dtype, uncast = f"self.{state.name}.dtype", stage.uncast - {state.name}
    own = replace(stage, dtype=dtype, uncast=uncast)
    return _StatePrinter(own, state, _Printer(stage)).expr(value)


@dataclass(frozen=True)
class _StatePrinter(_Printer):
    """Casts the tensors that an update starts from to the state's dtype.

    Attributes:
        state: the state.
        plain: prints what is computed in the dtype of the layer.
    """

    state: ir.Symbol
    plain: _Printer

    def expr(self, expr: ir.Expr) -> Doc:
        if not isinstance(expr.type, ir.ArrayType):
            return super().expr(expr)
        if isinstance(expr, ir.Name) and expr.symbol == self.state:
            return self._source(expr)
        if is_carried(expr, self.state):
            return super().expr(expr)
        match expr:  # a cast of what is cast is one cast
            case ir.Name():
                source = self._source(expr)
            case ir.Call(op="cast", args=(inner, ir.Literal(value="float"))):
                source = self.plain.expr(inner)
            case _:
                source = self.plain.expr(expr)
        return self._function("cast", source, self.stage.dtype)

    def _argument(self, outer: ir.Call, op: Op, accepts: str, value: ir.Expr) -> Doc:
        decides = isinstance(value.type, ir.ArrayType) and accepts in ("index", "mask")
        if decides:
            return self.plain._argument(outer, op, accepts, value)
        return super()._argument(outer, op, accepts, value)

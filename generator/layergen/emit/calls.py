"""Calls of functions -> source, as a `Doc`: how each is spelled, and its arguments."""

from dataclasses import dataclass, replace
from typing import Final

from layergen.emit.doc import (
    Doc,
    binary,
    call,
    comprehension,
    keyword,
    list_of,
    quote,
    ternary,
    tuple_of,
)
from layergen.emit.sequences import SequencePrinter
from layergen.expr import ir
from layergen.expr.op import Op
from layergen.expr.op import Parameter as OpParameter
from layergen.expr.ops import OPS
from layergen.expr.unknown import is_unknown_size

SEED_GENERATOR: Final = "self.seed_generator"


@dataclass(frozen=True)
class CallPrinter(SequencePrinter):
    """Prints calls of the functions of the language."""

    def _call(self, expr: ir.Call) -> Doc:
        op = OPS[expr.op]
        if isinstance(expr.type, ir.ScalarType):
            return self._math(expr, op)
        first = expr.args[0] if expr.args else None
        if isinstance(first, ir.Name) and first.symbol.name in self.stage.uncast:
            uncast = self.stage.uncast - {first.symbol.name}
            inner = replace(self, stage=replace(self.stage, uncast=uncast))
            if op.name == "cast":  # one cast: the first of two would round
                return inner._spelled(expr, op)
            if op.gathers:
                gathered = inner._spelled(expr, op)
                return self._function("cast", gathered, self.stage.dtype)
        if op.name == "cast" and self._rounds(expr):
            number, dtype = expr.args
            made = [self.expr(number), self._argument(expr, op, "dtype", dtype)]
            return self._function(
                "convert_to_tensor", made[0], keyword("dtype", made[1])
            )
        return self._spelled(expr, op)

    def _rounds(self, cast: ir.Call) -> bool:
        """Whether Keras would first make float32 of what is a float of Python."""
        is_float = cast.args[0].type == ir.ScalarType(ir.Kind.FLOAT)
        stays = cast.type == ir.ArrayType(ir.Kind.FLOAT)
        return (
            is_float and stays and not is_unknown_size(cast.args[0], self.stage.sizes)
        )

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
            # JAX tells it from what a step returns
            value = replace(value, is_list=False)
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

    def _source(self, name: ir.Name) -> Doc:
        symbol = name.symbol
        if symbol.origin is ir.Origin.NUMBER:
            return f"math.{symbol.name}"
        return self.stage.names.get(symbol.name, symbol.name)

    def _function(self, name: str, *arguments: Doc) -> Doc:
        return call(f"ops.{name}", arguments)

    def _promoted(
        self, expr: ir.Expr, wanted: ir.ArrayType, fixed: ir.Expr | None = None
    ) -> ir.Expr:
        """An operand, in a cast if it is a tensor of a narrower kind."""
        is_tensor = isinstance(expr.type, ir.ArrayType) and self.stage.tensors
        if not is_tensor or expr.type == wanted:
            return expr
        name = {ir.Kind.FLOAT: "float", ir.Kind.INT: "int32"}[wanted.kind]
        literal = ir.Literal(expr.span, ir.STR, ir.Known.CONFIG, name)
        dtype = fixed if fixed and wanted.kind is ir.Kind.FLOAT else literal
        return ir.Call(expr.span, wanted, expr.known, "cast", (expr, dtype), ())


def _holds_tensors(expr: ir.Display) -> bool:
    return all(isinstance(item.type, ir.ArrayType) for item in expr.items)

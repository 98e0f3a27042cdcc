"""What belongs to the language, as words and tables; what does not, and what to do."""

import ast
from collections.abc import Mapping
from typing import Final

from layergen.expr.op import Op

OPERATORS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Not: "not",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.And: "and",
    ast.Or: "or",
}

ATTRIBUTES: Final = ("shape", "ndim", "dtype")
"""What a tensor tells of itself."""

_REQUIRES: Final = "conditions on arguments and sizes stand under `requires`"

INSTEAD: Final[Mapping[type[ast.AST], str]] = {
    ast.Lambda: "write `def f(x):` in lines of its own",
    ast.JoinedStr: "text is not computed in a spec",
    ast.NamedExpr: "give the value a name in a line of its own",
    ast.BitAnd: "write `a and b` for Python values, `logical_and(a, b)` for tensors",
    ast.BitOr: "write `a or b` for Python values, `logical_or(a, b)` for tensors",
    ast.BitXor: "a power is written `x ** y`",
    ast.Invert: "write `not a` for a Python value, `logical_not(a)` for a tensor",
    ast.SetComp: "a list keeps the order",
    ast.While: "write `for i in range(n)`, with a number known before the call",
    ast.Import: "the functions of the language need no import",
    ast.ImportFrom: "the functions of the language need no import",
    ast.Assert: _REQUIRES,
    ast.Raise: _REQUIRES,
    ast.Pass: "leave the branch out, or turn its condition round",
    ast.Starred: "`*` belongs into a tuple or list: `(*xs, x)`",
    ast.Break: "choose the sequence so that the loop ends where it should",
    ast.Continue: "put what follows under an `if`",
}

WHAT: Final[Mapping[type[ast.AST], str]] = {
    ast.Lambda: "`lambda`",
    ast.JoinedStr: "a formatted string",
    ast.NamedExpr: "`:=`",
    ast.BitAnd: "the operator `&`",
    ast.BitOr: "the operator `|`",
    ast.BitXor: "the operator `^`",
    ast.LShift: "the operator `<<`",
    ast.RShift: "the operator `>>`",
    ast.Invert: "the operator `~`",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a generator expression",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.Dict: "a dictionary",
    ast.Set: "a set",
    ast.For: "`for`",
    ast.While: "`while`",
    ast.AsyncFunctionDef: "`async def`",
    ast.ClassDef: "`class`",
    ast.Import: "`import`",
    ast.ImportFrom: "`import`",
    ast.Delete: "`del`",
    ast.Raise: "`raise`",
    ast.Try: "`try`",
    ast.With: "`with`",
    ast.Assert: "`assert`",
    ast.Global: "`global`",
    ast.Pass: "`pass`",
    ast.Break: "`break`",
    ast.Continue: "`continue`",
    ast.Starred: "`*`",
    ast.Slice: "a slice",
    ast.Await: "`await`",
    ast.Yield: "`yield`",
    ast.AnnAssign: "an annotation",
}


STATEMENTS: Final = frozenset({"add_loss"})
"""Calls that are statements by themselves, and have no value."""

ACCEPTS: Final[Mapping[str, str]] = {
    "tensor": "a tensor or a number",
    "tensors": "a list of tensors",
    "function": "a function that `call` defines",
    "state": "a tensor, or a tuple of tensors that is written out",
    "sequence": "a tensor or a tuple of tensors",
    "index": "whole numbers",
    "mask": "true or false, element by element",
    "int": "a Python int",
    "bool": "`True` or `False`",
    "number": "a Python number",
    "text": "a text",
    "axis": "an axis",
    "axes": "an axis or a tuple of axes",
    "ints": "an integer or a tuple of integers",
    "nested": "an integer, a tuple of integers, or a tuple of such tuples",
    "pairs": "a tuple with a pair of integers for each axis",
    "shape": "a tuple of sizes",
    "noise_shape": "a tuple of sizes, `None` for that of the input",
    "dtype": "the name of a dtype",
}
"""What an argument of an op must be, by the word in the op's signature."""

DTYPES: Final = ("float", "bool", "int32", "int64", "uint8", "float32", "float64")
"""What `dtype` may name. `float` is the layer's compute dtype."""


def usage(op: Op) -> str:
    """How an op is called, for a note."""
    return f"`{signature(op)}`: {op.doc}"


def signature(op: Op) -> str:
    """An op's name and parameters."""
    shown = [
        f"*{p.name}" if p.is_variadic else p.name if p.required else f"{p.name}=..."
        for p in op.parameters
    ]
    return f"{op.name}({', '.join(shown)})"

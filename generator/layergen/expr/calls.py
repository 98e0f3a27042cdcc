"""Arguments of a call + the op's signature -> each argument's parameter."""

import ast
from collections.abc import Callable

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.elsewhere import KEYWORDS
from layergen.expr.language import ACCEPTS, DTYPES, usage
from layergen.expr.op import Op, Parameter
from layergen.expr.promote import element, fits
from layergen.nearest import nearest

_MASK = ir.ArrayType(ir.Kind.BOOL)

_DTYPES_MEANT = {
    "int": "int32",
    **dict.fromkeys(("float16", "bfloat16", "half"), "float"),
    "double": "float64",
}
"""What the names of dtypes in other libraries stand for here."""

Report = Callable[..., None]
"""Takes a code, a message, the node to blame, and notes."""


def match_call(
    op: Op,
    node: ast.Call,
    args: list[ir.Expr],
    keywords: list[tuple[ast.keyword, ir.Expr]],
    report: Report,
) -> dict[str, ir.Expr] | None:
    """The arguments by the op's parameters; None when they do not fit.

    Args:
        op: what is called.
        node: the call.
        args: the arguments by position.
        keywords: those by name.
        report: takes the mistakes.
    """
    by_name = {p.name: p for p in op.parameters if not p.is_variadic}
    slots = op.slots(len(args))
    if len(args) > len(slots):
        most = "1 argument" if len(slots) == 1 else f"{len(slots)} arguments"
        message = f"`{op.name}` takes {most}, got {len(args)}"
        report(codes.BAD_CALL, message, node.args[len(slots)], usage(op))
        return None
    bound = {key: value for (key, _), value in zip(slots, args, strict=True)}
    for keyword, value in keywords:
        message = ""
        if keyword.arg is None or keyword.arg not in by_name:
            name = "**" if keyword.arg is None else keyword.arg
            message = f"`{op.name}` has no parameter `{name}`"
        elif keyword.arg in bound:
            message = f"`{keyword.arg}` is given twice"
        if message:
            note = usage(op)
            if keyword.arg not in by_name:
                note = KEYWORDS.get(keyword.arg or "", note)
            report(codes.BAD_CALL, message, keyword, note)
            return None
        assert keyword.arg is not None
        bound[keyword.arg] = value
    wanted = op.slots(len(op.parameters))  # of any number of arguments, at least one
    missing = [p.name for key, p in wanted if p.required and key not in bound]
    if missing:
        report(codes.BAD_CALL, f"`{op.name}` needs `{missing[0]}`", node, usage(op))
        return None
    given = [
        (parameter, value, written)
        for (_, parameter), value, written in zip(slots, args, node.args, strict=True)
    ]
    given += [(by_name[k.arg or ""], value, k.value) for k, value in keywords]
    for parameter, value, written in given:
        if not _accept(op, parameter, value, written, report):
            return None  # one slip may shift all arguments that follow
    return bound


def match_application(
    callee: ir.Expr,
    node: ast.Call,
    args: list[ir.Expr],
    keywords: list[tuple[ast.keyword, ir.Expr]],
    report: Report,
) -> dict[str, ir.Expr] | None:
    """The arguments by keyword of a call of a sublayer; None when they do not fit.

    Args:
        callee: what is called.
        node: the call.
        args: the arguments by position.
        keywords: those by name.
        report: takes the mistakes.
    """
    of_type = callee.type
    assert isinstance(of_type, ir.CallableType)
    names = of_type.parameters
    by_name = [f"{mask}=..." for mask in of_type.mask_names]
    takes = f"`{callee}({', '.join((*names, *by_name))})`"
    if len(args) > len(names):
        most = "1 tensor" if len(names) == 1 else f"{len(names)} tensors"
        message = f"`{callee}` takes {most}, got {len(args)}"
        report(codes.BAD_CALL, message, node.args[len(names)], takes)
        return None
    named: dict[str, ir.Expr] = {}
    for keyword, value in keywords:
        name = keyword.arg or "**"
        known = name in names or name in of_type.mask_names
        message = "" if known else f"`{callee}` takes no `{name}`"
        if name in (*names[: len(args)], *named):
            message = f"`{name}` is given twice"
        if name == "training":
            message = f"`training` is passed on to `{callee}` by itself"
        if message:
            report(codes.BAD_CALL, message, keyword, takes)
            return None
        named[name] = value
    missing = [n for n in names[len(args) : of_type.required] if n not in named]
    if missing:
        report(codes.BAD_CALL, f"`{callee}` needs `{missing[0]}`", node, takes)
        return None
    values = [*zip(node.args, args, strict=True)]
    values += [(k.value, v) for k, v in keywords if k.arg in names]
    for written, value in values:
        if not isinstance(value.type, ir.ArrayType | ir.AnyType):
            message = f"`{callee}` takes tensors, this is {value.type}"
            report(codes.WRONG_TYPE, message, written)
            return None
    for keyword, value in keywords:
        if keyword.arg in of_type.mask_names and value.type not in (_MASK, ir.ANY):
            message = f"`{keyword.arg}` is true or false, element by element"
            note = f"this is {value.type}"
            report(codes.WRONG_TYPE, message, keyword.value, note)
            return None
    return named


def _accept(
    op: Op, parameter: Parameter, value: ir.Expr, node: ast.expr, report: Report
) -> bool:
    none = not parameter.required and value.type == ir.NONE
    if none or fits(parameter.accepts, value):
        return True
    wanted = ACCEPTS.get(parameter.accepts, "a text")
    message = (
        f"`{parameter.name}` of `{op.name}` must be {wanted}, this is {value.type}"
    )
    note = usage(op)
    if value.type == ir.STR and isinstance(value, ir.Literal):
        text, choices = str(value.value), parameter.choices
        if parameter.accepts == "dtype":
            message, choices = f"`{text}` is no dtype of the language", DTYPES
        elif choices:
            message = f"`{parameter.name}` of `{op.name}` cannot be `{text}`"
        if choices:
            known = _DTYPES_MEANT.get(text) or nearest(text, choices)
            listed = f"one of {', '.join(f'`{choice}`' for choice in choices)}"
            note = f"did you mean `{known}`?" if known else listed
    elif op.name in ("max", "min") and parameter.name == "axis":
        note = f"of two tensors or numbers: `{op.name}imum(x1, x2)`"
    elif parameter.accepts == "tensor" and _holds_tensors(value.type):
        note = "`stack(xs)` and `concatenate(xs)` make one tensor of several"
    elif parameter.accepts == "shape" and value.type == ir.INT:
        note = f"write `({ast.unparse(node)},)`"
    elif parameter.accepts == "state" and isinstance(value.type, ir.ScalarType):
        note = "`zeros(shape)` and `full(shape, value)` make tensors"
    elif parameter.accepts == "tensors":
        note = f"put the tensors in brackets: `{op.name}([x, y])`"
    report(codes.WRONG_TYPE, message, node, note)
    return False


def _holds_tensors(of_type: ir.Type) -> bool:
    """Whether it is a tuple of tensors."""
    return isinstance(element(of_type), ir.ArrayType)


def order_arguments(
    op: Op, bound: dict[str, ir.Expr], given: int
) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str, ir.Expr], ...]]:
    """Required arguments by position; optional ones as the author gave them.

    So a call is spelled alike for `keras.ops` and for NumPy, whose first parameters
    have other names.
    """
    positional: dict[str, ir.Expr] = {}
    for i, (key, parameter) in enumerate(op.slots(max(given, len(op.parameters)))):
        by_position = i < given and not parameter.is_named
        if key not in bound or not (parameter.required or by_position):
            break
        positional[key] = bound[key]
    names = [p.name for p in op.parameters if p.name not in positional]
    named = tuple((name, bound[name]) for name in names if name in bound)
    return tuple(positional.values()), named

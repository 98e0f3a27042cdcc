"""Arguments of a call + the op's signature -> each argument's parameter."""

import ast
from collections.abc import Callable

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.language import ACCEPTS, DTYPES, usage
from layergen.expr.op import Op, Parameter
from layergen.expr.promote import fits

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
    parameters = {parameter.name: parameter for parameter in op.parameters}
    if len(args) > len(parameters):
        most = "1 argument" if len(parameters) == 1 else f"{len(parameters)} arguments"
        message = f"`{op.name}` takes {most}, got {len(args)}"
        report(codes.BAD_CALL, message, node.args[len(parameters)], usage(op))
        return None
    bound = dict(zip(parameters, args, strict=False))
    for keyword, value in keywords:
        message = ""
        if keyword.arg is None or keyword.arg not in parameters:
            given = "**" if keyword.arg is None else keyword.arg
            message = f"`{op.name}` has no parameter `{given}`"
        elif keyword.arg in bound:
            message = f"`{keyword.arg}` is given twice"
        if message:
            note = usage(op)
            if op.draws and keyword.arg == "seed":
                note = "an argument of the type `seed` seeds all that the layer draws"
            report(codes.BAD_CALL, message, keyword, note)
            return None
        assert keyword.arg is not None
        bound[keyword.arg] = value
    missing = [p.name for p in op.parameters if p.required and p.name not in bound]
    if missing:
        report(codes.BAD_CALL, f"`{op.name}` needs `{missing[0]}`", node, usage(op))
        return None
    nodes = {**dict(zip(parameters, node.args, strict=False))}
    nodes |= {k.arg: k.value for k in node.keywords if k.arg is not None}
    for name, value in bound.items():
        if not _accept(op, parameters[name], value, nodes[name], report):
            return None  # one slip may shift all arguments that follow
    return bound


def _accept(
    op: Op, parameter: Parameter, value: ir.Expr, node: ast.expr, report: Report
) -> bool:
    none = not parameter.required and value.type == ir.NONE
    if none or fits(parameter.accepts, value):
        return True
    wanted = ACCEPTS[parameter.accepts]
    message = (
        f"`{parameter.name}` of `{op.name}` must be {wanted}, this is {value.type}"
    )
    note = usage(op)
    if parameter.accepts == "dtype" and isinstance(value, ir.Literal):
        message = f"`{value.value}` is no dtype of the language"
        note = f"one of {', '.join(f'`{dtype}`' for dtype in DTYPES)}"
    elif parameter.accepts == "tensors":
        note = f"put the tensors in brackets: `{op.name}([x, y])`"
    report(codes.WRONG_TYPE, message, node, note)
    return False


def order_arguments(
    op: Op, bound: dict[str, ir.Expr], given: int
) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str, ir.Expr], ...]]:
    """Required arguments by position; optional ones as the author gave them.

    So a call is spelled alike for `keras.ops` and for NumPy, whose first parameters
    have other names.
    """
    positional: list[ir.Expr] = []
    for i, parameter in enumerate(op.parameters):
        if parameter.name not in bound or not (parameter.required or i < given):
            break
        positional.append(bound[parameter.name])
    rest = [p.name for p in op.parameters[len(positional) :] if p.name in bound]
    return tuple(positional), tuple((name, bound[name]) for name in rest)

"""`def f(x, y):` -> its parameters; a call of it -> the value of each.

A function of the language has parameters with a name and nothing else.
"""

import ast
from collections.abc import Mapping, Sequence

from layergen.codes import language as codes
from layergen.expr import ir
from layergen.expr.calls import Report


def read_parameters(node: ast.FunctionDef, report: Report) -> list[ast.arg] | None:
    """The parameters of a function; None, with a mistake recorded, if they are odd."""
    extras = _extras(node)
    for what, part in extras:
        message = f"{what} is not part of the language"
        note = "a function takes values by name: `def f(x, y):`"
        report(codes.NOT_IN_LANGUAGE, message, part, note)
    names: set[str] = set()
    for parameter in node.args.args:
        if parameter.arg in names:
            message = f"`{parameter.arg}` is the name of two parameters"
            report(codes.BAD_TARGET, message, parameter, "choose another name")
            return None
        names.add(parameter.arg)
    if not extras and not node.args.args:
        message = f"`{node.name}` takes nothing"
        note = "what needs no values gets a name: `x = ...`"
        report(codes.NOT_IN_LANGUAGE, message, node, note)
        return None
    return None if extras else node.args.args


def _extras(node: ast.FunctionDef) -> list[tuple[str, ast.expr | ast.arg]]:
    """What Python has in a definition, and the language has not."""
    given = node.args
    found: list[tuple[str, ast.expr | ast.arg]] = []
    found += [("a decorator", part) for part in node.decorator_list]
    found += [("`/` between parameters", part) for part in given.posonlyargs[-1:]]
    found += [("a default of a parameter", part) for part in given.defaults]
    found += [("`*` before a parameter", part) for part in [given.vararg] if part]
    found += [("a parameter behind `*`", part) for part in given.kwonlyargs[:1]]
    found += [("`**` before a parameter", part) for part in [given.kwarg] if part]
    hints = [*(part.annotation for part in given.args), node.returns]
    found += [("an annotation", part) for part in hints if part is not None]
    return found


def match_arguments(
    name: str,
    parameters: Sequence[str],
    node: ast.Call,
    args: Sequence[ir.Expr],
    keywords: Sequence[tuple[ast.keyword, ir.Expr]],
    report: Report,
) -> Mapping[str, ir.Expr] | None:
    """The value of each parameter, in order; None when they do not fit."""
    usage = f"`{name}({', '.join(parameters)})`"
    if len(args) > len(parameters):
        most = "1 value" if len(parameters) == 1 else f"{len(parameters)} values"
        message = f"`{name}` takes {most}, got {len(args)}"
        report(codes.BAD_CALL, message, node.args[len(parameters)], usage)
        return None
    given = dict(zip(parameters, args, strict=False))
    for keyword, value in keywords:
        key = keyword.arg or "**"
        if key not in parameters or key in given:
            message = f"`{name}` has no parameter `{key}`"
            if key in given:
                message = f"`{key}` is given twice"
            report(codes.BAD_CALL, message, keyword, usage)
            return None
        given[key] = value
    for parameter in parameters:
        if parameter not in given:
            report(codes.BAD_CALL, f"`{name}` needs `{parameter}`", node, usage)
            return None
    values = [*zip(node.args, args, strict=True), *((k.value, v) for k, v in keywords)]
    for written, value in values:
        if isinstance(value.type, ir.CallableType | ir.ObjectType):
            message = f"`{name}` takes values, this is {value.type}"
            report(codes.WRONG_TYPE, message, written)
            return None
    return {parameter: given[parameter] for parameter in parameters}

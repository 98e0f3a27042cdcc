"""The forward pass, and the output that it is declared to have."""

import ast
from collections.abc import Mapping, Sequence

from layergen.diagnostics import Diagnostics, SpecError
from layergen.expr import ir
from layergen.expr.body import bind_body
from layergen.expr.ops import OPS
from layergen.expr.parse import parse_body
from layergen.expr.returns import Returned
from layergen.expr.scope import Scope
from layergen.layer import (
    BATCH,
    Argument,
    Dim,
    Input,
    Output,
    Parameter,
    Sublayer,
    Weight,
)
from layergen.loading.load import Document
from layergen.lower.scope import (
    argument_symbols,
    dim_symbols,
    flag_symbols,
    input_symbols,
    mask_symbols,
    parameter_symbol,
    sublayer_symbol,
)
from layergen.lower.training import check_training

TRAINING = ir.Symbol("training", ir.Origin.TRAINING, ir.BOOL, ir.Known.CALL)


def lower_call(
    document: Document,
    arguments: tuple[Argument, ...],
    inputs: tuple[Input, ...],
    flags: tuple[Argument, ...],
    dims: Mapping[str, Dim],
    parameters: tuple[Parameter, ...],
    sublayers: tuple[Sublayer, ...],
    outputs: tuple[Output, ...],
    required: tuple[str, ...],
    found: Diagnostics,
) -> ir.Body:
    """The typed body of `call`; empty if it cannot be read."""
    symbols = {
        **argument_symbols(arguments),
        **dim_symbols(dims, required),
        **input_symbols(inputs),
        **flag_symbols(flags),
        **mask_symbols(inputs),
        **{p.name: parameter_symbol(p) for p in parameters},
        **{s.name: sublayer_symbol(s) for s in sublayers},
        TRAINING.name: TRAINING,
    }
    for name in document.spec.parameters:  # one with a mistake is still a name
        symbols.setdefault(
            name, ir.Symbol(name, ir.Origin.CONSTANT, ir.ANY, ir.Known.CALL)
        )
    for name, form in document.spec.sublayers.items():
        of_type: ir.Type = _UNKNOWN_LAYER
        if form.count is not None:
            of_type = ir.TupleType(None, of_type)
        unknown = ir.Symbol(name, ir.Origin.SUBLAYER, of_type, ir.Known.BUILD)
        symbols.setdefault(name, unknown)
    states = frozenset(
        p.name for p in parameters if isinstance(p, Weight) and not p.trainable
    )
    try:
        parsed = parse_body(document.scalar("call"))
    except SpecError as error:
        found.extend(error.diagnostics)
        return ()
    scope = Scope(symbols, ir.Known.CALL, "the call")
    returned = tuple(_returned(output) for output in outputs)
    mistakes = Diagnostics()
    body = bind_body(parsed, scope, states, returned, mistakes)
    if not mistakes.has_errors:
        check_training(body, mistakes)
    found.extend(mistakes)
    return body


_UNKNOWN_LAYER = ir.CallableType("a layer", ("inputs",) * 9, 0, ir.ANY)
"""How a sublayer with a mistake is called."""


def _returned(output: Output) -> Returned:
    name = output.name if len(output.path) > 1 else ""
    return Returned(name, output.count is not None, output.when is not None)


def static_sizes(document: Document, dims: Mapping[str, Dim]) -> set[str]:
    """The sizes that Python itself computes with: of branches, loops, `sqrt(n)`.

    `scan(..., length=n)` is such a loop too.
    """
    try:
        parsed = parse_body(document.scalar("call"))
    except SpecError:
        return set()
    deciding: list[ast.expr] = []
    for node in (node for statement in parsed.body for node in ast.walk(statement)):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test):
                deciding.append(test)
            case ast.comprehension(ifs=tests):
                deciding += tests
            case ast.Call(func=ast.Name(id="range"), args=args):
                deciding += args
            case ast.Call(func=ast.Name(id=name), args=args) if name in _OF_NUMBERS:
                deciding += args if _are_numbers(document, dims, args) else []
            case ast.keyword(arg="length", value=value):
                deciding.append(value)
    names = (node for expr in deciding for node in ast.walk(expr))
    used = {node.id for node in names if isinstance(node, ast.Name)}
    return used & dims.keys() - {BATCH}


_OF_NUMBERS = {op.name for op in OPS.values() if op.math} | {"min", "max", "float"}
"""Functions that Python computes of its own numbers, and not of tensors."""


def _are_numbers(
    document: Document, dims: Mapping[str, Dim], args: Sequence[ast.expr]
) -> bool:
    """Whether expressions are made of sizes, arguments and literals alone."""
    nodes = [node for arg in args for node in ast.walk(arg)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    plain = all(isinstance(node, _PLAIN) for node in nodes)
    arguments = document.spec.arguments.items()
    numbers = {name for name, argument in arguments if argument.type in _NUMBERS}
    return plain and names <= {*dims, *numbers}


_NUMBERS = frozenset({"int", "float"})


_PLAIN = (
    ast.Name,
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)

"""Output -> its shape under a condition and otherwise, where that is easier to read."""

from dataclasses import dataclass, replace

from layergen.expr import ir
from layergen.layer import Output


@dataclass(frozen=True)
class Branches:
    """An output whose shape depends on an argument."""

    test: ir.Expr
    then: Output
    otherwise: Output


def branch_output(output: Output) -> Branches | None:
    """The output in both cases, if one condition decides several of its sizes.

    One size alone stays as it is, unless it is computed from those of an input.
    """
    choices = [size for size in output.shape if isinstance(size, ir.Conditional)]
    tests = {str(choice.test) for choice in choices}
    if len(tests) != 1 or choices[0].test.known is not ir.Known.CONFIG:
        return None
    origins = {symbol.origin for choice in choices for symbol in ir.symbols(choice)}
    if len(choices) == 1 and ir.Origin.DIM not in origins:
        return None
    then = tuple(s.then if isinstance(s, ir.Conditional) else s for s in output.shape)
    otherwise = tuple(
        s.otherwise if isinstance(s, ir.Conditional) else s for s in output.shape
    )
    return Branches(
        choices[0].test,
        replace(output, shape=then),
        replace(output, shape=otherwise),
    )

"""The functions of the language that repeat a function over time."""

from layergen.expr import results
from layergen.expr.op import Op

RECURRENCE = (
    Op(
        "scan",
        "f: function, init: state, xs: sequence = None, length: int = None,"
        " reverse: bool = False",
        results.state_and_outputs,
        "the last state, and the outputs of all steps, of"
        " `state, output = f(state, x)`",
        "ops.scan",
        converts=True,
        steps=results.state_and_part,
    ),
)

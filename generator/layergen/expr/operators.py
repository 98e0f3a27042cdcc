"""What the operators of the language compute, of Python values and of arrays."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

COMPUTE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda value, values: value in values,
    "not in": lambda value, values: value not in values,
}
"""By operator; `@` is an op, `matmul`."""

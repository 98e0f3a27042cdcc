"""Facts as people read them."""

import numpy as np

from layergen.layer import (
    Computed,
    Constant,
    Drawn,
    KerasObject,
    Loaded,
    Parameter,
    Weight,
    Written,
)


def show_object(given: KerasObject) -> str:
    """An initializer, a regularizer or a constraint."""
    settings = ", ".join(f"{name}={value!r}" for name, value in given.parameters)
    return f"{given.name}({settings})" if settings else given.name


def show_parameter(parameter: Parameter) -> str:
    """A parameter in a line: shape and source."""
    sizes = ", ".join(map(str, parameter.shape or ()))
    if isinstance(parameter, Weight):
        trained = "" if parameter.trainable else ", not trained"
        when = f", if {parameter.when}" if parameter.when else ""
        first = parameter.first
        source = show_source(first) if first else show_object(parameter.initializer)
        return f"weight ({sizes}) of {parameter.dtype}, {source}{trained}{when}"
    shape = "" if parameter.shape is None else f" ({sizes})"
    return f"constant{shape} of {parameter.dtype}: {show_source(parameter)}"


def show_source(constant: Constant) -> str:
    """Where the numbers of a constant are from."""
    match constant.source:
        case Computed(expr=expr):
            return str(expr)
        case Written(array=array):
            return np.array2string(array, threshold=20, separator=", ")
        case Loaded(file=file, sha256=sha256):
            return f"{file} ({sha256[:12]})"
        case Drawn(initializer=initializer):
            return show_object(initializer)


_RANGES = {"bool": 0, "uint8": 1, "int32": 2, "int64": 3, "float32": 4, "float": 4}
"""Dtypes in the order of what they hold."""


def is_lossy(before: str, after: str) -> bool:
    """Whether the dtype after cannot hold what that before can."""
    return _RANGES.get(after, 5) < _RANGES.get(before, 5)

"""Where an expression is printed: before the call or in it; how names are spelled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from layergen.emit.doc import Doc
from layergen.expr.unknown import Dtypes

COMPUTE_DTYPE: Final = "self.compute_dtype"


@dataclass(frozen=True)
class Stage:
    """Where an expression is printed.

    Attributes:
        names: the source of every name but local variables, which spell themselves; and
            of sizes by place that have a variable: `inputs.shape[axis]`.
        tensors: whether arrays are tensors.
        uncast: names of weights that Keras does not cast: each use is cast.
        variables: names whose source is a Keras Variable.
        optional: names that may stand for `None`.
        sizes: variables that hold sizes which only the call knows.
        fixed: variables whose floats have a dtype that no policy chooses.
        dtype: the source of the dtype that floats take.
        shapes: the source of each input's shape, before there is an input.
    """

    names: Mapping[str, Doc]
    tensors: bool
    uncast: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()
    fixed: Dtypes = field(default_factory=dict)
    dtype: str = COMPUTE_DTYPE
    shapes: Mapping[str, str] = field(default_factory=dict)

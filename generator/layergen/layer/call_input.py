"""What `call` takes, as the compiler knows it: tensors, and what becomes of masks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from layergen.expr import ir
from layergen.source import Span

ELLIPSIS = "..."
BATCH = "batch"

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Tensors: TypeAlias = Array | tuple[Array, ...]
"""The value of an input: a list of tensors is a tuple of arrays."""


@dataclass(frozen=True)
class Input:
    """A tensor of `call`. A size is `batch`, `...`, a name or an integer.

    Attributes:
        name: its name.
        shape: its sizes.
        dtype: `float`, `int32` or `bool`.
        optional: whether a call may leave it out.
        is_list: whether it is a list of such tensors.
        least: the least length of the list.
        count: its length, if that is fixed.
        mask: the sizes of its mask.
        takes_mask: whether `call` takes the mask.
        doc: for the docstring.
        span: where it is declared.
    """

    name: str
    shape: tuple[str | int, ...]
    dtype: str
    optional: bool = False
    is_list: bool = False
    least: int = 1
    count: int | None = None
    mask: tuple[str | int, ...] = ()
    takes_mask: bool = False
    doc: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def has_ellipsis(self) -> bool:
        """Whether it takes tensors of several ranks."""
        return ELLIPSIS in self.shape

    @property
    def min_rank(self) -> int:
        """The least number of axes."""
        return len(self.shape) - self.has_ellipsis

    @property
    def number(self) -> str:
        """How many tensors a list has, in words."""
        count = self.least if self.count is None else self.count
        number = "one tensor" if count == 1 else f"{count} tensors"
        return number if self.count is not None else f"at least {number}"

    def axis(self, position: int) -> int:
        """The axis at a place in the shape: from the end if it stands behind `...`."""
        if self.has_ellipsis and position > self.shape.index(ELLIPSIS):
            return position - len(self.shape)
        if not self.has_ellipsis and position == len(self.shape) - 1 and position:
            return -1
        return position

    def mask_shape(self, shape: Sequence[int]) -> tuple[int, ...]:
        """The shape of the mask of a tensor of this shape."""
        rest = len(shape) - self.min_rank
        sizes: list[int] = []
        for size in self.mask:
            at = self.shape.index(size) if size in self.shape else None
            if isinstance(size, int):
                sizes.append(size)
            elif size == ELLIPSIS and at is not None:
                sizes += shape[at : at + rest]
            elif at is not None:
                sizes.append(shape[self.axis(at)])
        return tuple(sizes)


def name_masks(inputs: Sequence[Input]) -> Mapping[str, str]:
    """The name that Keras gives the mask of each input, by the input's name."""
    if len(inputs) == 1:
        return {inputs[0].name: "mask"}
    return {member.name: f"{member.name}_mask" for member in inputs}


@dataclass(frozen=True)
class Masking:
    """What becomes of the masks that come with the inputs.

    Attributes:
        kind: the mask of the first input passes on, all are consumed, one is produced,
            or nothing is said.
        mask: the mask that is produced.
        span: where it is declared.
    """

    kind: Literal["none", "passes", "consumes", "produces"] = "none"
    mask: ir.Expr | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

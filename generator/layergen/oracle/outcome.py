"""What a call of a layer yields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from layergen.layer import Array, Tensors
from layergen.oracle.tensors import each_array


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run yields.

    Attributes:
        outputs: what the call returns, by the names of the outputs that there are.
        updates: the new values of states.
        losses: what `add_loss` was given, in order.
        made: how many elements were made.
        draws: whether other random numbers yield something else.
    """

    outputs: Mapping[str, Tensors]
    updates: Mapping[str, Array]
    losses: tuple[float, ...] = ()
    made: int = 0
    draws: bool = False

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All that the call returns, tensor by tensor."""
        return tuple(each_array(self.outputs.values()))

    @property
    def value(self) -> Any:
        """What the call returns, as the language has it."""
        values = tuple(self.outputs.values())
        return values[0] if len(values) == 1 else values

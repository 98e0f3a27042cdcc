"""A row of a table -> Op: what most ops have in common is written once."""

from collections.abc import Callable, Mapping
from typing import Literal

from layergen.expr.ir import Expr, Type
from layergen.expr.op import Op, Sizes

Result = Callable[[Mapping[str, Expr]], Type]


def row(
    name: str,
    signature: str,
    result: Result,
    doc: str,
    *,
    early: bool | str = False,
    math: str | None = None,
    converts: bool = False,
    creates: bool = False,
    gathers: bool = False,
    single: Literal["", "partly", "only"] = "",
    sizes: Sizes | None = None,
) -> Op:
    """An op that `keras.ops` has under its own name.

    Args:
        name: as specs write it.
        signature: its parameters.
        result: the type of what it yields.
        doc: what it does.
        early: how NumPy spells it, or whether NumPy has it under the same name.
        math: how a Python number is computed.
        converts: see `Op`.
        creates: see `Op`.
        gathers: see `Op`.
        single: see `Op`.
        sizes: see `Op`.
    """
    numpy = early if isinstance(early, str) else f"np.{name}" if early else None
    by_config = "channels_last|channels_first" in signature
    return Op(
        name,
        signature,
        result,
        doc,
        f"ops.{name}",
        numpy,
        math,
        converts,
        creates,
        gathers,
        single=single,
        explicit=(("data_format", "channels_last"),) if by_config else (),
        sizes=sizes,
    )

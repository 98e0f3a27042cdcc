"""How a model of one layer is made, as the processes tell each other: plain JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Tensor:
    """An input of a model.

    Attributes:
        name: of the parameter of `call`.
        dtype: of the input.
        shapes: of its tensors, the batch too; None is an unknown size.
        called: the shapes of the arrays that the model is called on.
        is_list: whether `call` takes a list.
        is_masked: whether each comes with a mask that leaves steps out.
    """

    name: str
    dtype: str
    shapes: tuple[tuple[int | None, ...], ...]
    called: tuple[tuple[int, ...], ...]
    is_list: bool = False
    is_masked: bool = False


@dataclass(frozen=True)
class Recipe:
    """A model of one layer, which is called `subject`.

    Attributes:
        module: where the class is imported from.
        name: of the class.
        arguments: what its constructor is given.
        inputs: what it is called on.
        by_keyword: whether the inputs are given by name.
        flags: further arguments of the call.
        former: names under which an older version saved arguments, by those of now.
        gone: arguments that an older version saved too.
        package: that in which an older version was registered; empty for its own.
    """

    module: str
    name: str
    arguments: Mapping[str, Any]
    inputs: tuple[Tensor, ...]
    by_keyword: bool = False
    flags: Mapping[str, Any] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    package: str = ""


def write_recipe(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON."""
    data = {**vars(recipe), "inputs": [asdict(tensor) for tensor in recipe.inputs]}
    data["arguments"] = {k: encode(v) for k, v in recipe.arguments.items()}
    return data


def read_recipe(data: Mapping[str, Any]) -> Recipe:
    """The recipe that JSON holds."""
    inputs = tuple(map(_read_tensor, data["inputs"]))
    arguments = {name: decode(value) for name, value in data["arguments"].items()}
    return Recipe(**{**data, "inputs": inputs, "arguments": arguments})


def _read_tensor(data: Mapping[str, Any]) -> Tensor:
    sizes = {key: tuple(map(tuple, data[key])) for key in ("shapes", "called")}
    return Tensor(**{**data, **sizes})


def encode(value: Any) -> Any:
    """An argument as JSON: arrays and tuples stay what they are."""
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple):
        return {"tuple": [encode(each) for each in value]}
    if isinstance(value, list):
        return [encode(each) for each in value]
    return value


def decode(value: Any) -> Any:
    """The argument that JSON holds."""
    if isinstance(value, dict):
        if "tuple" in value:
            return tuple(decode(each) for each in value["tuple"])
        return np.array(value["array"], value["dtype"])
    return [decode(each) for each in value] if isinstance(value, list) else value

"""What `call` takes, as a spec writes it: tensors, and flags."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from layergen.loading.form import Dim, Doc, Form


class Input(Form):
    """A tensor that `call` takes, or a list of tensors."""

    shape: list[Dim] = Field(description="Sizes: `batch`, `...`, names, integers.")
    dtype: Literal["float", "int32", "bool"] = Field(
        "float", description="`float` is the layer's compute dtype."
    )
    optional: bool = Field(False, description="Whether it may be left out.")
    is_list: bool = Field(
        False, alias="list", description="Whether it is a list of such tensors."
    )
    min: int | None = Field(None, ge=1, description="Least length of the list.")
    count: int | None = Field(None, ge=1, le=64, description="Length of the list.")
    mask: bool | list[Dim] = Field(
        False, description="Whether its mask is taken, or the shape of its mask."
    )
    doc: Doc = ""


class BoolFlag(Form):
    """`True` or `False`, given at each call."""

    type: Literal["bool"]
    default: bool = Field(description="Value if the caller gives none.")
    doc: Doc = ""


class IntFlag(Form):
    """A Python integer, given at each call."""

    type: Literal["int"]
    default: int = Field(description="Value if the caller gives none.")
    min: int | None = Field(None, description="Least value that is accepted.")
    max: int | None = Field(None, description="Greatest value that is accepted.")
    doc: Doc = ""


def _kind(value: Any) -> str:
    """Which form a call argument has: only what is no tensor has a `type`."""
    return str(value.get("type", "tensor")) if isinstance(value, dict) else "tensor"


CallInput: TypeAlias = Annotated[
    Annotated[Input, Tag("tensor")]
    | Annotated[BoolFlag, Tag("bool")]
    | Annotated[IntFlag, Tag("int")],
    Discriminator(_kind),
]


class Produces(Form):
    """The mask of the output, from the first input and its mask."""

    produces: str = Field(description="An expression: a boolean tensor.")


Masking: TypeAlias = Literal["none", "passes", "consumes"] | Produces

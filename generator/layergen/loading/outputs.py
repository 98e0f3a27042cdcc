"""What `call` returns, as a spec writes it: one tensor, or several by name."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from layergen.loading.form import Doc, Form
from layergen.loading.sublayers import Count


def _check_shape(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("like "):
        return value
    message = "a list of sizes, or `like` and an input's name"
    if not isinstance(value, list):
        raise PydanticCustomError("output", message)
    for size in value:
        if isinstance(size, bool) or not isinstance(size, int | str):
            message = "a size: an integer, a name or an expression"
            raise PydanticCustomError("size", message)
    return value


class Output(Form):
    """A tensor that `call` returns, or a list of tensors."""

    shape: Annotated[
        Any,
        PlainValidator(_check_shape),
        WithJsonSchema({"type": ["array", "string"]}),
    ] = Field(description="Sizes, or `like inputs`.")
    dtype: Literal["float", "int32", "bool"] = Field(
        "float", description="`float` is the layer's compute dtype."
    )
    count: Count | None = Field(None, description="Makes a list of so many.")
    when: str | None = Field(None, description="It exists only if this holds.")
    doc: Doc = ""


def _number(value: Any) -> str:
    """Whether a mapping is one output, or has several by name."""
    if not isinstance(value, dict):
        return "one output"
    own = any(key in value and not isinstance(value[key], dict) for key in _OWN)
    named = any(isinstance(inner, dict) for inner in value.values())
    return "several outputs" if named and not own else "one output"


_OWN = ("shape", "dtype")
"""Keys by which one output is known."""

Outputs: TypeAlias = Annotated[
    Annotated[Output, Tag("one output")]
    | Annotated[dict[str, Output], Field(max_length=32), Tag("several outputs")],
    Discriminator(_number),
]
"""The tags are no names that an output may have: they stand in pydantic's locations."""

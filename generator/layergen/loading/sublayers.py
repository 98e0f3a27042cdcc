"""What a layer owns, as a spec writes it: other layers."""

from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from layergen.loading.form import Doc, Form, check_object


def _is_size(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _is_shape(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith("like ")
    return isinstance(value, list) and all(map(_is_size, value))


def _check_shapes(value: Any) -> Any:
    if _is_shape(value):
        return value
    if isinstance(value, dict) and value and all(map(_is_shape, value.values())):
        return value
    message = "a list of sizes, `like` and an input's name, or a mapping of such"
    raise PydanticCustomError("shapes", message)


def _check_setting(value: Any) -> Any:
    if isinstance(value, dict):
        return check_object(value)
    items = value if isinstance(value, list) else [value]
    plain = (bool, int, float, str)
    if all(item is None or isinstance(item, plain) for item in items):
        return value
    raise PydanticCustomError("setting", "a value, an expression, or a list of them")


def _check_count(value: Any) -> Any:
    if _is_size(value):
        return value
    raise PydanticCustomError("size", "a size: an integer, a name or an expression")


Shapes: TypeAlias = Annotated[
    Any,
    PlainValidator(_check_shapes),
    WithJsonSchema({"type": ["array", "string", "object"]}),
]
Setting: TypeAlias = Annotated[
    Any,
    PlainValidator(_check_setting),
    WithJsonSchema(
        {"type": ["number", "boolean", "string", "array", "object", "null"]}
    ),
]
Count: TypeAlias = Annotated[
    int | str,
    PlainValidator(_check_count),
    WithJsonSchema({"type": ["integer", "string"]}),
]


class Sublayer(Form):
    """A layer that this layer owns, builds and calls."""

    layer: str = Field(description="A layer of Keras, or another spec's file.")
    arguments: dict[str, Setting] = Field(
        default_factory=dict, description="Its constructor arguments."
    )
    shape: Shapes = Field(None, description="Shape of the tensor that it is built for.")
    count: Count | None = Field(None, description="Makes a list of so many.")
    when: str | None = Field(None, description="It exists only if this holds.")
    doc: Doc = ""

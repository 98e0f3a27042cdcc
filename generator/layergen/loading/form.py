"""What all forms of a spec share: strict mappings, and small values."""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


class Form(BaseModel):
    """A mapping of a spec: unknown keys are errors, values are not converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _check_dim(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("dim", "a dimension: a name, an integer or `...`")
    return value


def _check_former_names(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if names and all(isinstance(name, str) for name in names):
        return tuple(names)
    raise PydanticCustomError("former", "a name that it had, or a list of them")


def check_object(value: Any) -> Any:
    """An initializer, regularizer or constraint as a spec writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        plain = (bool, int, float, str)
        if all(x is None or isinstance(x, plain) for x in value.values()):
            return value
    raise PydanticCustomError(
        "object", "a name, or a mapping with `name` and parameters"
    )


Dim: TypeAlias = Annotated[
    int | str,
    PlainValidator(_check_dim),
    WithJsonSchema({"type": ["integer", "string"]}),
]
Doc: TypeAlias = Annotated[
    str, Field(description="One or two sentences for the docstring.")
]
FormerNames: TypeAlias = Annotated[
    tuple[str, ...],
    PlainValidator(_check_former_names),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    ),
    Field(description="Names that it had in models that were saved: they still load."),
]
KerasObject: TypeAlias = Annotated[
    Any,
    PlainValidator(check_object),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string"}},
                },
            ]
        }
    ),
]

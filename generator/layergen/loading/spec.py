"""What may be written in a spec: the data model, by pydantic.

The model knows forms only: which keys there are and what kind of value each takes.
What a spec *means* (names, expressions, roles) is decided in `lower`. The JSON Schema
for editors is made from these classes, so every field says what it is for.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from layergen.loading.approvals import Approval
from layergen.loading.argument_forms import Argument
from layergen.loading.call_inputs import CallInput, Masking
from layergen.loading.form import Doc, Form, FormerNames, KerasObject
from layergen.loading.outputs import Outputs
from layergen.loading.sublayers import Sublayer


def _check_size(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("size", "a size: an integer, a name or an expression")
    return value


def _check_array(value: Any) -> Any:
    level = [value]
    while level:
        if any(
            isinstance(x, dict | str) or x is None
            for x in level
            if not isinstance(x, list)
        ):
            raise PydanticCustomError("array", "a number or nested lists of numbers")
        level = [inner for x in level if isinstance(x, list) for inner in x]
    return value


def _check_expected(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _check_array(inner) for name, inner in value.items()}
    return _check_array(value)


def _check_value(value: Any) -> Any:
    return value if isinstance(value, str) else _check_array(value)


def _check_attribute(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    if all(isinstance(item, bool | int | float | str) for item in items):
        return value
    raise PydanticCustomError("attribute", "a number, an expression, or a list of them")


_ARRAY = {"anyOf": [{"type": "number"}, {"type": "boolean"}, {"type": "array"}]}

Size: TypeAlias = Annotated[
    int | str,
    PlainValidator(_check_size),
    WithJsonSchema({"type": ["integer", "string"]}),
]
Array: TypeAlias = Annotated[Any, PlainValidator(_check_array), WithJsonSchema(_ARRAY)]
Expected: TypeAlias = Annotated[
    Any,
    PlainValidator(_check_expected),
    WithJsonSchema({"anyOf": [*_ARRAY["anyOf"], {"type": "object"}]}),
]
Value: TypeAlias = Annotated[
    Any,
    PlainValidator(_check_value),
    WithJsonSchema({"anyOf": [*_ARRAY["anyOf"], {"type": "string"}]}),
]
Attribute: TypeAlias = Annotated[
    Any,
    PlainValidator(_check_attribute),
    WithJsonSchema({"type": ["number", "boolean", "string", "array"]}),
]


Setting = Literal["initializer", "regularizer", "constraint"]


class Weight(Form):
    """A parameter that lives in the checkpoint and may change."""

    role: Literal["weight"]
    shape: list[Size] = Field(description="Sizes: expressions over dims and arguments.")
    initializer: KerasObject = Field("glorot_uniform", description="First values.")
    value: Value = Field(None, description="First values: a literal or an expression.")
    regularizer: KerasObject | None = Field(None, description="Penalty in the loss.")
    constraint: KerasObject | None = Field(None, description="Projection after a step.")
    trainable: bool = Field(True, description="Whether the optimizer changes it.")
    autocast: bool = Field(True, description="Whether it takes the compute dtype.")
    configurable: bool | list[Setting] = Field(
        False, description="Which of the three become constructor arguments."
    )
    dtype: Literal["float", "float32", "int32", "bool"] = Field(
        "float", description="`float` is the layer's variable dtype."
    )
    when: str | None = Field(None, description="It exists only if this holds.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class Constant(Form):
    """A parameter that never changes."""

    role: Literal["constant"]
    shape: list[Size] | None = Field(None, description="Sizes, checked if given.")
    value: Value = Field(None, description="A literal, or an expression.")
    file: str | None = Field(None, description="An `.npy` file beside the spec.")
    initializer: KerasObject | None = Field(None, description="Drawn once.")
    dtype: Literal["float", "float32", "float64", "int32", "int64", "uint8", "bool"] | (
        None
    ) = Field(None, description="Taken from the value if not given.")
    storage: Literal["attribute", "weight"] | None = Field(
        None, description="Overrides where the compiler keeps it."
    )
    renamed_from: FormerNames = ()
    doc: Doc = ""


Parameter: TypeAlias = Annotated[Weight | Constant, Field(discriminator="role")]


class Requirement(Form):
    """A condition on arguments and sizes."""

    that: str = Field(description="An expression that must hold.")
    message: str = Field("", description="What is said if it does not.")


class Example(Form):
    """An instance of the layer: the generated tests run it."""

    arguments: dict[str, Any] = Field(
        default_factory=dict, description="Constructor arguments."
    )
    inputs: Any = Field(
        description="Values; with several inputs, a mapping from names to values."
    )
    weights: dict[str, Array] = Field(
        default_factory=dict, description="Values of weights, by name."
    )
    masks: dict[str, Array] = Field(
        default_factory=dict, description="Masks of inputs, by the inputs' names."
    )
    outputs: Expected = Field(
        None, description="The expected values; of several outputs a mapping by name."
    )
    output_mask: Array = Field(None, description="The expected mask of the output.")


def _check_version(value: Any) -> Any:
    """Python takes `True` and `1.0` for 1."""
    return value if type(value) is int else None


class Spec(Form):
    """A Keras layer."""

    schema_: str = Field("", alias="$schema", description="For editors; not read.")
    layergen: Annotated[Literal[1], BeforeValidator(_check_version)] = Field(
        description="Version of the format."
    )
    name: str = Field(description="Name of the class.")
    package: str = Field(description="Registration package, and folder of the module.")
    renamed_from: FormerNames = Field(
        (), description="Under what it was registered: `old_package>Name`, or several."
    )
    summary: str = Field(min_length=1, description="One sentence: what the layer does.")
    description: str = Field("", description="Further paragraphs of the docstring.")
    references: list[str] = Field(
        default_factory=list, description="Where the layer comes from."
    )
    arguments: dict[str, Argument] = Field(
        default_factory=dict, description="Constructor arguments."
    )
    inputs: dict[str, CallInput] = Field(
        min_length=1, description="What `call` takes: tensors and flags."
    )
    parameters: dict[str, Parameter] = Field(
        default_factory=dict, description="Constants and weights."
    )
    requires: list[Requirement] = Field(
        default_factory=list, description="Conditions on arguments and sizes."
    )
    sublayers: dict[str, Sublayer] = Field(
        default_factory=dict, description="Layers that it owns and calls."
    )
    attributes: dict[str, Attribute] = Field(
        default_factory=dict,
        description="Further public attributes: numbers or expressions.",
    )
    call: str = Field(description="The forward pass.")
    outputs: Outputs = Field(
        description="What `call` returns: one tensor, or several by name."
    )
    masking: Masking | None = Field(None, description="What becomes of masks.")
    examples: list[Example] = Field(default_factory=list, description="Instances.")
    approved: list[Approval] = Field(
        default_factory=list, description="Breaks that are meant, for `layergen diff`."
    )


NOT_YET: dict[str, frozenset[str]] = {
    "spec": frozenset({"methods"}),
    "argument types": frozenset({"layer"}),
}
"""Planned parts of the format. They are refused by name until they work."""


def json_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of a spec, for editors."""
    schema = Spec.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "layergen spec"
    return schema

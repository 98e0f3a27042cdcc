"""Constructor arguments as a spec writes them: one form a type."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from layergen.loading.form import Doc, Form, FormerNames, KerasObject


class BoolArgument(Form):
    """`true` or `false`."""

    type: Literal["bool"]
    default: bool | None = Field(None, description="Value if the caller gives none.")
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class IntArgument(Form):
    """An integer."""

    type: Literal["int"]
    default: int | None = Field(None, description="Value if the caller gives none.")
    min: int | None = Field(None, description="Least value that is accepted.")
    max: int | None = Field(None, description="Greatest value that is accepted.")
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class FloatArgument(Form):
    """A real number."""

    type: Literal["float"]
    default: float | None = Field(None, description="Value if the caller gives none.")
    min: float | None = Field(None, description="Least value that is accepted.")
    max: float | None = Field(None, description="Greatest value that is accepted.")
    above: float | None = Field(
        None, description="The value must be greater than this."
    )
    below: float | None = Field(None, description="The value must be less than this.")
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class StrArgument(Form):
    """A text."""

    type: Literal["str"]
    default: str | None = Field(None, description="Value if the caller gives none.")
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class ChoiceArgument(Form):
    """One of several texts."""

    type: Literal["choice"]
    choices: list[str] = Field(min_length=1, description="What may be given.")
    default: str | None = Field(None, description="Value if the caller gives none.")
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class AxisArgument(Form):
    """An axis of a tensor; negative ones count from the last."""

    type: Literal["axis"]
    default: int | None = Field(None, description="Value if the caller gives none.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class AxesArgument(Form):
    """One axis or several; the layer keeps a tuple."""

    type: Literal["axes"]
    default: int | list[int] | None = Field(
        None, description="Value if the caller gives none."
    )
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class IntsArgument(Form):
    """A tuple of integers; one integer stands for all of them, if `length` is given."""

    type: Literal["ints"]
    length: int | None = Field(None, ge=1, le=8, description="How many there are.")
    min: int | None = Field(None, description="Least value of each.")
    max: int | None = Field(None, description="Greatest value of each.")
    default: int | list[int] | None = Field(
        None, description="Value if the caller gives none."
    )
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class ShapeArgument(Form):
    """A shape: a tuple of sizes."""

    type: Literal["shape"]
    rank: int | None = Field(None, ge=0, le=8, description="Number of axes.")
    infer: bool = Field(False, description="Whether one size may be -1.")
    default: list[int] | None = Field(
        None, description="Value if the caller gives none."
    )
    optional: bool = Field(False, description="Whether `None` may be given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class DataFormatArgument(Form):
    """Where images have their channels; Keras's own setting if not given."""

    type: Literal["data_format"]
    default: Literal["channels_last", "channels_first"] | None = Field(
        None, description="Value if the caller gives none."
    )
    renamed_from: FormerNames = ()
    doc: Doc = ""


class DtypeArgument(Form):
    """The name of a dtype."""

    type: Literal["dtype"]
    kind: Literal["float", "int"] = Field("float", description="What it holds.")
    default: str | None = Field(None, description="Value if the caller gives none.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class InitializerArgument(Form):
    """An initializer, for one weight or several."""

    type: Literal["initializer"]
    default: KerasObject = Field(description="The one that is used if none is given.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class RegularizerArgument(Form):
    """A regularizer, for one weight or several."""

    type: Literal["regularizer"]
    default: KerasObject | None = Field(
        None, description="The one that is used if none is given."
    )
    renamed_from: FormerNames = ()
    doc: Doc = ""


class ConstraintArgument(Form):
    """A constraint, for one weight or several."""

    type: Literal["constraint"]
    default: KerasObject | None = Field(
        None, description="The one that is used if none is given."
    )
    renamed_from: FormerNames = ()
    doc: Doc = ""


class ActivationArgument(Form):
    """An activation: a function of Keras by name, or any function of a tensor."""

    type: Literal["activation"]
    default: str | None = Field(
        None, description="The one that is used if none is given."
    )
    renamed_from: FormerNames = ()
    doc: Doc = ""


class ArrayArgument(Form):
    """An array: nested lists, or anything that `numpy.array` takes."""

    type: Literal["array"]
    dtype: Literal["float", "float32", "float64", "int32", "int64", "uint8", "bool"] = (
        Field("float", description="`float` is kept in double precision.")
    )
    rank: int | None = Field(None, ge=0, le=8, description="Number of axes.")
    renamed_from: FormerNames = ()
    doc: Doc = ""


class SeedArgument(Form):
    """A seed of random numbers; drawn once if the caller gives none."""

    type: Literal["seed"]
    renamed_from: FormerNames = ()
    doc: Doc = ""


class DeprecatedArgument(Form):
    """An argument that is gone: it may still be given, and has no effect."""

    type: Literal["deprecated"]
    doc: Doc = ""


KeptArgument: TypeAlias = (
    BoolArgument
    | IntArgument
    | FloatArgument
    | StrArgument
    | ChoiceArgument
    | AxisArgument
    | AxesArgument
    | IntsArgument
    | ShapeArgument
    | ArrayArgument
    | SeedArgument
    | DataFormatArgument
    | DtypeArgument
    | InitializerArgument
    | RegularizerArgument
    | ConstraintArgument
    | ActivationArgument
)
Argument: TypeAlias = Annotated[
    KeptArgument | DeprecatedArgument, Field(discriminator="type")
]

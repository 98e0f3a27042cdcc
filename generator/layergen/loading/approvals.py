"""The form of an approval: a break that is meant, and why it may be."""

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from layergen.loading.form import Form


def _add_codes(schema: dict[str, Any]) -> None:
    """Let editors offer the codes; they are read only when a schema is asked for."""
    from layergen.codes.review import approvable

    schema["enum"] = list(approvable())


def _join_lines(text: str) -> str:
    return " ".join(text.split())


Reason: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_join_lines),
]


class Approval(Form):
    """A break that is meant."""

    code: str = Field(
        description="The code that `layergen diff` prints.",
        json_schema_extra=_add_codes,
    )
    name: str | None = Field(
        None, description="The member that has changed, if it is not the whole layer."
    )
    reason: Reason = Field(description="Why nobody is hurt, or why it is worth it.")

    @property
    def change(self) -> tuple[str, str]:
        """The code and the member of the change that it is for."""
        return self.code, self.name or ""

"""The outputs that an example expects."""

from typing import Any

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import Array, Output, Tensors
from layergen.loading.load import Document
from layergen.lower.given import report_unknown
from layergen.lower.literal import array_of

Path = tuple[str | int, ...]


def read_outputs(
    given: Any,
    path: Path,
    document: Document,
    outputs: tuple[Output, ...],
    found: Diagnostics,
) -> dict[str, Tensors]:
    """The expected values by the outputs' names; those left out are not compared."""
    if given is None:
        return {}
    if not isinstance(given, dict) and len(outputs) > 1:
        message = "a layer with several outputs has a mapping from names to values"
        found.add(codes.BAD_EXAMPLE, message, document.span(*path, "outputs"))
        return {}
    known = {output.name: output for output in outputs}
    pairs = given if isinstance(given, dict) else {outputs[0].name: given}
    values: dict[str, Tensors] = {}
    for name, value in pairs.items():
        where = expected_path(path, name, document)
        if name not in known:
            report_unknown("output", name, known, document.key_span(*where), found)
            continue
        read = _value(known[name], value, where, document, found)
        if read is not None:
            values[name] = read
    return values


def expected_path(path: Path, name: str, document: Document) -> Path:
    """Where an example has the values of an output."""
    named = (*path, "outputs", name)
    return named if document.has(*named) else (*path, "outputs")


def _value(
    output: Output, value: Any, where: Path, document: Document, found: Diagnostics
) -> Tensors | None:
    if output.count is None:
        return array_of(value, None, document, where, found)
    if not isinstance(value, list):
        message = f"`{output.name}` is a list of tensors"
        found.add(codes.BAD_EXAMPLE, message, document.span(*where))
        return None
    arrays: list[Array | None] = [
        array_of(each, None, document, (*where, i), found)
        for i, each in enumerate(value)
    ]
    present = tuple(array for array in arrays if array is not None)
    return present if len(present) == len(arrays) else None

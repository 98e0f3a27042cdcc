"""The `.npy` files beside a spec -> arrays."""

import hashlib
import io
from pathlib import Path

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind
from layergen.layer import Array, Loaded
from layergen.loading.load import Document
from layergen.lower.literal import LIMITS
from layergen.nearest import nearest
from layergen.source import Span

_MOST_BYTES = 2**31 - 1
"""TensorFlow refuses a constant of 2 GB."""

_ARCHIVE = b"PK\x03\x04"
"""How an `.npz` file begins."""


def _check_array(
    array: Array, dtype: str | None, span: Span, found: Diagnostics
) -> Array | None:
    """The array in the widest type of its kind; None if `dtype` cannot hold it."""
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        message = f"an array of {array.dtype.name} is not supported"
        note = "it must hold flags, integers or real numbers of at most 64 bits"
        found.add(codes.BAD_LITERAL, message, span, note)
        return None
    given = {"b": Kind.BOOL, "f": Kind.FLOAT}.get(array.dtype.kind, Kind.INT)
    kind = given if dtype is None else dtype_kind(dtype)
    reason = _refuse_cast(array, given, kind, dtype)
    if reason:
        found.add(codes.BAD_LITERAL, reason, span)
        return None
    wide = {Kind.BOOL: np.bool_, Kind.INT: np.int64, Kind.FLOAT: np.float64}[kind]
    return array.astype(wide)


def _refuse_cast(
    array: Array, given: Kind, kind: Kind, dtype: str | None
) -> str | None:
    if kind is Kind.FLOAT and given is not Kind.BOOL:
        return None
    if kind is Kind.INT and given is Kind.INT:
        low, high = LIMITS[dtype or "int32"]
        if array.size and not (low <= int(array.min()) and int(array.max()) <= high):
            return f"{dtype or 'int32'} does not hold all of these numbers"
        return None
    words = {Kind.BOOL: "flags", Kind.INT: "integers", Kind.FLOAT: "fractions"}
    return None if given is kind else f"{dtype} does not hold {words[given]}"


def load_array(
    document: Document,
    path: tuple[str | int, ...],
    dtype: str | None,
    found: Diagnostics,
) -> Loaded | None:
    """Read an `.npy` file that belongs to the spec; None if it cannot be used."""
    span, name = document.span(*path), document.scalar(*path).text
    content = _read(document.tree.source.folder, name, span, found)
    if content is None:
        return None
    note = "write it with `numpy.save(path, array, allow_pickle=False)`"
    if content[: len(_ARCHIVE)] == _ARCHIVE:
        message = f"`{name}` is an archive, not one array"
        found.add(codes.BAD_FILE, message, span, note)
        return None
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # whatever crafted bytes make NumPy raise
        message = f"`{name}` is no `.npy` file of numbers"
        if "Object arrays" in str(error):
            message = f"`{name}` holds Python objects, not numbers"
        found.add(codes.BAD_FILE, message, span, note)
        return None
    checked = _check_array(array, dtype, span, found)
    if checked is None:
        return None
    return Loaded(name, checked, hashlib.sha256(content).hexdigest())


def _read(
    folder: str | None, name: str, span: Span, found: Diagnostics
) -> bytes | None:
    if folder is None:
        message = "a spec from standard input has no files beside it"
        note = "say where it belongs with `--stdin-filename`"
        found.add(codes.BAD_FILE, message, span, note)
        return None
    root = Path(folder).resolve()
    if refusal := _refuse_name(name):
        found.add(codes.BAD_FILE, f"`{name}` {refusal[0]}", span, refusal[1])
        return None
    try:
        file = (root / name).resolve()
        if not file.is_relative_to(root):
            message = f"`{name}` is outside the spec's folder"
            note = "a file stands beside the spec or below it"
            found.add(codes.BAD_FILE, message, span, note)
            return None
        if not file.exists():
            found.add(codes.BAD_FILE, f"there is no `{name}`", span, _others(file))
            return None
        if file.stat().st_size > _MOST_BYTES:
            found.add(codes.BAD_FILE, f"`{name}` has more than 2 GB", span)
            return None
        return file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        found.add(codes.BAD_FILE, f"`{name}` cannot be read: {reason}", span)
        return None


def _refuse_name(name: str) -> tuple[str, str] | None:
    """Why a name is none of a file beside the spec, and what to do."""
    if "\\" in name:
        return "has a backslash", "write `/` between folders"
    if Path(name).is_absolute():
        return "is an absolute path", "give the path from the spec's folder"
    if not name.endswith(".npy") or "\0" in name:
        return "is no `.npy` file", "write one with `numpy.save(path, array)`"
    return None


def _others(file: Path) -> str:
    """The file of the same folder that was probably meant, as a note."""
    known = nearest(file.name, [other.name for other in file.parent.glob("*.npy")])
    return f"did you mean `{known}`?" if known else ""

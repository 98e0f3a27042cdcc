"""Arrays that a spec holds: literals, and `.npy` files beside it."""

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.expr.ir import Kind
from layergen.expr.op import dtype_kind
from layergen.layer import Array, Loaded
from layergen.load import Document
from layergen.source import Span

_MOST_BYTES = 2**31 - 1
"""TensorFlow refuses a constant of 2 GB."""

_INT_RANGE = {"int32": 31, "int64": 63}


def array_of(
    value: Any, dtype: str | None, span: Span, found: Diagnostics
) -> Array | None:
    """A literal as an array of float64, int64 or bool; None if it has a mistake."""
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        message = "rows of different lengths, or a number of more than 64 bits"
        found.add(codes.BAD_LITERAL, message, span)
        return None
    if array.size == 0 and array.dtype.kind == "f":
        array = array.astype(float)
    return check_array(array, dtype, span, found)


def check_array(
    array: Array, dtype: str | None, span: Span, found: Diagnostics
) -> Array | None:
    """The array in the widest type of its kind; None if `dtype` cannot hold it."""
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        message = f"an array of {array.dtype.name} is not supported"
        note = "give a complex array as two arrays of real numbers"
        found.add(codes.BAD_LITERAL, message, span, note)
        return None
    kind = Kind.FLOAT if dtype is None else dtype_kind(dtype)
    given = {"b": Kind.BOOL, "f": Kind.FLOAT}.get(array.dtype.kind, Kind.INT)
    kind = given if dtype is None else kind
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
        if dtype == "uint8":
            low, high = 0, 2**8 - 1
        else:
            bits = _INT_RANGE.get(dtype or "int32", 31)
            low, high = -(2**bits), 2**bits - 1
        if array.size and not (low <= int(array.min()) and int(array.max()) <= high):
            return f"{dtype or 'int32'} does not hold all of these numbers"
        return None
    return None if given is kind else f"{dtype} does not hold {given}s without a change"


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
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # whatever crafted bytes make NumPy raise
        message = f"`{name}` is no `.npy` file of numbers"
        note = "write it with `numpy.save(path, array, allow_pickle=False)`"
        if "pickle" in str(error):
            message = f"`{name}` holds Python objects, not numbers"
        found.add(codes.BAD_FILE, message, span, note)
        return None
    if not isinstance(array, np.ndarray):
        found.add(codes.BAD_FILE, f"`{name}` is an archive, not one array", span)
        return None
    checked = check_array(array, dtype, span, found)
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
    plain = name.endswith(".npy") and "\\" not in name and "\0" not in name
    root = Path(folder).resolve()
    try:
        file = (root / name).resolve() if plain else root
        if not plain or not file.is_relative_to(root) or Path(name).is_absolute():
            message = f"`{name}` is no `.npy` file in the spec's folder or below it"
            found.add(codes.BAD_FILE, message, span)
            return None
        if file.stat().st_size > _MOST_BYTES:
            found.add(codes.BAD_FILE, f"`{name}` has more than 2 GB", span)
            return None
        return file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        found.add(codes.BAD_FILE, f"`{name}` cannot be read: {reason}", span)
        return None

"""Plain data -> Doc: the literals of a generated test, arrays included.

Plain data are None, bool, int, float, str, NumPy arrays of numbers or bool,
and lists, tuples, dicts and sets of strings of these. A `Group` or `Concat` of
`layergen.emit.doc` stands for itself: source text such as a call.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from layergen.emit.doc import (
    Concat,
    Doc,
    Group,
    Kind,
    attribute,
    bracketed,
    call,
    dict_of,
    list_of,
    literal,
    quote,
    tuple_of,
)

Data = object

_NESTED = 24
"""Numbers of an array up to which a reader sees more in nested lists."""


def data_doc(value: Data) -> Doc:
    """Source text that yields the data.

    Raises:
        TypeError: for anything else.
    """
    match value:
        case Group() | Concat():
            return value
        case np.ndarray(size=0, ndim=ndim) if ndim > 1:  # a list would lose its shape
            sizes = tuple_of([str(size) for size in value.shape])
            return call("np.zeros", [sizes, quote(value.dtype.name)])
        case np.ndarray():
            return _array_doc(value)
        case frozenset() | set():
            names = [quote(str(name)) for name in sorted(value, key=str)]
            return bracketed("{", names, "}", Kind.DISPLAY)
        case list():
            return list_of([data_doc(item) for item in value])
        case tuple():
            return tuple_of([data_doc(item) for item in value])
        case Mapping():
            return dict_of(
                (literal(key), data_doc(item)) for key, item in value.items()
            )
        case _:
            return literal(value)


def _array_doc(array: np.ndarray) -> Doc:
    """A small array as nested lists; a large one as its numbers, and its shape."""
    is_plain = array.dtype in (bool, np.float64)
    dtype = [] if is_plain else [quote(array.dtype.name)]
    if array.ndim < 2 or array.size <= _NESTED:
        return call("np.array", [_nested(array.tolist()), *dtype])
    numbers = call("np.array", [_nested(array.ravel().tolist()), *dtype])
    return call(attribute(numbers, "reshape"), [str(size) for size in array.shape])


def _nested(values: object) -> Doc:
    """A number, or nested lists of numbers with as many a line as fit."""
    if not isinstance(values, list):
        return literal(values)
    is_row = not any(isinstance(value, list) for value in values)
    kind = Kind.ROW if is_row else Kind.DISPLAY
    return bracketed("[", [_nested(value) for value in values], "]", kind)


def arrays_in(value: Data) -> Iterator[np.ndarray]:
    """The arrays among nested lists and tuples."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from arrays_in(item)
    elif isinstance(value, np.ndarray):
        yield value

"""Name of a layer that a spec owns -> that layer.

A layer of Keras is described by a spec of our own, in `keras_layers/`; any other by
the spec that is named, relative to its owner's.
"""

import hashlib
import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from layergen.codes import sublayers as codes
from layergen.diagnostics import Diagnostics, SpecError
from layergen.layer import Layer, Loaded
from layergen.loading.load import Document, load
from layergen.nearest import nearest
from layergen.resources import package_folder
from layergen.source import Source, Span

SUFFIXES = (".yaml", ".yml", ".json")
_PREFIX = "keras.layers."
_MOST_NESTED = 8
"""Specs that may own one another in a row."""

Lower = Callable[[Document, Diagnostics, tuple[str, ...]], Layer]
"""Lowers a spec, given the files of those that own it."""


@dataclass(frozen=True)
class Child:
    """A layer that another owns.

    Attributes:
        layer: what it is.
        keras: its class, if it is one of Keras.
        files: the specs that were read for it, relative to its owner's, with digests.
    """

    layer: Layer
    keras: str = ""
    files: tuple[tuple[str, str], ...] = ()


@cache
def known_layers() -> tuple[str, ...]:
    """The layers of Keras that a spec may own, by class name."""
    return tuple(sorted(p.stem for p in _folder().glob("*.yaml")))


def find_child(
    document: Document,
    name: str,
    span: Span,
    owners: tuple[str, ...],
    lower: Lower,
    found: Diagnostics,
) -> Child | None:
    """The layer of a name; None, with a mistake recorded, if it cannot be had.

    Args:
        document: the spec that owns it.
        name: a class of Keras, or a path.
        span: where that is written.
        owners: the files of the specs that own `document`, and its own.
        lower: lowers a spec.
        found: takes the mistakes.
    """
    if name.endswith(SUFFIXES):
        return _read_child(document, name, span, owners, lower, found)
    plain = name.removeprefix(_PREFIX)
    known = known_layers()
    if plain in known:
        return Child(keras_layer(plain, lower), _PREFIX + plain)
    meant = nearest(plain, known)
    note = f"did you mean `{meant}`?" if meant else f"known: {', '.join(known)}"
    message = f"layergen knows no layer of Keras of the name `{plain}`"
    found.add(codes.UNKNOWN_LAYER, message, span, note, _ANY_SPEC)
    return None


_ANY_SPEC = "any other layer is a spec of its own: give its file, `my_layer.yaml`"


def _folder() -> Path:
    return package_folder() / "keras_layers"


@cache
def keras_layer(name: str, lower: Lower) -> Layer:
    """A layer of Keras, as the spec of the same name describes it."""
    path = _folder() / f"{name}.yaml"
    found = Diagnostics()
    document = load(Source(f"keras_layers/{name}.yaml", path.read_text("utf-8"), None))
    return lower(document, found, ())


def _read_child(
    document: Document,
    name: str,
    span: Span,
    owners: tuple[str, ...],
    lower: Lower,
    found: Diagnostics,
) -> Child | None:
    """The layer of another spec."""
    folder = document.tree.source.folder
    if folder is None:
        message = "a spec from standard input has no files beside it"
        note = "say where it belongs with `--stdin-filename`"
        found.add(codes.UNKNOWN_LAYER, message, span, note)
        return None
    if Path(name).is_absolute() or "\\" in name or "\0" in name:
        note = "give the path from this spec, with `/` between folders"
        found.add(codes.UNKNOWN_LAYER, f"`{name}` is no relative path", span, note)
        return None
    file = (Path(folder) / name).resolve()
    if str(file) in owners or len(owners) > _MOST_NESTED:
        message = f"`{name}` owns this layer itself"
        if str(file) not in owners:
            message = f"more than {_MOST_NESTED} layers that own one another"
        found.add(codes.UNKNOWN_LAYER, message, span)
        return None
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        others = [other.name for other in file.parent.glob("*") if _is_spec(other)]
        meant = nearest(file.name, others)
        note = f"did you mean `{meant}`?" if meant else ""
        message = f"`{name}` cannot be read: {reason}"
        found.add(codes.UNKNOWN_LAYER, message, span, note)
        return None
    shown = posixpath.join(posixpath.dirname(document.tree.source.path), name)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        source = Source(posixpath.normpath(shown), text, str(file.parent))
        layer = lower(load(source), Diagnostics(), owners)
    except UnicodeDecodeError:
        found.add(codes.UNKNOWN_LAYER, f"`{name}` is not UTF-8", span)
        return None
    except SpecError as error:
        first = error.diagnostics[0]
        note = f"{first.span}: {first.message}" if first.span else first.message
        found.add(codes.UNKNOWN_LAYER, f"`{name}` has errors", span, note)
        return None
    return Child(layer, "", ((name, _digest(data)), *_inner_files(layer, name)))


def _is_spec(path: Path) -> bool:
    return path.name.endswith(SUFFIXES)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _inner_files(layer: Layer, name: str) -> tuple[tuple[str, str], ...]:
    """What the child has read itself, by paths from its owner's spec."""
    inner = [file for sublayer in layer.sublayers for file in sublayer.files]
    sources = [constant.source for constant in layer.constants]
    inner += [(s.file, s.sha256) for s in sources if isinstance(s, Loaded)]
    folder = posixpath.dirname(name)
    return tuple(
        (posixpath.normpath(posixpath.join(folder, file)), digest)
        for file, digest in inner
    )

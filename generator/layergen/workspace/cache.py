"""`.layergen_cache/`: what earlier builds found out. Safe to delete at any time.

`specs.json` keeps for each spec what compiling it yielded: digests, not contents.
Together with files on disk that still have those digests it spares the compilation.
`formatted/` keeps texts as black formatted them. Whatever cannot be read counts as
not there, and a cache that cannot be written is done without.
"""

import json
import sys
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from layergen.artifact import Target
from layergen.resources import package_folder, templates_folder
from layergen.workspace.write import write_file

FOLDER = ".layergen_cache"
_PENDING = "pending.json"
_FORMATTED_FILES = 4000
"""How many formatted texts are kept before the older half is dropped."""


def fingerprint() -> str:
    """A digest of everything but the spec that decides what is generated."""
    found = sha256(f"{sys.version_info[:2]}".encode())
    for folder in (package_folder(), templates_folder()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(f"{path.relative_to(folder).as_posix()}\n".encode())
                found.update(sha256(path.read_bytes()).digest())
    for name in ("black", "jinja2", "numpy", "pydantic", "yaml"):
        found.update(f"{name} {_version_text(name)}".encode())
    return found.hexdigest()


def _version_text(package: str) -> str:
    """What tells a package's version, without the price of importing it."""
    module = find_spec(package)
    if module is None or module.origin is None:
        return ""
    init = Path(module.origin)
    for path in (init.with_name("_black_version.py"), init.with_name("version.py")):
        if path.is_file():
            init = path
            break
    return sha256(init.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Record:
    """What compiling a spec yielded; `digest` is that of the spec's text.

    Attributes:
        digest: the text that it holds for.
        files: path and digest of each generated file, and the text of a marker.
        export: package, module and class.
        former: other names under which Keras finds the class.
        data: files that were read beside the spec, with digests.
        warnings: code, message, start, end (or None twice) and notes of each.
    """

    digest: str
    files: tuple[tuple[str, str, str | None], ...]
    export: tuple[str, str, str] | None = None
    data: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str, int | None, int | None, tuple[str, ...]], ...] = ()
    former: tuple[str, ...] = ()


class BuildCache:
    """The records of one project for one generator and target."""

    def __init__(self, root: Path, target: Target) -> None:
        self._folder = root / FOLDER
        scope = json.dumps([fingerprint(), asdict(target)])
        self._scope = sha256(scope.encode()).hexdigest()
        self._records = self._read()
        self._new: dict[str, Record] = {}
        self._used: set[str] = set()

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads((self._folder / "specs.json").read_bytes())
            records = data[self._scope]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}
        return records if isinstance(records, dict) else {}

    def get(self, name: str, digest: str) -> Record | None:
        """The record under a spec's path, if it holds for a text of this digest."""
        try:
            record = _freeze(self._records[name])
        except (KeyError, TypeError, ValueError):
            return None
        self._used.add(name)
        return record if record.digest == digest else None

    def put(self, name: str, record: Record) -> None:
        """Remember a record under a spec's path."""
        self._new[name] = record

    def save(self, *, whole: bool) -> None:
        """Write the records; `whole` says that those not asked for can go."""
        kept = {n: r for n, r in self._records.items() if n in self._used or not whole}
        if self._new or len(kept) < len(self._records):
            records = kept | {name: asdict(new) for name, new in self._new.items()}
            text = json.dumps({self._scope: records}, separators=(",", ":"))
            _write_quietly(self._folder, "specs.json", text.encode())

    def pending(self) -> dict[str, list[str]]:
        """What interrupted builds were about to write: digests by path."""
        try:
            data = json.loads((self._folder / _PENDING).read_bytes())
            return {
                str(path): list(map(str, known))
                for path, known in data.items()
                if path.isprintable()
            }
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}

    def begin(self, digests: Mapping[str, str]) -> None:
        """Note what is about to be written, beside what was left pending."""
        pending = self.pending()
        for path, known in digests.items():
            pending[path] = sorted({*pending.get(path, ()), known})
        _write_quietly(self._folder, _PENDING, json.dumps(pending).encode())

    def finish(self, settled: Container[str]) -> None:
        """Note that these paths are as the lock says."""
        pending = self.pending()
        left = {path: known for path, known in pending.items() if path not in settled}
        if left:
            _write_quietly(self._folder, _PENDING, json.dumps(left).encode())
        elif pending:
            with suppress(OSError):
                (self._folder / _PENDING).unlink(missing_ok=True)


def _freeze(data: Any) -> Record:
    """A record from JSON.

    Raises:
        TypeError, ValueError, KeyError: for data of another form.
    """
    files = tuple((str(p), str(d), t and str(t)) for p, d, t in data["files"])
    export = data["export"]
    if export is not None:
        package, module, name = map(str, export)
        export = (package, module, name)
    read = tuple((str(p), str(d)) for p, d in data["data"])
    warnings = tuple(
        (str(code), str(message), start, end, tuple(map(str, notes)))
        for code, message, start, end, notes in data["warnings"]
    )
    former = tuple(map(str, data["former"]))
    return Record(str(data["digest"]), files, export, read, warnings, former)


def _write_quietly(folder: Path, name: str, content: bytes) -> None:
    with suppress(OSError):
        if not (folder / ".gitignore").exists():
            write_file(folder / ".gitignore", b"*\n")
        write_file(folder / name, content)


class FormattedTexts:
    """A `FormatCache` in files named for the text, so that processes can share it.

    With `writes` false it only remembers what earlier builds found.
    """

    def __init__(self, root: Path, target: Target, *, writes: bool = True) -> None:
        self._folder = root / FOLDER
        self._writes = writes
        self._scope = f"{_version_text('black')} {target.line_length}\n"

    def _name(self, rendered: str) -> str:
        return f"formatted/{sha256((self._scope + rendered).encode()).hexdigest()}"

    def get(self, rendered: str, path: str) -> str | None:
        """The formatted text; None if it is not known or was tampered with."""
        try:
            data = (self._folder / self._name(rendered)).read_bytes()
            digest, _, content = data.partition(b"\n")
            sound = digest.decode() == sha256(content).hexdigest()
            return content.decode() if sound else None
        except (OSError, ValueError):
            return None

    def put(self, rendered: str, path: str, formatted: str) -> None:
        """Remember a formatted text."""
        if not self._writes:
            return
        content = formatted.encode()
        digest = sha256(content).hexdigest().encode()
        _write_quietly(self._folder, self._name(rendered), digest + b"\n" + content)

    def prune(self) -> None:
        """Drop the older half when there are too many."""
        if not self._writes:
            return
        with suppress(OSError):
            texts = list((self._folder / "formatted").iterdir())
            if len(texts) > _FORMATTED_FILES:
                texts.sort(key=lambda text: text.stat().st_mtime)
                for text in texts[: len(texts) // 2]:
                    text.unlink(missing_ok=True)

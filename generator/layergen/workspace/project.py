"""`pyproject.toml` -> Project: where specs are and where generated files go."""

import keyword
import os
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Self

from layergen.artifact import Target
from layergen.codes import project as codes
from layergen.diagnostics import Code, Diagnostic, Diagnostics, SpecError
from layergen.source import Source
from layergen.workspace.review_settings import ReviewSettings, find_setting, read_review

LOCK_NAME = "layergen.lock"
_FILE = "pyproject.toml"
_SETTINGS = ("specs", "out", "tests", "module", "line-length", "review")
_MIN_LINE = 40


class CommandError(SpecError):
    """A command that cannot be carried out; `exit_code` is what the shell is told."""

    exit_code = 1

    @classmethod
    def of(cls, code: Code, message: str, *notes: str, path: str | None = None) -> Self:
        """The error of a single finding that no text is to blame for."""
        return cls([Diagnostic(code, message, None, notes, path)])


class UsageError(CommandError):
    """A wrong command line, wrong settings, or a disk that cannot be written."""

    exit_code = 2


class NothingMatchedError(CommandError):
    """Nothing to do where something was expected."""

    exit_code = 5


@dataclass(frozen=True)
class Project:
    """A folder with its settings.

    Attributes:
        root: absolute path of the folder that all other paths are relative to.
        specs: files and folders of specs, relative to `root`.
        target: where generated files go.
        specs_are_set: whether `specs` was written down, and not assumed.
        has_settings: whether there is a `[tool.layergen]`.
        review: how changes are judged.
    """

    root: Path
    specs: tuple[str, ...] = ("specs",)
    target: Target = field(default_factory=Target)
    specs_are_set: bool = False
    has_settings: bool = False
    review: ReviewSettings = field(default_factory=ReviewSettings)

    @property
    def lock(self) -> str:
        """Path of the lock, relative to the project."""
        return posixpath.normpath(f"{self.target.out}/{LOCK_NAME}")

    @property
    def lock_path(self) -> Path:
        """Absolute path of the lock."""
        return self.root / self.lock

    @property
    def import_root(self) -> Path:
        """The folder that the generated modules are imported from."""
        parts = self.target.module.split(".") if self.target.module else []
        out = PurePosixPath(self.target.out).parts
        if parts and out[-len(parts) :] == tuple(parts):
            return self.root.joinpath(*out[: -len(parts)])
        return self.root if parts else self.root / self.target.out


def current_folder() -> Path:
    """The folder that the command was started in.

    Raises:
        UsageError: when it has been removed since.
    """
    try:
        return Path.cwd()
    except OSError:
        message = "the current folder is not there any more"
        raise UsageError.of(codes.NO_SUCH_PATH, message) from None


def load_project(cwd: Path, out: str | None = None) -> Project:
    """The project around `cwd`: the nearest `pyproject.toml` with `[tool.layergen]`.

    Without one, `cwd` itself with the default settings. `out` is the flag's value,
    relative to `cwd`; the settings `tests` and `module` then give way to the defaults
    of that folder.

    Raises:
        UsageError: with every setting that is wrong.
    """
    for root in (cwd, *cwd.parents):
        found = _read_table(root)
        if found is not None:
            break
    else:
        root, found = cwd, (Source(_FILE, ""), {})
    source, table = found
    reader = _Reader(root, source, table)
    if out is not None:
        for key in ("tests", "module"):
            table.pop(key, None)
        table["out"] = Path(os.path.relpath(cwd / out, root)).as_posix()
    project = reader.project(has_settings=bool(source.text))
    if reader.found.has_errors:
        raise UsageError(reader.found)
    return project


def _read_table(root: Path) -> tuple[Source, dict[str, Any]] | None:
    import tomllib

    try:
        text = (root / _FILE).read_text("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None
    if "layergen" not in text:
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError([_toml_finding(Source(_FILE, text), str(error))]) from None
    tool = data.get("tool")
    table = tool.get("layergen") if isinstance(tool, dict) else None
    return (Source(_FILE, text), table) if isinstance(table, dict) else None


def _toml_finding(source: Source, message: str) -> Diagnostic:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    start = len(source.text)
    if place and place[1]:
        lines = source.text.splitlines(keepends=True)[: int(place[1]) - 1]
        start = sum(map(len, lines)) + int(place[2]) - 1
    reason = message[: place.start()] if place else message
    span = source.span(start, start + 1)
    return Diagnostic(codes.NOT_TOML, reason[:1].lower() + reason[1:], span)


class _Reader:
    """Takes settings out of a table and records what is wrong with them."""

    def __init__(self, root: Path, source: Source, table: dict[str, Any]) -> None:
        self._root, self._source, self._table = root, source, table
        self.found = Diagnostics()

    def project(self, *, has_settings: bool) -> Project:
        for key in self._table:
            if key not in _SETTINGS:
                self._refuse_unknown(key)
        out = self._folder("out", "generated")
        tests = self._folder("tests", posixpath.normpath(f"{out}/tests"))
        if tests == out:
            self._add(codes.BAD_SETTING, "tests", "`tests` and `out` are the same")
        target = Target(out, tests, self._module(out), self._line_length())
        specs = self._specs()
        are_set = "specs" in self._table
        review = read_review(self._table.get("review", {}), self._source, self.found)
        return Project(self._root, specs, target, are_set, has_settings, review)

    def _add(self, code: Code, key: str, message: str, *notes: str) -> None:
        span = find_setting(self._source, "tool.layergen", key)
        self.found.add(code, message, span, *notes)

    def _refuse_unknown(self, key: str) -> None:
        from difflib import get_close_matches

        near = get_close_matches(key.replace("_", "-"), _SETTINGS, 1, 0.5)
        known = ", ".join(f"`{name}`" for name in _SETTINGS)
        note = f"did you mean `{near[0]}`?" if near else f"the settings are {known}"
        self._add(codes.UNKNOWN_SETTING, key, f"unknown setting `{key}`", note)

    def _string(self, key: str, default: str) -> str:
        value = self._table.get(key, default)
        if isinstance(value, str):
            return value
        self._add(codes.BAD_SETTING, key, f"`{key}` must be a string")
        return default

    def _folder(self, key: str, default: str) -> str:
        value = self._string(key, default)
        if not value or not value.isprintable():
            self._add(codes.BAD_SETTING, key, f"`{key}` must name a folder")
            return default
        return self._inside(key, value, default)

    def _inside(self, key: str, value: str, default: str) -> str:
        path = posixpath.normpath(value.replace("\\", "/"))
        absolute = path.startswith("/") or bool(PureWindowsPath(value).drive)
        if absolute or path == ".." or path.startswith("../"):
            message = f"`{key}` is `{value}`, which lies outside the project"
        elif not leads_inside(self._root, self._root / path):
            message = f"`{key}` is `{value}`, a link that leads outside the project"
        else:
            return path
        self._add(codes.OUTSIDE, key, message, f"the project is `{self._root}`")
        return default

    def _module(self, out: str) -> str:
        plain = "" if out in (".", "src") else out.removeprefix("src/")
        module = self._string("module", plain.replace("/", "."))
        for part in module.split(".") if module else ():
            if not part.isidentifier() or keyword.iskeyword(part):
                key = "module" if "module" in self._table else "out"
                message = (
                    f"`{module}` cannot be imported: `{part}` is not a Python name"
                )
                note = "choose another `out`, or say under `module` how it is imported"
                self._add(codes.NOT_IMPORTABLE, key, message, note)
                break
        return module

    def _line_length(self) -> int:
        value = self._table.get("line-length", Target.line_length)
        if type(value) is int and value >= _MIN_LINE:
            return value
        message = f"`line-length` must be a whole number from {_MIN_LINE} up"
        self._add(codes.BAD_SETTING, "line-length", message)
        return Target.line_length

    def _specs(self) -> tuple[str, ...]:
        value = self._table.get("specs", ["specs"])
        strings = isinstance(value, list) and all(isinstance(v, str) for v in value)
        if not strings or not value:
            message = "`specs` must be a list of files or folders"
            self._add(codes.BAD_SETTING, "specs", message, 'such as `["specs"]`')
            return ("specs",)
        return tuple(self._inside("specs", place, "specs") for place in value)


def leads_inside(root: Path, path: Path) -> bool:
    """Whether `path`, with every symbolic link followed, lies in `root`."""
    top, real = os.path.realpath(root), os.path.realpath(path)
    return real == top or real.startswith(top.rstrip(os.sep) + os.sep)

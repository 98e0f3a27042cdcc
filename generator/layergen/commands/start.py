"""`layergen new`, `layergen init`: the first files of a spec and of a project."""

import keyword
import os
import posixpath
import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path

from layergen.codes import project as codes
from layergen.commands import console
from layergen.commands.integrate import (
    QUESTIONS,
    Integration,
    SetupFile,
    find_origin,
    find_repository,
    has_entry,
    list_files,
    tell_entry,
)
from layergen.workspace.cache import FOLDER
from layergen.workspace.project import Project, UsageError, current_folder, load_project
from layergen.workspace.read import SUFFIXES, select_specs
from layergen.workspace.write import write_file

_SETTINGS = '[tool.layergen]\nspecs = ["specs"]\nout = "generated"\n'
_PACKAGE = "layers"
_EXAMPLE = "ScaledLinear"
_STARTER = """layergen: 1
name: {name}
package: {package}
summary: A linear projection multiplied by a fixed factor.
arguments:
  units: {{type: int, min: 1, doc: Size of the last axis of the output.}}
  factor: {{type: float, default: 1.0, doc: Fixed factor applied to the projection.}}
inputs:
  inputs: {{shape: [batch, ..., features]}}
parameters:
  kernel: {{role: weight, shape: [features, units], initializer: glorot_uniform}}
  scale: {{role: constant, shape: [], value: factor}}
call: |
  return scale * matmul(inputs, kernel)
outputs: {{shape: [batch, ..., units]}}
examples:
  - arguments: {{units: 2, factor: 2.0}}
    weights: {{kernel: [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]}}
    inputs: [[1.0, 2.0, 3.0]]
    outputs: [[8.0, 10.0]]
"""


def run_new(name: str, package: str) -> int:
    """Write a small valid spec for a layer; the exit code."""
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) or keyword.iskeyword(name):
        message = f"`{name}` is not the name of a class, such as `{_EXAMPLE}`"
        raise UsageError.of(codes.BAD_NAME, message)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", package) or keyword.iskeyword(package):
        message = f"`{package}` is not the name of a package, such as `{_PACKAGE}`"
        raise UsageError.of(codes.BAD_NAME, message)
    project = load_project(current_folder())
    path = _new_path(project, name, package)
    if (project.root / path).exists():
        raise UsageError.of(codes.EXISTS, "this file exists already", path=path)
    _write(project.root, path, _STARTER.format(name=name, package=package))
    console.say(f"wrote {path}; edit it, then run `layergen build`")
    return 0


def _new_path(project: Project, name: str, package: str) -> str:
    folders = [place for place in project.specs if not place.endswith(SUFFIXES)]
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    folder = folders[0] if folders else "specs"
    return posixpath.normpath(f"{folder}/{package}/{snake.lower()}.yaml")


def run_init(wanted: Collection[Integration], *, ask: bool) -> int:
    """Make the folder a project of layergen, and say what was done; the exit code.

    `ask` is whether a person is there to say what else is wanted.
    """
    cwd = current_folder()
    done = False
    for steps in (_init(cwd), _integrate(cwd, wanted, ask=ask)):
        for line in steps:
            console.say(line)
            done = True
    if not done:
        console.say("nothing to do: this is a project of layergen already")
    return 0


def _init(cwd: Path) -> Iterator[str]:
    project = load_project(cwd)
    if not project.has_settings:
        yield _add_settings(cwd)
        project = load_project(cwd)
    root, out = project.root, project.target.out
    if not any((root / place).exists() for place in project.specs):
        path = _new_path(project, _EXAMPLE, _PACKAGE)
        _write(root, path, _STARTER.format(name=_EXAMPLE, package=_PACKAGE))
        yield f"wrote {path}: an example"
    elif not select_specs(project, project.specs, root).specs:
        yield "there is no spec yet: `layergen new NAME` writes one"
    generated = "**" if out == "." else f"/{out}/**"
    lines = {
        ".gitignore": f"/{FOLDER}/",
        ".gitattributes": f"{generated} linguist-generated=true text=auto eol=lf",
    }
    for path, line in lines.items():
        if _add_line(root, path, line):
            yield f"added `{line}` to {path}"


def _integrate(
    cwd: Path, wanted: Collection[Integration], *, ask: bool
) -> Iterator[str]:
    project = load_project(cwd)
    repository = find_repository(project.root)
    folder = project.root.relative_to(repository).as_posix()
    origin = find_origin()
    written: list[str] = []
    for integration, question in QUESTIONS.items():
        files = list_files(integration, origin, "" if folder == "." else folder)
        missing = [file for file in files if not _is_set_up(repository, file)]
        if not missing or not (integration in wanted or (ask and _agree(question))):
            continue
        for file in missing:
            if (repository / file.path).exists():
                yield from tell_entry(file)
                continue
            _write(repository, file.path, file.text)
            written.append(file.path)
            yield f"wrote {os.path.relpath(repository / file.path, cwd)}"
        if integration is Integration.GITLAB:
            yield "comments need a variable GITLAB_TOKEN of the project: see docs/ci.md"
    if written and not origin.is_known:
        yield f"in place of `{origin.url}`, write where you have layergen from"


def _is_set_up(repository: Path, file: SetupFile) -> bool:
    """Whether the file has our entry, or another of the workflows has it."""
    path = repository / file.path
    others = path.parent.glob("*.y*ml") if path.parent.name == "workflows" else ()
    return any(has_entry(file, _read(each)) for each in (path, *others))


def _agree(question: str) -> bool:
    import typer

    return typer.confirm(question, default=False, err=True)


def _add_settings(root: Path) -> str:
    path = root / "pyproject.toml"
    old = _read(path)
    new = f"{old.rstrip()}\n\n{_SETTINGS}" if old.strip() else _SETTINGS
    try:
        tomllib.loads(new)
    except tomllib.TOMLDecodeError as error:
        message = f"cannot add `[tool.layergen]`: {error}"
        raise UsageError.of(codes.NOT_TOML, message, path=path.name) from None
    _write(root, path.name, new)
    return f"added [tool.layergen] to {path.name}"


def _add_line(root: Path, path: str, line: str) -> bool:
    """Append a line to a file that lacks it; whether it did."""
    old = _read(root / path)
    if line in (known.strip() for known in old.splitlines()):
        return False
    _write(
        root,
        path,
        f"{old}{'' if not old or old.endswith(chr(10)) else chr(10)}{line}\n",
    )
    return True


def _read(path: Path) -> str:
    """The text of a file of the user's; empty when there is none."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read the file: {error}"
        raise UsageError.of(codes.UNREADABLE, message, path=path.name) from error


def _write(root: Path, path: str, text: str) -> None:
    try:
        write_file(root / path, text.encode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"cannot write the file: {reason}"
        raise UsageError.of(codes.CANNOT_WRITE, message, path=path) from error

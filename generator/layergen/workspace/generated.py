"""Generated code of a commit or of the work tree -> its files, and whether it differs.

Generated modules import one another, so the code of a layer is its module, the modules
that it imports from beside it, and the arrays beside these. Comments and docstrings are
no code.
"""

import ast
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from layergen.artifact import Target
from layergen.workspace.disk import Disk, digest
from layergen.workspace.git import list_files, read_blobs
from layergen.workspace.project import Project

Code: TypeAlias = Mapping[str, str]
"""What the modules and arrays of a layer say, by path below the generated folder."""

_PYTHON, _ARRAY = ".py", ".npy"


@dataclass(frozen=True, eq=False)
class Generated:
    """The generated code of one version.

    Attributes:
        target: where it stands.
        read: the bytes of a file by its path in the project; None if there is none.
    """

    target: Target
    read: Callable[[str], bytes | None]

    def path(self, package: str, module: str) -> str:
        """Where the module of a layer stands."""
        return self._place(f"{package}/{module}{_PYTHON}")

    def _place(self, path: str) -> str:
        return posixpath.normpath(f"{self.target.out}/{path}")

    def code(self, package: str, module: str) -> Code | None:
        """The code of a layer; None if it is not there."""
        found: dict[str, str] = {}
        left = [(package, module)]
        while left:
            name = left.pop()
            path = f"{'/'.join(filter(None, name))}{_PYTHON}"
            content = self.read(self._place(path))
            if content is None:
                if not found:
                    return None
                continue  # a package, or a module that is not there
            if path not in found:
                says = _read_module(content)
                found[path] = says.digest
                left += says.beside(name[0])
                found |= self._arrays(says, path)
        return found

    def _arrays(self, module: "_Module", path: str) -> Iterator[tuple[str, str]]:
        """The arrays beside a module that it names, with their digests."""
        for name in module.arrays:
            place = str(PurePosixPath(path).with_name(name))
            array = self.read(self._place(place))
            yield place, "" if array is None else digest(array)


def read_commit(project: Project, target: Target, commit: str) -> Mapping[str, bytes]:
    """The generated files of a commit, but for the tests, by path in the project."""
    listed = list_files(project.root, commit, [target.out])
    wanted = {
        path: blob
        for path, blob in listed.items()
        if path.endswith((_PYTHON, _ARRAY)) and not path.startswith(f"{target.tests}/")
    }
    contents = read_blobs(project.root, (blob.id for blob in wanted.values()))
    return {p: contents[b.id] for p, b in wanted.items() if b.id in contents}


def code_of_work_tree(project: Project) -> Generated:
    """The generated code as it stands in the project."""
    return Generated(project.target, Disk(project.root).read)


def lay_out(files: Mapping[str, bytes], target: Target, folder: Path) -> Project:
    """Write generated files into a folder of their own: a project without specs.

    Python finds the package there even if another of that name is installed, since
    every folder above it that the import path names is made a package.
    """
    project = Project(folder, target=target)
    for path, content in files.items():
        parts = PurePosixPath(path).parts
        if ".." not in parts:
            place = folder.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    top = project.import_root
    for part in target.module.split(".") if target.module else ():
        top = top / part
        top.mkdir(parents=True, exist_ok=True)
        if not (top / "__init__.py").exists():
            (top / "__init__.py").write_bytes(b"")
    return project


@dataclass(frozen=True)
class _Module:
    """What is read of a generated module.

    Attributes:
        digest: of its code.
        imports: how many folders up, the module, and a name, of each relative import.
        arrays: the files of arrays that it names.
    """

    digest: str
    imports: tuple[tuple[int, str, str], ...]
    arrays: tuple[str, ...]

    def beside(self, package: str) -> Iterator[tuple[str, str]]:
        """The packages and names of what it may import, if it stands in a package."""
        above = package.split("/") if package else []
        for level, module, name in self.imports:
            parts = [*above[: len(above) - level + 1], *filter(None, module.split("."))]
            yield "/".join(parts[:-1]), parts[-1] if parts else ""
            yield "/".join(parts), name


@cache
def _read_module(content: bytes) -> _Module:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return _Module(digest(content), (), ())
    imports: list[tuple[int, str, str]] = []
    arrays: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=names, level=level) if level:
                imports += [(level, module or "", alias.name) for alias in names]
            case ast.Constant(value=str(name)) if name.endswith(_ARRAY):
                arrays += [name] if "/" not in name else []
            case ast.Module() | ast.ClassDef() | ast.FunctionDef():
                _drop_docstring(node)
    says = digest(ast.dump(tree).encode())
    return _Module(says, tuple(imports), tuple(arrays))


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> None:
    match node.body:
        case [ast.Expr(value=ast.Constant()), *rest]:
            node.body = rest

"""Generated code of a commit or of the work tree -> its files, and whether it differs.

Generated modules import one another, so the code of a layer is its module, the modules
that it imports from beside it, and the arrays beside these. Comments and docstrings are
no code.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
        return f"{self.target.out}/{package}/{module}{_PYTHON}"

    def code(self, package: str, module: str) -> Code | None:
        """The code of a layer; None if it is not there."""
        found: dict[str, str] = {}
        left = [(package, module)]
        while left:
            name = left.pop()
            path = f"{'/'.join(filter(None, name))}{_PYTHON}"
            content = self.read(f"{self.target.out}/{path}")
            if content is None:
                if not found:
                    return None
                continue  # a package, or a module that is not there
            if path not in found:
                found[path] = _say(content)
                left += _imported(content, name[0])
                found |= self._arrays(content, path)
        return found

    def _arrays(self, content: bytes, path: str) -> Iterator[tuple[str, str]]:
        """The arrays beside a module that it names, with their digests."""
        beside = PurePosixPath(path).parent
        for node in ast.walk(_parse(content)):
            name = node.value if isinstance(node, ast.Constant) else None
            if isinstance(name, str) and name.endswith(_ARRAY) and "/" not in name:
                place = str(beside / name)
                array = self.read(f"{self.target.out}/{place}")
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


def _parse(content: bytes) -> ast.Module:
    try:
        return ast.parse(content)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _say(content: bytes) -> str:
    """What a module does: its syntax without docstrings; its digest if it has none."""
    tree = _parse(content)
    if not tree.body:
        return digest(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return ast.dump(tree)


def _imported(content: bytes, package: str) -> Iterator[tuple[str, str]]:
    """The modules beside a module that it imports: their packages and names."""
    for node in ast.walk(_parse(content)):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package.split("/") if package else []
            above = above[: len(above) - node.level + 1]
            parts = [*above, *(node.module.split(".") if node.module else ())]
            yield "/".join(parts[:-1]), parts[-1] if parts else ""
            for alias in node.names:
                yield "/".join(parts), alias.name

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli import fake_compiler

from layergen import codes
from layergen.cli import main
from layergen.diagnostics import Code, Severity
from layergen.workspace import cache

WARNING = Code(
    "LG399", "odd", severity=Severity.WARNING, means="m", why="w", wrong="x", right="r"
)


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Sandbox:
    """A project in a temporary folder, and the command line in it."""

    root: Path
    call: Callable[..., Result]

    def write(self, path: str, text: str) -> Path:
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(text.encode())
        return full

    def spec(self, file: str, name: str, **fields: str) -> Path:
        lines = {"name": name, **fields}
        text = "".join(f"{key}: {value}\n" for key, value in lines.items())
        return self.write(f"specs/{file}.yaml", text)

    def run(self, *arguments: str, code: int = 0) -> Result:
        result = self.call(*arguments)
        assert result.code == code, result
        return result

    def tree(self) -> dict[str, bytes]:
        """Every file of the project but the cache."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".layergen_cache" not in path.parts
        }


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "layergen.compiler", fake_compiler)
    monkeypatch.setitem(fake_compiler.GENERATOR, "version", "")
    known = {**codes._assemble(), "LG304": fake_compiler.BAD, "LG399": WARNING}
    monkeypatch.setattr(codes, "_assemble", lambda: known)
    kept = tuple(c for c in known.values() if c is WARNING or c.severity != "warning")
    monkeypatch.setattr(fake_compiler, "_all", lambda: kept)
    fake_compiler.COMPILED.clear()


@pytest.fixture
def box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Sandbox:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    # Reading the package for each of the builds below would cost most of their time.
    monkeypatch.setattr(
        cache, "fingerprint", lambda: fake_compiler.GENERATOR["version"]
    )

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = main(arguments)
        return Result(code, *capsys.readouterr())

    sandbox = Sandbox(root, call)
    sandbox.write("pyproject.toml", "[tool.layergen]\n")
    return sandbox

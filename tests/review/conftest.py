from pathlib import Path

import pytest
from reviewed import Project, spec

from layergen.cli import main


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture
) -> Project:
    root = tmp_path / "project"
    root.mkdir()

    def call(*arguments: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(root)
            code = main(arguments)
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    made = Project(root, call)
    made.git("init", "-q")
    made.write("pyproject.toml", "[tool.layergen]\n")
    made.write("specs/scale.yaml", spec())
    made.commit("first")
    return made

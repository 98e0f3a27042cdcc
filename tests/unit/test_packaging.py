"""The wheel holds what the repository holds, and builds a spec by itself."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"]
    subprocess.run([*command, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_holds_package_and_templates(wheel: Path) -> None:
    package = ROOT / "generator"
    expected = {
        path.relative_to(package).as_posix(): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for path in (ROOT / "templates").iterdir():
        expected[f"layergen/templates/{path.name}"] = path.read_bytes()
    script = "layergen-0.1.0.data/scripts/layergen-review"
    expected[script] = (ROOT / "integrations/review.sh").read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    packaged = {name: held[name] for name in held if ".dist-info/" not in name}
    assert packaged == expected


def test_wheel_builds_a_spec(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    project = tmp_path / "project"
    (project / "specs").mkdir(parents=True)
    for path in ("seeds/scaled_linear.yaml", "zoo/conv_block.yaml"):
        spec = ROOT / "specs" / path
        (project / "specs" / spec.name).write_bytes(spec.read_bytes())
    program = (
        "import sys; from layergen.cli import main\n"
        "try: main()\n"
        "finally: assert not {'tensorflow', 'keras', 'jax', 'torch'} & set(sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-c", program, "build", "specs"]
    subprocess.run(command, cwd=project, env=environment, check=True)
    written = project / "generated/seeds/scaled_linear.py"
    assert "class ScaledLinear(keras.layers.Layer)" in written.read_text()
    owner = project / "generated/zoo/conv_block.py"
    assert "keras.layers.BatchNormalization(" in owner.read_text()

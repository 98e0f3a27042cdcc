"""Any history of edits, part builds and crashes ends in the tree of a clean build."""

import os
import random
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Sandbox
from tests.cli.fake_compiler import GENERATOR

FILES = ("a", "b", "c")
MINE = "generated/p/mine.py"


def _generated(box: Sandbox) -> dict[str, bytes]:
    return {p: c for p, c in box.tree().items() if p.startswith("generated")}


def _step(box: Sandbox, draw: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    file = draw.choice(FILES)
    path = box.root / f"specs/{file}.yaml"
    match draw.choice(["write", "write", "delete", "part", "part", "crash", "other"]):
        case "write":
            names, packages = ("Gate", "Hill", "Moor"), ("p", "q")
            body = str(draw.randrange(9))
            box.spec(file, draw.choice(names), package=draw.choice(packages), body=body)
        case "delete":
            path.unlink(missing_ok=True)
        case "part":
            if path.exists():
                box.call("build", f"specs/{file}.yaml")
        case "crash":
            _crash(box, draw.randrange(8), monkeypatch)
        case "other":
            match draw.randrange(3):
                case 0:
                    (box.root / ".layergen_cache/specs.json").unlink(missing_ok=True)
                case 1:
                    GENERATOR["version"] = f" v{draw.randrange(3)}"
                case 2:
                    box.call("build")


def _crash(box: Sandbox, writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, left = os.replace, [writes]

    def fail(source: str, target: Path) -> None:
        if ".layergen_cache" not in str(target):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        box.call("build")


@pytest.mark.parametrize("seed", range(25))
def test_history(box: Sandbox, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    draw = random.Random(seed)
    box.write(MINE, "# mine\n")
    for _ in range(15):
        _step(box, draw, monkeypatch)
    for number, file in enumerate(FILES):  # no collisions at the end
        box.spec(file, f"Layer{number}", package=draw.choice("pq"))
    box.run("build")
    ended = _generated(box)
    assert ended.pop(MINE) == b"# mine\n"
    box.run("build", "--check")
    shutil.rmtree(box.root / "generated")
    shutil.rmtree(box.root / ".layergen_cache")
    box.run("build")
    assert _generated(box) == ended

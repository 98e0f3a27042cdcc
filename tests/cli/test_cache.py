"""The cache's own parts: what it is keyed by, and texts that were formatted before."""

from pathlib import Path

import pytest

from layergen.artifact import Target
from layergen.resources import package_folder, templates_folder
from layergen.workspace import cache
from layergen.workspace.cache import BuildCache, FormattedTexts, Record, fingerprint


def test_fingerprint_follows_the_generator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "package_folder", lambda: tmp_path / "package")
    monkeypatch.setattr(cache, "templates_folder", lambda: tmp_path / "templates")
    seen = {fingerprint()}
    for path in ("package/a.py", "package/b/c.yaml", "templates/x.jinja"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
        seen.add(fingerprint())
    (tmp_path / "package/a.py").write_text("2")
    seen.add(fingerprint())
    monkeypatch.setattr(cache, "_version_text", lambda name: f"{name} 99")
    seen.add(fingerprint())
    assert len(seen) == 6
    assert fingerprint() in seen


def test_own_folders_exist() -> None:
    assert (package_folder() / "cli.py").is_file()
    assert templates_folder().name == "templates"
    assert templates_folder().is_dir()


def test_records_hold_for_one_text_and_one_target(tmp_path: Path) -> None:
    record = Record("d", (("a.py", "1", None),), ("p", "m", "N"), (("t.npy", "2"),))
    first = BuildCache(tmp_path, Target())
    first.put("a.yaml", record)
    first.save(whole=True)
    again = BuildCache(tmp_path, Target())
    assert again.get("a.yaml", "d") == record
    assert again.get("a.yaml", "other") is None
    assert BuildCache(tmp_path, Target(line_length=100)).get("a.yaml", "d") is None


def test_records_of_specs_that_are_gone_are_dropped(tmp_path: Path) -> None:
    first = BuildCache(tmp_path, Target())
    first.put("a.yaml", Record("d", ()))
    first.put("b.yaml", Record("d", ()))
    first.save(whole=True)
    second = BuildCache(tmp_path, Target())
    second.get("a.yaml", "d")
    second.save(whole=False)
    assert BuildCache(tmp_path, Target()).get("b.yaml", "d") is not None
    second.save(whole=True)
    assert BuildCache(tmp_path, Target()).get("b.yaml", "d") is None


def test_formatted_texts(tmp_path: Path) -> None:
    texts = FormattedTexts(tmp_path, Target())
    assert texts.get("x=1", "a.py") is None
    texts.put("x=1", "a.py", "x = 1  # é\n")
    assert FormattedTexts(tmp_path, Target()).get("x=1", "a.py") == "x = 1  # é\n"
    assert FormattedTexts(tmp_path, Target(line_length=99)).get("x=1", "a.py") is None
    (file,) = (tmp_path / cache.FOLDER / "formatted").iterdir()
    file.write_bytes(file.read_bytes().replace(b"= 1", b"= 2"))
    assert texts.get("x=1", "a.py") is None


def test_too_many_formatted_texts_are_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_FORMATTED_FILES", 5)
    texts = FormattedTexts(tmp_path, Target())
    texts.prune()
    for number in range(6):
        texts.put(f"x={number}", "a.py", "x\n")
    texts.prune()
    assert len(list((tmp_path / cache.FOLDER / "formatted").iterdir())) == 3

"""Content -> disk: whole files or nothing, and folders tidied behind deletions."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: a reader sees the old file or the new.

    Raises:
        OSError: when the file cannot be written; what was there is then still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(content)
        if path.exists():
            shutil.copymode(path, draft)
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def delete_file(path: Path) -> None:
    """Remove a file, if it is still there.

    Raises:
        OSError: when it cannot be removed.
    """
    path.unlink(missing_ok=True)


def remove_empty_folders(root: Path, folders: Iterable[Path]) -> None:
    """Remove those folders, and the ones above them below `root`, that are empty.

    A folder that holds nothing but Python's compiled files counts as empty.
    """
    for folder in sorted(set(folders), key=lambda f: len(f.parts), reverse=True):
        while root in folder.parents and _remove_if_empty(folder):
            folder = folder.parent


def _remove_if_empty(folder: Path) -> bool:
    compiled = folder / "__pycache__"
    try:
        if [entry for entry in os.listdir(folder) if entry != compiled.name]:
            return False
        if compiled.is_dir() and not compiled.is_symlink():
            for file in compiled.glob("*.pyc"):
                file.unlink()
            compiled.rmdir()
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True

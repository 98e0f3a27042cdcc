"""Folders of Python files -> nothing: what formatting them costs, and nothing else.

    python benchmarks/black_alone.py FOLDER...

One process; black is called as the compiler calls it. Reports on standard output how
many files it saw and how many it changed.
"""

import sys
from pathlib import Path

from black import format_file_contents
from black.mode import Mode, TargetVersion
from black.report import NothingChanged


def format_folders(folders: list[Path]) -> tuple[int, int]:
    """Format all files in memory; how many there are, and how many black changed."""
    mode = Mode(target_versions={TargetVersion.PY311}, line_length=88)
    seen = changed = 0
    for path in (path for folder in folders for path in sorted(folder.rglob("*.py"))):
        seen += 1
        try:
            format_file_contents(path.read_text(), fast=False, mode=mode)
            changed += 1
        except NothingChanged:
            pass
    return seen, changed


if __name__ == "__main__":
    print(*format_folders([Path(name) for name in sys.argv[1:]]))

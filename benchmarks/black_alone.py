"""Paths of Python files on standard input -> nothing: what formatting them costs.

One process, and black is called as the compiler calls it.
"""

import sys
from contextlib import suppress
from pathlib import Path

from black import format_file_contents
from black.mode import Mode, TargetVersion
from black.report import NothingChanged

MODE = Mode(target_versions={TargetVersion.PY311}, line_length=88)

if __name__ == "__main__":
    for name in sys.stdin.read().splitlines():
        with suppress(NothingChanged):
            format_file_contents(Path(name).read_text(), fast=False, mode=MODE)

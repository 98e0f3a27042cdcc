"""Disk: what stands in the project at this moment, each file read once.

Digests are of content with plain line feeds, so that a checkout on Windows does not
make every generated file look edited.
"""

import os
import posixpath
from functools import cache
from hashlib import sha256
from pathlib import Path

from layergen.codes import project as codes
from layergen.workspace.project import UsageError, leads_inside

_HEAD = 1024
"""What Git reads to tell text from other data is about as long."""


def digest(content: bytes) -> str:
    """SHA-256 of a generated file's content, in hexadecimal."""
    if b"\r" in content and is_text(content):
        content = content.replace(b"\r\n", b"\n")
    return sha256(content).hexdigest()


def is_text(content: bytes) -> bool:
    """Whether a generated file is text, and not an array."""
    return b"\0" not in content[:_HEAD]


class Disk:
    """The files under `root`, by path relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._root = str(root)
        self.digest = cache(self._digest)
        self._stands_inside = cache(self._folder_is_inside)

    def _digest(self, path: str) -> str | None:
        content = self.read(path)
        return None if content is None else digest(content)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when there is none.

        Raises:
            UsageError: for a file that cannot be read.
        """
        try:
            with open(self._full(path), "rb", buffering=0) as file:
                return file.readall()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"cannot read the file: {reason}"
            raise UsageError.of(codes.UNREADABLE, message, path=path) from error

    def holds(self, path: str) -> bool:
        """Whether writing to `path` stays in the project, links followed."""
        if not self._stands_inside(posixpath.dirname(path)):
            return False
        full = self._full(path)
        return not os.path.islink(full) or leads_inside(self.root, Path(full))

    def _full(self, path: str) -> str:
        # A string: a rebuild of 1000 specs asks 4000 times, and a Path costs as much
        # as opening the file.
        return os.path.join(self._root, path)

    def _folder_is_inside(self, folder: str) -> bool:
        return leads_inside(self.root, self.root / folder)

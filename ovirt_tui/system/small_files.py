"""Small files on file systems that somebody else may have made: nothing that is opened here is waited for."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

LARGEST = 65536
"""Bytes."""
FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC


def read_small(path: Path, largest: int = LARGEST) -> bytes | None:
    """All of a regular file; None where there is none that can be read, or one of more than *largest* bytes.

    A link is none, and neither is a named pipe, which nobody may ever write to.
    """
    with suppress(OSError):
        handle = os.open(path, FLAGS)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            if stat.S_ISREG(found.st_mode) and found.st_size <= largest:
                return file.read(largest)
    return None


def is_file(path: Path, content: bytes) -> bool:
    """Say whether the file at *path* can be read, and holds *content*; of one that is larger nothing is read."""
    return read_small(path, len(content)) == content

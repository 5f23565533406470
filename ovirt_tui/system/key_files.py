"""Reads public keys from a USB stick; nothing on the stick is followed, run or trusted."""

from __future__ import annotations

import os
from pathlib import Path

from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.small_files import read_small
from ovirt_tui.system.tree import file_errors

OPTIONS = "ro,errors=remount-ro"  # the file system itself may ask for a panic
ENDING = ".pub"
LARGEST = 16384
MOST = 50  # files


def key_files(partition: str, kind: str) -> tuple[tuple[str, str], ...]:
    """Name and text of the .pub files at the top of *partition*; StepFailed says why they cannot be read."""
    with mounted(kind, partition, "keys", OPTIONS) as folder:
        return read(folder)


def read(folder: Path) -> tuple[tuple[str, str], ...]:
    """Name and text of the .pub files in *folder*, symlinks and files larger than LARGEST left out."""
    with file_errors(str(folder)):
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.lower().endswith(ENDING))
        texts = ((name, _text(folder / name)) for name in names[:MOST])
        return tuple((shortened(escaped(name)), text) for name, text in texts if text)


def _text(path: Path) -> str:
    return (read_small(path, LARGEST) or b"").decode(errors="replace")

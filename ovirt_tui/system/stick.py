"""A file on a USB stick: mounted, written, flushed, unmounted, all or an error."""

from __future__ import annotations

import os
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.tree import file_errors

OPTIONS = "nodev,nosuid,noexec"


def save(partition: str, kind: str, name: str, text: str) -> None:
    """Write *text* to the file *name* at the top of *partition*; StepFailed says what went wrong."""
    with mounted(kind, partition, "stick", OPTIONS) as folder:
        write(folder / name, text)


def write(path: Path, text: str) -> None:
    """Write *text* so that it is on the medium when this returns."""
    with file_errors(_("{name} could not be written").format(name=path.name)), path.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

"""Saves a file on a USB stick: mounts it, writes a new file, flushes, unmounts; any failure is an error.

A stick may have been prepared: a symlink or a FIFO in place of the file, a file system that is full, or damaged and set
to panic on errors.  So no existing name on it is opened, and a separate process writes, which has a timeout.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import localtime, strftime

from ovirt_tui.i18n import _
from ovirt_tui.machine.untrusted import lines
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run
from ovirt_tui.system.mounts import mounted

OPTIONS = "rw,errors=remount-ro"
"""The superblock may ask for a kernel panic on errors."""
SECONDS = 120
LONGEST = 4 * 1024 * 1024
"""Bytes; of a longer text only the end is written, which has the reason."""
WRITER = Path(__file__).with_name("new_file.py")


def save(partition: str, kind: str, name: str, text: str) -> str:
    """Write *text* to a new file at the top of *partition* and return its name, which begins like *name*."""
    with mounted(kind, partition, "stick", OPTIONS) as folder:
        return write(folder, name, text)


def write(folder: Path, name: str, text: str) -> str:
    """Write *text* durably to a new file in *folder*; return its name, *name* with the time in it."""
    stem, dot, ending = name.rpartition(".")
    named = f"{stem}{strftime('-%Y%m%d-%H%M%S', localtime())}{dot}{ending}"
    plain = lines(text).encode()[-LONGEST:].decode(errors="replace")
    said = run((sys.executable, "-P", str(WRITER), str(folder), named), seconds=SECONDS, stdin=plain)
    why, _end, made = said.partition("\n")
    if why:
        raise StepFailed(_("{name} could not be written: {reason}").format(name=name, reason=why))
    return made.strip()

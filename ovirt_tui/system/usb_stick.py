"""A file on a USB stick: mounted, written under a new name, flushed, unmounted, all or an error.

A stick may have been prepared: a link or a FIFO in place of the file, a file system that is full, damaged or asks the
kernel to panic when it is.  So nothing on it is opened but a name that was not there, and a program of its own writes,
which has a limit of time.
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
"""The file system itself may say that an error in it stops the machine."""
SECONDS = 120
LONGEST = 4 * 1024 * 1024
"""Bytes; of a longer text the end is written, where the reason is."""
WRITER = Path(__file__).with_name("new_file.py")


def save(partition: str, kind: str, name: str, text: str) -> str:
    """Write *text* to a new file at the top of *partition* and return its name, which begins like *name*."""
    with mounted(kind, partition, "stick", OPTIONS) as folder:
        return write(folder, name, text)


def write(folder: Path, name: str, text: str) -> str:
    """Write *text* to a new file in *folder*, so that it is on the medium when this returns; its name has the time."""
    stem, dot, ending = name.rpartition(".")
    named = f"{stem}{strftime('-%Y%m%d-%H%M%S', localtime())}{dot}{ending}"
    plain = lines(text).encode()[-LONGEST:].decode(errors="replace")
    said = run((sys.executable, "-P", str(WRITER), str(folder), named), seconds=SECONDS, stdin=plain)
    why, _end, made = said.partition("\n")
    if why:
        raise StepFailed(_("{name} could not be written: {reason}").format(name=name, reason=why))
    return made.strip()

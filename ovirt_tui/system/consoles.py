"""Lines on the consoles of this machine.  One that takes no output, such as a terminal with Ctrl-S, stops nobody."""

from __future__ import annotations

import array
import fcntl
import os
import select
import termios
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.outside import escaped
from ovirt_tui.system import StepFailed

ACTIVE = Path("/sys/class/tty/console/active")
DEVICES = Path("/dev")
SECONDS = 2.0
"""What a console has to take and to send a text; one that did not is only tried once the next time."""


@dataclass
class Lines:
    """Says text on every active console and on tty1."""

    active: Path = ACTIVE
    devices: Path = DEVICES
    slow: set[str] = field(default_factory=set)

    def say(self, lines: tuple[str, ...]) -> None:
        """Say each of *lines*, escaped; StepFailed when there is no console at all."""
        data = "".join(f"\r{escaped(line)}\r\n" for line in lines).encode()
        there = [name for name in self._names() if (self.devices / name).is_char_device()]
        if not there:
            raise StepFailed(_("this machine has no console"))
        for name in there:
            if _written(self.devices / name, data, 0 if name in self.slow else SECONDS):
                self.slow.discard(name)
            else:
                self.slow.add(name)

    def _names(self) -> tuple[str, ...]:
        try:
            found = self.active.read_text().split()
        except OSError:
            found = []
        return tuple(dict.fromkeys(("tty1", *(name for name in found if name != "tty0"))))


def _written(path: Path, data: bytes, seconds: float) -> bool:
    """Write *data* to a terminal, and say whether all of it left within *seconds*."""
    end = monotonic() + seconds
    try:
        # A serial line without a carrier would hold up open(), one that is stopped write(), and both close().
        handle = os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        while data and _room(handle, end):
            with suppress(BlockingIOError):
                data = data[os.write(handle, data) :]
        while _unsent(handle) and monotonic() < end:
            sleep(0.02)
        if data or _unsent(handle):
            termios.tcflush(handle, termios.TCOFLUSH)
            return False
    except (OSError, termios.error):  # hung up in the meantime
        return False
    else:
        return True
    finally:
        os.close(handle)


def _room(handle: int, end: float) -> bool:
    """Wait until *handle* takes output, but not beyond *end*."""
    return bool(select.select([], [handle], [], max(0.0, end - monotonic()))[1])


def _unsent(handle: int) -> int:
    """How many bytes the terminal holds back."""
    count = array.array("i", [0])
    fcntl.ioctl(handle, termios.TIOCOUTQ, count)
    return count[0]

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
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.system import StepFailed

STDOUT = 1
JOURNAL = "JOURNAL_STREAM"
"""Where systemd says which file is the journal: device and inode."""
CONSOLE = Path("/dev/console")
"""Another name of an active console."""
OUTPUT = "/proc/self/fd/{}"
ACTIVE = Path("/sys/class/tty/console/active")
DEVICES = Path("/dev")
SECONDS = 2.0
"""What a console has to take and to send a text; one that did not is only tried once the next time."""


@dataclass
class Lines:
    """Says text on every active console and on tty1, and to who started this program by hand somewhere else.

    *output* is the file descriptor that the latter reads.
    """

    active: Path = ACTIVE
    devices: Path = DEVICES
    output: int | None = None
    slow: set[Path] = field(default_factory=set)

    def say(self, lines: tuple[str, ...]) -> None:
        """Say each of *lines*, escaped; StepFailed when there is nobody at all to say it to."""
        there = [path for path in map(self.devices.joinpath, self._names()) if path.is_char_device()]
        there += [path for path in self._reader() if path not in there]
        if not there:
            raise StepFailed(_("this machine has no console"))
        for path in there:
            begin, end = ("\r", "\r\n") if path.is_char_device() else ("", "\n")
            data = "".join(f"{begin}{escaped(line)}{end}" for line in lines).encode()
            if _written(path, data, 0 if path in self.slow else SECONDS):
                self.slow.discard(path)
            else:
                self.slow.add(path)

    def _reader(self) -> tuple[Path, ...]:
        """What *output* is, unless that is the journal, which has each line anyhow, or nothing.

        A socket cannot be opened a second time, and is passed over.
        """
        if self.output is None:
            return ()
        try:
            found = os.fstat(self.output)
            if os.environ.get(JOURNAL) == f"{found.st_dev}:{found.st_ino}":
                return ()
            path = Path(os.ttyname(self.output)) if os.isatty(self.output) else Path(OUTPUT.format(self.output))
        except OSError:  # closed, or hung up
            return ()
        return () if path == CONSOLE else (path,)

    def _names(self) -> tuple[str, ...]:
        try:
            found = self.active.read_text().split()
        except OSError:
            found = []
        return tuple(dict.fromkeys(("tty1", *(name for name in found if name != "tty0"))))


def _written(path: Path, data: bytes, seconds: float) -> bool:
    """Write *data* to a terminal, a pipe or the end of a file, and say whether all of it left within *seconds*."""
    end = monotonic() + seconds
    try:
        # A serial line without a carrier would hold up open(), one that is stopped write(), and both close().
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        while data and _room(handle, end):
            with suppress(BlockingIOError):
                data = data[os.write(handle, data) :]
        while _unsent(handle) and monotonic() < end:
            sleep(0.02)
        if data or _unsent(handle):
            if os.isatty(handle):
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
    """How many bytes the terminal holds back; what is written to anything else is gone at once."""
    if not os.isatty(handle):
        return 0
    count = array.array("i", [0])
    fcntl.ioctl(handle, termios.TIOCOUTQ, count)
    return count[0]

"""Prints lines on the consoles of this machine.  A console that takes no output, as after Ctrl-S, blocks nobody."""

from __future__ import annotations

import array
import fcntl
import os
import select
import termios
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from ovirt_tui.i18n import _
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.system import StepFailed

STDOUT = 1
JOURNAL = "JOURNAL_STREAM"
"""The variable in which systemd names the device and inode of the stream to the journal."""
CONSOLE = Path("/dev/console")
"""An alias of an active console."""
OUTPUT = "/proc/self/fd/{}"
ACTIVE = Path("/sys/class/tty/console/active")
DEVICES = Path("/dev")
SECONDS = 2.0
"""Timeout for a console to accept and send a text; one that exceeded it is tried without waiting the next time."""


@dataclass
class ConsoleWriter:
    """Prints text on every active console and on tty1, and to whoever started this program by hand elsewhere.

    *output* is the file descriptor that the latter reads.
    """

    active: Path = ACTIVE
    devices: Path = DEVICES
    output: int | None = None
    slow: set[Path] = field(default_factory=set)

    def say(self, lines: tuple[str, ...]) -> None:
        """Print *lines*, escaped; StepFailed when there is neither a console nor anybody who reads *output*."""
        there = [path for path in map(self.devices.joinpath, self._names()) if path.is_char_device()]
        there += [path for path in self._output_paths() if path not in there]
        if not there:
            raise StepFailed(_("this machine has no console"))
        for path in there:
            begin, end = ("\r", "\r\n") if path.is_char_device() else ("", "\n")
            data = "".join(f"{begin}{escaped(line)}{end}" for line in lines).encode()
            if _write(path, data, 0 if path in self.slow else SECONDS):
                self.slow.discard(path)
            else:
                self.slow.add(path)

    def _output_paths(self) -> tuple[Path, ...]:
        """The path of *output*; none where that is the journal, which gets each line anyway, or closed.

        A socket cannot be opened a second time, and is skipped.
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


def _write(path: Path, data: bytes, seconds: float) -> bool:
    """Write *data* to a terminal, a pipe or the end of a file; say whether all of it was sent within *seconds*."""
    end = monotonic() + seconds
    try:
        # A serial line without a carrier would block open(), a stopped one write(), and both close().
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        while data and _wait_writable(handle, end):
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


def _wait_writable(handle: int, end: float) -> bool:
    """Wait until *handle* is writable, at most until *end*."""
    return bool(select.select([], [handle], [], max(0.0, end - monotonic()))[1])


def _unsent(handle: int) -> int:
    """Bytes in the output queue of the terminal; 0 for anything else, which has no such queue."""
    if not os.isatty(handle):
        return 0
    count = array.array("i", [0])
    fcntl.ioctl(handle, termios.TIOCOUTQ, count)
    return count[0]

"""The serial console of a machine: reads the screen, waits for text, presses keys."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from testbed.credentials import SHELL, smbios_arguments
from testbed.journal import journal_arguments
from testbed.monitor import Monitor
from testbed.qemu import Guest

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "backtab": "\x1b[Z",
    "esc": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[1~",
    "end": "\x1b[4~",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "f12": "\x1b[24~",
    "ctrl-c": "\x03",
    "ctrl-u": "\x15",
}
QUIET = 1.5  # seconds without output after which a screen counts as drawn


def plain(said: str) -> str:
    """The output without escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x1b\][^\x07]*\x07|\r", "", said)


class NotSeen(AssertionError):
    """An expected text did not appear; carries the screen."""


class Terminal:
    """One serial line: its output, the screen that the output drew, and a keyboard."""

    def __init__(self, log: Path, columns: int = 80, lines: int = 24) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.said = ""
        self._kept = log.open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def text(self) -> str:
        """The screen as it is now."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def listen(self, address: str) -> None:
        """Listen on *address*, the path of a socket, for the machine to connect."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen(1)
        self._listener.settimeout(60)

    def answer(self) -> None:
        """Accept the machine's connection; TimeoutError when there is none."""
        with self._listener:
            self._line, _address = self._listener.accept()
        self._line.setblocking(False)

    def hang_up(self) -> None:
        """Write the last screen to the log, and close both."""
        self._kept.write(f"\n\n--- last screen ---\n{self.text()}\n".encode())
        self._kept.close()
        self._line.close()

    def _read(self, seconds: float) -> bool:
        """Read output of the machine for at most *seconds*; False once the line is closed."""
        if not select.select([self._line], [], [], seconds)[0]:
            return True
        try:
            data = self._line.recv(65536)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        self._kept.write(data)
        self._kept.flush()
        self._stream.feed(data.replace(b"\x1b[!p", b""))  # soft reset, which pyte would print
        self.said += data.decode("utf-8", "replace")
        self._send(b"\x1b[24;80R" * data.count(b"\x1b[6n"))  # GRUB and editors ask where the cursor is
        return bool(data)

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._line.sendall(data)

    def ended_already(self) -> bool:
        """Say whether the machine is off."""
        return self.process is not None and self.process.poll() is not None

    def wait(self, pattern: str, seconds: float, since: int | None = None) -> str:
        """Wait until *pattern* is on the screen, or in the output since position *since*; return the match."""
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.text() if since is None else self.said[since:], re.MULTILINE)
            if found:
                return found.group(0)
            if time.monotonic() > end:
                raise NotSeen(f"not seen within {seconds} s: {pattern!r}\n{self.text()}")
            if not self._read(0.5) and self.ended_already():
                raise NotSeen(f"the machine ended before {pattern!r} was seen\n{self.text()}")

    def settle(self, seconds: float = 60) -> str:
        """Wait until there is no output for QUIET seconds; return the screen."""
        end = time.monotonic() + seconds
        quiet_since, length = time.monotonic(), len(self.said)
        while time.monotonic() < end and time.monotonic() - quiet_since < QUIET:
            self._read(0.2)
            if len(self.said) != length:
                quiet_since, length = time.monotonic(), len(self.said)
        return self.text()

    def press(self, *keys: str) -> None:
        """Press keys by name (KEYS), one after another; any other text is typed."""
        for key in keys:
            self._send(KEYS.get(key, key).encode())
            self.settle(10)

    def type(self, text: str) -> None:
        """Type *text* as a quick typist would."""
        for letter in text:
            self._send(letter.encode())
            self._read(0.03)
        self.settle(10)

    def run(self, command: str, seconds: float = 120) -> str:
        """Run *command* in the shell on this line and return what it printed."""
        start = len(self.said)
        begin, end = f"HERE-{start}", f"DONE-{start}"
        # Ctrl-U clears late answers to terminal queries.  The marks are typed in two parts, so that the
        # echo of the command is not taken for them, wherever the shell wraps it.
        self._send(f"\x15echo HERE'-{start}'; {command}; echo DONE'-{start}' $?\r".encode())
        self.wait(rf"{end} \d+", seconds, since=start)
        body = plain(self.said[start:].partition(f"{end} ")[0])
        return body.rpartition(f"{begin}\n")[2].strip()


class Console(Terminal):
    """A running machine and its serial console.  A context manager: at exit, the machine is powered off.

    All output of the machine is kept in *log*, with the last screen at the end, and its journal beside it in
    *log*.journal.  *debug* is a second serial line, ttyS1, for the shell that the kernel word
    systemd.debug_shell=ttyS1 opens.
    """

    def __init__(self, guest: Guest, log: Path, columns: int = 80, lines: int = 24) -> None:
        super().__init__(log, columns, lines)
        self.guest = guest
        self.password = ""  # of the user who logged in here
        self.debug = Terminal(log.with_suffix(".debug.log"), 200, 50)
        self.journal = log.with_suffix(".journal")
        self._folder = tempfile.TemporaryDirectory(prefix="ovirt-node-vm-")

    def __enter__(self) -> Self:
        lines = [f"{self._folder.name}/serial{number}" for number in range(2)]
        self.listen(lines[0])
        self.debug.listen(lines[1])
        argv = [*self.guest.argv(f"unix:{lines[0]}"), "-serial", f"unix:{lines[1]}", *journal_arguments(self.journal)]
        argv += [
            "-qmp",
            f"unix:{self._folder.name}/monitor,server=on,wait=off",
            *smbios_arguments(SHELL if self.guest.shell else {}),
        ]
        with (Path(self._folder.name) / "errors").open("wb") as errors:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        self.debug.process = self.process
        try:
            self.answer()
            self.debug.answer()
        except TimeoutError as late:
            self.process.kill()
            raise NotSeen(f"QEMU did not start: {(Path(self._folder.name) / 'errors').read_text()}") from late
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        assert self.process
        self._read(0)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)
        self.hang_up()
        self.debug.hang_up()
        self._folder.cleanup()

    def monitor(self) -> Monitor:
        """The QEMU monitor of the machine."""
        return Monitor(Path(self._folder.name) / "monitor")

    def root_shell(self) -> Terminal:
        """The root shell on the second serial line, which needs no login."""
        self.debug.press("enter")
        self.debug.wait(r"# ?$", 300)
        self.debug.run("export PAGER=cat SYSTEMD_PAGER=cat")  # what waits for a key would wait for ever
        return self.debug

    def ended(self, seconds: float) -> None:
        """Wait until the machine reboots or powers off."""
        end = time.monotonic() + seconds
        while not self.ended_already():
            if time.monotonic() > end:
                raise NotSeen(f"the machine still runs after {seconds} s\n{self.text()}")
            self._read(0.5)

    def pull_the_plug(self) -> None:
        """Kill the machine, as a power cut would."""
        assert self.process
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

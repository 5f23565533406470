"""A program on a pseudo-terminal: what it writes and when, what the screen then shows, and the memory it takes.

Every chunk of output is time-stamped when it is read.  The screen is drawn from the chunks only in pauses of the
output, so that drawing delays no time stamp; which chunk first showed something is determined afterwards.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pyte

from bench.tree import resident, running

COLUMNS, LINES = 80, 24
PAUSE = 0.030  # seconds without output in which the screen is drawn
SAMPLE = 0.050  # seconds between two samples of the memory
QUIET = 0.300  # seconds of silence after which a start is complete
GAP = 0.100  # seconds of silence that end the answer to a key; they are not counted
SILENT = 1.0  # seconds of silence after which a key has no answer
LONGEST = 5.0  # longest answer, in seconds
START = 60.0  # timeout of a start, in seconds
QUESTION = re.compile(rb"\x1b\[(?:[56]n|0?c)")  # terminal queries, whose answers a program waits for
ENDINGS = ((signal.SIGTERM, 1.0), (signal.SIGKILL, 2.0))  # signals that end the program, and their timeouts

Picture = tuple[object, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to one key press: milliseconds to the first visible change and to the last byte; how many bytes."""

    visible: float | None
    last: float
    size: int


class Unready(Exception):
    """The expected screen did not appear; carries the present one."""


class Screen(pyte.Screen):
    """A screen that answers terminal queries."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__(COLUMNS, LINES)
        self.answer = answer

    def write_process_input(self, data: str) -> None:
        self.answer(data)


class Session:
    """One run of one program.  A context manager: at exit, the program and its descendants are ended."""

    def __init__(self, argv: tuple[str, ...]) -> None:
        self.argv = argv
        self.chunks: list[tuple[float, bytes]] = []
        self.drawn, self.ended = 0, False
        self.ready: float | None = None
        self.wanted = re.compile(r"\S")
        self.screen = Screen(self.answer)
        self.stream = pyte.ByteStream(self.screen)
        self.peak, self.seen, self.sampled = 0, set[int](), 0.0

    def __enter__(self) -> Self:
        there = {**os.environ, "TERM": "linux", "LINES": str(LINES), "COLUMNS": str(COLUMNS)}
        self.began = time.monotonic()
        started, starting = os.pipe()  # neither outlives exec
        self.pid, self.line = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
                os.execvpe(self.argv[0], self.argv, there)
            except OSError as error:
                os.write(2, f"{self.argv[0]}: {error.strerror}\n".encode())
            finally:
                os._exit(127)
        os.close(starting)
        select.select([started], [], [], START)  # until then its memory is a copy of this program's
        os.close(started)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.sample()
        for number, patience in ENDINGS:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                break
            end = time.monotonic() + patience
            while time.monotonic() < end and any(map(running, self.seen)):
                self.read(0.02)
        os.close(self.line)
        os.waitpid(self.pid, 0)

    def answer(self, text: str) -> None:
        """Send the terminal's answer to a query of the program."""
        os.write(self.line, text.encode())

    def read(self, seconds: float) -> bool:
        """Wait for output; False when none came."""
        if self.ended or not select.select([self.line], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.line, 65536)
        except OSError:  # EIO: nobody has the other end of the terminal open any more
            data = b""
        now = time.monotonic()
        if not data:
            self.ended = True
            return False
        self.chunks.append((now, data))
        if QUESTION.search(data):
            self.draw()
        return True

    def draw(self, until: int | None = None) -> None:
        """Draw the chunks before *until*, and record when the screen first shows what is waited for."""
        while self.drawn < (len(self.chunks) if until is None else until):
            when, data = self.chunks[self.drawn]
            self.stream.feed(data)
            self.drawn += 1
            if self.ready is None and self.wanted.search(self.text()):
                self.ready = when

    def text(self) -> str:
        """What is on the screen, without colours."""
        return "\n".join(self.screen.display)

    def picture(self) -> Picture:
        """What a person sees: text, colours, and the cursor unless it is hidden."""
        rows, across = self.screen.buffer, range(self.screen.columns)
        colours = [
            [(cell.fg, cell.bg, cell.reverse, cell.bold) for cell in map(rows[line].__getitem__, across)]
            for line in range(self.screen.lines)
        ]
        cursor = self.screen.cursor
        return self.screen.display, colours, cursor.hidden or (cursor.y, cursor.x)

    def sample(self) -> None:
        """Sample the memory of the program."""
        found = resident(self.pid)
        self.seen |= found.keys()
        self.peak = max(self.peak, sum(found.values()))
        self.sampled = time.monotonic()

    def settle(self, wanted: str) -> float:
        """Wait until the screen shows *wanted* and output stops; return the milliseconds from the start."""
        self.wanted, self.ready = re.compile(wanted), None
        heard = now = time.monotonic()
        if self.chunks and self.wanted.search(self.text()):
            self.ready = now
        end = now + START
        while not self.ended and time.monotonic() < end:
            if self.read(PAUSE):
                heard = self.chunks[-1][0]
                continue
            self.draw()
            if time.monotonic() - self.sampled >= SAMPLE:
                self.sample()
            if self.ready is not None and time.monotonic() - heard >= QUIET:
                break
        self.draw()
        if self.ready is None:
            raise Unready(f"{' '.join(self.argv)} did not show {wanted!r}:\n{self.text()}")
        return (self.ready - self.began) * 1000

    def press(self, key: bytes) -> Answer | None:
        """Press one key and read the answer; None when there is none."""
        before, picture = len(self.chunks), self.picture()
        pressed = time.monotonic()
        os.write(self.line, key)
        if not self.read(SILENT):
            return None
        while self.read(GAP) and time.monotonic() - pressed < LONGEST:
            pass
        visible = None
        since = [(when - pressed) * 1000 for when, _data in self.chunks[before:]]
        for number, when in enumerate(since, before + 1):
            self.draw(number)
            if visible is None and self.picture() != picture:
                visible = when
        self.sample()
        return Answer(visible, since[-1], sum(len(data) for _when, data in self.chunks[before:]))

"""A disk to which recorded writes are applied again, one by one; any can be taken back."""

from __future__ import annotations

import os
from array import array
from collections.abc import Hashable, Iterable
from pathlib import Path

from testbed.offline import Damaged
from testbed.write_log import Write

PAGE = 4096
CHUNK = 1 << 20
"""Bytes of which is known together whether they changed."""


class Replayed:
    """The disk in the file *path*, which is written.  state() is the same whenever the bytes are the same."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self.states = array("q", bytes(8 * -(-self.size // CHUNK)))

    def close(self) -> None:
        """Let the file go."""
        os.close(self.handle)

    def read(self, place: int, length: int) -> bytes:
        """As many bytes at *place*."""
        found = os.pread(self.handle, length, place) if place >= 0 else b""
        if len(found) != length:
            raise Damaged(f"the disk ends before {place + length}")
        return found

    def state(self, place: int, length: int) -> Hashable:
        """The same for the same bytes there."""
        return self.states[place // CHUNK : -(-(place + length) // CHUNK)].tobytes()

    def apply(self, requests: Iterable[Write]) -> list[Write]:
        """Write *requests* in this order; returns those that take them back."""
        back = []
        for each in requests:
            if each.length:
                back.append(Write(each.number, each.place, each.length, self.read(each.place, each.length)))
                self._write(each.place, each.data or bytes(each.length))
        return back[::-1]

    def _write(self, place: int, content: bytes) -> None:
        begin, end = place - place % PAGE, place + len(content)
        end += -end % PAGE
        before = self.read(begin, min(end, self.size) - begin)
        after = before[: place - begin] + content + before[place - begin + len(content) :]
        if before == after:
            return
        for at in range(0, len(after), PAGE):
            old, new = before[at : at + PAGE], after[at : at + PAGE]
            if old != new:
                number = begin + at
                self.states[number // CHUNK] ^= hash((number, old)) ^ hash((number, new))
        os.pwrite(self.handle, content, place)

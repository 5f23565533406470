"""Reads what a recording block layer wrote down: each write and flush of a disk, in the format of dm-log-writes.

QEMU's driver blklogwrites writes it below a machine, and below a device of this host (testbed/recorded_disk.py).  The
format is that of the kernel's Documentation/admin-guide/device-mapper/log-writes.rst.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

MAGIC = 0x6A736677736872
VERSION = 1
SUPER = Struct("<QQQI")  # magic, version, number of entries, size of a sector
ENTRY = Struct("<QQQQ")  # sector, sectors, flags, length of a mark's data
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
SECTOR = 512
"""Bytes that the entries count in, whatever the sector of the log."""


class NoLog(ValueError):
    """The file is no such log, or not a whole one."""


@dataclass(frozen=True)
class Write:
    """One request to the disk: *data* at *place* (bytes).  A discard has a *length* and no data."""

    number: int
    place: int
    length: int
    data: bytes = b""
    flush: bool = False
    """The disk was told to keep all that came before; this request came after that."""
    durable: bool = False
    """The disk was told to keep this request itself before it answered."""
    discard: bool = False


def count(log: Path) -> int:
    """How many requests *log* has by now."""
    with log.open("rb") as file:
        return _super(file.read(SUPER.size))[0]


def requests(log: Path) -> Iterator[Write]:
    """All requests in *log*, in the order in which they came; NoLog where it is none."""
    with log.open("rb") as file:
        number, sector = _super(file.read(SUPER.size))
        file.seek(sector)
        for each in range(number):
            head = file.read(sector)
            if len(head) != sector:
                raise NoLog(f"{log} ends in request {each} of {number}")
            place, length, flags, _more = ENTRY.unpack_from(head)
            found = b"" if flags & (DISCARD | MARK) else file.read(length * SECTOR)
            file.seek(-len(found) % sector, 1)
            if not flags & (DISCARD | MARK) and len(found) != length * SECTOR:
                raise NoLog(f"{log} ends in request {each} of {number}")
            kinds = bool(flags & FLUSH), bool(flags & FUA), bool(flags & DISCARD)
            yield Write(each, place * SECTOR, length * SECTOR, found, *kinds)


def _super(head: bytes) -> tuple[int, int]:
    """Number of entries, and size of a sector of the log."""
    if len(head) < SUPER.size:
        raise NoLog("it is too short for a log of writes")
    magic, version, number, sector = SUPER.unpack(head)
    if magic != MAGIC or version != VERSION or sector % SECTOR or not sector:
        raise NoLog("it is no log of writes")
    return number, sector

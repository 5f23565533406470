"""New GPT names, so that a power cut leaves the old ones or the new ones in each copy of a table that is whole.

The head of a table has the checksum of its entries: where both change, a disk that loses power between the two sectors
has a table that no kernel reads.  So the checksum stays what it is: four bytes behind the end of the name of the first
partition, which nothing reads, are chosen so that it does.  What is written is one sector of each copy.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from struct import pack, unpack_from
from zlib import crc32

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed

NAME, NAME_END = 56, 128
"""Where the name is in an entry, in bytes."""
ENTRY_SIZES = (128, 256, 512)
MOST_ENTRIES = 1024
SPARE = NAME_END - 4
"""Where the four bytes are, in the first entry: the last two characters of its name."""
START = 32
"""Where an entry says in which sector its partition begins."""
HEAD = 92  # bytes of the head of a table


@dataclass(frozen=True)
class Copy:
    """One copy of a table: where its entries are on the disk, in bytes, and these."""

    place: int
    entries: bytes
    size: int  # of an entry


@dataclass(frozen=True)
class Place:
    """A partition in a table: its name, and where it begins on the disk, in bytes."""

    name: str
    start: int


def read(disk: str, sector: int) -> dict[int, Place]:
    """The partitions in the table of *disk*, by number: in the second copy where the first is not whole.

    None where there is no whole copy.  *sector* is that of the disk, in bytes.  OSError where it cannot be read.
    """
    handle = os.open(disk, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for number in (1, os.lseek(handle, 0, os.SEEK_END) // sector - 1):
            with suppress(StepFailed):
                found, _other = _copy(handle, sector, number)
                entries = (found.entries[at : at + found.size] for at in range(0, len(found.entries), found.size))
                return {number: _place(entry, sector) for number, entry in enumerate(entries, 1) if any(entry[:16])}
    finally:
        os.close(handle)
    return {}


def _place(entry: bytes, sector: int) -> Place:
    name = entry[NAME:NAME_END].decode("utf-16-le", "replace").partition("\0")[0]
    return Place(name, unpack_from("<Q", entry, START)[0] * sector)


def rename(disk: str, sector: int, names: Mapping[int, str]) -> None:
    """Give partitions of *disk* new names, the second copy first; StepFailed where a copy is not whole.

    *sector* is that of the disk, in bytes.  OSError where it cannot be read or written.
    """
    handle = os.open(disk, os.O_RDWR | os.O_CLOEXEC)
    try:
        first, other = _copy(handle, sector, 1)
        second, _first = _copy(handle, sector, other)
        try:
            wanted = [(each, renamed(each.entries, each.size, names)) for each in (second, first)]
        except ValueError as error:  # a table that another program has made anew, with larger entries
            text = _("the names of the partitions of {disk} cannot be changed: {reason}")
            raise StepFailed(text.format(disk=disk, reason=error)) from error
        for copy, entries in wanted:
            _put(handle, sector, copy, entries)
    finally:
        os.close(handle)


def renamed(entries: bytes, size: int, names: Mapping[int, str]) -> bytes:
    """*entries* of *size* bytes each with new names and the same checksum.

    Only the first sector of them differs, so *names* are those of the first four partitions, but not of the first.
    """
    found = bytearray(entries)
    for number, name in names.items():
        coded = name.encode("utf-16-le").ljust(NAME_END - NAME, b"\0")
        if not 1 < number <= 4 or len(coded) != NAME_END - NAME:
            raise ValueError(f"partition {number} cannot be given the name {name}")
        start = (number - 1) * size + NAME
        found[start : start + len(coded)] = coded
    if any(found[SPARE - 2 : SPARE]):
        raise ValueError("the name of the first partition leaves no room")
    found[SPARE:NAME_END] = bytes(4)
    found[SPARE:NAME_END] = _balance(bytes(found), crc32(entries))
    return bytes(found)


def _balance(entries: bytes, wanted: int) -> bytes:
    """The four bytes at SPARE, zero in *entries*, with which their checksum is *wanted*.

    Each bit of them turns the same bits of the checksum, whatever the others are: a system of linear equations.
    """
    without = crc32(entries)
    rows: dict[int, tuple[int, int]] = {}  # by its highest bit: what is turned, and by which bits
    for bit in range(32):
        turned = without ^ crc32(entries[:SPARE] + pack("<I", 1 << bit) + entries[NAME_END:])
        by = 1 << bit
        while turned and (row := rows.get(turned.bit_length())):
            turned, by = turned ^ row[0], by ^ row[1]
        if turned:
            rows[turned.bit_length()] = turned, by
    left, chosen = without ^ wanted, 0
    while left:
        turned, by = rows[left.bit_length()]
        left, chosen = left ^ turned, chosen ^ by
    return pack("<I", chosen)


def _copy(handle: int, sector: int, number: int) -> tuple[Copy, int]:
    """The copy whose head is in sector *number*, and the sector with the head of the other one."""
    why = _("the copy of the partition table at sector {number} is not whole").format(number=number)
    sectors = os.lseek(handle, 0, os.SEEK_END) // sector
    raw = os.pread(handle, sector, number * sector) if number < sectors else b""
    if len(raw) != sector or raw[:8] != b"EFI PART":
        raise StepFailed(why)
    length, crc = unpack_from("<II", raw, 12)
    own, other = unpack_from("<QQ", raw, 24)
    place, count, size, of_entries = unpack_from("<QIII", raw, 72)
    if not HEAD <= length <= sector or own != number or size not in ENTRY_SIZES or not 4 <= count <= MOST_ENTRIES:
        raise StepFailed(why)
    if place * sector + count * size > sectors * sector:  # whoever wrote the table may have written any number there
        raise StepFailed(why)
    entries = os.pread(handle, count * size, place * sector)
    if crc32(raw[:16] + bytes(4) + raw[20:length]) != crc or crc32(entries) != of_entries:
        raise StepFailed(why)
    return Copy(place * sector, entries, size), other


def _put(handle: int, sector: int, copy: Copy, entries: bytes) -> None:
    """Write what differs, which is in one sector, and have it on the disk."""
    begins = [
        at for at in range(0, len(entries), sector) if entries[at : at + sector] != copy.entries[at : at + sector]
    ]
    if len(begins) > 1:
        raise ValueError(f"{len(begins)} sectors of the partition table would change")
    for at in begins:
        os.pwrite(handle, entries[at : at + sector], copy.place + at)
        os.fsync(handle)

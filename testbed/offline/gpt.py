"""The table of partitions, by the first copy and by the second."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from zlib import crc32

from testbed.offline import Damaged, Part, Source

SECTOR = 512
HEADER = Struct("<8sIIIIQQQQ16sQIII")
ENTRY = Struct("<16s16sQQQ72s")


@dataclass(frozen=True)
class Partition:
    """One partition; *start* and *size* in bytes."""

    number: int
    name: str
    start: int
    size: int
    uuid: bytes

    def of(self, disk: Source) -> Part:
        """Its bytes on *disk*."""
        return Part(disk, self.start, self.size)


def first(disk: Source) -> dict[int, Partition]:
    """The partitions by the copy at the beginning, which is the one that GRUB and the kernel read."""
    return _table(disk, 1)


def second(disk: Source) -> dict[int, Partition]:
    """The partitions by the copy at the end."""
    return _table(disk, disk.size // SECTOR - 1)


def _table(disk: Source, sector: int) -> dict[int, Partition]:
    raw = disk.read(sector * SECTOR, SECTOR)
    magic, _revision, length, crc, _zero, own, *_where, entries, count, size, entries_crc = HEADER.unpack_from(raw)
    if magic != b"EFI PART":
        raise Damaged("there is no table of partitions")
    if not HEADER.size <= length <= SECTOR or own != sector or size != ENTRY.size or count > 1024:
        raise Damaged("the head of the table of partitions has impossible values")
    if crc32(raw[:16] + bytes(4) + raw[20:length]) != crc:
        raise Damaged("the head of the table of partitions is not as its checksum says")
    listed = disk.read(entries * SECTOR, count * size)
    if crc32(listed) != entries_crc:
        raise Damaged("the table of partitions is not as its checksum says")
    return dict(_partitions(listed))


def _partitions(listed: bytes) -> list[tuple[int, Partition]]:
    found = []
    for number, (kind, uuid, start, end, _flags, name) in enumerate(ENTRY.iter_unpack(listed), 1):
        if any(kind):
            text = name.decode("utf-16-le", "replace").partition("\0")[0]
            found.append((number, Partition(number, text, start * SECTOR, (end - start + 1) * SECTOR, uuid)))
    return found

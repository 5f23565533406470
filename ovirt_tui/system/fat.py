"""Reads one small file of a FAT file system, in user space; runs as a separate process.

The kernel is not asked to mount what a stranger may have prepared, and no number found on the disk is trusted: every
one is checked or bounded, so that a damaged or hostile file system ends in an error and not in a loop.  A process has
a timeout, too.  Arguments: a device and the path of a file, a/b; prints a line with the error, if any, and then the
content.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

LONGEST = 65536
"""Largest file, and largest folder, in bytes."""
ENTRY = 32  # bytes of an entry of a folder
LONG_NAME, FOLDER, LABEL = 0x0F, 0x10, 0x08  # attributes
LAST, DELETED = 0x00, 0xE5  # first byte of an entry
FAT12, FAT16 = 4085, 65525  # a file system of this type has fewer clusters


class Damaged(Exception):
    """The device holds no readable FAT file system, or no such file."""


@dataclass(frozen=True)
class Volume:
    """The layout of a file system: offsets and sizes in bytes."""

    handle: int
    cluster: int  # size of a cluster
    clusters: int
    table: int
    root: int  # the root folder of FAT12 and FAT16
    root_length: int
    root_cluster: int  # the first cluster of the root folder of FAT32
    data: int

    def chain(self, first: int, most: int) -> bytes:
        """The content of the cluster chain from *first* on, at most *most* bytes."""
        found = bytearray()
        number = first
        while len(found) < most and 2 <= number < self.clusters + 2:
            size = min(self.cluster, most - len(found))
            found += self._read(self.data + (number - 2) * self.cluster, size)
            number = self._next(number)
        return bytes(found)

    def top(self) -> bytes:
        """The entries of the root folder."""
        if self.root_length:
            return self._read(self.root, min(self.root_length, LONGEST))
        return self.chain(self.root_cluster, LONGEST)

    def _next(self, number: int) -> int:
        if self.clusters < FAT12:
            (pair,) = unpack_from("<H", self._read(self.table + number + number // 2, 2))
            return int(pair >> 4 if number % 2 else pair & 0xFFF)
        if self.clusters < FAT16:
            return int(unpack_from("<H", self._read(self.table + number * 2, 2))[0])
        return int(unpack_from("<I", self._read(self.table + number * 4, 4))[0] & 0x0FFFFFFF)

    def _read(self, place: int, length: int) -> bytes:
        found = os.pread(self.handle, length, place)
        if len(found) != length:
            raise Damaged("it ends too early")
        return found


def volume(handle: int) -> Volume:
    """The layout from the boot sector; Damaged when its values are impossible."""
    first = os.pread(handle, 512, 0)
    if len(first) != 512 or first[510:] != b"\x55\xaa":
        raise Damaged("no FAT file system")
    sector, per_cluster, reserved, tables, entries, small = unpack_from("<HBHBHH", first, 11)
    table16, large, table32 = unpack_from("<H", first, 22)[0], *unpack_from("<II", first, 32)
    table, total = table16 or table32, small or large
    if sector not in (512, 1024, 2048, 4096) or per_cluster not in (1, 2, 4, 8, 16, 32, 64, 128):
        raise Damaged("its sectors or clusters have no possible size")
    root = (reserved + tables * table) * sector
    length = -(-entries * ENTRY // sector) * sector
    clusters = (total * sector - root - length) // (per_cluster * sector)
    if not (reserved and 1 <= tables <= 2 and table and 1 <= clusters < 1 << 28):
        raise Damaged("its tables have no possible size")
    (start,) = unpack_from("<I", first, 44)
    size = per_cluster * sector
    return Volume(handle, size, clusters, reserved * sector, root, length, 0 if entries else start, root + length)


def entries(folder: bytes) -> Iterator[tuple[str, bool, int, int]]:
    """Of each file and folder in a folder: name, whether it is a folder, first cluster, and length."""
    long = ""
    for place in range(0, len(folder) - ENTRY + 1, ENTRY):
        entry = folder[place : place + ENTRY]
        if entry[0] == LAST:
            return
        if entry[0] == DELETED:
            long = ""
        elif entry[11] == LONG_NAME:
            long = (entry[1:11] + entry[14:26] + entry[28:32]).decode("utf-16-le", "replace") + long
        else:
            short = ".".join(
                filter(None, (entry[:8].decode("latin-1").rstrip(), entry[8:11].decode("latin-1").rstrip()))
            )
            name, long = long.partition("\0")[0] or short.lower(), ""
            if not entry[11] & LABEL:
                high, low, length = unpack_from("<H4xHI", entry, 20)
                yield name, bool(entry[11] & FOLDER), high << 16 | low, length


def read(path: str, name: str) -> bytes:
    """The content of the file at *name*, from the root folder on, on the device *path*; Damaged when there is none."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = volume(handle)
        *folders, last = name.split("/")
        inside = found.top()
        for folder in folders:
            first, _length = _entry(inside, folder, is_folder=True)
            inside = found.chain(first, LONGEST)
        first, length = _entry(inside, last, is_folder=False)
        if length > LONGEST:
            raise Damaged(f"{name} is larger than {LONGEST} bytes")
        content = found.chain(first, length)
        if len(content) != length:
            raise Damaged(f"{name} ends too early")
        return content
    finally:
        os.close(handle)


def _entry(folder: bytes, name: str, *, is_folder: bool) -> tuple[int, int]:
    """First cluster and length of what has this name in a folder."""
    for each, kind, first, length in entries(folder):
        if each == name and kind == is_folder:
            return first, length
    raise Damaged(f"there is no {name}")


def main() -> None:
    """Print a line with the error, empty when there is none; then the content."""
    content, why = b"", ""
    try:
        content = read(sys.argv[1], sys.argv[2])
    except Damaged as error:
        why = str(error)
    except OSError as error:
        why = error.strerror or str(error)
    sys.stdout.buffer.write(f"{why}\n".encode() + content)


if __name__ == "__main__":
    main()

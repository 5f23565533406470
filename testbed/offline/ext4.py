"""Files of an ext4 file system, as GRUB reads them: no journal is replayed."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

from testbed.offline import Damaged, Source

MAGIC, EXTENTS = 0xEF53, 0xF30A
ROOT = 2
WIDE = 0x80  # feature: descriptors of groups are larger than 32 bytes
USES_EXTENTS = 0x80000  # flag of an inode


@dataclass(frozen=True)
class Inode:
    """What is known of a file or folder."""

    number: int
    mode: int
    size: int
    flags: int
    blocks: bytes  # the root of its tree of extents, or a short link

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder."""
        return stat.S_ISDIR(self.mode)


class Ext4:
    """The file system in *source*; Damaged where it is none."""

    def __init__(self, source: Source) -> None:
        self.source = source
        head = source.read(1024, 1024)
        if unpack_from("<H", head, 56)[0] != MAGIC:
            raise Damaged("there is no ext4 file system")
        self.block = 1024 << unpack_from("<I", head, 24)[0]
        self.inodes, self.per_group = unpack_from("<I", head, 0)[0], unpack_from("<I", head, 40)[0]
        self.inode_size = unpack_from("<H", head, 88)[0]
        wide = unpack_from("<I", head, 96)[0] & WIDE
        self.descriptor = unpack_from("<H", head, 254)[0] if wide else 32
        self.groups = (unpack_from("<I", head, 20)[0] + 1) * self.block
        self.label = head[120:136].rstrip(b"\0").decode("latin-1")
        if self.block > 65536 or not self.per_group or self.inode_size < 128 or self.descriptor < 32:
            raise Damaged("the ext4 file system has impossible values")

    def read(self, path: str) -> bytes:
        """The content of a file; Damaged where there is none."""
        found = self.at(path)
        if not stat.S_ISREG(found.mode):
            raise Damaged(f"{path} is no file")
        return self._content(found)

    def names(self, path: str) -> tuple[str, ...]:
        """What a folder has in it; nothing where there is no such folder."""
        try:
            found = self.at(path)
        except Damaged:
            return ()
        return tuple(sorted(name for name, _number in self._listed(found))) if found.is_folder else ()

    def has(self, path: str) -> bool:
        """Say whether there is something of this name."""
        try:
            self.at(path)
        except Damaged:
            return False
        return True

    def at(self, path: str) -> Inode:
        """What has this path, without following links."""
        found = self._inode(ROOT)
        for name in filter(None, path.split("/")):
            listed = dict(self._listed(found)) if found.is_folder else {}
            if name not in listed:
                raise Damaged(f"there is no {path}")
            found = self._inode(listed[name])
        return found

    def _inode(self, number: int) -> Inode:
        if not 1 <= number <= self.inodes:
            raise Damaged(f"there is no inode {number}")
        group, index = divmod(number - 1, self.per_group)
        raw = self.source.read(self.groups + group * self.descriptor, self.descriptor)
        (table,) = unpack_from("<I", raw, 8)
        if self.descriptor >= 64:
            table |= unpack_from("<I", raw, 40)[0] << 32
        raw = self.source.read(table * self.block + index * self.inode_size, self.inode_size)
        low, high = unpack_from("<I", raw, 4)[0], unpack_from("<I", raw, 108)[0]
        mode, flags = unpack_from("<H", raw, 0)[0], unpack_from("<I", raw, 32)[0]
        return Inode(number, mode, low | high << 32, flags, raw[40:100])

    def _content(self, inode: Inode) -> bytes:
        if not inode.flags & USES_EXTENTS:
            if inode.size == 0:
                return b""
            raise Damaged(f"inode {inode.number} is not kept in extents")
        if inode.size > self.source.size:
            raise Damaged(f"inode {inode.number} has an impossible size")
        found = bytearray(inode.size)
        for first, count, place in self._extents(inode.blocks, 6):
            begin = first * self.block
            length = min(count * self.block, inode.size - begin)
            if length > 0:
                found[begin : begin + length] = self.source.read(place * self.block, length)
        return bytes(found)

    def _extents(self, raw: bytes, deepest: int) -> Iterator[tuple[int, int, int]]:
        """First block in the file, number of blocks, first block on the disk.  What was never written is zero."""
        magic, count, _most, depth = unpack_from("<HHHH", raw)
        if magic != EXTENTS or depth > deepest or 12 + count * 12 > len(raw):
            raise Damaged("a tree of extents is damaged")
        for place in range(12, 12 + count * 12, 12):
            if depth:
                low, high = unpack_from("<IH", raw, place + 4)
                below = self.source.read((high << 32 | low) * self.block, self.block)
                yield from self._extents(below, depth - 1)
            else:
                first, length, high, low = unpack_from("<IHHI", raw, place)
                if length <= 0x8000:
                    yield first, length, high << 32 | low

    def _listed(self, folder: Inode) -> Iterator[tuple[str, int]]:
        raw = self._content(folder)
        place = 0
        while place + 8 <= len(raw):
            number, length, size = unpack_from("<IHB", raw, place)
            if length < 8 or length % 4 or size + 8 > length:
                raise Damaged(f"the folder in inode {folder.number} is damaged")
            name = raw[place + 8 : place + 8 + size].decode("utf-8", "surrogateescape")
            if number and name not in (".", ".."):
                yield name, number
            place += length

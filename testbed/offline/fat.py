"""Files of a FAT file system, as GRUB and a firmware read them: FAT12, FAT16 and FAT32."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from testbed.offline import Damaged, Source

ENTRY = 32
LONG, LABEL, FOLDER = 0x0F, 0x08, 0x10
FAT12, FAT16 = 4085, 65525
Found = tuple[bool, int, int]
"""Whether it is a folder; its first cluster; its length."""


class Fat:
    """The file system in *source*; Damaged where it is none."""

    def __init__(self, source: Source) -> None:
        self.source = source
        head = source.read(0, 512)
        if head[510:] != b"\x55\xaa":
            raise Damaged("there is no FAT file system")
        sector, per_cluster, reserved, tables, entries, small = unpack_from("<HBHBHH", head, 11)
        short, large, long = unpack_from("<H", head, 22)[0], *unpack_from("<II", head, 32)
        if sector not in (512, 1024, 2048, 4096) or not per_cluster or not reserved or not (short or long):
            raise Damaged("the FAT file system has impossible values")
        self.table, self.cluster = reserved * sector, per_cluster * sector
        self.top = self.table + tables * (short or long) * sector
        self.top_length = -(-entries * ENTRY // sector) * sector
        self.data = self.top + self.top_length
        self.clusters = ((small or large) * sector - self.data) // self.cluster
        self.root = 0 if entries else unpack_from("<I", head, 44)[0]

    def read(self, path: str) -> bytes:
        """The content of a file; Damaged where there is none, or its chain is broken."""
        found = self._at(path)
        content = self._chain(found[1], found[2])[: found[2]]
        if found[0] or len(content) != found[2]:
            raise Damaged(f"{path} on the boot partition ends too early")
        return content

    def has(self, path: str) -> bool:
        """Say whether there is such a file."""
        try:
            self.read(path)
        except Damaged:
            return False
        return True

    def paths(self, folder: str = "") -> Iterator[str]:
        """Every file below *folder*."""
        found = self._at(folder) if folder else (True, self.root, 0)
        for name, (is_folder, _first, _length) in self._listed(found):
            if is_folder and name not in (".", ".."):
                yield from self.paths(f"{folder}/{name}".strip("/"))
            elif not is_folder:
                yield f"{folder}/{name}".strip("/")

    def place(self, path: str) -> int:
        """Where the first byte of a file is."""
        return int(self.data + (self._at(path)[1] - 2) * self.cluster)

    def _at(self, path: str) -> Found:
        found: Found = (True, self.root, 0)
        for name in path.split("/"):
            listed = {each.lower(): what for each, what in self._listed(found)} if found[0] else {}
            if name.lower() not in listed:
                raise Damaged(f"the boot partition has no {path}")
            found = listed[name.lower()]
        return found

    def _listed(self, folder: Found) -> Iterator[tuple[str, Found]]:
        raw = self.source.read(self.top, self.top_length) if not folder[1] else self._chain(folder[1], 1 << 22)
        long = ""
        for place in range(0, len(raw) - ENTRY + 1, ENTRY):
            entry = raw[place : place + ENTRY]
            if not entry[0]:
                return
            if entry[0] == 0xE5:
                long = ""
            elif entry[11] == LONG:
                long = (entry[1:11] + entry[14:26] + entry[28:32]).decode("utf-16-le", "replace") + long
            elif not entry[11] & LABEL:
                short = ".".join(filter(None, (entry[a:b].decode("latin-1").rstrip() for a, b in ((0, 8), (8, 11)))))
                high, low, length = unpack_from("<H4xHI", entry, 20)
                yield long.partition("\0")[0] or short, (bool(entry[11] & FOLDER), high << 16 | low, length)
                long = ""
            else:
                long = ""

    def _chain(self, number: int, most: int) -> bytes:
        found = bytearray()
        while len(found) < most and 2 <= number < self.clusters + 2:
            found += self.source.read(self.data + (number - 2) * self.cluster, self.cluster)
            number = self._next(number)
        return bytes(found)

    def _next(self, number: int) -> int:
        if self.clusters < FAT12:
            (pair,) = unpack_from("<H", self.source.read(self.table + number + number // 2, 2))
            return int(pair >> 4 if number % 2 else pair & 0xFFF)
        if self.clusters < FAT16:
            return int(unpack_from("<H", self.source.read(self.table + number * 2, 2))[0])
        return int(unpack_from("<I", self.source.read(self.table + number * 4, 4))[0] & 0x0FFFFFFF)

"""Checks that every program in a trimmed tree finds its shared libraries."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from image.stage import BuildError, say

_FOLDERS = ("usr/bin", "usr/sbin", "usr/lib", "usr/libexec")
_NOT_PROGRAMS = ("usr/lib/modules",)
_MAGIC = b"\x7fELF\x02"
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS, _NAME = 1, 5, 14


@dataclass(frozen=True)
class Elf:
    """The soname of an ELF file, and the sonames it needs."""

    name: str
    needed: tuple[str, ...]


def drop_unlinkable(tree: Path, optional: tuple[str, ...]) -> None:
    """Remove the *optional* files (patterns) that lack a library; BuildError when any other file lacks one."""
    found = dict(_elf_files(tree))
    there = {elf.name for elf in found.values()} | {path.name for path in found}
    there |= {path.name for path in (tree / "usr/lib").rglob("*.so*") if path.is_symlink()}
    broken = {path: sorted(set(elf.needed) - there) for path, elf in found.items() if set(elf.needed) - there}
    may_go = {path for pattern in optional for path in tree.glob(pattern)}
    lost = [
        f"{path.relative_to(tree)} needs {', '.join(names)}" for path, names in broken.items() if path not in may_go
    ]
    if lost:
        raise BuildError(f"the trimmed tree lacks libraries: {'; '.join(lost)}")
    for path in broken:
        path.unlink()
    say(f"linkage: {len(found)} programs and libraries are complete, {len(broken)} optional ones were left out")


def _elf_files(tree: Path) -> Iterator[tuple[Path, Elf]]:
    for folder in _FOLDERS:
        for path in (tree / folder).rglob("*"):
            if path.is_symlink() or not path.is_file() or path.stat().st_size < 64:
                continue
            if str(path.relative_to(tree)).startswith(_NOT_PROGRAMS):
                continue
            with path.open("rb") as file:
                if file.read(len(_MAGIC)) == _MAGIC:
                    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                        yield path, _read(data, path.name)


def _read(data: mmap.mmap, name: str) -> Elf:
    """Read the dynamic section of a 64-bit little-endian ELF file."""
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQ", data, table + index * size) for index in range(count)]
    loads = [(address, offset, length) for kind, _, offset, address, _, length in headers if kind == _LOAD]
    dynamic = [(offset, length) for kind, _, offset, _, _, length in headers if kind == _DYNAMIC]
    if not dynamic:
        return Elf(name, ())
    offset, length = dynamic[0]
    tags = [struct.unpack_from("<QQ", data, offset + step) for step in range(0, length, 16)]
    address = next(value for tag, value in tags if tag == _STRINGS)
    strings = next(address - start + place for start, place, extent in loads if start <= address < start + extent)

    def text(position: int) -> str:
        begin = strings + position
        return data[begin : data.find(b"\0", begin)].decode()

    needed = tuple(text(value) for tag, value in tags if tag == _NEEDED)
    return Elf(next((text(value) for tag, value in tags if tag == _NAME), name), needed)

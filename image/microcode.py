"""CPU microcode, as the archive that the kernel reads first."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from image.stage import BuildError, remove, run

_INTEL = "kernel/x86/microcode/GenuineIntel.bin"
_AMD = "kernel/x86/microcode/AuthenticAMD.bin"
_HEADER = struct.Struct("<9I")
_SMALLEST = 2048


def intel(files: Iterable[bytes]) -> bytes:
    """Intel's updates concatenated, without duplicates: files of several processors contain the same ones."""
    found: dict[bytes, None] = {}
    for data in files:
        start = 0
        while start < len(data):
            length = _length(data, start)
            found[data[start : start + length]] = None
            start += length
    return b"".join(found)


def archive(firmware: Path, work: Path, target: Path) -> None:
    """Write an uncompressed cpio archive of what is in *firmware*/intel-ucode and *firmware*/amd-ucode to *target*."""
    remove(work)
    contents = {_INTEL: intel(_read(firmware / "intel-ucode")), _AMD: b"".join(_read(firmware / "amd-ucode"))}
    for name, content in contents.items():
        if not content:
            raise BuildError(f"there is no microcode for {name}")
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(content)
    names = "".join(f"{path.relative_to(work)}\n" for path in sorted(work.rglob("*")))
    argv: list[str | Path] = ["cpio", "--quiet", "-o", "-H", "newc", "--owner", "0:0", "--reproducible", "-O", target]
    run(argv, stdin=names, cwd=work, timeout=60)
    remove(work)


def _read(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file() and path.suffix != ".asc"]


def _length(data: bytes, start: int) -> int:
    """Length in bytes of the update at *start*."""
    if start + _HEADER.size > len(data):
        raise BuildError("a file of Intel's microcode ends within an update")
    version, *_, size = _HEADER.unpack_from(data, start)
    length: int = size or _SMALLEST
    if version != 1 or start + length > len(data):
        raise BuildError("a file of Intel's microcode is none")
    return length

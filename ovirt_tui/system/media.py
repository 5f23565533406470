"""Where an image comes from: the medium that this system was started from, or an ISO file."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from pathlib import Path
from typing import Protocol

from bootmenu.signed import SIGNED
from bootmenu.words import NAME as WORDS
from ovirt_tui.i18n import _
from ovirt_tui.machine.signers import SIGNATURE
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run
from ovirt_tui.system.tree import file_errors

MEDIUM = Path("/run/initramfs/live")
SUMS, VERSION = "sha256sums", "version"
SYSTEM = "LiveOS/squashfs.img"
FILES = ("vmlinuz", "initrd.img", SYSTEM, VERSION)
"""What every image consists of, beside its checksums."""
OPTIONAL = (SIGNATURE, *(f"{name}.sig" for name in SIGNED))
"""Files that an image may have beside them, which its checksums do not cover."""
ALL = (*FILES, SUMS, WORDS, *OPTIONAL)
READER = Path(__file__).with_name("iso.py")
READ_SECONDS = 60
SMALL = 65536
"""Most bytes of a file that is read whole: version, words, checksums, signature."""


@dataclass(frozen=True)
class Extent:
    """The bytes of a file of an image: part of the file at *path*, or the *whole* of it."""

    path: Path
    offset: int
    length: int
    whole: bool = False


def whole(path: Path) -> Extent:
    """All that is in the file at *path*; OSError where there is none, or what would be waited for, such as a pipe."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return Extent(path, 0, found.st_size, whole=True)


class Source(Protocol):
    """The files of an image, by their names in the medium tree."""

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        ...

    def extent(self, name: str) -> Extent:
        """Where its bytes are; StepFailed where there is none."""
        ...


@dataclass(frozen=True)
class Folder:
    """A mounted medium."""

    path: Path

    def has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def extent(self, name: str) -> Extent:
        with file_errors(_("the medium cannot be read")):
            return whole(self.path / name)


@dataclass(frozen=True)
class Iso:
    """An ISO file, or a drive with one; nothing of it is mounted."""

    path: Path
    extents: dict[str, tuple[int, int]]
    """Offset and length of each file, in bytes."""

    def has(self, name: str) -> bool:
        return name in self.extents

    def extent(self, name: str) -> Extent:
        if name not in self.extents:
            raise StepFailed(
                _("{path} has no file {name}, so it is no image of this product").format(path=self.path, name=name)
            )
        offset, length = self.extents[name]
        return Extent(self.path, offset, length)


def source(path: str) -> Source:
    """The medium for an empty *path*, otherwise the ISO file there; StepFailed where it is none."""
    if not path:
        return Folder(MEDIUM)
    said = run((sys.executable, "-P", str(READER), path, *ALL), seconds=READ_SECONDS, reads=True)
    try:
        found = json.loads(said)
        if "error" in found:
            raise StepFailed(_("{path} cannot be used: {why}").format(path=path, why=found["error"]))
        extents = {name: (int(offset), int(length)) for name, (offset, length) in found.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise StepFailed(_("{path} cannot be used: its files cannot be found").format(path=path), said) from error
    with file_errors(_("{path} cannot be read").format(path=path)), Path(path).open("rb") as file:
        end = file.seek(0, os.SEEK_END)
    for name, (offset, length) in extents.items():
        if not 0 <= offset <= offset + length <= end:
            text = _("{path} is not complete: {name} would end behind the end of the file")
            raise StepFailed(text.format(path=path, name=name))
    return Iso(Path(path), extents)


def small(source: Source, name: str) -> bytes:
    """The whole content of a small file of an image."""
    extent = source.extent(name)
    if extent.length > SMALL:
        text = _("{name} of the image has {length} bytes, and at most {most} are read")
        raise StepFailed(text.format(name=name, length=extent.length, most=SMALL))
    with file_errors(_("{name} of the image cannot be read").format(name=name)), extent.path.open("rb") as file:
        file.seek(extent.offset)
        return file.read(extent.length)

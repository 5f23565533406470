"""Where an image comes from: the medium that this system was started from, or an ISO file."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO, Protocol

from bootmenu.words import NAME as WORDS
from ovirt_tui.i18n import _
from ovirt_tui.machine.signers import SIGNATURE
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run
from ovirt_tui.system.tree import file_errors

MEDIUM = Path("/run/initramfs/live")
SUMS, VERSION = "sha256sums", "version"
FILES = ("vmlinuz", "initrd.img", "LiveOS/squashfs.img", VERSION)
"""What every image consists of, beside its checksums."""
OPTIONAL = (SIGNATURE,)
"""Files that an image may have beside them, which its checksums do not cover."""
ALL = (*FILES, SUMS, WORDS, SIGNATURE)
READER = Path(__file__).with_name("iso.py")
READ_SECONDS = 60
SMALL = 65536
"""Most bytes of a file that is read whole: version, words, checksums, signature."""


class Source(Protocol):
    """The files of an image, by their names in the medium tree."""

    def size(self, name: str) -> int:
        """How many bytes a file has; StepFailed where there is none."""
        ...

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        ...

    def open(self, name: str) -> tuple[BinaryIO, int]:
        """A file to read from, without a buffer, at the first byte of it, and how many bytes of it belong to it."""
        ...


@dataclass(frozen=True)
class Folder:
    """A mounted medium."""

    path: Path

    def has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def size(self, name: str) -> int:
        with file_errors(_("the medium cannot be read")):
            return (self.path / name).stat().st_size

    def open(self, name: str) -> tuple[BinaryIO, int]:
        with file_errors(_("the medium cannot be read")):
            file = (self.path / name).open("rb", buffering=0)
            return file, os.fstat(file.fileno()).st_size


@dataclass(frozen=True)
class Iso:
    """An ISO file, or a drive with one; nothing of it is mounted."""

    path: Path
    extents: dict[str, tuple[int, int]]
    """Offset and length of each file, in bytes."""

    def has(self, name: str) -> bool:
        return name in self.extents

    def size(self, name: str) -> int:
        return self._extent(name)[1]

    def open(self, name: str) -> tuple[BinaryIO, int]:
        offset, length = self._extent(name)
        with file_errors(_("{path} cannot be read").format(path=self.path)):
            file = self.path.open("rb", buffering=0)
            file.seek(offset)
            return file, length

    def _extent(self, name: str) -> tuple[int, int]:
        if name not in self.extents:
            raise StepFailed(
                _("{path} has no file {name}, so it is no image of this product").format(path=self.path, name=name)
            )
        return self.extents[name]


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
    file, length = source.open(name)
    with file, file_errors(_("{name} of the image cannot be read").format(name=name)):
        if length > SMALL:
            text = _("{name} of the image has {length} bytes, and at most {most} are read")
            raise StepFailed(text.format(name=name, length=length, most=SMALL))
        return file.read(length)

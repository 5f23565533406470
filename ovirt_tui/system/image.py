"""Copies the image to a slot, and reads it back from the disk before it counts.

What was read back is compared with the checksums of the medium, so that one sum proves both the medium and the copy.
Both ways go past the page cache where the file system can do that, as that of a slot can.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.file_systems import format_slot
from ovirt_tui.system.files import flush
from ovirt_tui.system.services import nothing
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import Image
from ovirt_tui.system.tree import file_errors

MEDIUM = Path("/run/initramfs/live")
SUMS = "sha256sums"
VERSION = "version"
FILES = ("vmlinuz", "initrd.img", "LiveOS/squashfs.img", VERSION)
CHUNK = 4 * 1024 * 1024
PAGE = 4096
"""Bytes that what goes past the page cache is a multiple of, whatever the sector of the disk."""
NEW = ".new"
WRITTEN = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

Identity = tuple[str, int, int, int, int]
"""Slot, inode, size, mtime and device number of a file."""


def quietly(done: int) -> None:
    """Where nobody is told how far it is."""


class Images:
    """Image: the medium tree in a slot."""

    def __init__(self, slots: Slots, medium: Path = MEDIUM) -> None:
        self.slots = slots
        self.medium = medium
        self.verified: dict[Identity, str] = {}

    def holds(self, step: Image) -> bool:
        """Compare with the medium; each file is read from the disk once, and again only after it changed."""
        if step.slot in self.slots.empty:
            return False
        try:
            sums = self._sums()
            if self.slots.label(step.slot) != step.slot:
                return False
            with self.slots.mounted(step.slot) as folder:
                if not _has_all(folder, (*sums, SUMS)) or (folder / SUMS).read_bytes() != self._sums_text():
                    return False
                return all(self._sum(step.slot, folder / name) == wanted for name, wanted in sums.items())
        except (StepFailed, OSError):
            return False

    def make(self, step: Image, tell: Tell) -> Undo:
        sums = self._sums()
        sizes = self._sizes(sums)
        device = self.slots.device(step.slot)
        if step.slot in self.slots.empty:
            self.slots.empty.discard(step.slot)
        else:  # whatever an interrupted copy left: without a journal, only a new file system is a consistent one
            format_slot(device, step.slot)
        done, total = 0, 2 * sum(sizes.values())  # each byte is written, and read again
        with self.slots.mounted(step.slot, "rw") as folder:
            for name, wanted in sums.items():
                target = folder / name
                with file_errors(_("{name} could not be copied to {slot}").format(name=name, slot=step.slot)):
                    _copy(self.medium / name, target, partial(_tell, tell, done, total))
                    found = self._sum(step.slot, target, partial(_tell, tell, done + sizes[name], total))
                if found != wanted:
                    raise self._damaged(step.slot, name, found, wanted)
                done += 2 * sizes[name]
            with file_errors(_("{name} could not be copied to {slot}").format(name=SUMS, slot=step.slot)):
                _copy(self.medium / SUMS, folder / SUMS, quietly)
        return nothing

    def _damaged(self, slot: str, name: str, found: str, wanted: str) -> StepFailed:
        """Why a file in *slot* has the wrong sum: that of the medium, read once more, says which of the two it is."""
        with file_errors(_("the medium cannot be read")):
            there = _sum_of(self.medium / name, quietly)
        if there != wanted:
            text = _("the medium is damaged: {name} is not as its checksum says").format(name=name)
            return StepFailed(text, f"sha256 {there}, wanted {wanted}")
        text = _("{name} was copied to {slot}, but the disk does not hold what was written").format(
            name=name, slot=slot
        )
        return StepFailed(text, f"sha256 {found}, wanted {wanted}")

    def _sums_text(self) -> bytes:
        return (self.medium / SUMS).read_bytes()

    def _sums(self) -> dict[str, str]:
        """The checksum of each file of the medium, by its name."""
        with file_errors(_("the medium has no checksums")):
            text = self._sums_text().decode(errors="replace")
        pairs = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
        sums = {pair[1].lstrip("*").removeprefix("./"): pair[0] for pair in pairs if len(pair) == 2}
        if missing := sorted(set(FILES) - set(sums)):
            raise StepFailed(_("the medium is damaged: {name} has no checksum").format(name=missing[0]), text)
        return {name: sums[name] for name in FILES}

    def _sizes(self, names: Iterable[str]) -> dict[str, int]:
        """How many bytes each of these files of the medium has."""
        with file_errors(_("the medium cannot be read")):
            return {name: (self.medium / name).stat().st_size for name in names}

    def _sum(self, slot: str, path: Path, tell: Callable[[int], None] = quietly) -> str:
        stat = path.stat()
        identity = (slot, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_dev)
        if identity not in self.verified:
            self.verified[identity] = _sum_of(path, tell)
        return self.verified[identity]


def _has_all(folder: Path, names: tuple[str, ...]) -> bool:
    return all((folder / name).is_file() for name in names)


def _tell(tell: Tell, before: int, total: int, more: int) -> None:
    tell(before + more, total)


def _copy(source: Path, target: Path, tell: Callable[[int], None]) -> None:
    """Copy durably to a temporary name, and rename.

    Nothing of either file stays in the page cache: on a machine with 512 MB others need the memory.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + NEW)
    done = 0
    buffer = _buffer()
    with _past_the_cache(source, os.O_RDONLY) as reader, _past_the_cache(new, WRITTEN) as writer:
        while length := _read(reader, buffer):
            _write(writer, buffer[: -(-length // PAGE) * PAGE])
            os.posix_fadvise(reader, done, length, os.POSIX_FADV_DONTNEED)
            done += length
            tell(done)
        os.ftruncate(writer, done)  # the last page is written whole
        _drop_cache(writer)
    new.replace(target)
    flush(target.parent)


def _write(handle: int, content: memoryview) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _sum_of(path: Path, tell: Callable[[int], None]) -> str:
    """The SHA-256 of what is on the disk, not of what is in the page cache."""
    digest = hashlib.sha256()
    done = 0
    buffer = _buffer()
    with _past_the_cache(path, os.O_RDONLY) as handle:
        _drop_cache(handle)
        while length := _read(handle, buffer):
            digest.update(buffer[:length])
            os.posix_fadvise(handle, done, length, os.POSIX_FADV_DONTNEED)
            done += length
            tell(done)
    return digest.hexdigest()


def _buffer() -> memoryview:
    """Memory for a part of a file, which begins with a page: no other goes past the cache."""
    return memoryview(mmap.mmap(-1, CHUNK))


def _read(handle: int, buffer: memoryview) -> int:
    """Fill *buffer*, which only the end of the file leaves room in; return how many bytes there are."""
    length = 0
    while length < len(buffer) and (more := os.readv(handle, [buffer[length:]])):
        length += more
    return length


@contextmanager
def _past_the_cache(path: Path, flags: int) -> Iterator[int]:
    """Open *path* past the page cache, where its file system can do that; that of a medium cannot."""
    try:
        handle = os.open(path, flags | os.O_CLOEXEC | os.O_DIRECT, 0o644)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        handle = os.open(path, flags | os.O_CLOEXEC, 0o644)
    try:
        yield handle
    finally:
        os.close(handle)


def _drop_cache(handle: int) -> None:
    """Have all that was written on the disk, and none of it in memory."""
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)

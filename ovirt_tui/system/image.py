"""Copies the image to a slot, and reads it back from the disk before it counts.

Before a disk is written the image is read once and compared with its checksums: one that is damaged destroys nothing.
What is read back from the disk is then compared with what was read: by a hash of each part with a key of this process,
several times as fast as SHA-256, which is taken where nothing was read before.
Both ways go past the page cache where the file system can do that, as that of a slot can.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from bootmenu.words import NAME as WORDS
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.disk_steps import Image, Medium
from ovirt_tui.system.file_systems import format_slot
from ovirt_tui.system.files import flush, write
from ovirt_tui.system.media import FILES, MEDIUM, OPTIONAL, SUMS, Extent, Folder, Source, small, source, whole
from ovirt_tui.system.services import nothing
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.small_files import is_file
from ovirt_tui.system.tree import file_errors

CHUNK = 4 * 1024 * 1024
MUCH_MEMORY = 1 << 30
"""Bytes of memory from which on there is room for a whole image: a slow medium is then read once, not twice."""
PAGE = 4096
"""Bytes that what goes past the page cache is a multiple of, whatever the sector of the disk."""
NEW = ".new"
WRITTEN = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

Identity = tuple[str, int, int, int, int]
"""Slot, inode, size, mtime and device number of a file."""


Prints = tuple[int, ...]
"""Python's hash of each CHUNK of a content: SipHash, with a key that is made when a program starts and nobody knows."""
KEYED = bool(sys.flags.hash_randomization) and sys.hash_info.algorithm.startswith("siphash")
"""Nothing is compared by prints that somebody could foresee, as with PYTHONHASHSEED."""
_prints: dict[str, Prints] = {}
"""The prints of what this program has read, by its SHA-256."""


def quietly(done: int) -> None:
    """Where nobody is told how far it is."""


class Mediums:
    """Medium: what this system was started from, read whole."""

    def __init__(self, medium: Path = MEDIUM) -> None:
        self.medium = medium
        self.read = b""
        """The checksums that every byte of the medium was compared with."""

    def holds(self, step: Medium) -> bool:
        with suppress(StepFailed):
            return small(Folder(self.medium), SUMS) == self.read
        return False

    def make(self, step: Medium, tell: Tell) -> Undo:
        stays = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >= MUCH_MEMORY
        self.read, _total = verified(Folder(self.medium), _("the medium"), tell, stays=stays)
        return nothing


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
            origin, text = self._origin(step)
            beside, sums = dict(_optional(origin)), sums_of(text)
            if self.slots.label(step.slot) != step.slot:
                return False
            with self.slots.mounted(step.slot) as folder:
                if not _has_all(folder, (*sums, SUMS)) or not is_file(folder / SUMS, text):
                    return False
                if not all(_is_as(folder / name, beside.get(name)) for name in OPTIONAL):
                    return False
                return all(self._sum(step.slot, folder / name, wanted) == wanted for name, wanted in sums.items())
        except (StepFailed, OSError):
            return False

    def make(self, step: Image, tell: Tell) -> Undo:
        origin, text = self._origin(step)
        sums = sums_of(text)
        sizes = {name: origin.extent(name).length for name in sums}
        device = self.slots.unused(step.slot)
        if step.slot in self.slots.empty:
            self.slots.empty.discard(step.slot)
        else:  # whatever an interrupted copy left: without a journal, only a new file system is a consistent one
            format_slot(device, step.slot)
        done, total = 0, 2 * sum(sizes.values())  # each byte is written, and read again
        with self.slots.mounted(step.slot, "rw") as folder:
            for name, wanted in sums.items():
                target = folder / name
                with file_errors(_("{name} could not be copied to {slot}").format(name=name, slot=step.slot)):
                    _copy(origin.extent(name), target, partial(_tell, tell, done, total))
                    found = self._sum(step.slot, target, wanted, partial(_tell, tell, done + sizes[name], total))
                if found != wanted:
                    raise _damaged(origin, step.slot, name, found, wanted)
                done += 2 * sizes[name]
            for name, content in ((SUMS, text), *_optional(origin)):
                with file_errors(_("{name} could not be copied to {slot}").format(name=name, slot=step.slot)):
                    write(folder / name, content, 0o644)
        return nothing

    def _origin(self, step: Image) -> tuple[Source, bytes]:
        """Where the image comes from, and its checksums; StepFailed when these are not those that the step means."""
        origin = source(step.source) if step.source else Folder(self.medium)
        text = small(origin, SUMS)
        if step.digest and hashlib.sha256(text).hexdigest() != step.digest:
            raise StepFailed(_("{path} is another image than the one that was verified").format(path=step.source))
        return origin, text

    def _sum(self, slot: str, path: Path, wanted: str, tell: Callable[[int], None] = quietly) -> str:
        stat = path.stat()
        identity = (slot, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_dev)
        if identity not in self.verified:
            same = wanted in _prints and prints_of(whole(path), tell) == _prints[wanted]
            self.verified[identity] = wanted if same else sum_of(whole(path), tell)
        return self.verified[identity]


def verified(origin: Source, name: str, tell: Tell, *, stays: bool = False) -> tuple[bytes, int]:
    """The checksums of an image, and how many bytes it has; StepFailed unless each of them is as the checksums say.

    *name* is what the image is called then.  *stays* leaves it in memory, where it is soon to be read again.
    """
    text = small(origin, SUMS)
    sums = sums_of(text)
    total = sum(origin.extent(each).length for each in sums)
    done = 0
    for each, wanted in sums.items():
        with file_errors(_("{name} of the image cannot be read").format(name=each)):
            found = sum_of(origin.extent(each), partial(_tell, tell, done, total), stays=stays)
        done += origin.extent(each).length
        if found != wanted:
            why = _("{path} is damaged: {name} is not as its checksum says").format(path=name, name=each)
            raise StepFailed(why, f"sha256 {found}, wanted {wanted}")
    return text, total


def _damaged(origin: Source, slot: str, name: str, found: str, wanted: str) -> StepFailed:
    """Why a file in *slot* has the wrong sum: that of the medium, read once more, says which of the two it is."""
    with file_errors(_("the medium cannot be read")):
        there = sum_of(origin.extent(name), quietly)
    if there != wanted:
        text = _("the medium is damaged: {name} is not as its checksum says").format(name=name)
        return StepFailed(text, f"sha256 {there}, wanted {wanted}")
    text = _("{name} was copied to {slot}, but the disk does not hold what was written").format(name=name, slot=slot)
    return StepFailed(text, f"sha256 {found}, wanted {wanted}")


def _optional(origin: Source) -> Iterator[tuple[str, bytes]]:
    """The small files that not every image has, with their content."""
    for name in OPTIONAL:
        if origin.has(name):
            yield name, small(origin, name)


def sums_of(content: bytes) -> dict[str, str]:
    """The checksum of each file of an image, by its name."""
    text = content.decode(errors="replace")
    pairs = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    sums = {pair[1].lstrip("*").removeprefix("./"): pair[0] for pair in pairs if len(pair) == 2}
    if missing := sorted(set(FILES) - set(sums)):
        raise StepFailed(_("the medium is damaged: {name} has no checksum").format(name=missing[0]), text)
    return {name: sums[name] for name in (*FILES, WORDS) if name in sums}


def _is_as(path: Path, wanted: bytes | None) -> bool:
    """Say whether the file at *path* holds what is *wanted*; None for no file."""
    return not os.path.lexists(path) if wanted is None else is_file(path, wanted)


def _has_all(folder: Path, names: tuple[str, ...]) -> bool:
    return all((folder / name).is_file() for name in names)


def _tell(tell: Tell, before: int, total: int, more: int) -> None:
    tell(before + more, total)


def _copy(origin: Extent, target: Path, tell: Callable[[int], None]) -> None:
    """Copy durably to a temporary name, and rename.

    Nothing of either file stays in the page cache: on a machine with 512 MB others need the memory.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + NEW)
    done = 0
    buffer = _buffer()
    with _opened(origin) as reader, _past_the_cache(new, WRITTEN) as writer:
        while length := _read(reader, _part(buffer, origin, done)):
            _write(writer, buffer[: -(-length // PAGE) * PAGE])
            os.posix_fadvise(reader, origin.offset + done, length, os.POSIX_FADV_DONTNEED)
            done += length
            tell(done)
        os.ftruncate(writer, done)  # the last page is written whole
        _drop_cache(writer)
    new.replace(target)
    flush(target.parent)


def _write(handle: int, content: memoryview) -> None:
    while content:
        content = content[os.write(handle, content) :]


def sum_of(origin: Extent, tell: Callable[[int], None], *, stays: bool = False) -> str:
    """The SHA-256 of what is on the disk, not of what is in the page cache, where it *stays* if that is asked for."""
    digest = hashlib.sha256()
    found = []
    for part in _parts(origin, tell, stays=stays):
        digest.update(part)
        found += [hash(part)] if KEYED else []
    if KEYED:
        _prints[digest.hexdigest()] = tuple(found)
    return digest.hexdigest()


def prints_of(origin: Extent, tell: Callable[[int], None]) -> Prints:
    """The prints of what is on the disk."""
    return tuple(map(hash, _parts(origin, tell)))


def _parts(origin: Extent, tell: Callable[[int], None], *, stays: bool = False) -> Iterator[memoryview]:
    """What is on the disk, by CHUNK: each is good until the next one is asked for."""
    done = 0
    buffer = _buffer()
    with _opened(origin) as handle:
        _drop_cache(handle)
        while length := _read(handle, _part(buffer, origin, done)):
            yield buffer[:length].toreadonly()
            if not stays:
                os.posix_fadvise(handle, origin.offset + done, length, os.POSIX_FADV_DONTNEED)
            done += length
            tell(done)


def _buffer() -> memoryview:
    """Memory for a part of a file, which begins with a page: no other goes past the cache."""
    return memoryview(mmap.mmap(-1, CHUNK))


def _part(buffer: memoryview, origin: Extent, done: int) -> memoryview:
    """As much of *buffer* as may be read into: past the cache only whole pages can be, and there the file ends it."""
    return buffer if origin.whole else buffer[: origin.length - done]


def _read(handle: int, buffer: memoryview) -> int:
    """Fill *buffer*, which only the end of the file leaves room in; return how many bytes there are."""
    length = 0
    while length < len(buffer) and (more := os.readv(handle, [buffer[length:]])):
        length += more
    return length


@contextmanager
def _opened(origin: Extent) -> Iterator[int]:
    """Open a file to read at the first byte of *origin*: past the page cache where it is the whole file."""
    if not origin.whole:
        handle = os.open(origin.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.lseek(handle, origin.offset, os.SEEK_SET)
            yield handle
        finally:
            os.close(handle)
        return
    with _past_the_cache(origin.path, os.O_RDONLY) as handle:
        yield handle


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
    """Have all that was written on the disk, and none of it in memory.  A CD takes no writes, and says so."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)

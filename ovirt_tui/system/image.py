"""Copies the image to a slot with its checksums, and reads it back from the disk before it counts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bootmenu.words import NAME as WORDS
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.file_systems import format_slot
from ovirt_tui.system.files import before, flush, write
from ovirt_tui.system.media import FILES, MEDIUM, OPTIONAL, SUMS, Folder, Source, small, source
from ovirt_tui.system.services import nothing
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import Image
from ovirt_tui.system.tree import file_errors

CHUNK = 1024 * 1024
FLUSH_EVERY = 32 * CHUNK
"""Bytes between two flushes: memory holds little of the copy, and the progress shown is that of the disk."""
NEW = ".new"

Identity = tuple[str, int, int, int, int]
"""Slot, inode, size, mtime and device number of a file."""


class Images:
    """Image: the medium tree in a slot."""

    def __init__(self, slots: Slots, medium: Path = MEDIUM) -> None:
        self.slots = slots
        self.medium = medium
        self.verified: dict[Identity, str] = {}

    def _origin(self, step: Image) -> tuple[Source, bytes]:
        """Where the image comes from, and its checksums; StepFailed when these are not those that the step means."""
        origin = source(step.source) if step.source else Folder(self.medium)
        text = small(origin, SUMS)
        if step.digest and hashlib.sha256(text).hexdigest() != step.digest:
            raise StepFailed(_("{path} is another image than the one that was verified").format(path=step.source))
        return origin, text

    def holds(self, step: Image) -> bool:
        """Compare with the medium; each file is read from the disk once, and again only after it changed."""
        if step.slot in self.slots.empty:
            return False
        try:
            origin, text = self._origin(step)
            beside = dict(_optional(origin))
            sums = sums_of(text)
            if self.slots.label(step.slot) != step.slot:
                return False
            with self.slots.mounted(step.slot) as folder:
                if not _has_all(folder, (*sums, SUMS)) or (folder / SUMS).read_bytes() != text:
                    return False
                if any(beside.get(name) != before(folder / name).content for name in OPTIONAL):
                    return False
                return all(self._sum(step.slot, folder / name) == wanted for name, wanted in sums.items())
        except (StepFailed, OSError):
            return False

    def make(self, step: Image, tell: Tell) -> Undo:
        origin, text = self._origin(step)
        sums = sums_of(text)
        sizes = {name: origin.size(name) for name in sums}
        device = self.slots.unused(step.slot)
        self.slots.empty.discard(step.slot)
        # Removes whatever an interrupted copy left: without a journal, only a new file system is a consistent one.
        format_slot(device, step.slot)
        done = 0
        with self.slots.mounted(step.slot, "rw") as folder:
            for name, wanted in sums.items():
                with file_errors(_("{name} could not be copied to {slot}").format(name=name, slot=step.slot)):
                    found = _copy(origin.open(name), folder / name, partial(_tell, tell, done, sum(sizes.values())))
                done += sizes[name]
                if found != wanted:
                    said = _("the medium is damaged: {name} is not as its checksum says")
                    raise StepFailed(said.format(name=name), f"sha256 {found}, wanted {wanted}")
            for name, content in ((SUMS, text), *_optional(origin)):
                with file_errors(_("{name} could not be copied to {slot}").format(name=name, slot=step.slot)):
                    write(folder / name, content, 0o644)
        return nothing

    def _sum(self, slot: str, path: Path) -> str:
        stat = path.stat()
        identity = (slot, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_dev)
        if identity not in self.verified:
            self.verified[identity] = _sum_on_disk(path)
        return self.verified[identity]


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


def _has_all(folder: Path, names: tuple[str, ...]) -> bool:
    return all((folder / name).is_file() for name in names)


def _tell(tell: Tell, before: int, total: int, more: int) -> None:
    tell(before + more, total)


def _copy(origin: tuple[BinaryIO, int], target: Path, tell: Callable[[int], None]) -> str:
    """Copy the bytes that belong to a file, durably, to a temporary name; rename, and return the SHA-256 of them.

    The page cache of both files is dropped: on a machine with 512 MB others need the memory.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + NEW)
    digest = hashlib.sha256()
    done = flushed = 0
    file, length = origin
    with file as reader, new.open("wb", buffering=0) as writer:
        start = reader.tell()
        while chunk := reader.read(min(CHUNK, length - done)):
            digest.update(chunk)
            writer.write(chunk)
            done += len(chunk)
            if done - flushed >= FLUSH_EVERY:
                _drop_cache(writer.fileno(), flushed, done - flushed, sync=True)
                _drop_cache(reader.fileno(), start + flushed, done - flushed)
                flushed = done
                tell(done)
        _drop_cache(writer.fileno(), 0, 0, sync=True)
        _drop_cache(reader.fileno(), 0, 0)
    new.replace(target)
    flush(target.parent)
    tell(done)
    return digest.hexdigest()


def _sum_on_disk(path: Path) -> str:
    """The SHA-256 of what is on the disk, not of what is in the page cache."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb", buffering=0) as file:
        _drop_cache(file.fileno(), 0, 0, sync=True)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            _drop_cache(file.fileno(), done, len(chunk))
            done += len(chunk)
    return digest.hexdigest()


def _drop_cache(handle: int, start: int, length: int, *, sync: bool = False) -> None:
    if sync:
        os.fsync(handle)
    os.posix_fadvise(handle, start, length, os.POSIX_FADV_DONTNEED)

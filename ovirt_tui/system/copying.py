"""Copies what differs from the image into an upper layer: files, folders, links, and marks of what was removed.

No link is followed: what is copied may belong to a program that changes it meanwhile.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.lasting import Way
from ovirt_tui.system import StepFailed
from ovirt_tui.system.layers import Difference, Layers

CHUNK = 1 << 20
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
PRIVATE = "trusted."
"""Extended attributes of the overlay itself begin so."""
KINDS = {
    stat.S_IFSOCK: "socket",
    stat.S_IFIFO: "pipe",
    stat.S_IFBLK: "block device",
    stat.S_IFCHR: "character device",
}


def special(found: Iterable[Difference]) -> Difference | None:
    """The first of *found* that is neither a file nor a folder nor a link."""
    return next((each for each in found if each.way is not Way.REMOVED and _kind(each) in KINDS), None)


def kind_name(found: Difference) -> str:
    """What a special file is."""
    return KINDS[_kind(found)]


def _kind(found: Difference) -> int:
    return stat.S_IFMT(found.stat.st_mode)


def copy(top: Layers, found: Iterable[Difference], upper: Path) -> None:
    """Make the upper layer *upper*, a new folder, of what was *found* below *top*.  OSError, StepFailed: it is not."""
    upper.mkdir(mode=0o700)
    folders = [(top.seen, upper)]
    for each in found:
        source, target = top.seen / each.path, upper / each.path
        _parents(top.seen, upper, each.path, folders)
        if each.way is Way.REMOVED:
            os.mknod(target, stat.S_IFCHR, os.makedev(0, 0))
        elif stat.S_ISDIR(each.stat.st_mode):
            _folder(source, target, folders)
        elif stat.S_ISLNK(each.stat.st_mode):
            target.symlink_to(os.readlink(source))  # noqa: PTH115  # a Path would say it otherwise
            os.chown(target, each.stat.st_uid, each.stat.st_gid, follow_symlinks=False)
        else:
            _file(source, target, each.size)
    for source, target in reversed(folders):  # the times of a folder change with what is made in it
        _attributes(source, target)


def _parents(seen: Path, upper: Path, inside: Path, folders: list[tuple[Path, Path]]) -> None:
    """Make the folders above a path that are as in the image, and so were not found."""
    for parent in reversed(inside.parents[:-1]):
        if not (upper / parent).exists():
            _folder(seen / parent, upper / parent, folders)


def _folder(source: Path, target: Path, folders: list[tuple[Path, Path]]) -> None:
    if not target.exists():
        target.mkdir(mode=0o700)
        folders.append((source, target))


def _file(source: Path, target: Path, size: int) -> None:
    """Copy a file, which must not have grown since it was measured."""
    with os.fdopen(os.open(source, READ), "rb") as old, os.fdopen(os.open(target, NEW, 0o600), "wb") as new:
        if not stat.S_ISREG(os.fstat(old.fileno()).st_mode):
            raise StepFailed(_("{path} was replaced while it was copied").format(path=source))
        left = size
        while chunk := old.read(min(CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise StepFailed(_("{path} grew while it was copied; stop what writes to it").format(path=source))
            new.write(chunk)
        new.flush()
        _like(old.fileno(), new.fileno())


def _attributes(source: Path, target: Path) -> None:
    """Give the folder *target* owner, mode, extended attributes and times of *source*."""
    old = os.open(source, READ | os.O_DIRECTORY)
    new = os.open(target, READ | os.O_DIRECTORY)
    try:
        _like(old, new)
    finally:
        os.close(old)
        os.close(new)


def _like(old: int, new: int) -> None:
    known = os.fstat(old)
    os.fchown(new, known.st_uid, known.st_gid)
    os.fchmod(new, stat.S_IMODE(known.st_mode))
    for name in os.listxattr(old):
        if not name.startswith(PRIVATE):
            with suppress(OSError):  # not every file system has every kind
                os.setxattr(new, name, os.getxattr(old, name))
    os.utime(new, ns=(known.st_atime_ns, known.st_mtime_ns))

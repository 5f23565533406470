"""Overlays: what differs between the two layers of one, found by comparing what it shows with the image below.

Only folders that the upper layer has are looked into, so the time it takes grows with the changes and not with the
image.  The marks of an upper layer (whiteouts, opaque folders) are not read: what counts is what is seen.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.lasting import Way
from ovirt_tui.model.records import dataclass
from ovirt_tui.system import StepFailed
from ovirt_tui.system.mounts import Mount, mounts

DEEPEST = 200
BLOCK = 4096  # bytes that the shortest file takes on Config


@dataclass(frozen=True)
class Layers:
    """What is seen in a folder, the image's folder below it, and the folder with what was changed."""

    seen: Path
    image: Path
    upper: Path

    def below(self, name: str) -> Layers:
        """The same of a name in it."""
        return Layers(self.seen / name, self.image / name, self.upper / name)


@dataclass(frozen=True)
class Difference:
    """A path relative to the folder that differs from the image, and what it is now, or was where it is removed."""

    path: Path
    way: Way
    stat: os.stat_result

    @property
    def size(self) -> int:
        """Bytes of a file."""
        return self.stat.st_size if stat.S_ISREG(self.stat.st_mode) and self.way is not Way.REMOVED else 0

    @property
    def room(self) -> int:
        """Bytes that it takes on Config, at most."""
        return -(-self.size // BLOCK) * BLOCK + BLOCK


def mount_of(path: str, known: tuple[Mount, ...]) -> Mount:
    """The mount that *path*, which is absolute and without symbolic links, is on."""
    return max((each for each in reversed(known) if within(path, each.point)), key=lambda each: len(each.point))


def within(path: str, folder: str) -> bool:
    """Say whether *path* is *folder* or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def layers_of(mount: Mount, folder: str) -> Layers:
    """The layers of a folder that is on an overlay."""
    inside = os.path.relpath(folder, mount.point)
    return Layers(Path(folder), Path(mount.option("lowerdir")) / inside, Path(mount.option("upperdir")) / inside)


def differences(top: Layers, hidden: frozenset[str] = frozenset(), at: Path = Path()) -> Iterator[Difference]:
    """All that differs below *top*, in the order of names; what is mounted on the paths in *hidden* is left out."""
    if len(at.parts) > DEEPEST:
        raise StepFailed(_("{path} has more than {count} folders in one another").format(path=top.seen, count=DEEPEST))
    here, there = _names(top.seen, follow=not at.parts), _names(top.image)
    for name in sorted(here | there):
        inside = top.below(name)
        if str(inside.seen) in hidden:
            continue
        now, was = _status(inside.seen), _status(inside.image)
        folder = now is not None and stat.S_ISDIR(now.st_mode)
        if (way := _way(now, was)) and (known := now or was):
            yield Difference(at / name, way, known)
        if folder and _is_folder(inside.upper):
            yield from differences(inside, hidden, at / name)


def _way(now: os.stat_result | None, was: os.stat_result | None) -> Way | None:
    """How a path differs.  A copy in the upper layer has a newer time of change than the image, which has none."""
    if now is None:
        return Way.REMOVED if was else None
    if was is None:
        return Way.ADDED
    same = (now.st_mode, now.st_uid, now.st_gid) == (was.st_mode, was.st_uid, was.st_gid)
    if stat.S_ISDIR(now.st_mode) and same:
        return None
    return None if same and (now.st_ctime_ns, now.st_size) == (was.st_ctime_ns, was.st_size) else Way.CHANGED


def _names(folder: Path, *, follow: bool = False) -> set[str]:
    """The names in a folder: none where it is none, or, unless told to *follow*, a link to one."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    except OSError:
        return set()
    try:
        return set(os.listdir(handle))  # noqa: PTH208  # a Path cannot be listed by a descriptor
    finally:
        os.close(handle)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None


def _is_folder(path: Path) -> bool:
    known = _status(path)
    return known is not None and stat.S_ISDIR(known.st_mode)


def overlays(proc: Path = Path("/proc")) -> dict[str, Mount]:
    """The overlays that are mounted, by their mount points."""
    return {each.point: each for each in mounts(proc) if each.kind == "overlay"}

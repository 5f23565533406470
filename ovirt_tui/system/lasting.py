"""What a node keeps over a restart, what of it differs from the image, and what the next restart takes away."""

from __future__ import annotations

import filecmp
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.machine.lasting import By, Change, Kept, Lasting, Way
from ovirt_tui.system.kept import CONFIG, DISKS, OLD, STORE, encoded, kept
from ovirt_tui.system.layers import Difference, Layers, differences, layers_of, within
from ovirt_tui.system.mounts import Mount, mounts
from ovirt_tui.system.persistent import PLACES
from ovirt_tui.system.tree import file_errors

MOST = 20_000
"""Changes that are told of; what is beyond is counted."""
COMPARED = 1 << 20  # bytes: a longer file that was written is told as changed without reading it
ENDS = ("/tmp", "/var/tmp", "/run")
"""What is there is not meant to last, and not told."""


def upper(folder: str) -> Path | None:
    """The upper layer of what is mounted on *folder*, by which it lasts; None where nothing that lasts is."""
    found = [each for each in mounts() if each.point == folder and each.kind == "overlay"]
    return Path(found[-1].option("upperdir")) if found else None


def lasting() -> Lasting:
    """Look at the running node.  StepFailed where it cannot be."""
    now = mounts()
    with file_errors(_("the layers of this node could not be looked at")):
        stored, overlays = kept(), {each.point: each for each in now if each.kind == "overlay"}
        hidden = frozenset(each.point for each in now) | frozenset(ENDS)
        below = _on_config(overlays)
        ends = [each for each in below if each.point not in PLACES and each.point not in stored]
        changes, more = _told(_changed([each for each in below if each not in ends], hidden))
        lost, more_lost = _told(_changed([*(overlays[each] for each in ("/",) if each in overlays), *ends], hidden))
        room = os.statvfs(CONFIG) if str(CONFIG) in hidden else None
        return Lasting(
            kept=tuple(_kept(now, stored, changes)),
            changes=changes,
            lost=lost,
            more_changes=more,
            more_lost=more_lost,
            room=room.f_blocks * room.f_frsize if room else 0,
            free=room.f_bavail * room.f_frsize if room else 0,
        )


def _on_config(overlays: dict[str, Mount]) -> list[Mount]:
    """The overlays whose upper layer is on Config."""
    return [overlays[each] for each in sorted(overlays) if within(overlays[each].option("upperdir"), str(CONFIG))]


def _kept(now: tuple[Mount, ...], stored: tuple[str, ...], changes: tuple[Change, ...]) -> Iterator[Kept]:
    """Every folder that lasts, and by whom."""
    for mount in sorted(now, key=lambda each: each.point):
        folder = mount.point
        size = sum(each.size for each in changes if within(each.path, folder))
        if mount.kind == "overlay" and within(mount.option("upperdir"), str(CONFIG)):
            other = By.PERSIST if folder in stored else By.DROPPED
            yield Kept(folder=folder, by=By.IMAGE if folder in PLACES else other, size=size)
        elif mount.kind in DISKS and not within(folder, "/run"):
            yield Kept(folder=folder, by=By.VOLUME)


def _changed(found: Iterable[Mount], hidden: frozenset[str]) -> Iterator[Change]:
    """What differs, without what was written again as it had been."""
    for mount in found:
        top = layers_of(mount, mount.point)
        if not top.upper.is_dir():  # it was dropped, and so has another name
            top = Layers(top.seen, top.image, STORE / (OLD + encoded(mount.point)) / "upper")
        for each in differences(top, hidden - {mount.point}):
            if not _same(top.seen / each.path, top.image / each.path, each):
                yield Change(path=str(top.seen / each.path), way=each.way, size=each.size)


def _same(seen: Path, image: Path, found: Difference) -> bool:
    """Say whether a file that was written is what it was: mode, owner, and content, as far as that is short."""
    with suppress(OSError):
        was = image.lstat()
        now = found.stat
        alike = (now.st_mode, now.st_uid, now.st_gid, now.st_size) == (was.st_mode, was.st_uid, was.st_gid, was.st_size)
        if found.way is not Way.CHANGED or not alike:
            return False
        if stat.S_ISLNK(now.st_mode):
            return seen.readlink() == image.readlink()
        return stat.S_ISREG(now.st_mode) and now.st_size <= COMPARED and filecmp.cmp(seen, image, shallow=False)
    return False


def _told(found: Iterable[Change]) -> tuple[tuple[Change, ...], int]:
    """The first MOST, and how many more there are."""
    rest = iter(found)
    return tuple(islice(rest, MOST)), sum(1 for _each in rest)

"""SlotSettings: the settings of one slot, copied for the image in the other."""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bootmenu.environment import other
from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.disk_steps import SlotSettings
from ovirt_tui.system.files import flush
from ovirt_tui.system.persistent import OF_SLOT, store
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.services import nothing
from ovirt_tui.system.tree import Tree, file_errors

CONFIG = "/config"
SECONDS = 120
ORIGIN = ("overlay.origin", "overlay.impure", "overlay.nlink")
SPARE = 1 << 20
"""Bytes that stay free on Config when settings were copied."""


class SlotsSettings:
    """SlotSettings: what was changed in the places that each slot has for itself, on the Config of *tree*."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @property
    def config(self) -> Path:
        """Where the volume Config is mounted."""
        return self.tree.path(CONFIG)

    def holds(self, step: SlotSettings) -> bool:
        return all(same(source / "upper", target / "upper") for source, target in self._pairs(step.slot))

    def make(self, step: SlotSettings, tell: Tell) -> Undo:
        for source, target in self._pairs(step.slot):
            self._copy(source, target)
        return nothing

    def _pairs(self, slot: str) -> Iterator[tuple[Path, Path]]:
        """Of each place, where the changes of the slot beside *slot* are, and where those of *slot*."""
        if slot == Probe().itself().slot:
            raise StepFailed(_("{slot} is the running slot and has the settings already").format(slot=slot))
        for place in OF_SLOT:
            yield self.config / store(place, other(slot)), self.config / store(place, slot)

    def _copy(self, source: Path, target: Path) -> None:
        """Copy as a whole or not at all: what was there before goes first, since nothing starts it any more."""
        with file_errors(_("the settings cannot be copied")):
            self._has_room(source, target)
            target.parent.mkdir(parents=True, exist_ok=True)
            new = target.with_name(f"{target.name}.new")
            for old in (new, target):
                if old.exists():
                    shutil.rmtree(old)
            new.mkdir()
            (new / "work").mkdir()
        try:
            # with whiteouts, opaque folders and all attributes, which are how an overlay knows what was removed
            run(
                ("cp", "--archive", "--one-file-system", "--", str(source / "upper"), str(new / "upper")),
                seconds=SECONDS,
            )
            run(("sync", "--file-system", str(new)), seconds=SECONDS)
        except StepFailed:
            shutil.rmtree(new, ignore_errors=True)
            raise
        with file_errors(_("the settings cannot be copied")):
            new.rename(target)
            flush(target.parent)

    def _has_room(self, source: Path, target: Path) -> None:
        needed = _size(source / "upper")
        free = shutil.disk_usage(self.config).free + _size(target)
        if needed + SPARE > free:
            text = _("the settings have {needed} KiB, and Config has room for {free} KiB more")
            raise StepFailed(text.format(needed=needed // 1024, free=max(0, free - SPARE) // 1024))


def same(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same, to the last attribute that an overlay heeds."""
    if not (one.is_dir() and other.is_dir()):
        return False
    try:
        names = {each.relative_to(one) for each in one.rglob("*")}
        if names != {each.relative_to(other) for each in other.rglob("*")}:
            return False
        return all(_alike(one / name, other / name) for name in (Path(), *names))
    except OSError:
        return False


def _alike(one: Path, other: Path) -> bool:
    first, second = one.lstat(), other.lstat()
    known = ("st_mode", "st_uid", "st_gid", "st_rdev")
    if any(getattr(first, name) != getattr(second, name) for name in known) or _attributes(one) != _attributes(other):
        return False
    if stat.S_ISLNK(first.st_mode):
        return one.readlink() == other.readlink()
    return not stat.S_ISREG(first.st_mode) or filecmp.cmp(one, other, shallow=False)


def _attributes(path: Path) -> dict[str, bytes]:
    """The extended attributes, but for those by which an overlay knows its own origin."""
    names = os.listxattr(path, follow_symlinks=False)
    return {name: os.getxattr(path, name, follow_symlinks=False) for name in names if not name.endswith(ORIGIN)}


def _size(folder: Path) -> int:
    """Bytes that a folder takes on its file system."""
    return sum(each.lstat().st_blocks * 512 for each in folder.rglob("*")) if folder.is_dir() else 0

"""Mounts the new system as its own boot will, so that steps write the files that it will read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.disk_steps import Target
from ovirt_tui.system.lock import held
from ovirt_tui.system.mounts import RUN, MountEntry, is_mounted, mount_all, unmount, unmount_leftovers
from ovirt_tui.system.persistent import PLACES, store
from ovirt_tui.system.slots import POINT as SLOT
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.tree import Tree, file_errors

POINT = RUN / "target"
BASE = RUN / "base"
MEMORY = RUN / "memory"
SQUASHFS = "LiveOS/squashfs.img"
PLAIN = "index=off,metacopy=off,redirect_dir=off,xino=off"
"""As places.sh has it: the image below changes with an upgrade, and only without these that is defined."""
KERNEL_FOLDERS = (("proc", "proc"), ("sysfs", "sys"), ("devtmpfs", "dev"), ("tmpfs", "run"), ("tmpfs", "tmp"))


def create_upper(lower: Path, upper: Path) -> None:
    """Create the upper folder of an overlay on *lower*, if missing, with the mode and owner that the overlay shows."""
    if upper.is_dir():
        return
    new, stat = upper.with_name("upper.new"), lower.stat()
    if new.is_dir():  # left by an interrupted attempt; only a complete one is renamed
        new.rmdir()
    new.mkdir()
    os.chown(new, stat.st_uid, stat.st_gid)
    new.chmod(stat.st_mode & 0o7777)
    new.rename(upper)


class Targets:
    """Target: the slot's image under overlays, Config below /config; *tree* points to it while it is mounted."""

    def __init__(self, tree: Tree, slots: Slots) -> None:
        self.tree = tree
        self.slots = slots
        self.before: tuple[Path, bool] = (tree.root, tree.live)
        self.slot = ""

    def holds(self, step: Target) -> bool:
        return self.slot == step.slot and is_mounted(POINT)

    def make(self, step: Target, tell: Tell) -> Undo:
        self.close()
        try:
            self._mount(step.slot)
        except StepFailed:
            self.close()
            raise
        self.slot = step.slot
        self.tree.root, self.tree.live = POINT, False
        return self.close

    def close(self) -> None:
        """Unmount all our mounts, also those of a run that was killed; *tree* is the running system again.

        Another console may be installing: the mounts belong to the one program that has the lock.
        """
        if self.slot:
            self.tree.root, self.tree.live = self.before
        self.slot = ""
        if held():
            unmount(POINT, MEMORY, BASE, SLOT, inside=True)
            unmount_leftovers()

    def _mount(self, slot: str) -> None:
        with file_errors(_("the new system could not be mounted")):
            for point in (SLOT, BASE, MEMORY, POINT):
                point.mkdir(parents=True, exist_ok=True)
            mount_all(
                (
                    MountEntry("ext4", self.slots.device(slot), SLOT, "ro"),
                    MountEntry("squashfs", str(SLOT / SQUASHFS), BASE, "ro,loop"),
                    MountEntry("tmpfs", "ovirt-node", MEMORY, "mode=0755"),
                )
            )
            for name in ("upper", "work"):
                (MEMORY / name).mkdir()
        root = f"lowerdir={BASE},upperdir={MEMORY}/upper,workdir={MEMORY}/work"
        config = self.slots.volume("Config")
        mount_all(
            (MountEntry("overlay", "ovirt-node", POINT, root), MountEntry("ext4", config, POINT / "config", "noatime"))
        )
        mount_all((*self._places(slot), *_kernel_folders()))

    def _places(self, slot: str) -> Iterator[MountEntry]:
        """The overlays, as the initrd mounts them at every boot."""
        for place in PLACES:
            stored = POINT / "config" / store(place, slot)
            lower = BASE / place.lstrip("/")
            if lower.is_dir():
                with file_errors(_("{path} could not be made").format(path=stored)):
                    (stored / "work").mkdir(parents=True, exist_ok=True)
                    create_upper(lower, stored / "upper")
                options = f"lowerdir={lower},upperdir={stored}/upper,workdir={stored}/work,{PLAIN}"
                yield MountEntry("overlay", "ovirt-node", POINT / place.lstrip("/"), options)


def _kernel_folders() -> Iterator[MountEntry]:
    for kind, name in KERNEL_FOLDERS:
        yield MountEntry(kind, kind, POINT / name, "mode=0755" if kind == "tmpfs" else "defaults")

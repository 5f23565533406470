"""The new system, mounted as its own boot will mount it, so that steps write what will be read."""

from __future__ import annotations

from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.places import PLACES
from ovirt_tui.steps import Target
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.formats import volume_path
from ovirt_tui.system.mounts import RUN, is_mounted, mount, mounts, unmount
from ovirt_tui.system.slots import POINT as SLOT
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.tree import Tree, file_errors

POINT = RUN / "target"
BASE = RUN / "base"
MEMORY = RUN / "memory"
SQUASHFS = "LiveOS/squashfs.img"
KERNEL_FOLDERS = (("proc", "proc"), ("sysfs", "sys"), ("devtmpfs", "dev"), ("tmpfs", "run"), ("tmpfs", "tmp"))


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
        """Unmount all that is ours, last first, also what a run that was killed left; back to the running system."""
        if self.slot:
            self.tree.root, self.tree.live = self.before
        self.slot = ""
        for point in reversed([Path(each.point) for each in mounts()]):
            if RUN in point.parents:
                unmount(point)

    def _mount(self, slot: str) -> None:
        mount("ext4", self.slots.device(slot), SLOT, "ro")
        mount("squashfs", str(SLOT / SQUASHFS), BASE, "ro,loop")
        mount("tmpfs", "ovirt-node", MEMORY, "mode=0755")
        with file_errors(_("the new system could not be mounted")):
            for name in ("upper", "work"):
                (MEMORY / name).mkdir()
        mount("overlay", "ovirt-node", POINT, f"lowerdir={BASE},upperdir={MEMORY}/upper,workdir={MEMORY}/work")
        mount("ext4", volume_path("Config"), POINT / "config", "noatime")
        for place in PLACES:
            self._mount_place(place)
        for kind, name in KERNEL_FOLDERS:
            mount(kind, kind, POINT / name, "mode=0755" if kind == "tmpfs" else "")

    def _mount_place(self, place: str) -> None:
        """As the initrd does it at every boot."""
        store = POINT / "config/overlay" / place.strip("/").replace("/", "-")
        lower = BASE / place.lstrip("/")
        with file_errors(_("{path} could not be made").format(path=store)):
            for name in ("upper", "work"):
                (store / name).mkdir(parents=True, exist_ok=True)
        if lower.is_dir():
            options = f"lowerdir={lower},upperdir={store}/upper,workdir={store}/work"
            mount("overlay", "ovirt-node", POINT / place.lstrip("/"), options)

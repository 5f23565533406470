"""The image slots of the node that is being installed, or that runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.system import StepFailed
from ovirt_tui.system.holders import volume_paths
from ovirt_tui.system.mounts import RUN, in_turn, is_mounted, mounted, mounts
from ovirt_tui.system.partitions import own_disk, slot_partition, slot_signatures

POINT = RUN / "slot"
"""Where the slot of a Target is mounted."""


@dataclass
class Slots:
    """Finds slots and volumes on the disks of the plan: anywhere else they would be another node's."""

    boot_disk: str = ""  # known once on() was called for the step Volumes; on a node, the disk that it runs from
    data_disks: tuple[str, ...] = ()
    empty: set[str] = field(default_factory=set)
    """Slots that this program formatted and has not filled since: there is nothing in them to compare."""

    def on(self, boot_disk: str, data_disks: tuple[str, ...]) -> None:
        """Use these disks from now on."""
        if (boot_disk, data_disks) != (self.boot_disk, self.data_disks):
            self.empty.clear()
        self.boot_disk, self.data_disks = boot_disk, data_disks

    def device(self, slot: str) -> str:
        """The device of *slot* on the boot disk."""
        return slot_partition(self._disk(), slot)

    def unused(self, slot: str) -> str:
        """The device of *slot*, which may be written over: StepFailed where it is mounted, as the running slot is."""
        path = self.device(slot)
        number = Path(path).stat().st_rdev
        with in_turn(path, "rw"):  # somebody may just look which image it holds
            now = mounts()
        if any(mount.number == f"{os.major(number)}:{os.minor(number)}" for mount in now):
            raise StepFailed(_("the slot {slot} is in use, so it cannot be written").format(slot=slot))
        return path

    def _disk(self) -> str:
        return self.boot_disk or own_disk()

    def label(self, slot: str) -> str:
        """The label of the file system in *slot*; StepFailed when the partition is not that of a node."""
        return slot_signatures(self._disk(), (slot,))[slot].get("ID_FS_LABEL", "")

    def volume(self, name: str) -> str:
        """The device of a volume on the data disks."""
        found = volume_paths(self.data_disks)
        if name not in found:
            text = _("the volume group on {disks} has no volume {name}")
            raise StepFailed(text.format(disks=", ".join(self.data_disks), name=name))
        return found[name]

    @contextmanager
    def mounted(self, slot: str, options: str = "ro") -> Iterator[Path]:
        """The mounted slot: to read, the mount of the Target where there is one."""
        if options == "ro" and is_mounted(POINT):
            yield POINT
        else:
            with mounted("ext4", self.device(slot), POINT.name, options) as folder:
                yield folder

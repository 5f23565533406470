"""The image slots of the node that is being installed, or that runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.system import StepFailed
from ovirt_tui.system.holders import volume_paths
from ovirt_tui.system.mounts import RUN, is_mounted, mounted
from ovirt_tui.system.partitions import slot_partition, slot_signatures

POINT = RUN / "slot"
"""Where the slot of a Target is mounted."""


@dataclass
class Slots:
    """Finds slots and volumes on the disks of the plan: anywhere else they would be another node's."""

    boot_disk: str = ""  # known once on() was called for the step Volumes
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
        if not self.boot_disk:
            raise StepFailed(_("no disk was chosen, so there is no slot {slot}").format(slot=slot))
        return slot_partition(self.boot_disk, slot)

    def label(self, slot: str) -> str:
        """The label of the file system in *slot*; StepFailed when the partition is not that of a node."""
        return slot_signatures(self.boot_disk, (slot,))[slot].get("ID_FS_LABEL", "")

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

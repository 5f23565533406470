"""The image slots of the node that is being installed, or that runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed, udev
from ovirt_tui.system.mounts import RUN, is_mounted, mounted
from ovirt_tui.system.partitions import slot_partition

POINT = RUN / "slot"
"""Where the slot of a Target is mounted."""


@dataclass
class Slots:
    """Finds slots.  A label alone could be that of another node's disk, and a slot is formatted when it is filled."""

    boot_disk: str = ""  # known once the step that partitions was seen

    def device(self, slot: str) -> str:
        """The device of *slot*: on the boot disk, or the only one with its label."""
        if self.boot_disk:
            return slot_partition(self.boot_disk, slot)
        known = udev.devices(udev.database(), "block")
        found = [device["DEVNAME"] for device in known if device.get("ID_FS_LABEL") == slot]
        if len(found) != 1:
            text = _("{count} partitions have the label {slot}; there must be one")
            raise StepFailed(text.format(count=len(found), slot=slot), "\n".join(found))
        return found[0]

    @contextmanager
    def mounted(self, slot: str, options: str = "ro") -> Iterator[Path]:
        """The slot's folder: that of the mounted Target when there is one."""
        if options == "ro" and is_mounted(POINT):
            yield POINT
        else:
            with mounted("ext4", self.device(slot), POINT.name, options) as folder:
                yield folder

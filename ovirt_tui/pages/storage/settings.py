"""What can be decided about the disks of a node."""

from __future__ import annotations

from enum import Enum

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.selectors import DiskName, DiskSelector
from ovirt_tui.model.values import Ratio, Size


class Found(Enum):
    """What happens to a node that is already on the disks.

    CONTINUE goes on with an installation that was interrupted on exactly these disks, and refuses any other node.
    """

    CONTINUE = "continue"
    REFUSE = "refuse"
    KEEP_DATA = "keep-data"
    WIPE = "wipe"

    @property
    def refuses(self) -> bool:
        """Whether a complete node stays."""
        return self in (Found.CONTINUE, Found.REFUSE)


def has_second_group(storage: Storage) -> bool:
    return bool(storage.app_disks)


@dataclass(frozen=True, kw_only=True)
class Storage(Section, prefix="storage"):
    boot_disk: DiskSelector | None = setting(
        None, N_("Boot disk"), N_("The system goes here; everything on it is lost.")
    )
    data_disks: tuple[DiskSelector, ...] = setting(
        (), N_("Data disks"), N_("Volumes go here. Without any, the boot disk takes them too.")
    )
    app_disks: tuple[DiskSelector, ...] = setting(
        (), N_("Disks of AppVG"), N_("A second volume group, on disks of its own. Without any, there is none.")
    )
    found: Found = setting(Found.CONTINUE, N_("A node that is already on these disks"))
    override: tuple[DiskName, ...] = setting(
        (), N_("Use in spite of what is on them"), N_("Disks whose foreign contents may be destroyed.")
    )
    wipe_raid: bool = setting(False, N_("Remove BIOS RAID metadata"), N_("From the disks that are written."))
    overcommit: Ratio = setting(Ratio(0.5), N_("Memory overcommit"), N_("Swap grows by this part of the memory."))
    efi: Size | None = setting(None, N_("Boot partition"), N_("MiB or 2G. Empty: a size that fits the disk."))
    root: Size | None = setting(
        None, N_("Each of the two system slots"), N_("MiB or 2G. Empty: a size that fits the disk.")
    )
    swap: Size | None = setting(None, N_("Swap"), N_("MiB or 8G, at least 5. Empty: a size that fits."))
    config: Size | None = setting(None, N_("Config"), N_("MiB or 1G, at least 5. Holds the settings."))
    logging: Size | None = setting(None, N_("Logging"), N_("MiB or 2G, at least 5. Holds /var/log."))
    data: Size | None = setting(None, N_("Data"), N_("MiB or 100G; -1 or empty: the rest, 0: none."))
    swap2: Size = setting(Size(0), N_("Swap2"), N_("MiB or 8G, at least 5. 0: none."), when=has_second_group)
    data2: Size = setting(
        Size(-1), N_("Data2"), N_("MiB or 100G; -1: the rest, 0: none. At /data2."), when=has_second_group
    )

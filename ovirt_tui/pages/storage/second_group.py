"""Which disks a second volume group goes to, and how large its volumes become."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import Choice, Field, Page
from ovirt_tui.pages.storage.checks import chosen_disks
from ovirt_tui.pages.storage.disk_list import COLUMNS, LINES, NONE, details, items
from ovirt_tui.pages.storage.settings import Found, Storage


def disks_are_left(config: NodeConfig, facts: Facts) -> bool:
    """Say whether a disk is left that the pages before this one did not take, or will take."""
    if config[Storage].app_disks:
        return True
    taken = {disk.path for _setting, name in chosen_disks(config) if (disk := disks.named(facts, name))}
    left = [disk for disk in facts.disks if disk.path not in taken and not disks.unusable(disk)]
    return len(left) > (0 if taken else 1)


PAGE = Page(
    order=115,
    title=N_("Second volume group"),
    install=True,
    overrides=True,
    when=lambda config: config[Storage].found is not Found.KEEP_DATA,
    possible=disks_are_left,
    help=N_(
        "Most nodes need nothing here: go on with F10. A second volume group, AppVG, is for what should not share "
        "disks with the system: Swap2 is more swap, Data2 is a file system at /data2. It takes whole disks that are "
        "neither the boot disk nor data disks, and everything on them is lost. Tick a disk with Enter or the space "
        "bar. The node starts without these disks too, and then has neither volume. A reinstallation that keeps Data "
        "keeps Data2."
    ),
    rows=(
        Choice(
            "storage.app_disks",
            COLUMNS,
            items,
            details,
            lines=LINES,
            many=True,
            other=N_("Other device"),
            empty=NONE,
        ),
        Field("storage.swap2"),
        Field("storage.data2"),
    ),
)

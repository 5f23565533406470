"""Which disks the volumes go to."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.pages import Choice, Page
from ovirt_tui.pages.storage.disk_list import COLUMNS, LINES, NONE, details, items
from ovirt_tui.pages.storage.settings import Found, Storage


def boot_disk(config: NodeConfig, facts: Facts) -> str:
    return str(config[Storage].boot_disk or "")


PAGE = Page(
    order=110,
    title=N_("Data disks"),
    install=True,
    overrides=True,
    when=lambda config: config[Storage].found is not Found.KEEP_DATA,
    help=N_(
        "The data disks together get the volumes: Swap, Config, Logging and Data. Everything on them is lost. The boot "
        "disk is ticked first; without any other, it takes the volumes too. Tick a disk with Enter or the space bar, "
        "and go on with F10. A disk that holds what nobody should lose by mistake has to be typed by its name when "
        "this page is left; to take that back, untick it or choose another boot disk."
    ),
    rows=(
        Choice(
            "storage.data_disks",
            COLUMNS,
            items,
            details,
            lines=LINES,
            preset=boot_disk,
            many=True,
            other=N_("Other device"),
            empty=NONE,
        ),
    ),
)

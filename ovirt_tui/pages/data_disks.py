"""Which disks the volumes go to."""

from __future__ import annotations

from ovirt_tui.config import Found, NodeConfig
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import N_
from ovirt_tui.pages import Choice, Page
from ovirt_tui.pages.disk_list import COLUMNS, LINES, NONE, details, items


def boot_disk(config: NodeConfig, facts: Facts) -> str:
    return str(config.storage.boot_disk or "")


PAGE = Page(
    order=110,
    title=N_("Data disks"),
    install=True,
    overrides=True,
    when=lambda config: config.storage.found is not Found.KEEP_DATA,
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

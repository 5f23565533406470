"""Which disk the system goes to."""

from __future__ import annotations

from ovirt_tui.config import Found
from ovirt_tui.i18n import N_
from ovirt_tui.pages import Choice, Page
from ovirt_tui.pages.disk_list import COLUMNS, LINES, NONE, details, items

PAGE = Page(
    order=100,
    title=N_("Boot disk"),
    install=True,
    when=lambda config: config.storage.found is not Found.KEEP_DATA,
    rows=(Choice("storage.boot_disk", COLUMNS, items, details, lines=LINES, other=N_("Other device"), empty=NONE),),
)

"""Which disk the system goes to."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Choice, Page
from ovirt_tui.pages.storage.disk_list import COLUMNS, LINES, NONE, details, items
from ovirt_tui.pages.storage.settings import Found, Storage

PAGE = Page(
    order=100,
    title=N_("Boot disk"),
    install=True,
    when=lambda config: config[Storage].found is not Found.KEEP_DATA,
    help=N_(
        "The boot disk gets the boot loader and the two slots that the system lives in. Everything on it is lost. The "
        "lines below the list tell the disk under the cursor from others, and what is on it now. A disk without a mark "
        "cannot be chosen; why is said there too. F5 looks for disks that were plugged in just now. Other device takes "
        "a name typed by hand."
    ),
    rows=(Choice("storage.boot_disk", COLUMNS, items, details, lines=LINES, other=N_("Other device"), empty=NONE),),
)

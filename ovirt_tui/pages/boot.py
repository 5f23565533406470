"""What only a kernel line can say of a boot, and of those of the installed system."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.parameter import Word, plain, value
from ovirt_tui.values import Seconds

PARAMETERS = (
    plain(
        "boot.reboot_delay",
        Word(
            name="reboot_delay",
            subject="after",
            grammar=value(Seconds, N_("not a number from 0 to 86400")),
            form=N_("seconds from 0 to 86400"),
            help=N_("Seconds to wait between the end of the installation and the reboot."),
            example="5",
            fills=("boot.reboot_delay",),
        ),
    ),
)

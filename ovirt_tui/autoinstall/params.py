"""PARAMS: what a kernel line can say, one row a parameter."""

from __future__ import annotations

from ovirt_tui.autoinstall import kernel, services
from ovirt_tui.autoinstall.beyond import BEYOND
from ovirt_tui.autoinstall.forms import flag, word
from ovirt_tui.autoinstall.param import Param, each
from ovirt_tui.i18n import N_
from ovirt_tui.pages import boot, interface, keyboard, security, storage, volumes
from ovirt_tui.pages import network as network_page
from ovirt_tui.parameter import Parameter, Word

Row = Param | Word
"""A word of the line, read in the way of old or of new."""

BOOLEAN = N_("yes or no")
SUBJECTS = {
    "mode": N_("What to do"),
    "network": N_("Network"),
    "storage": N_("Storage"),
    "accounts": N_("Accounts"),
    "console": N_("Console and installed kernel line"),
    "after": N_("After the installation"),
    "services": N_("Services"),
}

WITHIN = (
    Param(
        name="install",
        subject="mode",
        grammar=flag("flag.install"),
        form=BOOLEAN,
        help=N_("Marks a boot from the installation medium. The installer opens with or without it."),
        example="yes",
        acts=True,
        bare="yes",
    ),
    Param(
        name="uninstall",
        subject="mode",
        grammar=flag("flag.uninstall"),
        form=BOOLEAN,
        help=N_("Erase the disks that storage_init names, or those of the node that is found, and reboot."),
        example="yes",
        acts=True,
        bare="yes",
    ),
    Param(
        name="rescue",
        subject="mode",
        grammar=flag("flag.rescue"),
        form=BOOLEAN,
        help=N_("Open a shell and do nothing else, whatever else the line says."),
        example="yes",
        acts=True,
        bare="yes",
    ),
    Param(
        name="console",
        subject="console",
        grammar=word("carry", "console"),
        form=N_("a console as the kernel names it"),
        help=N_("Kept for the installed system. May be repeated."),
        example="ttyS0,115200n8",
        fills=("boot.words",),
        merge=each,
    ),
    Param(
        name="crashkernel",
        subject="console",
        grammar=services.crashkernel,
        form=N_("memory such as 256M, 256M,high or 1G-4G:192M,4G-:256M"),
        help=N_("Memory for a crash kernel. Kept for the installed system."),
        example="256M",
        fills=("boot.words",),
    ),
    Param(
        name=kernel.CARRY,
        subject="console",
        grammar=kernel.carry,
        form=N_("NAME[,NAME]..."),
        help=N_(
            "Words of these names are kept for the installed system although they are not known; everybody can read "
            "them there. May be repeated."
        ),
        example="example.option",
        fills=("boot.words",),
        merge=each,
    ),
    Param(
        name="standalone",
        also=("ovirt_standalone",),
        subject="mode",
        grammar=flag("flag.standalone"),
        form=BOOLEAN,
        help=N_("The node owns its settings. It always does; no is refused."),
        example="yes",
        acts=True,
        bare="yes",
    ),
)

PARAMETERS: tuple[Parameter, ...] = (
    *storage.PARAMETERS,
    *volumes.PARAMETERS,
    *interface.PARAMETERS,
    *network_page.PARAMETERS,
    *security.PARAMETERS,
    *keyboard.PARAMETERS,
    *boot.PARAMETERS,
)
WORDS = tuple(word for each in PARAMETERS for word in each.words)
ROWS: tuple[Row, ...] = (*WITHIN, *WORDS, *BEYOND)

"""PARAMETERS: what a kernel line can say.  Each stands beside what it is about; their order is that of an export."""

from __future__ import annotations

from ovirt_tui.autoinstall import coming, request
from ovirt_tui.i18n import N_
from ovirt_tui.pages import boot, keyboard, security, storage, volumes
from ovirt_tui.pages.network import feature as network
from ovirt_tui.parameter import Parameter

SUBJECTS = {
    "mode": N_("What to do"),
    "network": N_("Network"),
    "storage": N_("Storage"),
    "accounts": N_("Accounts"),
    "console": N_("Console and installed kernel line"),
    "after": N_("After the installation"),
    "services": N_("Services"),
}
PARAMETERS: tuple[Parameter, ...] = (
    *request.PARAMETERS,
    *storage.PARAMETERS,
    *volumes.PARAMETERS,
    *network.FEATURE.parameters,
    *security.FEATURE.parameters,
    *keyboard.FEATURE.parameters,
    *boot.PARAMETERS,
    *coming.PARAMETERS,
)
WORDS = tuple(word for each in PARAMETERS for word in each.words)

"""PARAMETERS: what a kernel line can say, in the order of an export.  Each stands beside what it is about."""

from __future__ import annotations

from ovirt_tui.autoinstall import coming, request
from ovirt_tui.features.order import FEATURES
from ovirt_tui.features.parameter import Parameter
from ovirt_tui.i18n import N_

SUBJECTS = {
    "mode": N_("What to do"),
    "network": N_("Network"),
    "storage": N_("Storage"),
    "remote": N_("Remote storage"),
    "accounts": N_("Accounts"),
    "logging": N_("Logging"),
    "performance": N_("Performance"),
    "kdump": N_("Kernel dump"),
    "engine": N_("oVirt Engine"),
    "management": N_("Management server"),
    "console": N_("Console and installed kernel line"),
    "after": N_("After the installation"),
    "services": N_("Services"),
}
PARAMETERS: tuple[Parameter, ...] = (
    *request.PARAMETERS,
    *(parameter for feature in FEATURES for parameter in feature.parameters),
    *coming.PARAMETERS,
)
WORDS = tuple(word for each in PARAMETERS for word in each.words)

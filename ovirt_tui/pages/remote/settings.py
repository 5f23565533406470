"""What can be decided about storage on other machines."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.network import DomainName, IscsiName
from ovirt_tui.model.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Remote(Section, prefix="remote"):
    initiator: IscsiName | None = setting(
        None, N_("Initiator name"), N_("Targets know this node by it. Empty: its own.")
    )
    nfsv4_domain: DomainName | None = setting(
        None, N_("NFSv4 domain"), N_("Of names of owners. Empty: that of the DNS.")
    )

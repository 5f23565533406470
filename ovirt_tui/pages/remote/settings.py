"""What can be decided about storage on other machines."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.network import ChapName, DomainName, IscsiName, IscsiTarget
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.secrets import Passphrase


def has_targets(remote: Remote) -> bool:
    return bool(remote.targets) or remote.on_iscsi


def is_on_iscsi(remote: Remote) -> bool:
    return remote.on_iscsi


def has_user(remote: Remote) -> bool:
    return has_targets(remote) and remote.user is not None


def has_target_user(remote: Remote) -> bool:
    return has_user(remote) and remote.target_user is not None


@dataclass(frozen=True, kw_only=True)
class Remote(Section, prefix="remote"):
    initiator: IscsiName | None = setting(
        None, N_("Initiator name"), N_("Targets know this node by it. Empty: its own.")
    )
    on_iscsi: bool = setting(
        False,
        N_("Volumes on iSCSI"),
        N_("The volumes are on an iSCSI disk; the system stays on a disk of the machine."),
    )
    disk: IscsiTarget | None = setting(
        None, N_("Target of its disk"), N_("PORTAL/NAME, the portal by its IPv4 address."), when=is_on_iscsi
    )
    targets: tuple[IscsiTarget, ...] = setting((), N_("Targets"), N_("PORTAL/NAME, logged in to at each start."))
    user: ChapName | None = setting(None, N_("CHAP user"), N_("Who this node is. Empty: no CHAP."), when=has_targets)
    password: Passphrase | None = setting(None, N_("CHAP password"), N_("Of this node."), when=has_user)
    target_user: ChapName | None = setting(
        None, N_("Target's user"), N_("Where targets prove who they are, too."), when=has_user
    )
    target_password: Passphrase | None = setting(
        None, N_("Target's password"), N_("Another than that of this node."), when=has_target_user
    )
    nfsv4_domain: DomainName | None = setting(
        None, N_("NFSv4 domain"), N_("Of names of owners. Empty: that of the DNS.")
    )

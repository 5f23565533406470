"""What can be decided about the dump of a kernel that crashed."""

from __future__ import annotations

from enum import Enum

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.network import Account, Export
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.records import dataclass

SETTINGS = "/etc/ovirt-node/kdump"
"""What the programs of the image read."""
PUBLIC_KEY = "/etc/ovirt-node/kdump-key.pub"
"""The public half of the key that this node shows to a server of dumps."""


class Target(Enum):
    OFF = "off"
    LOCAL = "local"
    SSH = "ssh"
    NFS = "nfs"


def is_ssh(kdump: Kdump) -> bool:
    return kdump.target is Target.SSH


def is_nfs(kdump: Kdump) -> bool:
    return kdump.target is Target.NFS


@dataclass(frozen=True, kw_only=True)
class Kdump(Section, prefix="kdump"):
    target: Target = setting(Target.LOCAL, N_("Dump goes to"), N_("local: Data or Logging, which has more room."))
    ssh: Account | None = setting(None, N_("SSH account"), N_("USER@HOST, where this node's key lets in."), when=is_ssh)
    host_key: SshKey | None = setting(
        None, N_("Host key of it"), N_("Empty: the key of the first contact is kept."), when=is_ssh
    )
    nfs: Export | None = setting(None, N_("NFS export"), N_("HOST:/PATH"), when=is_nfs)

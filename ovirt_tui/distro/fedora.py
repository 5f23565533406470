"""Fedora and its relatives."""

from __future__ import annotations

from ovirt_tui.distro import Distro
from ovirt_tui.distro.network_manager import keyfiles, seen

DISTRO = Distro(
    ssh_service="sshd.service",
    ssh_drop_in="/etc/ssh/sshd_config.d/10-ovirt-node.conf",
    ntp_service="chronyd.service",
    ntp_sources="/etc/chrony.d/ovirt-node.sources",
    ntp_pool="2.fedora.pool.ntp.org",
    keymap_file="/etc/vconsole.conf",
    keymap_service="ovirt-node-keymap.service",
    efi_stub="EFI/fedora/grub.cfg",
    network=keyfiles,
    network_seen=seen,
)

"""Debian and its relatives."""

from __future__ import annotations

from ovirt_tui.distro import Distro
from ovirt_tui.distro.network_manager import keyfiles, seen

DISTRO = Distro(
    ssh_service="ssh.service",
    ssh_drop_in="/etc/ssh/sshd_config.d/10-ovirt-node.conf",
    ntp_service="chrony.service",
    ntp_sources="/etc/chrony/sources.d/ovirt-node.sources",
    ntp_pool="2.debian.pool.ntp.org",
    # /etc/vconsole.conf is a link to it that systemd-tmpfiles makes anew at each boot.
    keymap_file="/etc/default/keyboard",
    keymap_service="ovirt-node-keymap.service",
    efi_stub="EFI/debian/grub.cfg",
    network=keyfiles,
    network_seen=seen,
)

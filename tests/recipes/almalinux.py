"""AlmaLinux, a relative of Fedora."""

from __future__ import annotations

from ovirt_tui.distro import fedora
from ovirt_tui.model.records import replace

DISTRO = replace(fedora.DISTRO, ntp_pool="2.almalinux.pool.ntp.org", efi_stub="EFI/almalinux/grub.cfg")

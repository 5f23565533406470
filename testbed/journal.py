"""A copy of a machine's journal in a file of the host, whatever becomes of the machine.

systemd reads credentials that the firmware passes on (SMBIOS, type 11), and takes whole units from them: so the
machine needs neither a word on its kernel line nor a file on its disk to export its journal.
"""

from __future__ import annotations

from pathlib import Path

from testbed.credentials import smbios_arguments

PORT = "ovirt-node.journal"
SERVICE = "journal-copy.service"
# Until the port and the journal exist the service fails and is restarted: a journalctl that finds no journal at its
# start never finds one.
UNIT = f"""\
[Unit]
Description=Copy of the journal for who runs this virtual machine
DefaultDependencies=no
ConditionPathExists=!/etc/initrd-release
StartLimitIntervalSec=0
[Service]
ExecStartPre=sh -c 'ls /run/log/journal/*/system.journal || ls /var/log/journal/*/system.journal'
ExecStart=journalctl --boot --follow --no-tail --output=short-monotonic --cursor-file=/run/journal-copy
StandardOutput=file:/dev/virtio-ports/{PORT}
Restart=on-failure
RestartSec=1
"""
WANTED = f"""\
[Unit]
Wants={SERVICE}
"""
# A journalctl that follows the journal in memory does not see the one on disk, which replaces it in mid-boot.
FLUSHED = f"""\
[Service]
ExecStartPost=-systemctl --no-block try-restart {SERVICE}
"""
CREDENTIALS = {
    f"systemd.extra-unit.{SERVICE}": UNIT,
    "systemd.unit-dropin.sysinit.target~journal-copy": WANTED,
    "systemd.unit-dropin.systemd-journal-flush.service~journal-copy": FLUSHED,
}


def journal_arguments(file: Path) -> list[str]:
    """QEMU arguments that write the machine's journal to *file*."""
    argv = ["-device", "virtio-serial-pci", "-chardev", f"file,id=journal,path={file}"]
    argv += ["-device", f"virtserialport,chardev=journal,name={PORT}"]
    return [*argv, *smbios_arguments(CREDENTIALS)]

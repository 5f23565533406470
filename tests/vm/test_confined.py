"""A guest is confined on a booted node: it runs under a profile of its own and reaches only its own files."""

from __future__ import annotations

import re
from pathlib import Path

from testbed.console import Terminal
from testbed.person import BOOT, STEP
from testbed.saved import Node, at_login
from vm.conftest import Boot

UUID = "6e5ffd8c-3a1b-4f1e-9d0a-1f2e3d4c5b6a"
GUEST = f"""<domain type='qemu'><name>web1</name><uuid>{UUID}</uuid><memory unit='MiB'>32</memory>
<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/data/own.img'/><target dev='vda'/></disk>
</devices></domain>"""
PROFILES = "/etc/apparmor.d/libvirt"


def test_a_guest_reaches_only_what_is_its_own(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        at_login(console)
        shell = console.root_shell()
        assert shell.run("systemctl --failed --no-legend; echo none") == "none"
        assert shell.run("systemctl is-active syslog.socket") == "inactive"
        check_the_name_for_iscsi(shell)
        start_a_guest(shell)
        process = shell.run("pgrep -f guest=web1")
        assert shell.run(f"cat /proc/{process}/attr/current") == f"libvirt-{UUID} (enforce)"
        refuse_a_file_of_others(shell)
        leave_nothing_behind(shell)


def check_the_name_for_iscsi(shell: Terminal) -> None:
    """There is one, only root can read it, and the daemon starts with it."""
    name = shell.run("cat /etc/iscsi/initiatorname.iscsi; stat -c %a /etc/iscsi/initiatorname.iscsi")
    assert re.search(r"^InitiatorName=iqn\.1993-08\.org\.debian:01:\w{6,}\s+600$", name, re.MULTILINE), name
    assert shell.run("systemctl is-active iscsid.socket") == "active"
    assert shell.run("systemctl start iscsid.service && systemctl is-active iscsid.service", STEP) == "active"


def start_a_guest(shell: Terminal) -> None:
    shell.run("truncate -s 1M /data/own.img /data/other.img; chmod 666 /data/*.img")
    for number, line in enumerate(GUEST.splitlines()):
        shell.run(f'echo "{line}" >{">" if number else ""} /tmp/web1.xml')
    said = shell.run("virsh -c qemu:///system create /tmp/web1.xml", BOOT)
    assert "created from" in said, said


def refuse_a_file_of_others(shell: Terminal) -> None:
    """By its mode everybody may access the file; the guest's process may not, and the log says so."""
    monitor = "virsh -c qemu:///system qemu-monitor-command web1 --hmp"
    opened = f"{monitor} drive_add 0 if=none,format=raw,file=/data/{{}}.img,id={{}}"
    refused = shell.run(opened.format("other", "other"), STEP)
    assert "Could not open '/data/other.img': Permission denied" in refused, refused
    log = shell.run("journalctl -b --no-pager -g 'apparmor=.DENIED.*/data/other.img' | tail -1", STEP)
    assert f"libvirt-{UUID}" in log, log
    assert "Permission denied" not in shell.run(opened.format("own", "again") + ",readonly=on", STEP)


def leave_nothing_behind(shell: Terminal) -> None:
    assert UUID in shell.run(f"ls {PROFILES}")
    shell.run("virsh -c qemu:///system destroy web1", STEP)
    shell.run("systemd-tmpfiles --boot --remove --prefix=/etc/apparmor.d", STEP)
    assert shell.run(f"ls {PROFILES}") == "TEMPLATE.qemu"

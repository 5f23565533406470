"""Unattended installation from the kernel line: with UEFI on two disks, and on the smallest machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.console import Console
from testbed.medium import live
from testbed.person import STEP, log_in_with_expired_password, open_shell, settled
from testbed.qemu import Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, digest, disk, medium
from vm.strangers import other_group

NETWORK = "ip=192.0.2.7::192.0.2.1:255.255.255.0 dns=192.0.2.53,192.0.2.54 ntp=192.0.2.123 vlan=7"
WORDS = (
    f"storage_init=/dev/vda,/dev/vdb BOOTIF=52-54-00-12-34-56 {NETWORK} hostname=node7.example.com "
    "network_layout=bridged keyboard=de ssh_pwauth=1 crashkernel=128M storage_vol=:256:::512"
)


@pytest.mark.long
def test_uefi_two_disks(folder: Path, boot: Boot) -> None:
    # The boot disk has 4096-byte sectors, which only UEFI boots from.
    boot_disk, data_disk, other = (
        disk(folder, "boot", 6144, 4096),
        disk(folder, "data", 8192),
        disk(folder, "other", 1024),
    )
    other.file.write_bytes(b"somebody's data " * 4096)
    before = digest(other)
    guest = Guest(folder=folder, disks=(boot_disk, data_disk, other), efi=True)
    with boot(medium(guest, f"{WORDS} adminpw={crypted(PASSWORD)}")) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
        # The kernel prints its command line; after that, nothing may.
        assert crypted(PASSWORD) not in console.said.partition("ovirt-node: installation starts")[2]
    assert digest(other) == before
    with boot(guest) as console:
        console.wait(r"login: ", BOOT, since=0)
        log_in_with_expired_password(console, PASSWORD, "another horse 10")
        open_shell(console)
        settled(console)
        check_every_setting(console)
    only_its_own(boot, guest.with_(disks=(boot_disk, other_group(folder))), folder)


def only_its_own(boot: Boot, guest: Guest, folder: Path) -> None:
    """With its data disk away, another group of the same name is nothing of the node's for a medium."""
    with boot(live(guest, "rescue")) as console:
        console.wait(r"root@.*# *$", BOOT)
        planned = console.run("ovirt-tui plan --cmdline uninstall", STEP)
        assert "/dev/vda" in planned and "/dev/vdb" not in planned, planned
        refused = console.run("ovirt-tui plan --cmdline upgrade", STEP)
        assert "the volumes of the node on /dev/vda are not all on disks" in refused and "vdb" not in refused, refused


def check_every_setting(console: Console) -> None:
    said = console.run("hostname; cat /etc/vconsole.conf; cat /proc/cmdline")
    assert "node7.example.com" in said
    assert "KEYMAP=de" in said
    assert "crashkernel=128M" in said
    assert "node.slot=Root" in said
    addresses = console.run("ip address")
    assert "192.0.2.7/24" in addresses
    assert ".7@" in addresses, "no VLAN"
    assert console.run("cat /sys/class/net/br*/address") == "52:54:00:12:34:56", "a DHCP server would not know it"
    files = console.run("cat /etc/NetworkManager/system-connections/*")
    for line in ("id=7", "dns=192.0.2.53;192.0.2.54;", "address1=192.0.2.7/24,192.0.2.1"):
        assert line in files
    assert "server 192.0.2.123" in console.run("cat /etc/chrony/sources.d/ovirt-node.sources")
    assert "passwordauthentication yes" in console.run("sshd -T | grep -i ^passwordauth")
    mounts = console.run("findmnt -rno TARGET,SOURCE /config; findmnt -rno TARGET /data /var/log; swapon --show=NAME")
    for place in ("/config", "HostVG"):
        assert place in mounts
    sources = console.run("findmnt -nro SOURCE /var/log; findmnt -nro SOURCE /data; swapon --noheadings --show=NAME")
    assert sources.split()[:2] == ["/dev/mapper/HostVG-Logging", "/dev/mapper/HostVG-Data"]
    assert len(sources.split()) == 3
    assert "/var/log/journal" in console.run("journalctl --header | grep 'File path'")
    assert console.run("efibootmgr | grep -c 'oVirt Node'") == "1"
    assert "vdb" in console.run("pvs --noheadings -o pv_name,vg_name")
    assert "root L" in console.run("passwd -S root") or "root:!" in console.run("getent shadow root")


def test_smallest_disk_and_512_mb(folder: Path, boot: Boot) -> None:
    small = disk(folder, "small", 810)
    guest = Guest(folder=folder, disks=(small,), memory_mib=512)
    with boot(medium(guest, f"storage_init=virtio:SMALL BOOTIF=link adminpw={crypted(PASSWORD)}")) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
    with boot(guest) as console:
        console.wait(r"login: ", BOOT, since=0)
        log_in_with_expired_password(console, PASSWORD, "another horse 10")
        open_shell(console)
        free = int(console.run("awk '/MemAvailable/ {print $2}' /proc/meminfo")) // 1024
        assert free > 100, f"only {free} MiB are free"
        assert console.run("systemctl --failed --no-legend; echo no-such-failure") == "no-such-failure"

"""A node whose volumes are on an iSCSI disk: installed on it, started from it, and waiting for it where it is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import STEP, settled
from testbed.qemu import Guest
from testbed.remote import free_port
from testbed.targets import Loopback, Targets
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, digest, disk, medium
from vm.strangers import other_group

PORTAL = "10.0.2.100"
NAME = "iqn.2001-04.com.example:node1-disk"
NODE = "iqn.2001-04.com.example:node1"
OWN, THEIRS = ("node1", "Twelve+letters"), ("disks", "Another#twelve")
LUN = f"/dev/disk/by-path/ip-{PORTAL}:3260-iscsi-{NAME}-lun-1"
SAN = f"iscsi_install iscsi_server={PORTAL} iscsi_target_name={NAME} iscsi_init={LUN} iscsi_name={NODE}"
CHAP = f"iscsi_user={OWN[0]} iscsi_password={OWN[1]} iscsi_target_user={THEIRS[0]} iscsi_target_password={THEIRS[1]}"
WORDS = f"storage_init=virtio:BOOT {SAN} {CHAP} hostname=san1.example.com adminpw={crypted(PASSWORD)}"
LONGER = 150  # seconds without the disk: longer than the two minutes after which any other disk fails
STATIC = "ip=10.0.2.15::10.0.2.2:255.255.255.0"


def machine(folder: Path, port: int) -> Guest:
    """A machine with a small disk of its own, for which the target is at PORTAL, and nothing else anywhere."""
    forwarded = f"guestfwd=tcp:{PORTAL}:3260-cmd:busybox nc 127.0.0.1 {port}"
    nic = f"user,model=virtio-net-pci,mac=52:54:00:12:34:56,restrict=on,{forwarded}"
    return Guest(folder=folder, disks=(disk(folder, "boot", 1500),), network=(nic,), memory_mib=1024, shell=True)


@pytest.mark.long
@pytest.mark.parametrize("address", ["BOOTIF=link", f"BOOTIF=link {STATIC}"], ids=["dhcp", "static"])
def test_the_volumes_are_on_an_iscsi_disk(folder: Path, boot: Boot, address: str) -> None:
    port, lun, stranger = free_port(), disk(folder, "lun", 4096), other_group(folder)
    guest, targets, foreign = machine(folder, port), Targets(f"127.0.0.1:{port}"), digest(stranger)

    @contextmanager
    def served(own: tuple[str, str] = OWN) -> Iterator[None]:
        with targets.serving(Loopback()):
            targets.offer(NAME, lun.file, (own, THEIRS))
            yield

    with served(), boot(medium(guest, f"{WORDS} {address}")) as console:
        console.wait(r"ovirt-node: \(1/", BOOT, since=0)
        console.ended(INSTALL)
        assert f"ovirt-node: logging in to {PORTAL}/{NAME}" in console.said
        for _user, password in (OWN, THEIRS):
            assert password not in console.said.partition("ovirt-node: logging in")[2]
    with boot(guest) as console:
        with served():
            shell = up(console)
            reached(shell)
        shell.run(f"sleep {LONGER}", STEP)
        with served():
            shell.run("echo kept > /config/mark; sync", STEP)
            assert shell.run("findmnt -nro OPTIONS /config").startswith("rw,")
            switched_off(console, shell)
    with boot(guest.with_(disks=(*guest.disks, stranger))) as console:
        away = f"the iSCSI disk of this node cannot be reached, trying again: {PORTAL}/{NAME}: "
        console.wait(away, BOOT, since=0)
        with served((OWN[0], "Somebody+else")):
            console.wait(f"{away}it refuses the login", BOOT, since=0)
        with served():
            shell = up(console)
            assert shell.run("cat /config/mark") == "kept"
            reached(shell)
            switched_off(console, shell)
        for _user, password in (OWN, THEIRS):
            assert password not in console.said
    assert digest(stranger) == foreign, "a disk of others was written"


def up(console: Console) -> Terminal:
    """The root shell of the node, once it is up."""
    console.wait(r"san1 login: ", BOOT, since=0)
    shell = console.root_shell()
    settled(shell)
    return shell


def switched_off(console: Console, shell: Terminal) -> None:
    shell.type("systemctl poweroff\r")
    console.ended(STEP)
    assert "all disks are let go" in console.said


def reached(shell: Terminal) -> None:
    """All volumes are on the LUN, the session stays, and NetworkManager has taken the interface over as it was."""
    assert shell.run("findmnt -nro SOURCE /config") == "/dev/mapper/HostVG-Config"
    assert shell.run("readlink -f $(pvs --noheadings -o pv_name)") == shell.run(f"readlink -f {LUN}-part1")
    assert shell.run("cat /sys/class/iscsi_session/*/state") == "LOGGED_IN"
    assert shell.run("cat /sys/class/iscsi_session/*/recovery_tmo") == "86400"
    assert shell.run("systemctl is-active iscsid") == "active"
    assert shell.run("nmcli -t -f STATE,CONNECTION device | grep ovirt-node") == (
        f"connected:ovirt-node-{shell.run('basename $(ls -d /sys/class/net/e*)')}"
    )
    # One connection ends: that of the initrd, as iscsid opens its own, and NetworkManager is no reason for another.
    # The kernel calls that an error, unless iscsid is faster than the target; a login that was refused is one as well.
    session = shell.run("basename $(ls -d /sys/class/iscsi_connection/*)")
    assert shell.run(f"journalctl -b --no-pager | grep -c '{session}: detected conn error'") in ("0", "1")
    assert "(1 attempts)" in shell.run("journalctl -b --no-pager | grep 'operational after recovery'")
    assert shell.run("journalctl -b --no-pager | grep -c 'operational after recovery'") == "1"
    assert shell.run("systemctl --failed --no-legend; echo none") == "none"
    assert "This node is as it was saved." in shell.run("ovirt-tui drift", STEP)
    where = shell.run("grep -rlF -e Twelve+letters -e Another#twelve /proc/cmdline /etc /run /var/log | sort", STEP)
    assert where == "/etc/ovirt-node/iscsi"

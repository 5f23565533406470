"""A node among foreign disks that have its labels, its names, or, as clones, even its UUIDs."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import STEP, settled
from testbed.qemu import Guest
from testbed.saved import HOST, SERIAL, Node
from vm.conftest import BOOT, ISO, Boot, digest
from vm.strangers import copy_of, labelled, other_group

STICK = (
    *("-device", "qemu-xhci", "-drive", f"file={ISO},if=none,id=stick,format=raw,readonly=on"),
    *("-device", "usb-storage,drive=stick"),
)


@pytest.mark.long
def test_a_node_among_strangers(folder: Path, boot: Boot, node: Node) -> None:
    own = node.disk(folder)
    clone, strangers = copy_of(own, "clone"), (*labelled(folder), other_group(folder))
    before = {each: digest(each) for each in (clone, *strangers)}
    with boot(Guest(folder=folder, disks=(clone, *strangers, own), extra=STICK, shell=True)) as console:
        shell = up(console)
        among_its_own(shell)
        shell.run("echo mine > /data/mark; echo mine > /config/mark; sync")
        switched_off(console, shell)
    with boot(Guest(folder=folder, disks=(own, *strangers, clone), extra=STICK, efi=True, shell=True)) as console:
        shell = up(console)
        among_its_own(shell)
        assert shell.run("cat /data/mark /config/mark").split() == ["mine", "mine"]
        switched_off(console, shell)
    assert {each: digest(each) for each in before} == before, "a disk of others was written"


@pytest.mark.long
def test_clones_without_their_original(folder: Path, boot: Boot, node: Node) -> None:
    """Two of them: the boot stops, says why, and writes nothing.  One alone is the node, and says that it moved."""
    clone, second = (copy_of(node.disk(folder), name) for name in ("clone", "second"))
    before = digest(clone), digest(second)
    with boot(Guest(folder=folder, disks=(clone, second))) as console:
        said = console.wait(r"ovirt-node: stopped: [^\r\n]*[\r\n]", BOOT, since=0)
        assert f"none on the disk it was installed on (serial-{SERIAL})" in said
        assert "/dev/vda3" in said and "/dev/vdb3" in said
    assert (digest(clone), digest(second)) == before, "a disk was written before the boot stopped"
    with boot(Guest(folder=folder, disks=(second,), shell=True)) as console:
        console.wait(f"this node starts from serial-SECOND, not from serial-{SERIAL} as before", BOOT, since=0)
        assert up(console).run("findmnt -nro SOURCE /config") == "/dev/mapper/HostVG-Config"


def up(console: Console) -> Terminal:
    """The root shell of a node that has booted without help; Data, which no login waits for, is mounted too."""
    console.wait(rf"{HOST.partition('.')[0]} login: *$", BOOT)
    shell = console.root_shell()
    settled(shell)
    return shell


def switched_off(console: Console, shell: Terminal) -> None:
    """Power off by its own shutdown, which releases all disks under the root."""
    start = len(console.said)
    shell.type("systemctl poweroff\r")
    console.wait(r"all disks are let go", STEP, since=start)
    console.ended(STEP)


def among_its_own(shell: Terminal) -> None:
    """Check that slot, volumes and settings are those of the disk that the node was installed on."""
    assert shell.run("hostname") == HOST
    live = shell.run("findmnt -nro SOURCE /run/initramfs/live")
    assert shell.run(f"lsblk -ndo SERIAL /dev/$(lsblk -ndo PKNAME {live})") == SERIAL
    assert shell.run("cat /run/ovirt-node/slot") == shell.run(f"lsblk -ndo MAJ:MIN {live}").strip()
    assert "6.6.6" not in shell.run("cat /run/initramfs/live/version")
    member = shell.run("pvs --noheadings -o pv_name 2> /dev/null").split()
    assert member == [live[:-1] + "5"], "LVM sees the disks of others"
    volumes = shell.run("lsblk -nro NAME,TYPE | grep lvm").split("\n")
    assert sorted(line.split()[0] for line in volumes) == [
        f"HostVG-{name}" for name in ("Config", "Data", "Logging", "Swap")
    ]
    for point in ("/config", "/data", "/var/log"):
        below = shell.run(f"lsblk -nsro SERIAL $(findmnt -nro SOURCE {point}) | grep .")
        assert set(below.split()) == {SERIAL}, point
    assert shell.run("stat -c %a /root") == "700"

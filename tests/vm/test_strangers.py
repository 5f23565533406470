"""A node among disks of others that have its labels, its names, or, as clones do, its very UUIDs."""

from __future__ import annotations

from pathlib import Path

import pytest

from guest.console import Console
from guest.person import STEP, log_in, log_in_with_expired_password, open_shell
from guest.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, ISO, PASSWORD, Boot, crypted, digest, disk, medium
from vm.strangers import copy_of, labelled, other_group

NEW = "another horse 10"
STICK = (
    *("-device", "qemu-xhci", "-drive", f"file={ISO},if=none,id=stick,format=raw,readonly=on"),
    *("-device", "usb-storage,drive=stick"),
)


@pytest.mark.long
def test_a_node_among_strangers(folder: Path, boot: Boot) -> None:
    own = disk(folder, "own", 2048)
    words = f"storage_init=/dev/vda BOOTIF=link hostname=own1.example.com adminpw={crypted(PASSWORD)}"
    with boot(medium(Guest(folder=folder, disks=(own,)), words)) as console:
        console.wait(r"ovirt-node: installation is complete", BOOT + INSTALL, since=0)
        console.ended(STEP)
    clone, strangers = copy_of(own, "clone"), (*labelled(folder), other_group(folder))
    before = {each: digest(each) for each in (clone, *strangers)}
    with boot(Guest(folder=folder, disks=(clone, *strangers, own), extra=STICK)) as console:
        log_in_with_expired_password(console, PASSWORD, NEW)
        open_shell(console)
        among_its_own(console)
        console.run("echo mine > /data/mark; echo mine > /config/mark; sync; systemctl poweroff")
        console.ended(STEP)
    with boot(Guest(folder=folder, disks=(own, *strangers, clone), extra=STICK, efi=True)) as console:
        log_in(console, NEW)
        open_shell(console)
        among_its_own(console)
        assert console.run("cat /data/mark /config/mark").split() == ["mine", "mine"]
        console.run("systemctl poweroff")
        console.ended(STEP)
    assert {each: digest(each) for each in before} == before, "a disk of others was written"
    nothing_is_guessed(boot, folder, clone, own)


def among_its_own(console: Console) -> None:
    """Slot, volumes and settings are those of the disk that the node was installed on."""
    assert console.run("hostname") == "own1.example.com"
    live = console.run("findmnt -nro SOURCE /run/initramfs/live")
    assert console.run(f"lsblk -ndo SERIAL /dev/$(lsblk -ndo PKNAME {live})") == "OWN"
    assert "6.6.6" not in console.run("cat /run/initramfs/live/version")
    member = console.run("pvs --noheadings -o pv_name 2> /dev/null").split()
    assert member == [live[:-1] + "5"], "LVM sees the disks of others"
    volumes = console.run("lsblk -nro NAME,TYPE | grep lvm").split("\n")
    assert sorted(line.split()[0] for line in volumes) == [
        f"HostVG-{name}" for name in ("Config", "Data", "Logging", "Swap")
    ]
    for point in ("/config", "/data", "/var/log"):
        below = console.run(f"lsblk -nsro SERIAL $(findmnt -nro SOURCE {point}) | grep .")
        assert set(below.split()) == {"OWN"}, point
    assert console.run("stat -c %a /root") == "700"


def nothing_is_guessed(boot: Boot, folder: Path, clone: Disk, own: Disk) -> None:
    """Two clones without the disk they were made of: the boot stops and says why; one alone starts."""
    second = copy_of(own, "second")
    with boot(Guest(folder=folder, disks=(clone, second))) as console:
        said = console.wait(r"ovirt-node: stopped: [^\r\n]*[\r\n]", BOOT, since=0)
        assert "none on the disk it was installed on (serial-OWN)" in said
    with boot(Guest(folder=folder, disks=(second,))) as console:
        console.wait(r"this node starts from serial-SECOND, not from serial-OWN as before", BOOT, since=0)
        console.wait(r"own1 login: ", BOOT, since=0)

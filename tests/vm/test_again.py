"""An existing node: reinstallation replaces settings and keeps Data; the menu's uninstall leaves nothing bootable."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from testbed.console import Console
from testbed.person import (
    STEP,
    boot_from_menu,
    choose_in_menu,
    from_the_password_on,
    log_in,
    open_shell,
    restart_when_installed,
    settled,
)
from testbed.qemu import Disk, Guest
from testbed.saved import HOST, Node
from vm.conftest import BOOT, ISO, PASSWORD, Boot, digest, disk, medium

MIB = 1 << 20


@pytest.mark.long
def test_reinstall_keeps_data_and_uninstall_erases(folder: Path, boot: Boot, node: Node) -> None:
    first, other = node.disk(folder), disk(folder, "other", 1024)
    before = digest(other)
    guest = Guest(folder=folder, disks=(first, other))
    with boot(medium(guest, "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        leave_a_file(console)
    with boot(guest.with_(cdrom=ISO)) as console:
        boot_from_menu(console, "Install oVirt Node on the serial console")
        console.wait(r">Upgrade or downgrade /dev/vda<", BOOT)
        console.press("down")
        console.wait(r">Reinstall /dev/vda, keep Data<", STEP)
        console.press("enter")
        console.wait(r"Keyboard", STEP)
        console.press("f10")
        from_the_password_on(console, PASSWORD)
        restart_when_installed(console)
    with boot(guest) as console:
        log_in(console, PASSWORD)
        open_shell(console)
        settled(console)
        assert console.run("cat /data/guests/kept") == "a guest's disk"
        assert console.run("hostname") != HOST
        console.run("systemctl poweroff")
        console.ended(STEP)
    with boot(guest.with_(cdrom=ISO)) as console:
        boot_from_menu(console, "More on the serial console")
        console.wait(r"\*Rescue shell|\*Reinstall", STEP)
        choose_in_menu(console, "Uninstall oVirt Node")
        console.wait(r"\*No, go back", STEP)
        choose_in_menu(console, "Erase the installed node and all its data")
        console.wait(r"ovirt-node: the node is removed", BOOT, since=0)
        console.ended(STEP)
    assert first_mib(first) == bytes(MIB), "something is left that could boot"
    assert digest(other) == before


def first_mib(disk: Disk) -> bytes:
    """The start of the disk as the machine sees it, whatever the format of its image."""
    argv = ["qemu-io", "-r", "-f", "qcow2", "-c", f"read -v 0 {MIB}", str(disk.file)]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout
    rows = (line.partition(":  ")[2][:47] for line in said.splitlines() if ":  " in line)
    return bytes.fromhex("".join(rows).replace(" ", ""))


def leave_a_file(console: Console) -> None:
    """In the rescue shell of the medium, write a file to Data, as a guest of the node would."""
    console.run("stty rows 24 columns 500")
    console.run("vgchange -ay HostVG; udevadm settle --timeout=60; mkdir -p /run/data; mount -L DATA /run/data")
    console.run('mkdir -p /run/data/guests; echo "a guest\'s disk" >/run/data/guests/kept')
    assert "kept" in console.run("ls /run/data/guests; umount /run/data; vgchange -an HostVG; sync")

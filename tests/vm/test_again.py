"""A node that is there: the settings come anew and Data stays, and the menu's uninstall leaves nothing that boots."""

from __future__ import annotations

from pathlib import Path

from guest.console import Console
from guest.person import (
    STEP,
    boot_from_menu,
    choose_in_menu,
    from_the_password_on,
    log_in,
    open_shell,
    restart_when_installed,
)
from guest.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, ISO, PASSWORD, Boot, crypted, digest, disk, medium

MACHINE = "BOOTIF=link hostname=again1.example.com"


def test_reinstall_keeps_data_and_uninstall_erases(folder: Path, boot: Boot) -> None:
    first, other = disk(folder, "first", 8192), disk(folder, "other", 1024)
    before = digest(other)
    guest = Guest(folder=folder, disks=(first, other))
    with boot(medium(guest, f"storage_init=/dev/vda {MACHINE} adminpw={crypted(PASSWORD)}")) as console:
        console.wait(r"ovirt-node: installation is complete", BOOT + INSTALL, since=0)
        console.ended(STEP)
    with boot(medium(guest, "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        leave_a_file(console)
    with boot(guest.with_(cdrom=ISO)) as console:
        boot_from_menu(console, "Install oVirt Node on the serial console")
        console.wait(r">Reinstall /dev/vda, keep Data<", BOOT)
        console.press("enter")
        console.wait(r"Keyboard", STEP)
        console.press("f10")
        from_the_password_on(console, PASSWORD)
        restart_when_installed(console)
    with boot(guest) as console:
        log_in(console, PASSWORD)
        open_shell(console)
        assert console.run("cat /data/guests/kept") == "a guest's disk"
        assert "again1" not in console.run("hostname")
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
    assert first_mib(first) == bytes(1 << 20), "something is left that could boot"
    assert digest(other) == before


def first_mib(disk: Disk) -> bytes:
    with disk.file.open("rb") as image:
        return image.read(1 << 20)


def leave_a_file(console: Console) -> None:
    """In the rescue shell of the medium, write what a guest of the node would have written to Data."""
    console.run("stty rows 24 columns 500")
    console.run("vgchange -ay HostVG; udevadm settle --timeout=60; mkdir -p /run/data; mount -L DATA /run/data")
    console.run('mkdir -p /run/data/guests; echo "a guest\'s disk" >/run/data/guests/kept')
    assert "kept" in console.run("ls /run/data/guests; umount /run/data; vgchange -an HostVG; sync")

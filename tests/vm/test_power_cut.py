"""A power cut in the middle of the copy: nothing half-done boots, and the next boot resumes the installation."""

from __future__ import annotations

from pathlib import Path

from ovirt_tui.system.boot_code import CODE_END, NOTHING
from testbed.person import from_the_password_on, restart_when_installed
from testbed.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, PASSWORD, Boot, crypted, disk, medium


def boot_code(disk: Disk) -> bytes:
    """The BIOS boot code of the disk."""
    with disk.file.open("rb") as image:
        return image.read(CODE_END)


def test_an_interrupted_installation_is_finished(folder: Path, boot: Boot) -> None:
    only = disk(folder, "only", 8192)
    guest = Guest(folder=folder, disks=(only,))
    words = f"storage_init=/dev/vda BOOTIF=link hostname=cut1.example.com adminpw={crypted(PASSWORD)}"
    with boot(medium(guest, words)) as console:
        console.wait(r"Copying the image.* [1-9][0-9] ?%", BOOT + INSTALL, since=0)
        console.pull_the_plug()
    assert boot_code(only) == NOTHING, "a half-done installation would boot"
    with boot(medium(guest, "")) as console:
        console.wait(r"[Ii]nterrupted|not finished", BOOT)
        console.press("enter")
        from_the_password_on(console, PASSWORD)
        restart_when_installed(console)
    with boot(guest) as console:
        console.wait(r"cut1 login: ", BOOT, since=0)

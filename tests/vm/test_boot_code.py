"""A disk of an installation that was interrupted: a BIOS says so, and goes on to the next device."""

from __future__ import annotations

from pathlib import Path

from ovirt_tui.system.boot_code import NOTHING, TEXT
from testbed.person import STEP
from testbed.qemu import Guest
from vm.conftest import Boot, disk

MARK = b"\x55\xaa"
"""At the end of the first sector: a BIOS runs it."""
AT_SERIAL = ("-machine", "graphics=off")
"""What a program writes on the screen by way of the BIOS is at the serial line too."""


def test_a_bios_says_what_the_disk_is_and_tries_the_next_device(folder: Path, boot: Boot) -> None:
    only = disk(folder, "only", 16)
    with only.file.open("r+b") as file:
        file.write(NOTHING.ljust(510, b"\0") + MARK)
    with boot(Guest(folder=folder, disks=(only,), extra=AT_SERIAL)) as console:
        said = console.wait(r"nothing on this disk starts\.[^!]*Booting from (DVD|ROM)", STEP, since=0)
        assert TEXT.strip() in console.said and "DVD" in said

"""A node whose boot partition and boot code are lost does not start; a medium mends that, and touches nothing else."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from bootmenu.entries import BOOT_NUMBER
from ovirt_tui.system.block import MIB, SECTOR
from ovirt_tui.system.boot_code import CODE_END
from ovirt_tui.system.partitions import BIOS_NUMBER
from testbed.medium import live
from testbed.offline import gpt
from testbed.offline.starts import Kind, Reader
from testbed.person import BOOT, INSTALL, STEP
from testbed.qemu import Disk, Guest
from testbed.replayed import Replayed
from testbed.saved import HOST, SERIAL, Node, at_login
from vm.conftest import Boot

MENDED = (BIOS_NUMBER, BOOT_NUMBER)
"""Partitions that a repair may write."""


@pytest.mark.long
def test_a_node_whose_boot_partition_is_lost_starts_again_and_all_else_is_as_it_was(
    folder: Path, boot: Boot, node: Node
) -> None:
    used = node.guest(folder)
    with boot(used) as console:
        at_login(console)
        shell = console.root_shell()
        shell.run("echo here > /config/mark; echo set > /etc/mark; sync")
        line = _words(shell.run("cat /proc/cmdline"))
        keys = shell.run("sha256sum /etc/ssh/ssh_host_*")
        shell.type("systemctl poweroff\r")
        console.ended(BOOT)
    disk = _raw(used.disks[0], folder)
    guest = Guest(folder=folder, disks=(disk,), memory_mib=1024, shell=True)
    _wiped(disk.file)
    assert Reader().start(Replayed(disk.file)).kind is Kind.BROKEN
    before = _sums(disk.file)
    with boot(guest.with_(extra=_told_by_bios(folder))) as console:
        console.wait(r"Booting from Hard Disk", BOOT, since=0)  # the table has its mark still, so a BIOS runs noughts
        console.pull_the_plug()
        assert "GRUB" not in console.said
    with boot(live(guest.with_(efi=True), "repair")) as console:
        console.wait(r"Boot partition \(to do\): cannot be read, and is made anew", BOOT + INSTALL, since=0)
        console.wait(r"ovirt-node: what starts the node on /dev/vda is whole", INSTALL)
        assert f"{HOST} on /dev/vda" in console.said and "the settings of the node, /etc/ovirt" in console.said
        assert "Firmware (to do)" in console.said
        console.ended(STEP)
    assert _sums(disk.file) == before, "the table, the slots and the volumes are not touched"
    for firmware in (guest, guest.with_(efi=True)):
        with boot(firmware) as console:
            console.wait(r"login: *$", BOOT)
            shell = console.root_shell()
            assert "here" in shell.run("cat /config/mark") and "set" in shell.run("cat /etc/mark")
            assert HOST in shell.run("hostname") and shell.run("sha256sum /etc/ssh/ssh_host_*") == keys
            assert _words(shell.run("cat /proc/cmdline")) == line
            shell.type("systemctl poweroff\r")
            console.ended(BOOT)


def _words(said: str) -> list[str]:
    """The words of a start, but for those of GRUB itself."""
    return [word for word in said.split() if not word.startswith("BOOT_IMAGE=")]


def _raw(disk: Disk, folder: Path) -> Disk:
    """The same disk as a raw image, whose bytes are where they are."""
    file = folder / "raw.img"
    argv = ["qemu-img", "convert", "-O", "raw", str(disk.file), str(file)]
    subprocess.run(argv, check=True, timeout=600, capture_output=True)
    return Disk(file, SERIAL)


def _wiped(image: Path) -> None:
    """Overwrite the boot code and all of the boot partition with noughts; the table stays."""
    esp = gpt.first(Replayed(image))[BOOT_NUMBER]
    with image.open("r+b") as file:
        file.write(bytes(CODE_END))
        for place in range(esp.start, esp.start + esp.size, MIB):
            file.seek(place)
            file.write(bytes(min(MIB, esp.start + esp.size - place)))


def _sums(image: Path) -> dict[str, str]:
    """The SHA-256 of both copies of the table, and of each partition that a repair does not write."""
    parts = gpt.first(Replayed(image))
    runs = {str(number): (part.start, part.size) for number, part in parts.items() if number not in MENDED}
    size = image.stat().st_size
    runs |= {"mbr": (CODE_END, SECTOR - CODE_END), "table": (SECTOR, MIB - SECTOR), "copy": (size - MIB, MIB)}
    return {name: _sum(image, *run) for name, run in runs.items()}


def _sum(image: Path, start: int, length: int) -> str:
    digest = hashlib.sha256()
    with image.open("rb") as file:
        file.seek(start)
        while length:
            part = file.read(min(MIB, length))
            digest.update(part)
            length -= len(part)
    return digest.hexdigest()


def _told_by_bios(folder: Path) -> tuple[str, ...]:
    """Have the BIOS write to the first serial line what it writes to the screen."""
    port = folder / "sercon-port"
    port.write_bytes((0x3F8).to_bytes(2, "little"))
    return ("-fw_cfg", f"name=etc/sercon-port,file={port}")

"""Refusals are reported, and not one byte of any disk changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.qemu import Guest
from vm.conftest import BOOT, DEBUG, PASSWORD, Boot, crypted, digest, disk, medium

CASES = (
    ("storage_init=virtio", r"storage_init: virtio matches 3 disks"),
    ("storage_init=/dev/vda adminpw=hunter2", r"adminpw: .*hash"),
    ("storage_init=/dev/vdb", r"storage_init: .*/dev/vdb.*at least 810 MiB"),
    ("storage_init=/dev/vdc", r"storage_init: .*vg_mail, which is not"),
)


def test_refusals_change_no_byte(folder: Path, boot: Boot) -> None:
    """A line that names no disk stays at its message; the others are run on the same machine, one after another."""
    disks = (disk(folder, "blank", 4096), disk(folder, "tiny", 256), disk(folder, "mail", 2048))
    blank = [digest(each) for each in disks]
    words = f"{DEBUG} storage_init=/dev/vdq BOOTIF=link adminpw={crypted(PASSWORD)}"
    with boot(medium(Guest(folder=folder, disks=disks), words)) as console:
        console.wait(r"ovirt-node: refused", BOOT, since=0)
        console.wait(r"storage_init: /dev/vdq does not exist", 300)
        console.press("enter")
        console.wait(r"oVirt Node 0\.1", 120)
        assert [digest(each) for each in disks] == blank
        shell = debug_shell(console)
        journal = shell.run("journalctl -b --no-pager | grep -a ovirt-node")
        assert "storage_init: /dev/vdq does not exist" in journal
        assert crypted(PASSWORD) not in journal
        shell.run("pvcreate -q /dev/vdc && vgcreate -q vg_mail /dev/vdc && lvcreate -qy -L 64M -n spool vg_mail")
        shell.run("vgchange -an vg_mail; sync")
        before = [digest(each) for each in disks]
        assert before[2] != blank[2], "the group of the last case is there"
        for words, message in CASES:
            refused(shell, words, message)
        a_damaged_medium(shell)
        assert [digest(each) for each in disks] == before


def refused(shell: Terminal, words: str, message: str) -> None:
    """An unattended run started by hand ends with the error, and exit status 2."""
    line = f"BOOTIF=link {words}" if "adminpw" in words else f"BOOTIF=link {words} adminpw={crypted(PASSWORD)}"
    said = shell.run(f"ovirt-tui autoinstall --cmdline '{line}'; echo status $?", 300)
    assert re.search(message, said), said
    assert "status 2" in said
    assert "hunter2" not in said


def a_damaged_medium(shell: Terminal) -> None:
    """It is found before the disk is written that it would have been installed on."""
    part = "/run/initramfs/live/version"
    shell.run(f"tr V v <{part} >/run/damaged && mount --bind /run/damaged {part}")
    words = f"storage_init=/dev/vda BOOTIF=link adminpw={crypted(PASSWORD)}"
    said = shell.run(f"ovirt-tui autoinstall --cmdline '{words}'; echo status $?", 300)
    assert "failed: the medium is damaged: version is not as its checksum says" in said, said
    assert "nothing was written to any disk" in said and "status 1" in said and "Partitioning" not in said, said
    shell.run(f"umount {part}")


def debug_shell(console: Console) -> Terminal:
    """The root shell on the second serial line, wide enough for its commands."""
    shell = console.debug
    shell.press("enter")
    shell.wait(r"# ?$", 60)
    shell.run("stty rows 24 columns 500")
    return shell


@pytest.fixture(autouse=True)
def _medium_is_built() -> None:
    assert Path("build/ovirt-node.iso").exists(), "make iso builds it"

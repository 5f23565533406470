"""What is refused is said, and not one byte of any disk changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guest.console import Console
from guest.qemu import Guest
from vm.conftest import BOOT, DEBUG, PASSWORD, Boot, crypted, digest, disk, medium


def test_unknown_disk_stays_at_the_message(folder: Path, boot: Boot) -> None:
    only = disk(folder, "only", 4096)
    before = digest(only)
    words = f"{DEBUG} storage_init=/dev/vdq BOOTIF=link adminpw={crypted(PASSWORD)}"
    with boot(medium(Guest(folder=folder, disks=(only,)), words)) as console:
        console.wait(r"ovirt-node: refused", BOOT, since=0)
        console.wait(r"storage_init: /dev/vdq does not exist", 300)
        console.press("enter")
        console.wait(r"oVirt Node 0\.1", 120)
        debug_shell(console)
        journal = console.debug.run("journalctl -b --no-pager | grep -a ovirt-node")
        assert "storage_init: /dev/vdq does not exist" in journal
        assert crypted(PASSWORD) not in journal
    assert digest(only) == before


CASES = (
    ("storage_init=virtio", r"storage_init: virtio matches 3 disks"),
    ("storage_init=/dev/vda adminpw=hunter2", r"adminpw: .*hash"),
    ("storage_init=/dev/vdb", r"storage_init: .*/dev/vdb.*at least 810 MiB"),
    ("storage_init=/dev/vdc", r"storage_init: .*vg_mail, which is not"),
)


def test_refusals_change_no_byte(folder: Path, boot: Boot) -> None:
    disks = (disk(folder, "blank", 4096), disk(folder, "tiny", 256), disk(folder, "mail", 2048))
    guest = Guest(folder=folder, disks=disks)
    with boot(medium(guest, "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        console.run("stty rows 24 columns 500")
        console.run("pvcreate -q /dev/vdc && vgcreate -q vg_mail /dev/vdc && lvcreate -qy -L 64M -n spool vg_mail")
        console.run("vgchange -an vg_mail; sync")
        before = [digest(each) for each in disks]
        for words, message in CASES:
            line = f"BOOTIF=link {words}" if "adminpw" in words else f"BOOTIF=link {words} adminpw={crypted(PASSWORD)}"
            said = console.run(f"ovirt-tui autoinstall --cmdline '{line}'; echo status $?", 300)
            assert re.search(message, said), said
            assert "status 2" in said
            assert "hunter2" not in said
        assert [digest(each) for each in disks] == before


def debug_shell(console: Console) -> None:
    """The second serial line's root shell."""
    console.debug.press("enter")
    console.debug.wait(r"# ?$", 60)


@pytest.fixture(autouse=True)
def _medium_is_built() -> None:
    assert Path("build/ovirt-node.iso").exists(), "make iso builds it"

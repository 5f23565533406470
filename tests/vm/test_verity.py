"""One byte of the image that is not as it was built: noticed when it is read, on a node and on a medium."""

from __future__ import annotations

import mmap
import shutil
from pathlib import Path

from image.verity import BLOCK
from testbed.console import Terminal
from testbed.medium import files, own_words
from testbed.person import STEP
from testbed.qemu import Disk, Guest
from testbed.saved import SERIAL, Node
from vm.conftest import BOOT, ISO, Boot, medium
from vm.strangers import run

READ = "cat /dev/mapper/ovirt-node-image > /dev/null"
READ_SECONDS = 300
NOTICED = "dm-verity device corrupted"
STATUS = "dmsetup status ovirt-node-image"


def flip(file: Path) -> int:
    """Change a bit in the middle of the image, wherever it lies in *file*; return which block of the image that is."""
    image = files(ISO)["squashfs"]
    number = image.stat().st_size // BLOCK // 2
    with image.open("rb") as source:
        source.seek(number * BLOCK)
        block = source.read(BLOCK)
    with file.open("r+b") as target, mmap.mmap(target.fileno(), 0) as content:
        at = content.find(block)
        assert at > 0
        content[at + BLOCK // 2] ^= 1
    return number


def is_checked(shell: Terminal) -> bool:
    """Whether the root lies on dm-verity, with nothing left beside it, and no block was wrong so far."""
    assert shell.run("findmnt -nro SOURCE /run/rootfsbase") == "/dev/mapper/ovirt-node-image"
    assert len(shell.run("losetup --list --noheadings --output NAME").split()) == 1
    return shell.run(STATUS).split()[-2:] == ["verity", "V"]


def test_a_node_restarts_on_a_block_that_was_changed_and_lets_go_of_a_whole_image(
    folder: Path, boot: Boot, node: Node
) -> None:
    whole = node.disk(folder)
    with boot(Guest(folder=folder, disks=(whole,), memory_mib=1024, shell=True)) as console:
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        assert set(own_words(ISO)[1:]) <= set(shell.run("cat /proc/cmdline").split())
        shell.run(READ, READ_SECONDS)
        assert is_checked(shell)
        start = len(console.said)
        shell.type("systemctl poweroff\r")
        console.wait(r"all disks are let go", STEP, since=start)
        console.ended(STEP)
    changed = Disk(folder / "changed.img", SERIAL)
    run("cp", "--sparse=always", node.installed, changed.file)
    flip(changed.file)
    with boot(Guest(folder=folder, disks=(changed,), memory_mib=1024, shell=True)) as console:
        # what lies in the middle differs from image to image: some of it is read at a start
        if "login" in console.wait(rf"login: *$|{NOTICED}", BOOT, since=0):
            shell = console.root_shell()
            assert is_checked(shell), "nothing has read the block yet"
            start = len(console.said)
            shell.type(f"{READ}\r")
            console.wait(NOTICED, READ_SECONDS, since=start)
        console.ended(STEP)


def test_a_medium_with_a_block_that_was_changed_says_so_and_goes_on(folder: Path, boot: Boot) -> None:
    copy = folder / "changed.iso"
    shutil.copyfile(ISO, copy)
    number = flip(copy)
    with boot(medium(Guest(folder=folder), "rescue", iso=copy)) as console:
        console.wait(r"root@.*# *$", BOOT)
        assert console.run("findmnt -nro SOURCE /run/rootfsbase") == "/dev/mapper/ovirt-node-image"
        assert "Input/output error" in console.run(READ, READ_SECONDS)
        assert console.run(STATUS).split()[-2:] == ["verity", "C"]
        assert f"data block {number} is corrupted" in console.run("dmesg")
        assert "FAILED" not in console.run("cd /run/initramfs/live && sha256sum -c sha256sums | grep -v squashfs")

"""Real writes to disks, inside a machine with 512 MB: runs tests/vm/inside/storage.py in the medium's rescue shell.

Their sectors have 4096 bytes, those of other machines 512.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from testbed.qemu import Disk, Guest
from vm.conftest import BOOT, INSTALL, Boot, digest, disk, medium

SCRIPT = Path(__file__).parent / "inside/storage.py"
SECTOR = 4096


def tools(folder: Path) -> Disk:
    """A disk with the script; the guest finds it by its label."""
    made = disk(folder, "tools", 8)
    (folder / "tools").mkdir()
    (folder / "tools/storage.py").write_text(SCRIPT.read_text())
    argv = ["mke2fs", "-q", "-t", "ext4", "-L", "TOOLS", "-d", str(folder / "tools"), str(made.file)]
    subprocess.run(argv, check=True, timeout=60)
    return made


def test_disks_are_written_and_no_other_is(folder: Path, boot: Boot) -> None:
    other = disk(folder, "other", 900)
    with other.file.open("r+b") as image:
        image.write(b"somebody's data " * 4096)
    before = digest(other)
    written = (disk(folder, "boot", 6144, SECTOR), disk(folder, "data", 6144, SECTOR))
    disks = (*written, other, tools(folder))
    with boot(medium(Guest(folder=folder, disks=disks, memory_mib=512), "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        console.run("mount -m -r LABEL=TOOLS /run/tools")
        said = console.run("cd / && python3 -P /run/tools/storage.py /dev/vda /dev/vdb /dev/vdc", 2 * INSTALL)
    assert "FAIL" not in said, said
    assert " passed, 0 failed" in said, said
    assert digest(other) == before

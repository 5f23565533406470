"""The boot record that we put together, beside the one that GRUB's own tool writes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ovirt_tui.system.block import MIB, SECTOR
from ovirt_tui.system.boot import CODE_END, boot_record, placed_core

GRUB = Path("/usr/lib/grub/i386-pc")
MODULES = ("biosdisk", "part_gpt", "fat", "ext2", "search", "configfile")
START, ROOM = MIB, MIB  # of the BIOS boot partition


def run(*argv: object) -> str:
    """What a command prints."""
    words = [str(word) for word in argv]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=120).stdout.strip()


@contextmanager
def attached(image: Path, mib: int, sector: int = SECTOR) -> Iterator[str]:
    """A blank disk in a file."""
    with image.open("wb") as file:
        file.truncate(mib * MIB)
    device = run("losetup", "--find", "--show", "--partscan", "--sector-size", sector, image)
    try:
        yield device
    finally:
        run("losetup", "--detach", device)


@contextmanager
def grub_folder(folder: Path) -> Iterator[Path]:
    """boot.img and core.img on a file system of their own: the tool insists on knowing what disk they are on."""
    with attached(folder / "grub.img", 8) as device:
        run("mkfs.ext4", "-q", device)
        point = folder / "grub"
        point.mkdir()
        run("mount", device, point)
        try:
            (point / "boot.img").write_bytes((GRUB / "boot.img").read_bytes())
            run("grub-mkimage", "-O", "i386-pc", "-p", "/grub", "-o", point / "core.img", *MODULES)
            yield point
        finally:
            run("umount", point)


@pytest.mark.root
@pytest.mark.parametrize("sector", [512, 4096])
def test_it_is_what_grubs_own_tool_writes(tmp_path: Path, sector: int) -> None:
    with grub_folder(tmp_path) as files, attached(tmp_path / "disk.img", 64, sector) as disk:
        made = ("mklabel", "gpt", "mkpart", "bios", "1MiB", "2MiB", "set", "1", "bios_grub", "on")
        run("parted", "--script", "--align", "none", disk, *made)
        before = Path(disk).read_bytes()
        run(GRUB / "grub-bios-setup", "--skip-fs-probe", "--no-rs-codes", f"--directory={files}", disk)
        after = Path(disk).read_bytes()
        image, core = ((files / name).read_bytes() for name in ("boot.img", "core.img"))
    ours = bytearray(before)
    placed = placed_core(core, START // SECTOR)
    ours[START : START + len(placed)] = placed
    ours[:SECTOR] = boot_record(image, before[:SECTOR], START // SECTOR)
    assert before[CODE_END:START] == after[CODE_END:START]
    assert [at for at in range(0, len(after), SECTOR) if ours[at : at + SECTOR] != after[at : at + SECTOR]] == []
    assert len(placed) < ROOM

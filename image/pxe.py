"""The PXE files: kernel, an initrd that carries the medium tree, and ready menu snippets."""

from __future__ import annotations

import shutil
from pathlib import Path

from bootmenu.entries import PXE_WORDS
from image.medium import Parts, medium_tree
from image.stage import joined, remove, run, say

PIECE = 8 * 1024 * 1024
"""Bytes of a piece of the image in the initrd: the boot holds at most one piece twice in memory."""


def pxe(parts: Parts, work: Path, target: Path) -> None:
    """Fill the folder *target*."""
    say("PXE files")
    remove(target)
    target.mkdir(parents=True)
    folder = work / "pxe"
    medium_tree(parts, folder / "medium")
    shutil.move(folder / "medium/LiveOS/squashfs.img", target / "squashfs.img")
    (folder / "medium/LiveOS").rmdir()
    run(
        ["split", "-b", str(PIECE), "-a", "3", "-d", target / "squashfs.img", folder / "medium/squashfs.img."],
        timeout=300,
    )
    shutil.copyfile(folder / "medium/vmlinuz", target / "vmlinuz")
    names = "".join(f"{path.relative_to(folder)}\n" for path in sorted(folder.rglob("*")))
    names = "medium\n" + names.removeprefix("medium\n")
    archive = work / "medium.cpio"
    run(["cpio", "--quiet", "-o", "-H", "newc", "--owner", "0:0", "-O", archive], stdin=names, cwd=folder, timeout=300)
    joined(target / "initrd.img", parts.initrd, archive)
    _snippets(target)
    archive.unlink()
    remove(folder)


def _snippets(target: Path) -> None:
    words = " ".join(PXE_WORDS)
    (target / "cmdline").write_text(f"{words}\n")
    (target / "pxelinux.cfg").write_text(
        "DEFAULT ovirt-node\nPROMPT 0\nLABEL ovirt-node\n"
        f"  KERNEL vmlinuz\n  INITRD initrd.img\n  APPEND {words}\n  IPAPPEND 2\n"
    )
    (target / "boot.ipxe").write_text(
        f"#!ipxe\nkernel vmlinuz initrd=initrd.img {words} BOOTIF=01-${{net0/mac:hexhyp}}\ninitrd initrd.img\nboot\n"
    )
    (target / "grub.cfg").write_text(
        f"menuentry 'oVirt Node' {{\n  linux /vmlinuz {words} BOOTIF=01-$net_default_mac\n  initrd /initrd.img\n}}\n"
    )

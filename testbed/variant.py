"""Images of other versions, made of the ISO: for upgrades, and of images that go wrong in one way or another."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bootmenu.entries import MEDIUM_LABEL
from bootmenu.words import NAME, words_file
from image.signing import sign
from ovirt_tui.system.media import FILES
from testbed.console import Console
from testbed.medium import ISO, files, own_words

HOOKS = "var/lib/dracut/hooks"
LIMIT = 300  # seconds


def variant(
    folder: Path,
    version: str,
    release: str = "1",
    hooks: Mapping[str, str] | None = None,
    key: Path | None = None,
    larger: int = 0,
) -> Path:
    """An ISO of *version* in *folder*, whose initrd runs *hooks* too: scripts by their paths below HOOKS.

    It is signed with the private *key*; without one it is not signed.  Its squashfs is *larger* bytes larger.

    What GRUB, a node and an initrd read of an image is as in the real one but for its version; there is no boot sector,
    so live() has to start its kernel.
    """
    taken, tree = files(ISO), folder / f"tree-{version}"
    (tree / "LiveOS").mkdir(parents=True)
    shutil.copy(taken["kernel"], tree / "vmlinuz")
    shutil.copy(taken["squashfs"], tree / "LiveOS/squashfs.img")
    os.truncate(tree / "LiveOS/squashfs.img", taken["squashfs"].stat().st_size + larger)
    (tree / "initrd.img").write_bytes(taken["initrd"].read_bytes() + _archive(folder / f"hooks-{version}", hooks or {}))
    (tree / "version").write_text(f'PRODUCT="oVirt Node"\nVERSION={version}\nRELEASE={release}\n')
    (tree / NAME).write_bytes(words_file(f"{version}-{release}", own_words(ISO)[1:]))
    seal(tree)
    if key:
        sign(tree / "sha256sums", key)
    made = folder / f"{version}.iso"
    run = ("xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", MEDIUM_LABEL, "-o", str(made), str(tree))
    subprocess.run(run, check=True, capture_output=True, timeout=LIMIT)
    shutil.rmtree(tree)
    return made


def plugged(console: Console, iso: Path, port: int = 0) -> None:
    """Attach *iso* as a disk that cannot be written, with the serial number NEW*port*."""
    with console.monitor() as monitor:
        monitor.order(
            "blockdev-add",
            **{
                "node-name": f"iso{port}",
                "driver": "raw",
                "read-only": True,
                "file": {"driver": "file", "filename": str(iso)},
            },
        )
        monitor.order(
            "device_add",
            driver="virtio-blk-pci",
            drive=f"iso{port}",
            id=f"new{port}",
            bus=f"spare{port}",
            serial=f"NEW{port}",
        )


def seal(tree: Path) -> None:
    """Write the checksums of a tree."""
    sums = (f"{hashlib.sha256((tree / name).read_bytes()).hexdigest()}  {name}\n" for name in (*FILES, NAME))
    (tree / "sha256sums").write_text("".join(sums))


def _archive(root: Path, hooks: Mapping[str, str]) -> bytes:
    """A cpio archive, which the kernel unpacks over what the initrd before it holds."""
    if not hooks:
        return b""
    for name, text in hooks.items():
        path = root / HOOKS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}")
        path.chmod(0o755)
    listed = subprocess.run(("find", "."), cwd=root, check=True, capture_output=True, timeout=LIMIT).stdout
    argv = ("cpio", "--create", "--format=newc", "--quiet", "--owner=0:0")
    return subprocess.run(argv, input=listed, cwd=root, check=True, capture_output=True, timeout=LIMIT).stdout

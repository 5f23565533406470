"""The files of the ISO, taken out of it so that QEMU can start the kernel with words of our choice."""

from __future__ import annotations

import subprocess
from pathlib import Path

ISO = Path("build/ovirt-node.iso")
WANTED = {"kernel": "/vmlinuz", "initrd": "/initrd.img", "squashfs": "/LiveOS/squashfs.img"}


def files(iso: Path) -> dict[str, Path]:
    """Take the kernel, initrd and squashfs out of *iso*, once for each ISO; returns where they are."""
    folder = iso.parent / "medium"
    stamp = folder / "of"
    made = f"{iso.stat().st_mtime_ns} {iso.stat().st_size}"
    found = {name: folder / Path(inside).name for name, inside in WANTED.items()}
    if not stamp.exists() or stamp.read_text() != made:
        folder.mkdir(parents=True, exist_ok=True)
        for name, inside in WANTED.items():
            found[name].unlink(missing_ok=True)
            argv = ["xorriso", "-osirrox", "on", "-indev", str(iso), "-extract", inside, str(found[name])]
            subprocess.run(argv, check=True, capture_output=True, timeout=300)
        stamp.write_text(made)
    return found


if __name__ == "__main__":
    files(ISO)

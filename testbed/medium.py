"""A machine with the ISO in its drive, whose kernel QEMU starts with words of our choice."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bootmenu.entries import LIVE_WORDS, SERIAL_WORDS
from testbed.qemu import Guest

ISO = Path("build/ovirt-node.iso")
WANTED = {"kernel": "/vmlinuz", "initrd": "/initrd.img", "squashfs": "/LiveOS/squashfs.img"}


def files(iso: Path) -> dict[str, Path]:
    """Extract the kernel, initrd and squashfs from *iso*, once for each ISO; return their paths."""
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


def live(guest: Guest, words: str, iso: Path = ISO) -> Guest:
    """The machine with the ISO in its drive, started with *words* after those of the medium."""
    taken = files(iso)
    line = " ".join((*LIVE_WORDS, *SERIAL_WORDS, words)).strip()
    return guest.with_(cdrom=iso, kernel=taken["kernel"], initrd=taken["initrd"], words=line)


if __name__ == "__main__":
    files(ISO)

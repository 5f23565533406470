"""A machine with the ISO in its drive, whose kernel QEMU starts with words of our choice."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bootmenu.entries import LIVE_WORDS, SERIAL_WORDS
from bootmenu.words import NAME as WORDS
from bootmenu.words import words_in
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
            _extract(iso, inside, found[name])
        _extract(iso, f"/{WORDS}", folder / WORDS, check=False)
        stamp.write_text(made)
    return found


def _extract(iso: Path, inside: str, target: Path, *, check: bool = True) -> None:
    target.unlink(missing_ok=True)
    argv = ["xorriso", "-osirrox", "on", "-indev", str(iso), "-extract", inside, str(target)]
    subprocess.run(argv, check=check, capture_output=True, timeout=300)


def own_words(iso: Path) -> tuple[str, ...]:
    """The words with which its menu starts *iso*: those of the image in it, or what media had before they told them."""
    file = files(iso)["kernel"].with_name(WORDS)
    return (LIVE_WORDS[0], *words_in(file.read_bytes())[1]) if file.exists() else LIVE_WORDS


def live(guest: Guest, words: str, iso: Path = ISO) -> Guest:
    """The machine with the ISO in its drive, started with *words* after those of the medium."""
    taken = files(iso)
    line = " ".join((*own_words(iso), *SERIAL_WORDS, words)).strip()
    return guest.with_(cdrom=iso, kernel=taken["kernel"], initrd=taken["initrd"], words=line)


if __name__ == "__main__":
    files(ISO)

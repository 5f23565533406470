"""Disks and sticks that somebody prepared, made with ordinary tools: what is on them must not be believed or followed.

python tests/hostile.py FOLDER makes them all; each is described by its function.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FORGED = "ovirt-node: installation is complete"
MOMENT = "-20300101-000000"
SECTOR = 512
TAIL = 33 * SECTOR  # the second GPT at the end of a disk
ACCOUNTS = "adminpw=$6$evil$evil\nrootpw=$6$evil$evil\nssh_pwauth=yes\nsshkey=evil\nroot_locked=no\n"
ANSWERS = (
    f"hostname=evil.example.com\n{ACCOUNTS}storage_init=/dev/vda,/dev/vdb,/dev/vdc\nstorage_override=/dev/vdb\n"
    f"systemd.debug-shell=1\ninit=/bin/sh\napikey=evil\nconsole=\x1b[2J\nhostname=\x1b[2J\r{FORGED}\nreinstall\n"
)


def run(*argv: str | Path, stdin: bytes = b"") -> None:
    """Run one of the tools."""
    subprocess.run(argv, check=True, input=stdin, capture_output=True, timeout=120)


def blank(path: Path, mib: int) -> Path:
    with path.open("wb") as image:
        image.truncate(mib << 20)
    return path


def put(path: Path, inside: Path, start_mib: int) -> None:
    """Copy the image *inside* into a disk."""
    with path.open("r+b") as disk:
        disk.seek(start_mib << 20)
        disk.write(inside.read_bytes())
    inside.unlink()


def table(path: Path, *names: str) -> None:
    """A GPT with partitions of 8 MiB, from the first MiB on, the second with the type of an ESP."""
    words = []
    for number, name in enumerate(names, 1):
        words += ["-n", f"{number}:{(1 + 8 * (number - 1))}M:+8M", "-c", f"{number}:{name}"]
    run("sgdisk", *words, *(("-t", "2:ef00") if len(names) > 1 else ()), path)


def labels(path: Path) -> None:
    """File systems and partitions whose names are orders to a terminal, or forge a line of ours."""
    table(
        blank(path, 64), f"\x1b[2J\n{FORGED}"[:36], "\u202e\u009b2J\u200b\u2066", f"\\n{FORGED}"[:36], "\x7f\x85\u2028x"
    )
    for number, label in enumerate(("\x1b[2J\x07\nx", "\\033[2J\\nx", "\u202eabc", "\x9b2J")):
        inside = blank(path.with_suffix(".part"), 8)
        run("mkfs.ext4", "-q", "-L", label, inside)
        put(path, inside, 1 + 8 * number)


def fat(path: Path, answers: bytes) -> Path:
    """A boot partition as ours with these answers."""
    run("mkfs.vfat", "-n", "NODE-ESP", blank(path, 8))
    run("mcopy", "-i", path, "-", "::/install.conf", stdin=answers)
    return path


def stranger(path: Path, answers: bytes = ANSWERS.encode()) -> None:
    """A disk that looks like an interrupted installation of ours, with answers of its own."""
    table(blank(path, 64), "BIOS boot", "ovirt-node-installing", "Root \x1b[2J9.9", "RootBackup")
    put(path, fat(path.with_suffix(".part"), answers), 9)


def huge_answers(path: Path) -> None:
    """As before; its answers are six MiB."""
    stranger(path, b"hostname=evil.example.com\n" * 250_000)


def many_answers(path: Path) -> None:
    """As before; its answers are few bytes in many lines."""
    stranger(path, b"dns=192.0.2.1\n" * 1000)


def damaged_fat(path: Path) -> None:
    """As before; the table of its file system leads in circles, and its answers have four GiB."""
    stranger(path, b"x" * 4096)
    with path.open("r+b") as disk:
        disk.seek(9 << 20)
        first = disk.read(SECTOR)
        reserved = int.from_bytes(first[14:16], "little")
        disk.seek((9 << 20) + reserved * SECTOR)
        disk.write(b"\x02\x20\x00" * SECTOR)  # every cluster is followed by the second one
        name = path.read_bytes().index(b"INSTAL~1CON", 9 << 20)
        disk.seek(name + 28)
        disk.write(b"\xff\xff\xff\xff")


def name_only(path: Path) -> None:
    """Nothing of ours but the name of a partition, on somebody's data."""
    table(blank(path, 64), "ovirt-node-installing")
    run("mkfs.ext4", "-q", "-L", "precious", inside := blank(path.with_suffix(".part"), 8))
    put(path, inside, 1)


def damaged_backup(path: Path) -> None:
    """Its second GPT is zeros."""
    labels(path)
    with path.open("r+b") as disk:
        disk.seek(-TAIL, os.SEEK_END)
        disk.write(bytes(TAIL))


def damaged_table(path: Path) -> None:
    """Its first GPT is noise."""
    labels(path)
    with path.open("r+b") as disk:
        disk.seek(SECTOR)
        disk.write(bytes(range(1, 256)) * 60)


def truncated(path: Path) -> None:
    """Its partitions reach far beyond its end."""
    stranger(path)
    os.truncate(path, 20 << 20)


def stick(path: Path) -> None:
    """Links and FIFOs, also under the names that a log of MOMENT gets, on an ext4 that wants the kernel to panic."""
    folder = path.with_suffix(".d")
    folder.mkdir()
    (folder / f"ovirt-node-install{MOMENT}.log").symlink_to("/dev/vda")
    os.mkfifo(folder / f"ovirt-node-install{MOMENT}-1.log")
    (folder / "install.conf").symlink_to("/etc/shadow")
    os.mkfifo(folder / "fifo")
    run("mkfs.ext4", "-q", "-L", "STICK", "-e", "panic", "-d", folder, blank(path, 64))


def missing_member(path: Path) -> None:
    """One of two physical volumes of a group."""
    images = (blank(path, 64), blank(path.with_suffix(".gone"), 64))
    loops = []
    try:
        for image in images:
            argv = ("losetup", "--find", "--show", str(image))
            loops.append(subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout.strip())
        run("pvcreate", "--devices", ",".join(loops), *loops)
        run("vgcreate", "--devices", ",".join(loops), "vg_gone", *loops)
    finally:
        for loop in loops:
            run("losetup", "--detach", loop)
        images[1].unlink()


DISKS: dict[str, Callable[[Path], None]] = {
    made.__name__: made
    for made in (
        *(labels, stranger, huge_answers, many_answers, damaged_fat, name_only),
        *(damaged_backup, damaged_table, truncated, stick, missing_member),
    )
}


ODD = r'ext4 "\\x1b\[2J\\x07\\x0ax"'
OURS = r"\\x1b\[2J9\.9, an interrupted installation"
ON_PAGE = {
    "labels": ODD,
    "stranger": OURS,
    "huge_answers": OURS,
    "many_answers": OURS,
    "damaged_fat": OURS,
    "name_only": r'ext4 "precious"',
    "damaged_backup": ODD,  # the first copy of the table is whole
    "damaged_table": r"a partition table \(GPT\) without partitions, empty or damaged",
    "truncated": r"a damaged partition table \(GPT\)",
    "stick": r'ext4 "STICK"',
    "missing_member": r"LVM2_member, volume group vg_gone",
}
"""What the page of disks says of each: a pattern."""
UNREAD = {
    "stranger": "",
    "huge_answers": "larger than 65536 bytes",
    "many_answers": "more than 200 lines",
    "damaged_fat": "larger than 65536 bytes",
}
"""Of which disks the answers are looked for, and why they are not taken; empty where they are."""


def main() -> None:
    """Make them all in a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in DISKS.items():
        make(folder / f"{name}.img")


if __name__ == "__main__":
    main()

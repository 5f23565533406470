"""Who uses the disks of an iSCSI session: what is mounted, swap, what is made of them, and programs such as guests."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ovirt_tui.machine.untrusted import escaped

READS_ONLY = ("multipathd", "(udev-worker)", "systemd-udevd", "iscsid")
"""Programs that look at every disk, and lose nothing with one."""
JOINED = ("mpath-", "part")
"""How the UUIDs of maps begin that only stand for a disk, or a part of it."""


def users(sysfs: Path, session: int, proc: Path = Path("/proc")) -> tuple[str, ...]:
    """What uses a disk of the session of this number: mount points, swap, names of maps, and programs."""
    disks = (sysfs / f"class/iscsi_session/session{session}/device").glob("target*/*/block/*")
    found = {number: name for disk in disks for number, name in _devices(disk)}
    made = [name.removeprefix("=") for name in found.values() if name.startswith("=")]
    here = [*made, *_mounted(proc, set(found)), *_swaps(proc, set(found.values())), *_programs(proc, set(found))]
    return tuple(dict.fromkeys(map(escaped, here)))


def _devices(folder: Path) -> Iterator[tuple[str, str]]:
    """A device, its partitions and what is made of them: "8:16" and its name, with = before what is no mere disk."""
    try:
        number = (folder / "dev").read_text().strip()
    except OSError:
        return
    named = folder / "dm/uuid"
    plain = not named.is_file() or named.read_text(errors="replace").startswith(JOINED)
    yield number, folder.name if plain and not (folder / "md").is_dir() else f"={_title(folder)}"
    for part in folder.glob("*/partition"):
        yield from _devices(part.parent)
    for holder in folder.glob("holders/*"):
        yield from _devices(holder.resolve())


def _title(folder: Path) -> str:
    try:
        return (folder / "dm/name").read_text(errors="replace").strip()
    except OSError:
        return folder.name


def _mounted(proc: Path, numbers: set[str]) -> Iterator[str]:
    for line in (proc / "self/mountinfo").read_text(errors="replace").splitlines():
        words = line.split()
        if words[2] in numbers:
            yield words[4]


def _swaps(proc: Path, names: set[str]) -> Iterator[str]:
    for line in (proc / "swaps").read_text(errors="replace").splitlines()[1:]:
        if Path(line.split()[0]).resolve().name in names:
            yield "swap"


def _programs(proc: Path, numbers: set[str]) -> Iterator[str]:
    """The programs that have one of these devices open, by its number: a guest knows it by a name of its own."""
    for process in proc.glob("[0-9]*"):
        try:
            # the kernel cuts a name at 15 bytes, in the middle of a letter too, and a program may give itself any
            name = (process / "comm").read_text(errors="replace").strip()
            handles = list((process / "fd").iterdir()) if name not in READS_ONLY else []
        except OSError:
            continue  # it has ended
        for handle in handles:
            try:
                seen = handle.stat()
            except OSError:
                continue
            if stat.S_ISBLK(seen.st_mode) and f"{os.major(seen.st_rdev)}:{os.minor(seen.st_rdev)}" in numbers:
                yield f"{name} ({process.name})"
                break

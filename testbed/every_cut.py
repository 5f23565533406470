"""make test-powercut: replays the recorded life of a node, and says what it would start after every power cut."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bootmenu.entries import BOOT_NUMBER
from testbed.cut_boots import Found, chosen, started
from testbed.life import FOLDER, MIB, Part, Recorder
from testbed.offline import gpt
from testbed.offline.fat import Fat
from testbed.offline.settings import MEMORY
from testbed.offline.starts import Reader, Start
from testbed.power_cuts import SAMPLES, Point, judged, made_again
from testbed.replayed import Replayed
from testbed.write_log import Write, requests

STARTED = 1
"""Points of each part that a machine is started at: that takes two minutes each where processors are emulated."""
CHANGING = ("grub/grubenv", "grub/crash.cfg", "grub/password.cfg")
"""Files of the boot loader that a node writes once it is installed."""


def of(part: Part, folder: Path) -> Iterator[Write]:
    """The requests of *part*."""
    return (each for each in requests(folder / part.log) if part.first <= each.number < part.end)


def blank(folder: Path) -> Replayed:
    """The disk as it was before all."""
    path = folder / "replayed.img"
    with path.open("wb") as file:
        file.truncate(MIB << 20)
    return Replayed(path)


def loader(disk: Replayed) -> dict[str, str]:
    """The SHA-256 of each file of the boot loader that never changes, on an installed disk."""
    files = Fat(gpt.first(disk)[BOOT_NUMBER].of(disk))
    paths = (path for path in files.paths() if path.startswith(("grub/", "EFI/")) and path not in CHANGING)
    return {path: hashlib.sha256(files.read(path)).hexdigest() for path in paths}


def every(parts: tuple[Part, ...], folder: Path, samples: int = SAMPLES, each: int = STARTED) -> bool:
    """Print what becomes of every point, and of *each* points of a part in a machine; True where all survive."""
    start, points, survived, taken = time.monotonic(), 0, 0, list[tuple[Point, Start]]()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as scratch:
        disk = blank(Path(scratch))
        disk.apply(of(parts[0], folder))
        reader = Reader(loader(disk))
        disk.close()
        disk = blank(Path(scratch))
        for part in parts:
            tally = judged(part.name, lambda: of(part, folder), disk, reader, samples)  # noqa: B023
            points, survived = points + tally.points.total(), survived + tally.survived.total()
            taken += chosen(part.name, tally.found, each)
            print(*tally.lines(), sep="\n", flush=True)
        disk.close()
    print(f"{points} points checked, {survived} survived, in {time.monotonic() - start:.0f} s", flush=True)
    return came_up(taken, parts, folder) and points == survived


def came_up(taken: Found, parts: tuple[Part, ...], folder: Path) -> bool:
    """Print what comes up of the disks at some points; True where it is what was read there."""
    start, good = time.monotonic(), 0
    for point, system, wrong in started(taken, lambda at, target: make(at.name, target, parts, folder), folder):
        print(f"    {point.name}: {system} came up{f'; FAILED: {wrong}' if wrong else ''}", flush=True)
        good += not wrong
    print(f"{len(taken)} of them started in a machine, {good} came up, in {time.monotonic() - start:.0f} s")
    return good == len(taken)


def make(name: str, target: Path, parts: tuple[Part, ...], folder: Path) -> bool:
    """Write the disk as it is at the point *name* to *target*; False where there is none."""
    point = Point.named(name)
    disk = blank(target.parent)
    for part in parts:
        if part.name == point.part:
            found = made_again(point, of(part, folder), disk)
            disk.close()
            shutil.move(disk.path, target)
            return found
        disk.apply(of(part, folder))
    disk.close()
    disk.path.unlink()
    return False


def main() -> int:
    """Run as 'python -m testbed.every_cut [--make NAME FILE]'."""
    parser = argparse.ArgumentParser(prog="make test-powercut")
    parser.add_argument("--make", nargs=2, metavar=("NAME", "FILE"), help="the disk as it is at the point of this name")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of each loss between two flushes")
    parser.add_argument("--start", type=int, default=STARTED, help="points of each part that a machine is started at")
    given = parser.parse_args()
    parts = Recorder().recording()
    if given.make:
        return 0 if make(given.make[0], Path(given.make[1]), parts, FOLDER) else 1
    return 0 if every(parts, FOLDER, given.samples, given.start) else 1


if __name__ == "__main__":
    sys.exit(main())

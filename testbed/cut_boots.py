"""Starts a sample of the disks that power cuts left, in a machine: what was read offline is what comes up."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from testbed.console import Console, NotSeen
from testbed.offline.starts import Kind, Start
from testbed.person import BOOT, STEP, settled
from testbed.power_cuts import Point
from testbed.qemu import Disk, Guest

HOSTNAME = "(printf '%o ' 0x$(stat -c %f /etc/hostname); cat /etc/hostname) | sha256sum"
"""Mode and content of a file, as testbed/offline/settings.py sums them up."""
Found = Sequence[tuple[Point, Start]]
SERIAL = "NODE0001"
"""As the disk was called that the writes were recorded of: the boot menu knows it by that."""


def chosen(part: str, found: Found, count: int) -> Found:
    """At most *count* of the points of *part* that start a node; the same ones each time."""
    starting = [each for each in found if each[1].kind is Kind.NODE]
    return random.Random(part).sample(starting, min(count, len(starting)))


def started(found: Found, make: Callable[[Point, Path], bool], folder: Path) -> Iterator[tuple[Point, str, str]]:
    """Start the disk of each point; yield what came up, and why that is wrong."""
    for point, start in found:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            disk = Disk(Path(scratch, "disk.img"), SERIAL)
            if not make(point, disk.file):
                raise RuntimeError(f"{point.name} cannot be made again")
            log = folder / f"started-{point.name.replace(':', '-')}.log"
            try:
                system, hostname = _came_up(
                    Guest(folder=Path(scratch), disks=(disk,), memory_mib=1024, shell=True), log
                )
            except NotSeen as nothing:
                yield point, "nothing", f"nobody could log in: {str(nothing)[-300:]}"
            else:
                yield point, system, _wrong(start, system, hostname)


def _came_up(guest: Guest, log: Path) -> tuple[str, str]:
    """The image that runs, as VERSION in SLOT, and the digest of what its settings call the node."""
    with Console(guest, log) as console:
        console.wait(r"login: *$", BOOT, since=0)
        shell = console.root_shell()
        settled(shell)
        said = json.loads(shell.run("ovirt-tui status --json", STEP))
        return f"{said['version']} in {said['slot']}", shell.run(HOSTNAME).partition(" ")[0]


def _wrong(start: Start, system: str, hostname: str) -> str:
    """Why what came up is not what the disk was read to start."""
    if system not in start.systems:
        return f"it was to be {' or '.join(start.systems)}"
    meant = start.etc[start.systems.index(system)].get("hostname")
    return "" if hostname == meant else "its settings are not those that were on the disk"

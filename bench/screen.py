"""The installer on recorded machines with 4, 256 and 4096 disks, beside a bare urwid program (bench/floor.py).

The start is the time until the first page, Welcome.  The arrow keys are those on the page of the boot disk, from the
end of the list upwards and back, so that the cost of a long list shows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, at_most, at_most_times
from bench.latency import Program, Result, Walk, compare
from ovirt_tui.machine.facts import Disk, Facts, Nic, dump

FOLDER = Path("build/bench")
COUNTS = (4, 256, 4096)
WAY = 15  # lines that the arrow keys go up, and down again
START_TIMES, KEY_TIMES = 3, 2
KEY_MS = 16  # with the largest number of disks
KEY_BYTES = 300
PEAK_MIB = 60


def machine(disks: int) -> Path:
    """Record a machine with this many disks; returns the file."""
    facts = Facts(
        version="0.1.0-1",
        memory_mib=8192,
        image_mib=220,
        keymaps=("us",),
        disks=tuple(
            Disk(
                path=f"/dev/disk{number}",
                links=(f"/dev/disk/by-id/scsi-3600000000000{number:04x}",),
                mib=20480,
                bus="scsi",
                model="Rack disk",
                serial=f"3600000000000{number:04x}",
            )
            for number in range(disks)
        ),
        nics=(Nic(name="eth0", mac="52:54:00:00:00:01", link=True),),
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"machine-{disks}.json"
    path.write_text(dump(facts))
    return path


def turns(disks: int) -> tuple[tuple[Program, Walk], tuple[Program, Walk]]:
    """The installer on a machine with this many disks, and the bare program."""
    python = sys.executable
    ours = Program((python, "-m", "tests.recorded", "install", str(machine(disks))), r"Welcome +1 of")
    floor = Program((python, "-m", "bench.floor", str(disks)), r"/dev/disk0 ")
    way = min(disks - 1, WAY)
    keys = ",".join([f"up*{way},down*{way}"] * (WAY // way))
    to_the_disks = (("enter", r"Keyboard +2 of"), ("f10", r"Boot disk +3 of"), ("end", rf"{disks} of {disks}"))
    return (ours, Walk(to_the_disks, keys)), (floor, Walk((("end", r"/dev/disk0 "),), keys))


def figures(disks: int) -> Iterator[Figure]:
    """Start, arrow key, bytes and memory on a machine with this many disks."""
    ours, floor = compare(turns(disks))
    yield _start(ours, floor)
    yield _key(ours, floor, most=disks == max(COUNTS))
    yield Figure(
        "bytes sent per arrow key",
        f"{ours.key_bytes:.0f}, at most {ours.most_bytes}",
        f"{floor.key_bytes:.0f}, at most {floor.most_bytes}",
        *at_most(KEY_BYTES, "bytes", ours.most_bytes),
    )
    yield Figure("peak memory", f"{ours.peak:.1f} MiB", f"{floor.peak:.1f} MiB", *at_most(PEAK_MIB, "MiB", ours.peak))


def _start(ours: Result, floor: Result) -> Figure:
    return Figure(
        "start to the first screen",
        f"{ours.start:.0f} ms, {ours.start / floor.start:.1f} times",
        f"{floor.start:.0f} ms",
        *at_most_times(START_TIMES, ours.start, floor.start),
    )


def _key(ours: Result, floor: Result, *, most: bool) -> Figure:
    return Figure(
        "arrow key to repaint, 99th percentile",
        f"{ours.key:.1f} ms, {ours.key / floor.key:.1f} times",
        f"{floor.key:.1f} ms (median {floor.usual_key:.1f} ms, ours {ours.usual_key:.1f} ms)",
        *(at_most(KEY_MS, "ms", ours.key) if most else at_most_times(KEY_TIMES, ours.key, floor.key)),
    )

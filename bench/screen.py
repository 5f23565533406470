"""How fast the installer opens and repaints with 4, 256 and 4096 disks, beside a bare urwid program."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ovirt_tui.facts import Disk, Facts, Nic, dump

FOLDER = Path("build/bench")
COUNTS = (4, 256, 4096)
REACH_THE_LIST = "enter,f10"  # Welcome, Keyboard
LIMIT = 900


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    value: str
    yardstick: str
    mark: str = ""


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


def measure(disks: int, ready: str, before: str, keys: str) -> dict[str, object]:
    """Run the program in a terminal, and the floor in turn with it."""
    argv = [sys.executable, "bench/tui_latency.py", "--ready", ready, "--before", before, "--keys", keys]
    argv += ["--repeat", "4", "--runs", "5", "--floor", f"urwid={sys.executable} -m bench.floor", "--"]
    argv += [sys.executable, "-m", "tests.recorded", "install", str(machine(disks))]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise RuntimeError(f"the measurement failed: {done.stderr or done.stdout}")
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def figures() -> Iterator[Figure]:
    """Start, arrow key, bytes and memory for each size of machine."""
    for count in COUNTS:
        keys = "down*3,up*3" if count == min(COUNTS) else "down*15,up*15"
        found = measure(count, "Welcome|Install", REACH_THE_LIST, keys)
        ours, floor = found["median"], found["floors"]["urwid"]["median"]  # type: ignore[index,call-overload]
        yield _figure(f"{count} disks: start to first screen", ours, floor, "ready", "first_frame", "ms", "3 times")
        yield _figure(
            f"{count} disks: arrow key, 99th percentile", ours, floor, "key_last_p99", "key_last_p99", "ms",
            "16 ms" if count == max(COUNTS) else "twice",
        )  # fmt: skip
        yield _figure(
            f"{count} disks: bytes per arrow key", ours, floor, "key_bytes_p50", "key_bytes_p50", "bytes", "300"
        )
        yield _figure(f"{count} disks: peak memory", ours, floor, "rss_peak", "rss_peak", "MiB", "60 MiB")


def _figure(
    name: str, ours: dict[str, float], floor: dict[str, float], here: str, there: str, unit: str, mark: str
) -> Figure:
    value, yardstick = ours[here], floor.get(there, 0)
    ratio = f", {value / yardstick:.1f} times" if yardstick else ""
    return Figure(name, f"{value:.1f} {unit}{ratio}", f"bare urwid {yardstick:.1f} {unit}", mark)

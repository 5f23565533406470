"""A real installation in one virtual machine with 512 MB of memory, on the smallest disk that is allowed."""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, at_most_times
from bootmenu.entries import SERIAL_WORDS
from ovirt_tui.machine import disks, facts
from testbed.console import Console
from testbed.medium import ISO, files, live
from testbed.password import crypted
from testbed.person import log_in_with_expired_password, open_shell
from testbed.qemu import Disk, Guest

LOGS = Path("build/bench")
MEMORY = 512
LIMIT = 1800
WRITE_TIMES = 5
PASSWORD = "correct horse 9"
MEDIUM = "/run/initramfs/live"
COPY = f"cat {MEDIUM}/vmlinuz {MEDIUM}/initrd.img {MEDIUM}/LiveOS/squashfs.img"
EMPTY_CACHE = "sync; echo 3 > /proc/sys/vm/drop_caches"
TURNS = 3
"""Runs of dd, of which the median counts: one alone differs by a quarter."""


def figures() -> Iterator[Figure]:
    """Time from first write to done beside dd of the same bytes; the smallest disk; free memory."""
    with tempfile.TemporaryDirectory(prefix="ovirt-node-bench-") as name:
        disk = Disk(Path(name) / "disk.img", "BENCH").create(disks.SMALLEST_MIB)
        guest = Guest(folder=Path(name), disks=(disk,), memory_mib=MEMORY)
        with Console(live(guest, "rescue"), LOGS / "install.log") as console:
            yield _install(console, sum(path.stat().st_size for path in files(ISO).values()))
        with Console(guest, LOGS / "node.log") as console:
            yield from _node(console)


def _install(console: Console, size: int) -> Figure:
    console.wait(r"root@.*# *$", LIMIT)
    console.run(EMPTY_CACHE)
    floor = statistics.median(_dd(console, size) for _turn in range(TURNS))
    said = len(console.said)
    line = f"storage_init=virtio:BENCH BOOTIF=link adminpw={crypted(PASSWORD)} {' '.join(SERIAL_WORDS)}"
    console.type(f"ovirt-tui autoinstall --cmdline '{line}'\r")
    console.wait(r"ovirt-node: .*Partitioning the disks", LIMIT, since=said)
    start = time.monotonic()
    ending = console.wait(r"ovirt-node: (installation is complete|failed|refused)", LIMIT, since=said)
    ours = time.monotonic() - start
    if "complete" not in ending:
        raise RuntimeError(f"the installation did not succeed:\n{console.text()}")
    console.ended(LIMIT)
    return written(ours, floor, size)


def written(ours: float, floor: float, size: int) -> Figure:
    """How long an installation takes from its first write, beside dd of the *size* bytes of the medium."""
    return Figure(
        "first write to done",
        f"{ours:.0f} s, {ours / floor:.1f} times",
        f"dd of the same {size / 1e6:.0f} MB {floor:.0f} s",
        *at_most_times(WRITE_TIMES, ours, floor),
    )


def _dd(console: Console, size: int) -> float:
    """Seconds that dd takes to write the bytes of the medium to the disk, which is blank before and after."""
    start = time.monotonic()
    said = console.run(f"{COPY} | dd of=/dev/vda bs=1M iflag=fullblock conv=fsync 2>&1", LIMIT)
    seconds = time.monotonic() - start
    if f"{size} bytes" not in said:
        raise RuntimeError(f"dd did not write the {size} bytes of the medium:\n{said}")
    console.run(f"blkdiscard /dev/vda && udevadm settle; {EMPTY_CACHE}")
    return seconds


def _node(console: Console) -> Iterator[Figure]:
    log_in_with_expired_password(console, PASSWORD, f"{PASSWORD} 2")
    smallest = disks.SMALLEST_MIB
    refused = disks.unusable(facts.Disk(path="/dev/vda", mib=smallest - 1))
    yield Figure(
        "smallest disk installed on",
        f"{smallest * 1.048576:.0f} MB ({smallest} MiB)",
        f"{smallest - 1} MiB are {'refused' if refused else 'not refused'}",
        "at most 850 MB",
        smallest << 20 <= 850e6,
    )
    open_shell(console)
    found = re.findall(r"(?:MemTotal|MemAvailable): +(\d+)", console.run("cat /proc/meminfo"))
    total, free = (int(kib) // 1024 for kib in found[:2])
    yield Figure(f"memory free on the node at {MEMORY} MB", f"{free} MiB", f"{total} MiB are there for its programs")

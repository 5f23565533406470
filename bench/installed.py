"""Figures of a real installation, in one virtual machine with 512 MB of memory."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.screen import Figure
from bootmenu.entries import LIVE_WORDS, SERIAL_WORDS
from guest.console import Console
from guest.medium import ISO, files
from guest.person import log_in_with_expired_password, open_shell
from guest.qemu import Disk, Guest

LOGS = Path("build/bench")
MEMORY = 512
SMALLEST_MIB = 810  # 850 MB
LIMIT = 1800
PASSWORD = "correct horse 9"
MEDIUM = "/run/initramfs/live"
COPY = f"cat {MEDIUM}/vmlinuz {MEDIUM}/initrd.img {MEDIUM}/LiveOS/squashfs.img"
EMPTY_CACHE = "sync; echo 3 > /proc/sys/vm/drop_caches"


def figures() -> Iterator[Figure]:
    """Time from first write to done beside dd of the same bytes; free memory; the smallest disk."""
    with tempfile.TemporaryDirectory(prefix="ovirt-node-bench-") as name:
        disk = Disk(Path(name) / "disk.img", "BENCH").create(SMALLEST_MIB)
        guest = Guest(folder=Path(name), disks=(disk,), memory_mib=MEMORY)
        taken = files(ISO)
        words = " ".join((*LIVE_WORDS, *SERIAL_WORDS, "rescue"))
        live = guest.with_(cdrom=ISO, kernel=taken["kernel"], initrd=taken["initrd"], words=words)
        with Console(live, LOGS / "install.log") as console:
            yield _install(console)
        with Console(guest, LOGS / "node.log") as console:
            yield from _node(console)


def _install(console: Console) -> Figure:
    console.wait(r"root@.*# *$", LIMIT)
    console.run(EMPTY_CACHE)
    start = time.monotonic()
    console.run(f"{COPY} | dd of=/dev/vda bs=1M conv=fsync 2>/dev/null", LIMIT)
    floor = time.monotonic() - start
    console.run(f"wipefs -qa /dev/vda; {EMPTY_CACHE}")
    said = len(console.said)
    line = f"storage_init=virtio:BENCH BOOTIF=link adminpw={_hash()} {' '.join(SERIAL_WORDS)}"
    console.type(f"ovirt-tui autoinstall --cmdline '{line}'\r")
    console.wait(r"ovirt-node: \(1/", LIMIT, since=said)
    start = time.monotonic()
    console.wait(r"ovirt-node: (installation is complete|failed|refused)", LIMIT, since=said)
    ours = time.monotonic() - start
    console.ended(LIMIT)
    return Figure(
        "first write to done", f"{ours:.0f} s, {ours / floor:.1f} times", f"dd of the same bytes {floor:.0f} s"
    )


def _node(console: Console) -> Iterator[Figure]:
    log_in_with_expired_password(console, PASSWORD, f"{PASSWORD} 2")
    yield Figure("smallest disk installed on", f"{SMALLEST_MIB} MiB", "promised 850 MB = 810 MiB")
    open_shell(console)
    found = re.findall(r"(?:MemTotal|MemAvailable): +(\d+)", console.run("cat /proc/meminfo"))
    total, free = (int(kib) // 1024 for kib in found[:2])
    yield Figure("memory free on the node at 512 MB", f"{free} MiB", f"of {total} MiB that the kernel has")


def _hash() -> str:
    argv = ["openssl", "passwd", "-6", "-stdin"]
    return subprocess.run(argv, input=PASSWORD, text=True, capture_output=True, check=True, timeout=30).stdout.strip()

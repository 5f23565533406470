"""A block device of this host of which each write and flush is recorded: no virtual machine, but root."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed.qemu import recorded

LIMIT = 60  # seconds


@contextmanager
def attached(image: Path, *more: str) -> Iterator[str]:
    """The path of a loop device on *image*; *more* are arguments of losetup."""
    device = run("losetup", "--find", "--show", *more, image).strip()
    try:
        yield device
    finally:
        run("losetup", "--detach", device)


@contextmanager
def recording(image: Path, log: Path) -> Iterator[Path]:
    """A file that is the raw *image*; *log* gets every write and flush to it, as testbed/write_log.py reads it."""
    door = image.with_suffix(".recorded")
    door.touch()
    argv = ["qemu-storage-daemon", *recorded(image, log, "disk")]
    argv += ["--export", f"type=fuse,id=door,node-name=disk,mountpoint={door},writable=on"]
    argv = [word.replace("-blockdev", "--blockdev") if word == "-blockdev" else word for word in argv]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL) as daemon:
        try:
            _opened(daemon, door, image.stat().st_size)
            yield door
        finally:
            daemon.terminate()
            daemon.wait(LIMIT)


def run(*argv: object) -> str:
    """What a program prints; CalledProcessError when it fails."""
    words = [str(word) for word in argv]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=LIMIT).stdout


def _opened(daemon: subprocess.Popen[bytes], door: Path, size: int) -> None:
    end = time.monotonic() + LIMIT
    while door.stat().st_size != size:
        if daemon.poll() is not None or time.monotonic() > end:
            raise RuntimeError("qemu-storage-daemon does not open its file")
        time.sleep(0.05)

"""An upgrade in place in one virtual machine, and how long the node is away for it."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, at_most_times
from bench.installed import EMPTY_CACHE, LIMIT, LOGS, TURNS
from bootmenu.entries import SLOTS
from testbed.console import Console, Terminal
from testbed.qemu import Guest
from testbed.saved import Node, at_login
from testbed.variant import plugged, variant

UPGRADE_TIMES, AWAY_TIMES = 3, 1.2
NEW = "/dev/disk/by-id/virtio-NEW0"
FREE = f"/dev/vda{SLOTS['RootBackup']}"


def figures() -> Iterator[Figure]:
    """Time of an upgrade beside dd of the same image; from the restart to the login, beside a plain restart."""
    with tempfile.TemporaryDirectory(prefix="ovirt-node-bench-") as name:
        folder = Path(name)
        image = variant(folder, "0.9.0")
        guest = Node().guest(folder)
        off = guest.with_(state="")
        with Console(guest, LOGS / "before.log") as console:
            at_login(console)
            plain = _leaves(console, console.root_shell())
        with Console(off, LOGS / "upgrade.log") as console:
            plain += _comes(console)
            shell = console.root_shell()
            plugged(console, image)
            yield _upgrade(shell, image.stat().st_size)
            away = _leaves(console, shell)
        away += _trial(off)
    yield Figure(
        "restart to login after an upgrade",
        f"{away:.0f} s, {away / plain:.2f} times",
        f"a plain restart {plain:.0f} s",
        *at_most_times(AWAY_TIMES, away, plain),
    )


def _leaves(console: Console, shell: Terminal) -> float:
    """Seconds until the machine has gone down."""
    start = time.monotonic()
    shell.type("systemctl reboot\r")
    console.ended(LIMIT)
    return time.monotonic() - start


def _comes(console: Console) -> float:
    """Seconds until somebody can log in."""
    start = time.monotonic()
    console.wait(r"login: *$", LIMIT)
    return time.monotonic() - start


def _trial(guest: Guest) -> float:
    with Console(guest, LOGS / "trial.log") as console:
        seconds = _comes(console)
        console.wait(r"0\.9\.0-1 has proven itself", LIMIT, since=0)
        return seconds


def _upgrade(shell: Terminal, size: int) -> Figure:
    shell.run(f"udevadm settle; until [ -b {NEW} ]; do sleep 1; done; virsh list", LIMIT)
    floor = statistics.median(_dd(shell) for _turn in range(TURNS))
    shell.run(f"dd if=/dev/zero of={FREE} bs=1M; udevadm settle", LIMIT)  # udev names no partition that holds an ISO
    start = time.monotonic()
    said = shell.run(f"ovirt-tui upgrade --unsigned {NEW}; echo status $?", LIMIT)
    ours = time.monotonic() - start
    if "status 0" not in said:
        raise RuntimeError(f"the upgrade did not succeed:\n{said}")
    return Figure(
        "an upgrade, to its last write",
        f"{ours:.0f} s, {ours / floor:.1f} times",
        f"dd of the same {size / 1e6:.0f} MB {floor:.0f} s",
        *at_most_times(UPGRADE_TIMES, ours, floor),
    )


def _dd(shell: Terminal) -> float:
    """Seconds that dd takes to write the image to the free slot."""
    shell.run(EMPTY_CACHE)
    start = time.monotonic()
    said = shell.run(f"dd if={NEW} of={FREE} bs=1M conv=fsync 2>&1; echo status $?", LIMIT)
    if "status 0" not in said:
        raise RuntimeError(f"dd did not write the image:\n{said}")
    return time.monotonic() - start

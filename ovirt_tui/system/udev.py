"""What udev knows about devices, as one reading of its database."""

from __future__ import annotations

from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run, succeeds

SETTLE_SECONDS = 60

Device = dict[str, str]
"""Properties by name; DEVPATH, SUBSYSTEM and, for block devices, DEVNAME and DEVTYPE are always there."""


def settle() -> bool:
    """Wait until udev has handled every event so far, at most SETTLE_SECONDS; say whether it has."""
    argv = ("udevadm", "settle", f"--timeout={SETTLE_SECONDS}")
    return succeeds(argv, seconds=SETTLE_SECONDS + 10, reads=True)


def database() -> str:
    """Block and network devices in the format of 'udevadm info --export-db'."""
    argv = ("udevadm", "info", "--export-db")
    try:
        return run((*argv, "--subsystem-match=block", "--subsystem-match=net"), reads=True)
    except StepFailed:  # before systemd 255
        return run(argv, reads=True)


def devices(text: str, subsystem: str) -> tuple[Device, ...]:
    """The devices of *subsystem* in *text*, a database() reading."""
    found = []
    for block in text.split("\n\n"):
        lines = (line[3:].partition("=") for line in block.splitlines() if line.startswith("E: "))
        device = {name: value for name, _equal, value in lines}
        if device.get("SUBSYSTEM") == subsystem:
            found.append(device)
    return tuple(found)

"""make run, make boot: a machine with a blank disk, in this terminal or, if there is none, unattended."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from ovirt_tui.system.boot_code import CODE_END, NOTHING
from testbed.console import Console, NotSeen
from testbed.medium import live
from testbed.password import crypted
from testbed.qemu import Disk, Guest, accelerator

FOLDER = Path("build/run")
DISK_MIB = 20480
PASSWORD = "install me"  # of admin after an unattended installation; it must be changed at the first login
LIMIT = 3600  # seconds for one boot under emulation


def installer(arguments: str) -> Guest:
    """The machine with the medium in its drive."""
    return live(machine(), arguments)


def machine() -> Guest:
    """The machine with nothing but its disk."""
    return Guest(folder=FOLDER, disks=(Disk(FOLDER / "disk.img", "NODE0001"),))


def unattended_arguments() -> str:
    """The documented defaults of a run without a terminal."""
    return f"storage_init=/dev/vda BOOTIF=link hostname=node1.example.com adminpw={crypted(PASSWORD)}"


def attended(arguments: str) -> int:
    """Install and boot in this terminal."""
    print("Leave the machine at any time with Ctrl-A, then X.", flush=True)
    status = subprocess.run(installer(arguments).argv("mon:stdio"), check=False).returncode
    return status or boot()


def boots(disk: Path) -> bool:
    """Say whether *disk* has boot code for a BIOS; the installer writes that last."""
    try:
        with disk.open("rb") as image:
            return image.read(CODE_END) not in (b"", bytes(CODE_END), NOTHING)
    except FileNotFoundError:
        return False


def boot() -> int:
    """Boot the installed disk in this terminal."""
    if not boots(FOLDER / "disk.img"):
        print("Nothing is installed on the disk of this machine; 'make run' installs it.", file=sys.stderr)
        return 1
    print("Booting the installed disk. Leave the machine with Ctrl-A, then X.", flush=True)
    return subprocess.run(machine().argv("mon:stdio"), check=False).returncode


def unattended(arguments: str) -> int:
    """Install from the kernel line, boot the disk, and wait for its login prompt."""
    start = time.monotonic()
    try:
        with Console(installer(arguments or unattended_arguments()), FOLDER / "install.log") as console:
            _say(start, "the installer boots")
            console.wait(r"ovirt-node: (\(|refused|failed|start)", LIMIT, since=0)
            _follow(console, start)
        with Console(machine(), FOLDER / "node.log") as console:
            _say(start, "the installed node boots")
            console.wait(r"login: ", LIMIT, since=0)
            _say(start, "the installed node offers its login")
    except NotSeen as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _follow(console: Console, start: float) -> None:
    """Print what the installation reports, until the machine reboots."""
    shown = 0
    end = time.monotonic() + LIMIT
    while not console.ended_already() and time.monotonic() < end:
        console.settle(2)
        lines = console.said.splitlines()
        for line in lines[shown:-1]:
            if "ovirt-node: " in line:
                _say(start, line.partition("ovirt-node: ")[2].strip())
        shown = max(shown, len(lines) - 1)
        if "ovirt-node: refused" in console.said or "ovirt-node: failed" in console.said:
            raise NotSeen(f"the installation did not succeed\n{console.text()}")


def _say(start: float, text: str) -> None:
    print(f"{time.monotonic() - start:6.0f} s  {text}", flush=True)


def main() -> int:
    """Run as 'python -m testbed.run [boot] [kernel words]'."""
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("what", choices=("install", "boot"))
    given = parser.parse_args()
    words = os.environ.get("ARGS", "")
    print(f"QEMU with {'hardware virtualization' if 'kvm' in accelerator() else 'emulation; it takes a while'}")
    if given.what == "boot":
        return boot()
    FOLDER.mkdir(parents=True, exist_ok=True)
    Disk(FOLDER / "disk.img", "NODE0001").create(DISK_MIB)
    return attended(words) if os.isatty(0) else unattended(words)


if __name__ == "__main__":
    sys.exit(main())

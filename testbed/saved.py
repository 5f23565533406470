"""A node that is installed and booted once for each image, and restored in a second for each test.

In build/node/: `installed.img`, the disk after an unattended installation; `booted.qcow2` on top of it, with the
running machine at its login prompt saved in it.  Both are read-only afterwards; a test gets a copy, or an overlay.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from testbed.console import Console
from testbed.medium import ISO, live
from testbed.password import crypted, for_boot_menu
from testbed.person import BOOT, INSTALL, STEP, settled
from testbed.qemu import Disk, Guest, accelerator

FOLDER = Path("build/node")
HOST = "node1.example.com"
PASSWORD = "correct horse 9"
"""Of admin; it is not expired."""
SERIAL = "NODE0001"
MIB = 8192
SPARE = 4
"""Number of free PCIe slots (spare0, spare1, ...) of the booted node, for hotplug."""
READY = "ready"
"""Name of the saved state."""


class Node:
    """The saved node of the present ISO.  Made at the first request; concurrent requests wait for it."""

    def __init__(self, folder: Path = FOLDER, iso: Path = ISO) -> None:
        self.folder, self.iso = folder, iso
        self.installed, self.booted = folder / "installed.img", folder / "booted.qcow2"
        self.logs = folder / "logs"

    def disk(self, folder: Path) -> Disk:
        """A disk as the installation left it, never booted; written to a file in *folder*."""
        with self._mine():
            self._stage("installed", self._install)
        return _overlay(self.installed, folder / "installed.qcow2")

    def guest(self, folder: Path) -> Guest:
        """The node as it was saved at its login prompt: switch it on with at_login()."""
        with self._mine():
            self._stage("installed", self._install)
            self._stage("booted", self._boot)
        mine = folder / "booted.qcow2"
        shutil.copyfile(self.booted, mine)
        return machine(folder, Disk(mine, SERIAL, raw=False)).with_(state=READY)

    @contextmanager
    def _mine(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            _lock(lock.fileno())
            yield

    def _stage(self, name: str, make: Callable[[], None]) -> None:
        """Run *make* unless it was run for this ISO, this accelerator and QEMU, and this version of the module."""
        stamp = self.folder / name
        module = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
        inputs = f"{self.iso.stat().st_mtime_ns} {self.iso.stat().st_size} {accelerator()} {_version()} {module}"
        if stamp.exists() and stamp.read_text() == inputs:
            return
        stamp.unlink(missing_ok=True)
        make()
        stamp.write_text(inputs)

    def _install(self) -> None:
        disk = Disk(self.installed, SERIAL).create(MIB)
        passwords = f"adminpw={crypted(PASSWORD)} bootpw={for_boot_menu(PASSWORD)}"
        words = f"storage_init=virtio:{SERIAL} BOOTIF=link hostname={HOST} {passwords}"
        with Console(live(Guest(folder=self.folder, disks=(disk,)), words), self.logs / "install.log") as console:
            console.wait(r"ovirt-node: installation is complete", BOOT + INSTALL, since=0)
            console.ended(STEP)

    def _boot(self) -> None:
        disk = _overlay(self.installed, self.booted)
        with Console(machine(self.folder, disk), self.logs / "boot.log") as console:
            console.wait(r"login: *$", BOOT)
            shell = console.root_shell()
            # A password from the kernel line is expired: it must be changed at the first login.
            shell.run("chage -d $(date +%F) admin && sync")
            settled(shell)
            console.settle()
            with console.monitor() as monitor:
                monitor.typed(f"savevm {READY}")
                if READY not in monitor.typed("info snapshots"):
                    raise RuntimeError("QEMU did not save the machine")


def at_login(console: Console) -> Console:
    """Make a node that was just restored show its login prompt; it prints nothing by itself."""
    console.press("enter")
    console.wait(r"login: *$", STEP)
    return console


def machine(folder: Path, disk: Disk) -> Guest:
    """A node with SPARE slots for hotplug, and a root shell on its second serial line."""
    ports = (f"pcie-root-port,id=spare{number},chassis={number + 1}" for number in range(SPARE))
    extra = tuple(word for port in ports for word in ("-device", port))
    return Guest(folder=folder, disks=(disk,), memory_mib=1024, extra=extra, shell=True)


def _lock(handle: int) -> None:
    """Wait for another process that makes the node, as long as that may take; TimeoutError after it."""
    end = monotonic() + INSTALL + 2 * BOOT
    while monotonic() < end:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        sleep(1)
    raise TimeoutError("another test makes the saved node for too long")


def _overlay(base: Path, top: Path) -> Disk:
    """A copy-on-write overlay *top* on *base*."""
    argv = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(base.resolve()), str(top)]
    top.unlink(missing_ok=True)
    subprocess.run(argv, check=True, timeout=60, capture_output=True)
    return Disk(top, SERIAL, raw=False)


def _version() -> str:
    argv = ["qemu-system-x86_64", "--version"]
    return subprocess.run(argv, check=True, timeout=60, capture_output=True, text=True).stdout.splitlines()[0]

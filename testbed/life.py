"""The life of a node with every write to its disk recorded: installation, save, persist, upgrade, rollback.

What it leaves in its folder is what testbed/power_cuts.py replays.  A recording is made once for each ISO, since it
takes a quarter of an hour where processors are emulated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from testbed.console import Console, Terminal
from testbed.medium import ISO, live
from testbed.password import crypted
from testbed.person import BOOT, INSTALL, STEP, settled
from testbed.qemu import Disk, Guest
from testbed.variant import variant
from testbed.write_log import count

FOLDER = Path("build/power-cuts")
MIB = 8192
NEW = "0.9.0"
WRITTEN = 1800  # seconds for verifying, copying and proving an image
BEFORE, AFTER = "node1.example.com", "node2.example.com"
SAVED = f'keyboard.layout = "de"\\n[network]\\nhostname = "{AFTER}"\\n'
PERSISTED = {"conf": "one", "bin/agent": "two"}
"""Files below /opt/agent, with a line each."""


@dataclass(frozen=True)
class Part:
    """Requests *first* to *end* (exclusive) of a log, during which the node did what *name* says."""

    name: str
    log: str
    first: int
    end: int


class Recorder:
    """Makes the recording in *folder*."""

    def __init__(self, folder: Path = FOLDER, iso: Path = ISO) -> None:
        self.folder, self.iso = folder, iso
        self.parts: list[Part] = []

    def recording(self) -> tuple[Part, ...]:
        """The parts of the recording, in order; made where there is none of this ISO."""
        stamp = self.folder / "parts.json"
        inputs = f"{self.iso.stat().st_mtime_ns} {self.iso.stat().st_size}"
        if stamp.exists():
            said = json.loads(stamp.read_text())
            if said["of"] == inputs:
                return tuple(Part(**each) for each in said["parts"])
            stamp.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._live()
        stamp.write_text(json.dumps({"of": inputs, "parts": [asdict(each) for each in self.parts]}, indent=1))
        return tuple(self.parts)

    def _live(self) -> None:
        disk = Disk(self.folder / "disk.img", "NODE0001").create(MIB)
        words = f"storage_init=virtio:{disk.serial} BOOTIF=link hostname={BEFORE} adminpw={crypted('correct horse 9')}"
        with self._on(live(Guest(folder=self.folder), words), disk, "installation") as console:
            console.wait(r"ovirt-node: installation is complete", BOOT + INSTALL, since=0)
            console.ended(STEP)
        image = variant(self.folder, NEW)
        new = f"file={image},if=none,id=new,format=raw,readonly=on"
        drive = ("-drive", new, "-device", "virtio-blk-pci,drive=new,serial=NEW0")
        guest = Guest(folder=self.folder, memory_mib=1024, shell=True, extra=drive)
        with self._on(guest, disk, "restart for the upgrade") as console:
            self._first_start(console)
            console.ended(BOOT)
        with self._on(guest, disk, "restart for the rollback") as console:
            console.wait(rf"{NEW}-1 has proven itself and starts from now on", BOOT, since=0)
            shell = console.root_shell()
            self._until("trial", shell)
            _succeeds(shell, "ovirt-tui rollback", STEP)
            self._until("rollback", shell)
            shell.type("systemctl reboot\r")
            console.ended(BOOT)
        with self._on(guest, disk, "end") as console:
            console.wait(r"rolled back from", BOOT, since=0)
            shell = console.root_shell()
            self._until("start after the rollback", shell)
            shell.type("systemctl poweroff\r")
            console.ended(BOOT)
        image.unlink()
        disk.file.unlink()

    def _first_start(self, console: Console) -> None:
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        settled(shell)
        folder = "/opt/agent"
        shell.run(f"printf '{SAVED}' > /run/a.toml; mkdir -p {folder}/bin; virsh list", STEP)
        for name, line in PERSISTED.items():
            shell.run(f"echo {line} > {folder}/{name}")
        self._until("first start", shell)
        _succeeds(shell, "ovirt-tui apply --answers /run/a.toml", STEP)
        self._until("save of settings", shell)
        _succeeds(shell, f"persist {folder}", STEP)
        self._until("persist", shell)
        _succeeds(shell, "ovirt-tui upgrade --unsigned /dev/disk/by-id/virtio-NEW0", WRITTEN)
        self._until("upgrade", shell)
        shell.type("systemctl reboot\r")

    @contextmanager
    def _on(self, guest: Guest, disk: Disk, last: str) -> Iterator[Console]:
        """Power on with *disk*, recorded in a log of its own; *last* is what its last part is called."""
        log = self.folder / f"{len({part.log for part in self.parts})}.log"
        self.disk = Disk(disk.file, disk.serial, log=log)
        with Console(guest.with_(disks=(self.disk,)), self.folder / f"console-{log.stem}.log") as console:
            yield console
        self._part(last)

    def _until(self, name: str, shell: Terminal) -> None:
        """All up to now, flushed to the disk, is what *name* says."""
        shell.run("sync", STEP)
        self._part(name)

    def _part(self, name: str) -> None:
        assert self.disk.log
        first = max((part.end for part in self.parts if part.log == self.disk.log.name), default=0)
        self.parts.append(Part(name, self.disk.log.name, first, count(self.disk.log)))


def _succeeds(shell: Terminal, command: str, seconds: float) -> None:
    said = shell.run(f"{command}; echo status $?", seconds)
    if "status 0" not in said:
        raise RuntimeError(f"{command}: {said}")


if __name__ == "__main__":
    Recorder().recording()

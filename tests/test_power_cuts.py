"""The power fails at every flush, and between any two of them, while a small node saves, keeps, upgrades, goes back.

The steps are those of the product, on real file systems whose device records what it is told; no machine is started.
The whole of it, in machines, is make test-powercut.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import ROOT
from ovirt_tui.system import gpt_names
from testbed import small_node
from testbed.offline.starts import Reader
from testbed.power_cuts import Tally, judged
from testbed.recorded_disk import attached, recording
from testbed.replayed import Replayed
from testbed.write_log import Write, count, requests

pytestmark = pytest.mark.root

SAMPLES = 4

HEAD = """
import json, os
from contextlib import contextmanager
from pathlib import Path
from bootmenu.environment import Choice, SECTOR, TRIES, block
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.plan import upgrade
from ovirt_tui.system import boot_choice, kept, mounts, silent
from ovirt_tui.system.disk_steps import BootChoice, Image, SlotSettings
from ovirt_tui.system.files import Absents, Files
from ovirt_tui.system.image import Images
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.slot_settings import SlotsSettings
from ovirt_tui.system.slots import Slots
from ovirt_tui.system.steps import Absent, File, Hooks
from ovirt_tui.system.tree import Tree
from testbed.offline.fat import Fat
from testbed.write_log import count

mounts.INITRD = "/run/sysroot"
given = json.loads(os.environ["GIVEN"])
Probe.itself, Probe.slot = lambda _self: Facts(slot="Root"), lambda _self: "Root"
boot_choice.own_disk, boot_choice.esp = (lambda: ""), (lambda _disk: given["esp"])

class Opened:
    def __init__(self, handle):
        self.handle = handle
    def read(self, place, length):
        return os.pread(self.handle, length, place)

@contextmanager
def boot_partition(device):
    # As the kernel's FAT writes in place; not every host has one.
    handle = os.open(given["esp"], os.O_RDWR)
    place = Fat(Opened(handle)).place("grub/grubenv")
    folder = Path("/run/ovirt-node/boot-partition")
    (folder / "grub").mkdir(parents=True, exist_ok=True)
    (folder / "grub/grubenv").write_bytes(os.pread(handle, 1024, place))
    yield folder
    os.pwrite(handle, (folder / "grub/grubenv").read_bytes()[:SECTOR], place)
    os.fsync(handle)
    os.close(handle)

boot_choice.esp_written = boot_partition

class OnLoops(Slots):
    def device(self, slot):
        return given["slot"]
    def unused(self, slot):
        return given["slot"]
    def label(self, slot):
        return slot

handlers = {
    BootChoice: boot_choice.BootChoices(), Image: Images(OnLoops(), Path(given["medium"])),
    SlotSettings: SlotsSettings(Tree()), File: Files(Tree()), Absent: Absents(Tree()),
}
parts = []

def made(name, *steps):
    for step in steps:
        if not isinstance(step, Hooks):
            handlers[type(step)].make(step, silent)
    ended(name)

def ended(name):
    os.sync()
    handle = os.open(given["esp"], os.O_WRONLY)
    os.fsync(handle)
    os.close(handle)
    parts.append((name, count(Path(given["log"]))))
"""
LIFE = """
made("save", File("/etc/hostname", "node2.example.com\\n"), File("/etc/ovirt-node/more", "x" * 9000, 0o600),
     File("/etc/ovirt-node/node.toml", '[network]\\nhostname = "node2.example.com"\\n'), Absent("/etc/ovirt-node/old"))
Path("/opt/agent/bin").mkdir(parents=True)
for number in range(20):
    Path(f"/opt/agent/bin/{number}").write_text(f"{number}" * 3000)
kept.keep("/opt/agent")
ended("persist")
slots = NodeSlots(running="Root", version="0.1.0-1", other="RootBackup", other_version="", room=99, default="Root",
                  next="", tries=0, trial=False)
candidate = Candidate(path="", product="oVirt Node", version="0.2.0-1", mib=1, digest="", signer="", unsigned="")
planned = upgrade.upgrade(candidate, slots, Health())
made("upgrade", *(step for each in planned for step in each.steps))
made("trial", BootChoice("Root", "RootBackup", TRIES - 1), *(s for p in upgrade.passed(
    NodeSlots(running="RootBackup", version="0.2.0-1", other="Root", other_version="0.1.0-1", room=99, default="Root",
    next="RootBackup", tries=1, trial=True), None) for s in p.steps))
made("rollback", BootChoice("Root"))
print(json.dumps(parts))
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """On the file system of the tree: a node's root is one over that."""
    above = ROOT / "build"
    above.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=above, prefix="power-cuts-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def before(folder: Path) -> Path:
    return small_node.made(folder / "before.img", folder / "images")


@pytest.fixture(scope="module")
def life(folder: Path, before: Path) -> tuple[Path, list[tuple[str, int]]]:
    """The recording of a node's life, and which part of it ended at which request."""
    image, log = folder / "disk.img", folder / "writes.log"
    shutil.copyfile(before, image)
    medium = str(small_node.medium(folder / "new", "0.2.0"))
    with recording(image, log) as door:
        with attached(door) as device:
            gpt_names.rename(device, 512, {2: "ovirt-node-installing"})
            gpt_names.rename(device, 512, {2: "ovirt-node", 3: "Root 0.1.0-1 and more"})
        names = count(log)
        with (
            small_node.config(door) as config,
            small_node.partition(door, 2) as esp,
            small_node.partition(door, 4) as slot,
        ):
            given = {"esp": esp, "slot": slot, "log": str(log), "medium": medium}
            argv = ("unshare", "--mount", str(ROOT / "tests/persist-node"), "0", HEAD + LIFE)
            known = {"NODE_CONFIG": config, "NODE_ETC": "slots/Root/etc", "GIVEN": json.dumps(given)}
            done = subprocess.run(argv, capture_output=True, text=True, timeout=300, env={**os.environ, **known})
    assert done.returncode == 0, done.stderr
    return log, [("names of partitions", names), *json.loads(done.stdout.splitlines()[-1])]


def test_every_point_starts_the_old_system_or_the_new_one(
    folder: Path, before: Path, life: tuple[Path, list[tuple[str, int]]], capsys: pytest.CaptureFixture[str]
) -> None:
    log, parts = life
    shutil.copyfile(before, folder / "replayed.img")
    disk, reader, first = Replayed(folder / "replayed.img"), Reader(), 0
    tallies: dict[str, Tally] = {}
    for name, end in parts:
        tallies[name] = judged(name, lambda: part(log, first, end), disk, reader, SAMPLES)  # noqa: B023
        first = end
    with capsys.disabled():
        for tally in tallies.values():
            print("", *tally.lines(), sep="\n", end="")
    assert not [failed for tally in tallies.values() for failed in tally.failed]
    ends = {name: sum(tally.starts.values()) for name, tally in tallies.items()}
    assert (
        set(ends) == {"names of partitions", "save", "persist", "upgrade", "trial", "rollback"}
        and min(ends.values()) > 4
    )
    assert len(tallies["upgrade"].starts) == 2, "the old system, and at the end the new one"


def part(log: Path, first: int, end: int) -> Iterator[Write]:
    return (each for each in requests(log) if first <= each.number < end)

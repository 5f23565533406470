"""What went wrong is told with what is certain, and the settings can be changed before the next attempt."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from machines import MACHINES, PLAIN
from ovirt_tui import __main__ as program
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import places
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts, Node, NodeState, Part
from ovirt_tui.model.selectors import DiskSelector
from ovirt_tui.pages.security import Users
from ovirt_tui.pages.storage.checks import kept_slots_fit
from ovirt_tui.pages.storage.settings import Found
from ovirt_tui.pages.storage.sizing import slot_minimum
from ovirt_tui.system import StepFailed, holders, storage, tables
from ovirt_tui.system.disk_steps import Image, Volumes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.partitions import Slice
from person import at_installer
from test_installer import steps, to_confirm

NAMES = ("Alignment", "CreateConstraint", "Constraint", "DeviceConstraint", "Device", "DiskLabel", "Disk", "FileSystem")
NAMES += ("Geometry", "IO", "NotNeeded", "Part", "Parted", "Partition", "Timer", "UnknownDevice", "UnknownType")
PARTED = {f"{name}Exception": type(f"{name}Exception", (Exception,), {}) for name in NAMES}
"""The exceptions of the module _ped: no one of them is another."""


def test_after_a_failure_the_settings_can_be_changed() -> None:
    person, installer = at_installer("one-disk")
    to_confirm(person)
    person.system.fails_at = Image("Root", "0.1.0-1")
    person.press("tab", "tab", "enter")
    assert "Failed: could not copy the image 0.1.0-1 to Root" in person.screen()
    person.system.fails_at = None
    begun = Node(disk="/dev/vda", state=NodeState.INSTALLING)
    person.system.seen = replace(person.system.seen, nodes=(begun,))
    person.press("tab", "enter")
    assert installer.page.title == "Boot disk" and installer.draft.config[Users].admin_password
    person.press("esc")
    assert "The disk will not boot until the installation is finished" in person.screen()
    person.press("esc", "f10", "f10")
    person.press("tab", *"512", "f10", "f10", "f10")
    assert "Confirm" in person.screen()
    person.press("tab", "tab", "enter")
    assert "Installed." in person.screen()
    assert steps(person, Volumes)[-1] != steps(person, Volumes)[0]


def test_a_slot_that_cannot_hold_the_image_is_refused_on_its_page() -> None:
    person, installer = at_installer("one-disk")
    person.press("enter", "f10", "enter", "enter", "f10")
    assert installer.page.title == "Volume sizes"
    installer.draft.put("storage.root", "6")
    installer.draft.put("storage.efi", "5")
    installer.forward()
    least = slot_minimum(MACHINES["one-disk"])
    assert installer.page.title == "Volume sizes"
    assert f"a slot needs at least {least} MiB" in person.screen()
    assert "a boot partition needs at least 36 MiB" in person.screen()


class Parted:
    """Stands for the module parted; the call number *at* raises *error*."""

    partitions = ()

    def __init__(self, error: Exception, at: int) -> None:
        self.error, self.at, self.calls = error, at, 0

    def _call(self, *_args: Any, **_more: Any) -> Parted:
        self.calls += 1
        if self.calls == self.at:
            raise self.error
        return self

    def __getattr__(self, name: str) -> Any:
        return 512 if name.isupper() or name in ("sectorSize", "length") else self._call


@pytest.mark.parametrize("kind", PARTED.values(), ids=PARTED)
def test_every_exception_of_parted_is_a_failed_step(monkeypatch: pytest.MonkeyPatch, kind: type[Exception]) -> None:
    module = ModuleType("_ped")
    vars(module).update(PARTED)
    monkeypatch.setitem(sys.modules, "_ped", module)
    monkeypatch.setattr(tables, "opened", lambda _disk: nullcontext(-1))
    monkeypatch.setattr(tables, "put_boot_code", lambda _handle: None)
    monkeypatch.setattr(tables, "pinned", lambda _disks: nullcontext())
    for at in range(1, 10):
        monkeypatch.setattr(tables, "_parted", lambda at=at: Parted(kind("Input/output error during write"), at))
        with pytest.raises(StepFailed, match=r"/dev/sda could not be partitioned: .*Input/output"):
            tables.write_table("/dev/sda", (Slice(1, "ESP", 1, 48, "esp"),))
    monkeypatch.setattr(tables, "_parted", lambda: Parted(kind("no table"), 1))
    with pytest.raises(StepFailed, match=r"the partition table of /dev/sda could not be changed: .*no table"):
        tables.check_table("/dev/sda")


def test_the_first_write_is_remembered_and_no_look_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal of a disk that was exchanged, or of another node, says that nothing was written."""
    done: list[str] = []

    def note(name: str) -> None:
        def call(*_args: object, **_more: object) -> None:
            done.append(name)
            if name == failing:
                raise StepFailed(name)

        monkeypatch.setattr(storage, name, call)

    looks = ("refuse_replaced", "release")
    writes = ("_wipe", "write_table")
    step = Volumes("/dev/sda", ("/dev/sda",), 48, 300, (("Data", -1),))
    monkeypatch.setattr(storage, "slices", lambda *_args: ())
    monkeypatch.setattr(storage, "held", lambda _disks: nullcontext())
    monkeypatch.setattr(storage.udev, "settle", lambda: True)
    monkeypatch.setattr(storage.udev, "devices", lambda _subsystem: ())
    for failing in (*looks, *writes):
        done.clear()
        for name in (*looks, "begin", *writes):
            note(name)
        with pytest.raises(StepFailed, match=failing):
            storage.Storage(storage.Slots()).make(step, lambda done, total: None)
        assert ("begin" in done) == (failing in writes)
    monkeypatch.setattr(storage, "stuck", lambda: ("mkfs.ext4",))
    done.clear()
    with pytest.raises(StepFailed, match=r"mkfs\.ext4 of an attempt before cannot be stopped"):
        storage.Storage(storage.Slots()).make(step, lambda done, total: None)
    assert done == []


@pytest.mark.parametrize("mounted", ["/dev/sda", "/dev/sda1", "/dev/md7", ""])
def test_to_stop_an_array_is_the_first_write(monkeypatch: pytest.MonkeyPatch, mounted: str) -> None:
    """What refuses before that says that nothing was written."""
    done: list[str] = []

    def refuse(path: str) -> None:
        done.append(path)
        if path == mounted:
            raise StepFailed(f"{path} is mounted on /mnt")

    monkeypatch.setattr(holders, "_every_member", lambda _known: ())
    monkeypatch.setattr(holders, "partitions", lambda path: {1: f"{path}1"})
    monkeypatch.setattr(holders, "holders", lambda path: () if "--stop" in done or "md" in path else ("md7",))
    monkeypatch.setattr(holders, "refuse_mounted", refuse)
    monkeypatch.setattr(holders, "begin", lambda: done.append("begin"))
    monkeypatch.setattr(holders, "run", lambda argv: done.extend(argv[1:]))
    monkeypatch.setattr(holders.udev, "settle", lambda: True)
    if mounted:
        with pytest.raises(StepFailed, match=f"{mounted} is mounted"):
            holders.release(("/dev/sda",), (), "")
        assert "begin" not in done and "--stop" not in done
    else:
        holders.release(("/dev/sda",), (), "")
        assert done[done.index("begin") :] == ["begin", "--stop", "/dev/md7", "/dev/sda1"]


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "run/failure"
    monkeypatch.setattr(places, "FAILURE", str(path))
    monkeypatch.setattr(places, "ENDED", str(path.with_name("ended")))
    yield path


LINE = "storage_init=/dev/vda BOOTIF=link adminpw=$6$salt$secrethash"


def run(system: FakeSystem) -> int:
    """The unattended run as the boot starts it."""
    return program.main(["autoinstall", "--cmdline", LINE], pick=lambda: system)


@pytest.mark.parametrize("name", ["ValueError", "KeyError", "OSError", "RuntimeError"])
def test_the_record_of_a_failure_is_there_whatever_happens(record: Path, name: str) -> None:
    class Broken(FakeSystem):
        def facts(self) -> Facts:
            assert record.read_text() == "it ended without saying why\n"  # what stays where the program is killed
            raise getattr(builtins, name)("a slip")

    with pytest.raises(getattr(builtins, name)):
        run(Broken(PLAIN))
    assert record.read_text().startswith(f"this program made a mistake: {name}: ")


def test_a_failed_step_is_recorded_and_an_end_leaves_no_record(record: Path) -> None:
    system = FakeSystem(PLAIN, fails_at=Image("Root", PLAIN.version))
    assert run(system) == 1
    assert record.read_text() == f"could not copy the image {PLAIN.version} to Root\n"
    system.fails_at = None
    assert run(system) == 0
    assert not record.exists()
    assert run(FakeSystem(MACHINES["node-installed"])) == 2
    assert not record.exists()


def test_an_installation_that_did_not_restart_is_told_by_the_installer(record: Path) -> None:
    """Its page comes over what the consoles said."""
    assert run(FakeSystem(PLAIN, cannot=frozenset(("restart",)))) == 0
    assert not record.exists()
    ended = record.with_name("ended").read_text()
    assert ended == "installation is complete; restart this machine by hand: could not restart\n"
    person, installer = at_installer("one-disk")
    installer.tell(refusal="", failure="", ended=ended)
    screen = " ".join(person.screen().split())
    assert "Done, but not restarted" in screen and "installation is complete; restart this machine by hand" in screen
    assert run(FakeSystem(PLAIN)) == 0
    assert not record.with_name("ended").exists()


def test_a_node_whose_slots_are_too_small_is_not_replaced_around_its_data() -> None:
    """It is said before anything is written, on the page and on the line."""
    there = MACHINES["node-installed"]
    boot = next(disk for disk in there.disks if disk.path == there.nodes[0].disk)
    slots = tuple(
        Part(path=f"{boot.path}{number}", mib=400, name=name) for number, name in ((3, "Root 1"), (4, "RootBackup"))
    )
    boot = replace(boot, parts=(*boot.parts, *slots))
    facts = replace(there, disks=tuple(boot if disk.path == boot.path else disk for disk in there.disks))
    config = defaults().put("storage.boot_disk", DiskSelector(boot.path)).put("storage.found", Found.KEEP_DATA)
    assert list(kept_slots_fit(config, facts)) == []
    larger = replace(facts, image_mib=10_000)
    problems = list(kept_slots_fit(config, larger))
    assert {problem.path for problem in problems} == {"storage.found"}
    assert f"the new image needs {slot_minimum(larger)}" in problems[0].text
    assert list(kept_slots_fit(config.put("storage.found", Found.WIPE), larger)) == []
    line = f"storage_init={boot.path} storage_found=keep-data BOOTIF=link adminpw=$6$salt$secrethash"
    complaints = [str(complaint) for complaint in understand(read(line), larger).complaints]
    assert any(text.startswith("storage_found: ") and "the new image needs" in text for text in complaints)
    person, _installer = at_installer(larger)
    person.press("down", "enter", "f10", "f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    screen = " ".join(person.screen().split())
    assert "This cannot be installed yet" in screen and "the new image needs" in screen
